"""Jira is spared: few requests at once, and what it asks of one request holds for all."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.jira.client import Jira, connect
from bot.jira.http.auth import Auth
from bot.jira.http.limits import (
    Limits,
    limit_reason,
    refusal_seconds,
    seconds_to_reset,
)
from bot.jira.http.retry import (
    Failure,
    Patience,
    retry_after,
)
from telemetry.errors import TrackerUnavailable

pytestmark = pytest.mark.slow

FIELD, SEARCH = "/rest/api/3/field", "/rest/api/3/search/jql"
DATE = {"Date": "Tue, 03 Feb 2026 10:00:00 GMT"}
AT_HALF_PAST = {"X-RateLimit-Reset": "2026-02-03T10:30Z"} | DATE
NONE_LEFT = {"X-RateLimit-Remaining": "0"}


class Crowd:
    """Counts the requests that a server has under way; each takes some time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.most = self.now = 0
        self._lock = threading.Lock()

    def through(self, answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def counted(asked: Any) -> Any:
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(self.seconds)
            with self._lock:
                self.now -= 1
            return answer(asked)

        return counted


def crowded(jira_server: Any, crowd: Crowd) -> None:
    """Pages of issues with cut work logs and changelogs, sprints and the rest."""
    stub = {
        "fields": {"worklog": {"total": 30, "worklogs": []}},
        "changelog": {"histories": []},
    }

    def page(asked: Any) -> Any:
        number = int(asked.body.get("nextPageToken") or 0)
        issues = [{"id": str(n), "key": "K-1", **stub} for n in range(number * 5, number * 5 + 5)]
        return {"issues": issues} | ({"nextPageToken": str(number + 1)} if number < 4 else {})

    logs = {"total": 1, "worklogs": [{"id": "1"}]}
    jira_server.on(SEARCH, crowd.through(page), "POST")
    jira_server.on("/rest/api/3/issue/K-1/worklog", crowd.through(lambda _: logs))
    sprints = {"values": [{"id": 1}], "isLast": True}
    jira_server.on("/rest/agile/1.0/board/4/sprint", crowd.through(lambda _: sprints))
    jira_server.on("/rest/agile/1.0/sprint/1", crowd.through(lambda _: {"id": 1}))
    jira_server.on("/rest/api/3/myself", crowd.through(lambda _: {"accountId": "1"}))
    told = {"serverTime": "2026-03-02T10:00:00.000+0000"}
    jira_server.on("/rest/api/2/serverInfo", crowd.through(lambda _: told))
    count = {"count": 25}
    jira_server.on("/rest/api/3/search/approximate-count", crowd.through(lambda _: count), "POST")


@pytest.mark.parametrize("at_once", [1, 3])
def test_never_more_requests_at_once_than_configured_whoever_asks(jira_server, open_jira, at_once):
    crowd = Crowd(0.005)
    crowded(jira_server, crowd)
    jira = open_jira("cloud", requests_at_once=at_once)

    def read(_: int) -> int:
        jira.server_time()
        jira.myself()
        assert jira.count("project = K") == 25
        assert [sprint["id"] for sprint in jira.sprints(4)] == [jira.sprint(1)["id"]]
        pages = jira.search("project = K", ["summary", "worklog"])
        return len([issue for page in pages for issue in page])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, range(8))) == [25] * 8
    assert crowd.most == at_once
    assert jira.requests == len(jira_server.asked) == 8 * (5 + 5 + 25)


def test_waiting_for_another_try_takes_no_place(jira_server, answer):
    """One at once, and one question that Jira cannot answer: the others go on meanwhile."""
    jira_server.on(FIELD, answer({}, 503))
    jira_server.on("/rest/api/3/status", [])
    patience = Patience(tries=2, jitter=lambda: 0.0)  # waits half a second
    jira = connect(
        "main", jira_server.url, "cloud", Auth("pat", None, "x"), requests_at_once=1,
        patience=patience,
    )  # fmt: skip
    with jira, ThreadPoolExecutor(1) as threads:
        troubled = threads.submit(jira.fields)
        while not jira_server.asked:
            time.sleep(0.001)
        jira.statuses()
        assert not troubled.done()
        with pytest.raises(TrackerUnavailable):
            troubled.result()


def test_a_429_holds_back_every_thread(jira_server, answer):
    asked_at: list[float] = []
    lock = threading.Lock()

    def refuse_once(_: Any) -> Any:
        with lock:
            asked_at.append(time.monotonic())
            return answer({}, 429, {"Retry-After": "0.4"}) if len(asked_at) == 1 else []

    jira_server.on(FIELD, refuse_once)
    jira_server.on("/rest/api/3/status", refuse_once)
    jira = connect(
        "main", jira_server.url, "cloud", Auth("pat", None, "x"),
        requests_at_once=1, patience=Patience(jitter=lambda: -1.0),
    )  # fmt: skip
    with jira, ThreadPoolExecutor(6) as threads:
        first = threads.submit(jira.fields)
        while not asked_at:
            time.sleep(0.001)
        others = [threads.submit(jira.statuses) for _ in range(5)]
        assert [one.result() for one in (first, *others)] == [[]] * 6
    assert len(asked_at) == 7
    assert asked_at[1] - asked_at[0] >= 0.4


def test_while_a_long_refusal_lasts_nothing_is_asked(jira_server, cloud, answer, waits):
    quota = {"Retry-After": "3600", "RateLimit-Reason": "jira-quota-tenant-based"}
    jira_server.in_turn(FIELD, answer({}, 429, quota), [])
    with pytest.raises(TrackerUnavailable) as first:
        cloud.fields()
    assert first.value.retry_after_seconds == 3600
    with pytest.raises(TrackerUnavailable, match=r"jira-quota-tenant-based\) \(no try\)") as second:
        cloud.statuses()
    assert second.value.retry_after_seconds == pytest.approx(3600, abs=5)
    assert cloud.requests == 1
    waits.append(3605)
    assert cloud.fields() == []


def test_a_hold_counts_towards_the_budget(jira_server, open_jira, answer, waits):
    jira_server.on(FIELD, answer({}, 429, {"Retry-After": "100"}))
    jira = open_jira("cloud", patience=Patience(budget_seconds=250, jitter=lambda: 1.0))
    with pytest.raises(TrackerUnavailable, match="3 tries in 210 s"):
        jira.fields()
    assert sum(waits) <= 250


def test_a_503_without_a_time_holds_back_only_its_own_question(jira_server, cloud, answer, waits):
    jira_server.in_turn(FIELD, answer({}, 503), [])
    jira_server.on("/rest/api/3/status", [])
    cloud.fields()
    cloud.statuses()
    assert waits == [1.0]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (NONE_LEFT | {"Retry-After": "7"}, 7),
        (NONE_LEFT | DATE | {"X-RateLimit-Reset": "2026-02-03T10:00:20Z"}, 20),
        (NONE_LEFT | AT_HALF_PAST, 60),  # an announcement is no refusal
        (NONE_LEFT | {"X-RateLimit-Interval-Seconds": "3", "X-RateLimit-FillRate": "5"}, 3),
        (NONE_LEFT | {"retry-after": "0"}, 0),
        (NONE_LEFT | {"X-RateLimit-Reset": "2026-02-03T10:00:20Z"}, 0),  # on which clock?
        (NONE_LEFT, 0),
        ({"X-RateLimit-Remaining": "5"} | AT_HALF_PAST, 0),
        ({"X-RateLimit-Remaining": "none", "X-RateLimit-Reset": "soon"} | DATE, 0),
        ({"X-RateLimit-NearLimit": "true"}, 0.5),
        ({"X-RateLimit-NearLimit": "TRUE", "X-RateLimit-Remaining": "900"} | AT_HALF_PAST, 2),
        ({"X-RateLimit-NearLimit": "true", "X-RateLimit-Remaining": "2"} | AT_HALF_PAST, 5),
        ({"X-RateLimit-NearLimit": "false"}, 0),
        ({"X-RateLimit-NearLimit": "perhaps"}, 0),
        ({"Beta-RateLimit": '"tenant-app-quota";r=1;t=2', "X-RateLimit-New": "?"}, 0),
    ],
)
def test_what_an_answer_announces_slows_the_next_request(
    jira_server, cloud, answer, waits, headers, seconds
):
    jira_server.in_turn(FIELD, answer([], 200, headers), [])
    cloud.fields()
    cloud.fields()
    assert sum(waits) == pytest.approx(seconds, abs=0.01)


def test_requests_near_the_limit_keep_their_distance_for_half_a_minute():
    now = [0.0]
    limits = Limits(lambda: now[0])
    assert limits.wait_seconds() == 0
    limits.note({"X-RateLimit-NearLimit": "true"})
    assert [limits.wait_seconds(), limits.reason] == [0.5, "it is near its limit of requests"]
    now[0] = 0.5
    assert [limits.wait_seconds(), limits.wait_seconds()] == [0, 0.5]
    now[0] = 31
    assert [limits.wait_seconds(), limits.wait_seconds()] == [0, 0]


def test_a_shorter_hold_never_ends_a_longer_one():
    limits = Limits(lambda: 0.0)
    limits.hold(50, "first")
    limits.hold(20, "second")
    assert [limits.wait_seconds(), limits.reason] == [50, "first"]


@pytest.mark.parametrize("value", ["", "x", "nan", "-inf", "1e999", "٣", "5 s", "\x00", "9" * 400])
def test_no_header_makes_the_client_crash_or_wait_for_ever(value):
    names = ["Retry-After", "Date", "RateLimit-Reason"]
    names += [
        f"X-RateLimit-{name}" for name in ("Remaining", "Reset", "NearLimit", "Interval-Seconds")
    ]
    limits = Limits(lambda: 0.0)
    for headers in (dict.fromkeys(names, value), dict.fromkeys(names, value) | DATE):
        for status in (200, 429, 503):
            assert (refusal_seconds(status, headers) or 0) <= 86_400
        assert (retry_after(headers) or 0) <= 86_400
        assert (seconds_to_reset(headers) or 0) <= 86_400
        limits.note(headers)
        limits.note(headers | NONE_LEFT | {"X-RateLimit-NearLimit": "true"})
        assert limits.wait_seconds() <= 60


@pytest.mark.parametrize(
    ("told", "shown"),
    [("jira-burst-based", "jira-burst-based"), ("a b", ""), ("<b>x</b>", ""), ("x" * 80, "")],
)
def test_only_a_plain_reason_is_shown(told, shown):
    assert limit_reason({"RateLimit-Reason": told}) == shown


def test_a_short_wait_that_jira_asks_for_stays_short():
    late = Failure("HTTP 429", retry_after_seconds=1, base_seconds=5.0)
    assert Patience(jitter=lambda: 1.0).wait_seconds(1, late) == 1.75


def test_a_clock_without_a_zone_is_utc():
    assert seconds_to_reset(DATE | {"X-RateLimit-Reset": "2026-02-03T10:00:05"}) == 5


def test_the_servers_time_read_by_connect_serves_one_thread_only(jira_server, open_jira):
    told = {"deploymentType": "Cloud", "serverTime": "2026-03-02T10:00:00.000+0000"}
    jira_server.on("/rest/api/2/serverInfo", told)
    jira: Jira = open_jira("auto")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: jira.server_time(), range(8)))
    assert jira.requests == 8  # one for connect, none for the first of the eight
