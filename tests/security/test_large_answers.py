"""What Jira answers is held only as far as it can be borne: the rest is one failed request."""

import gzip
import json
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from itertools import count

import pytest

from bot.jira.client import Auth, connect
from bot.jira.http import transport
from bot.jira.http.bodies import MEGABYTE, TooMuch, check_count
from bot.jira.http.retry import Patience
from bot.jira.http.room import WAIT_SECONDS, Held, Room, Tenant
from bot.pull.run import pull_sites
from telemetry.ending import Ending, Stopped
from telemetry.errors import AccessDenied, UnexpectedAnswer
from tests.damaging import damaging
from tests.jira.conftest import Answer, handler, jira_server  # noqa: F401 - fixtures
from tests.pulled import Story, a_team, configure, serving, url_of

BLANK = b" " * MEGABYTE


@cache
def gzipped(megabytes):
    packed = BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(megabytes):
            file.write(BLANK)
    return packed.getvalue()


ATTACKS = {
    "a long body": lambda: Answer(b"[" + BLANK * 4 + b"]"),
    "a body that unpacks to much": lambda: Answer(
        gzipped(200), headers={"Content-Encoding": "gzip"}
    ),
    "deflated": lambda: Answer(zlib.compress(BLANK * 50), headers={"Content-Encoding": "deflate"}),
    "packed twice": lambda: Answer(
        gzip.compress(gzipped(200)), headers={"Content-Encoding": "gzip, gzip"}
    ),
    "many objects": lambda: Answer(b"[" + b"{}," * 300_000 + b"{}]"),
    "many numbers": lambda: Answer(b"[" + b"1," * 400_000 + b"1]"),
    "many levels": lambda: Answer(b"[" * 900_000),
}


def client_of(jira_server, **options):  # noqa: F811 - the fixture's value
    return connect(
        "main",
        jira_server.url,
        "cloud",
        Auth("pat", None, "secret"),
        patience=Patience(tries=3),
        sleep=lambda _: None,
        **options,
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_an_answer_that_is_too_much_is_one_failed_request(jira_server, name):  # noqa: F811
    jira_server.on("/rest/api/3/field", ATTACKS[name]())
    jira_server.on("/rest/api/3/status", [])
    with client_of(jira_server, most_bytes=MEGABYTE) as jira:
        tracemalloc.start()
        with pytest.raises(UnexpectedAnswer, match=r"answers with more .*bot\.answer_megabytes"):
            jira.fields()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(jira_server.asked) == 1
        assert jira.statuses() == []
    assert peak < 8 * MEGABYTE


def test_the_words_of_an_endless_refusal_are_left(jira_server):  # noqa: F811
    told = b'{"message": "no"}'
    jira_server.on("/rest/api/3/field", Answer(told + BLANK, 403))
    with client_of(jira_server) as jira, pytest.raises(AccessDenied, match=r"HTTP 403\); every"):
        jira.fields()


@pytest.mark.parametrize("sign", [b"\\\\", b"\\ud800", b"\\\\u0000"])
def test_what_would_take_long_to_mend_is_not_mended(jira_server, sign):  # noqa: F811
    jira_server.on("/rest/api/3/field", Answer(b'["' + sign * 600_000 + b'", oops]'))
    with client_of(jira_server) as jira, pytest.raises(UnexpectedAnswer, match="is not JSON"):
        jira.fields()


def test_what_jira_really_sends_is_never_too_much(jira_server):  # noqa: F811
    item = {"field": "status", "fieldtype": "jira", "fieldId": "status", "from": "1", "to": "3"}
    words = {"fromString": "To Do", "toString": "In Progress"}
    author = {"self": f"{jira_server.url}/rest/api/3/user?accountId=1", "accountId": "0" * 24}
    shown = author | {"displayName": "Ada", "active": True, "timeZone": "Europe/Paris"}
    history = {"id": "10001", "author": shown, "created": "2026-03-02T09:00:00.000+0000"}
    content = json.dumps([history | {"items": [item | words]} for _ in range(9)])
    check_count(content.encode(), len(content))
    with pytest.raises(TooMuch):
        check_count(b"{}," * 1000, 1000)


class Quick(Room):
    """A room that notes the most that it held, and whose time passes when somebody waits."""

    def __init__(self):
        self.now, self.most = 0.0, 0
        super().__init__(lambda: self.now, self._later)

    def _later(self, seconds):
        time.sleep(0.001)
        self.now += 5 * seconds

    def take(self, tenant, size, most, check):
        share = super().take(tenant, size, most, check)
        self.most = max(self.most, self._large)
        return share


def nothing():
    """Nobody ends what waits."""


def test_what_is_held_of_large_answers_is_bounded_for_all_sites_together():
    room, sites = Quick(), [Tenant() for _ in range(6)]

    def ask(site):
        for size in (60, 40, 90, 20):
            share = room.take(site, size, 100, nothing)
            values = [Held({"id": n}, share) for n in (1, 2)]
            del share
            time.sleep(0.002)
            del values[0]
            time.sleep(0.002)
            del values

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, sites))
    assert 60 <= room.most <= 100
    assert not room.is_wanted(sites[0])
    assert room.take(sites[0], 100, 100, nothing).is_large


def test_who_holds_little_never_waits_for_others():
    room, large, small = Quick(), Tenant(), Tenant()
    held = room.take(large, 100, 100, nothing)
    shares = [room.take(small, 4, 100, nothing) for _ in range(3)]
    assert room.now == 0
    assert held.is_large
    assert not any(share.is_large for share in shares)


def test_what_finds_no_room_is_refused_in_the_end_and_who_holds_it_is_told():
    room, holder, other = Quick(), Tenant(), Tenant()
    held = room.take(holder, 90, 100, nothing)
    told = []
    with pytest.raises(TooMuch, match="held beside what was read before"):
        room.take(other, 90, 100, lambda: told.append(room.is_wanted(holder)))
    assert told[0] is False
    assert told[-1] is True
    assert not room.is_wanted(holder)
    del held
    assert room.take(other, 90, 100, nothing).is_large


def test_who_is_waited_for_asks_for_nothing_more(jira_server, monkeypatch):  # noqa: F811
    monkeypatch.setattr(transport, "ROOM", room := Quick())
    jira_server.on("/rest/api/3/status", [{"id": "1", "name": "x" * 600_000}])
    with client_of(jira_server, most_bytes=MEGABYTE) as jira:
        held = jira.statuses()
        with pytest.raises(TooMuch):
            room.take(Tenant(), MEGABYTE, MEGABYTE, lambda: check_refused(jira, room))
        del held
        assert jira.statuses()


def check_refused(jira, room):
    if room.now < 40:  # longer than anybody may hold what others wait for
        return
    with pytest.raises(UnexpectedAnswer, match="others wait for its room"):
        jira.statuses()


def test_what_waits_for_room_ends_with_all_else():
    room, site = Quick(), Tenant()
    held = room.take(site, 90, 100, nothing)
    ending = Ending()
    ending.begin()
    with pytest.raises(Stopped):
        room.take(site, 90, 100, ending.check)
    assert held.is_large


def test_cookies_do_not_pile_up(jira_server):  # noqa: F811
    names = count()

    def answer(_):
        return Answer([], headers={"Set-Cookie": f"c{next(names)}=" + "x" * 100})

    jira_server.on("/rest/api/3/status", answer)
    with client_of(jira_server) as jira:
        for _ in range(120):
            jira.statuses()
    sent = [asked.headers.get("cookie", "") for asked in jira_server.asked]
    assert "c0=" in sent[1]
    assert max(map(len, sent)) < 51 * 110


def test_lists_that_go_on_with_ever_more_are_held_up_to_a_bound(jira_server, monkeypatch):  # noqa: F811
    monkeypatch.setattr(transport, "ROOM", Quick())

    def page(asked):
        at = int(asked.params["startAt"])
        values = [{"id": str(at + n), "name": "x" * 20_000} for n in range(1, 11)]
        return {"values": values, "isLast": False}

    jira_server.on("/rest/agile/1.0/board", page)
    with (
        client_of(jira_server, most_bytes=MEGABYTE) as jira,
        pytest.raises(UnexpectedAnswer, match="held beside what was read before"),
    ):
        jira.boards()
    assert len(jira_server.asked) <= 6


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_large_pages_one_after_the_other_are_all_read(sqlite_store, tmp_path, monkeypatch, flavour):
    monkeypatch.setattr(transport, "ROOM", room := Quick())
    story = Story()
    for points in range(250):
        story.issue(points % 5)
    asked = []

    def damage(path, status, body):
        asked.append(path)
        is_page = b'"issues"' in body and b'"fields"' in body and len(body) > 20_000
        return status, body + BLANK[: MEGABYTE - 1000 - len(body)] if is_page else body

    with (
        serving(story, sqlite_store, tmp_path / "served", flavour=flavour) as served,
        damaging(served.url, damage) as url,
    ):
        context = configure(
            tmp_path,
            url,
            url_of(sqlite_store),
            [a_team()],
            flavour,
            bot={"answer_megabytes": 1},
        )
        [outcome] = pull_sites(context, clock=story.clock)
        context.engine.dispose()
    assert outcome.failures == {}
    assert outcome.issues_changed == 250
    assert MEGABYTE / 2 < room.most <= MEGABYTE
    assert room.now < WAIT_SECONDS  # nobody was refused


def test_a_page_of_issues_that_is_too_much_is_read_issue_by_issue(sqlite_store, tmp_path):
    story = Story()
    for points in range(3):
        story.issue(points)

    def damage(path, status, body):
        issues = json.loads(body).get("issues") if body.startswith(b"{") else None
        is_page = issues and len(issues) > 1 and "fields" in issues[0]
        return status, body + BLANK * 2 if is_page else body

    with (
        serving(story, sqlite_store, tmp_path / "served") as served,
        damaging(served.url, damage) as url,
    ):
        context = configure(
            tmp_path, url, url_of(sqlite_store), [a_team()], bot={"answer_megabytes": 1}
        )
        [outcome] = pull_sites(context, clock=story.clock)
        context.engine.dispose()
    assert outcome.failures == {}
    assert outcome.issues_changed == 3
