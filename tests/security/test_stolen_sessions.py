"""Sessions that somebody else holds: ended by signing out, by command, by token or a month."""

import json
import re
import threading
from datetime import timedelta

import pytest
import requests
from sqlalchemy import text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from telemetry.cli import app as command_line
from telemetry.store.engine import reading, writing
from telemetry.store.sessions import MOST, Session, read_sessions, write_session
from tests.pulled import a_team, configure, url_of
from tests.served import served
from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app
from web.http.access import COOKIE, SESSION, AccessGate
from web.http.sessions import HeldSessions, StoredSessions

pytestmark = pytest.mark.slow

TOKEN = "open-sesame"
LONG_TOKEN = "open-sesame-of-enough-letters"


def browser(sessions, clock=lambda: NOW, token=TOKEN):
    app = create_app(
        FakeReports(), access_token=token, allowed_hosts=(), clock=clock, sessions=sessions
    )
    return TestClient(app, base_url=BASE, follow_redirects=False)


def sign_in(client, **headers):
    answer = client.post("/sign-in", data={"token": TOKEN}, headers=headers)
    assert answer.status_code == 303
    return client.cookies[COOKIE]


def opens(client, cookie) -> bool:
    client.cookies.set(COOKIE, cookie)
    return client.get("/").status_code == 200


def test_signing_out_ends_the_session_for_whoever_copied_it():
    mine, thief = (browser(sessions) for sessions in [HeldSessions()] * 2)
    cookie = sign_in(mine)
    assert opens(thief, cookie)
    mine.post("/sign-out")
    assert not opens(thief, cookie)
    assert not opens(mine, cookie)


def test_signing_out_of_one_browser_leaves_the_other_signed_in():
    sessions = HeldSessions()
    first, second = browser(sessions), browser(sessions)
    cookies = sign_in(first), sign_in(second)
    assert cookies[0] != cookies[1]
    first.post("/sign-out")
    assert not opens(first, cookies[0])
    assert opens(second, cookies[1])


def test_a_session_outlives_the_process_and_opens_another_but_not_with_another_token(store):
    cookie = sign_in(browser(StoredSessions(store, lambda: NOW)))
    assert opens(browser(StoredSessions(store, lambda: NOW)), cookie)
    other = browser(StoredSessions(store, lambda: NOW), token="another-token")
    assert not opens(other, cookie)


def test_what_another_process_ends_is_noticed(store, monkeypatch):
    monkeypatch.setattr("web.http.sessions.LOOK_SECONDS", 0.0)
    client = browser(StoredSessions(store, lambda: NOW))
    cookie = sign_in(client)
    assert opens(client, cookie)
    with writing(store) as connection:
        connection.execute(text("DELETE FROM sessions"))
    assert not opens(client, cookie)


def test_a_store_that_cannot_be_read_or_written_ends_nothing_and_is_told(sqlite_store, monkeypatch):
    monkeypatch.setattr("web.http.sessions.LOOK_SECONDS", 0.0)
    client = browser(StoredSessions(sqlite_store, lambda: NOW))
    cookie = sign_in(client)
    with writing(sqlite_store) as connection:
        connection.execute(text("ALTER TABLE sessions RENAME TO gone"))
    assert opens(client, cookie)
    answer = client.post("/sign-in", data={"token": TOKEN})
    assert answer.status_code == 503
    assert "Nobody can sign in now" in answer.text
    answer = client.post("/sign-out")
    assert answer.status_code == 503
    assert "cannot be ended" in answer.text
    assert not opens(client, cookie)


def test_the_store_opens_nothing_and_names_nobody(sqlite_store):
    client = browser(StoredSessions(sqlite_store, lambda: NOW))
    cookie = sign_in(client, **{"User-Agent": "Mozilla/5.0 \x1b[31m" + "x" * 500})
    with reading(sqlite_store) as connection:
        [session] = read_sessions(connection, NOW)
    assert session.id not in cookie
    assert not opens(browser(StoredSessions(sqlite_store, lambda: NOW)), session.id)
    assert len(session.agent) == 100
    assert "\x1b" not in session.agent


def test_sessions_end_after_a_month_and_are_forgotten(sqlite_store):
    clock = [NOW]
    gate = AccessGate(TOKEN, lambda: clock[0], StoredSessions(sqlite_store, lambda: clock[0]))
    cookie = gate.new_session()
    clock[0] += SESSION - timedelta(seconds=1)
    assert gate.is_session(cookie)
    clock[0] += timedelta(seconds=2)
    assert not gate.is_session(cookie)
    gate.new_session()
    with reading(sqlite_store) as connection:
        assert connection.scalar(text("SELECT count(*) FROM sessions")) == 1


def test_there_is_an_end_to_how_many_are_kept(sqlite_store, monkeypatch):
    monkeypatch.setattr("telemetry.store.sessions.MOST", 3)
    for n in range(6):
        with writing(sqlite_store) as connection:
            at = NOW + timedelta(minutes=n)
            write_session(connection, Session(str(n), at, at + SESSION, ""))
    with reading(sqlite_store) as connection:
        assert [one.id for one in read_sessions(connection, NOW)] == ["5", "4", "3"]
    assert MOST == 10_000


class Listener:
    """An open stream of events, and when it ended."""

    def __init__(self, url, **headers):
        self.answer = requests.get(f"{url}/events", headers=headers, stream=True, timeout=20)
        assert self.answer.headers["Content-Type"].startswith("text/event-stream")
        self.ended = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for _ in self.answer.iter_content(64):
            continue
        self.ended.set()


@pytest.fixture
def open_streams(store):
    """A server, two sign-ins, and a stream of each and of the token."""
    with served(
        FakeReports(), lambda: NOW, LONG_TOKEN, sessions=StoredSessions(store, lambda: NOW)
    ) as url:
        cookies = []
        for _ in range(2):
            answer = requests.post(
                f"{url}/sign-in", data={"token": LONG_TOKEN}, allow_redirects=False, timeout=10
            )
            cookies.append(f"{COOKIE}={answer.cookies[COOKIE]}")
        streams = [Listener(url, Cookie=cookie) for cookie in cookies]
        streams.append(Listener(url, Authorization=f"Bearer {LONG_TOKEN}"))
        yield url, cookies, streams
    for one in streams:
        assert one.ended.wait(5)
        one.answer.close()


def test_signing_out_ends_the_streams_of_that_session_alone(open_streams):
    url, cookies, (mine, others, machine) = open_streams
    requests.post(
        f"{url}/sign-out", headers={"Cookie": cookies[0]}, allow_redirects=False, timeout=10
    )
    assert mine.ended.wait(4)
    assert not others.ended.is_set()
    assert not machine.ended.is_set()


def test_what_another_process_revokes_ends_its_streams_within_seconds(open_streams, store):
    _, _, (mine, others, machine) = open_streams
    with writing(store) as connection:
        connection.execute(text("DELETE FROM sessions"))
    assert mine.ended.wait(6)
    assert others.ended.wait(1)
    assert not machine.ended.is_set()


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "é.é.é", "\x00", "s" * 9000])
def test_signing_out_of_nothing_is_no_error(cookie):
    client = browser(HeldSessions())
    token = {"Authorization": f"Bearer {TOKEN}", "Cookie": f"{COOKIE}={cookie}".encode("latin-1")}
    assert client.post("/sign-out", headers=token).status_code == 303


@pytest.fixture
def command(sqlite_store, tmp_path):
    """Runs `telemetry sessions` on a store with two sessions."""
    now = datetime_now()
    with writing(sqlite_store) as connection:
        for name, agent in (("a" * 32, "Firefox"), ("b" * 32, "Chrome")):
            write_session(connection, Session(name, now, now + SESSION, agent))
    context = configure(tmp_path / "made", "http://127.0.0.1:9", url_of(sqlite_store), [a_team()])

    def run(*arguments):
        given = ["-c", str(context.path), "sessions", *arguments]
        return CliRunner().invoke(command_line, given, env=context.environ)

    return run


def datetime_now():
    from datetime import UTC, datetime

    return datetime.now(UTC).replace(microsecond=0)


def test_sessions_are_listed(command):
    assert re.search(r"^aaaaaaaa  \d{4}-\d\d-\d\d \d\d:\d\d UTC  Firefox$", command().stdout, re.M)
    records = json.loads(command("--json").stdout)
    assert {record["agent"] for record in records} == {"Firefox", "Chrome"}
    assert set(records[0]) == {"id", "began_at", "ends_at", "agent"}


def test_one_or_all_are_ended_by_command(command):
    assert command("--revoke", "aaaa").stdout == "1 session ended.\n"
    assert "Firefox" not in command().stdout
    assert command("--revoke", "aaaa").exit_code == 1
    assert command("--revoke", "").exit_code == 1
    assert command("--revoke-all").stdout == "1 session ended.\n"
    assert command().stdout == "Nobody is signed in.\n"
