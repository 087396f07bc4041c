"""What Jira answers is held only as far as it can be borne: the rest is one failed request."""

import gzip
import json
import threading
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import orjson
import pytest

from bot.jira.client import Auth, connect
from bot.jira.http import answers
from bot.jira.http.bodies import MEGABYTE, TooMuch, check_count
from bot.jira.http.retry import Patience
from bot.pull.run import pull_sites
from telemetry.errors import AccessDenied, UnexpectedAnswer
from tests.damaging import damaging
from tests.jira.conftest import Answer, handler, jira_server  # noqa: F401 - fixtures
from tests.pulled import Story, a_team, configure, serving, url_of

BLANK = b" " * MEGABYTE


def gzipped(megabytes):
    packed = BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(megabytes):
            file.write(BLANK)
    return packed.getvalue()


ATTACKS = {
    "a long body": Answer(b"[" + BLANK * 4 + b"]"),
    "a body that unpacks to much": Answer(gzipped(200), headers={"Content-Encoding": "gzip"}),
    "deflated": Answer(zlib.compress(BLANK * 50), headers={"Content-Encoding": "deflate"}),
    "packed twice": Answer(gzip.compress(gzipped(200)), headers={"Content-Encoding": "gzip, gzip"}),
    "many objects": Answer(b"[" + b"{}," * 300_000 + b"{}]"),
    "many numbers": Answer(b"[" + b"1," * 400_000 + b"1]"),
    "many levels": Answer(b"[" * 900_000),
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
    jira_server.on("/rest/api/3/field", ATTACKS[name])
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


class Counting:
    """Reads JSON as orjson does, and counts how many large ones are read at once."""

    def __init__(self):
        self.now, self.most, self.read = 0, 0, 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(2)

    def loads(self, content):
        if len(content) < MEGABYTE:
            self._together.wait(20)  # the small ones pass only together
            return orjson.loads(content)
        with self._lock:
            self.now += 1
            self.read += 1
            self.most = max(self.most, self.now)
        try:
            return orjson.loads(content)
        finally:
            with self._lock:
                self.now -= 1


def test_large_answers_are_read_one_at_a_time_and_small_ones_never_wait(
    jira_server,  # noqa: F811
    monkeypatch,
):
    counting = Counting()
    monkeypatch.setattr(answers, "orjson", counting)
    monkeypatch.setattr(counting, "JSONDecodeError", orjson.JSONDecodeError, raising=False)
    large = b'[{"id": "1", "name": "x"}' + BLANK * 5 + b"]"
    jira_server.on("/rest/api/3/field", Answer(large))
    jira_server.on("/rest/api/3/status", [{"id": "1", "name": "x"}])
    clients = [client_of(jira_server) for _ in range(4)]  # of four sites
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(one.fields) for one in clients]
        small = [pool.submit(one.statuses) for one in clients[:2]]
        for one in asked + small:
            one.result(30)
    assert (counting.read, counting.most) == (4, 1)


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
