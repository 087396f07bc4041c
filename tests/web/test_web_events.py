"""Open pages are told within a second or two that figures changed, by one look at the store."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

import fastapi.routing
import pytest
import requests
from starlette.exceptions import HTTPException

from telemetry.errors import StoreError
from tests.served import served
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.http.events import Events

pytestmark = pytest.mark.slow


class CountingReports(FakeReports):
    """Counts the looks at the store."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        self.is_locked = False

    def stamp(self) -> str:
        self.asked["stamp"] += 1
        if self.is_locked:
            raise StoreError("the store is locked")
        return super().stamp()

    def version(self, team_key: str | None) -> str:
        self.asked["version"] += 1
        return super().version(team_key)


@pytest.fixture
def told():
    return CountingReports()


async def heard(events: Events, team: str | None, into: list[str]) -> None:
    with events.listening(team):
        async for version in events.versions(team):
            into.append(version)  # noqa: PERF401 - it is read while it grows


def told_through(story: Coroutine[None, None, None]) -> None:
    """Runs a story in a thread of its own: a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story).result()


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


def test_all_listeners_hear_of_a_change_by_one_look_at_the_store(told):
    async def story():
        events = Events(told, look_seconds=0.05)
        heards: list[list[str]] = [[] for _ in range(30)]
        tasks = [asyncio.create_task(heard(events, "k8s", into)) for into in heards]
        await until(lambda: all(heards))
        told.asked.clear()
        told.bump()
        await until(lambda: all(len(into) == 2 for into in heards))
        assert {tuple(into) for into in heards} == {("v0", "v1")}
        assert told.asked["version"] <= 2
        events.close()
        await asyncio.wait_for(asyncio.gather(*tasks), 1)

    told_through(story())


def test_without_a_listener_the_store_is_left_alone(told):
    async def story():
        events = Events(told, look_seconds=0.01)
        into: list[str] = []
        task = asyncio.create_task(heard(events, None, into))
        await until(lambda: into)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.05)
        told.asked.clear()
        await asyncio.sleep(0.1)
        assert told.asked.total() == 0
        again = asyncio.create_task(heard(events, None, into))
        told.bump()
        await until(lambda: into[-1] == "s1")
        events.close()
        await again

    told_through(story())


def test_a_locked_store_is_no_change_and_is_looked_at_again(told):
    async def story():
        events = Events(told, look_seconds=0.01)
        into: list[str] = []
        task = asyncio.create_task(heard(events, "k8s", into))
        await until(lambda: into)
        told.is_locked = True
        told.bump()
        await asyncio.sleep(0.1)
        assert into == ["v0"]
        told.is_locked = False
        await until(lambda: into == ["v0", "v1"])
        events.close()
        await task

    told_through(story())


def test_no_more_listen_than_may(told):
    events = Events(told, most=1)
    with events.listening(None), pytest.raises(HTTPException) as refused, events.listening("k8s"):
        pass
    assert refused.value.status_code == 503
    with events.listening("k8s"):
        pass


@pytest.fixture
def stream(told):
    """Opens the stream of a path; its lines are read one by one."""
    opened = []
    with served(told, lambda: NOW) as url:

        def opens(path: str, **headers: str) -> requests.Response:
            answer = requests.get(url + path, headers=headers, stream=True, timeout=10)
            opened.append(answer)
            return answer

        yield opens
        for answer in opened:
            answer.close()


def next_event(lines) -> dict[str, str]:
    """The next event that is not a comment."""
    event: dict[str, str] = {}
    for line in lines:
        if not line and "event" in event:
            return event
        name, _, value = line.partition(": ")
        if line:
            event[name] = value
    raise AssertionError("the stream ended")


def test_a_stream_tells_the_version_and_then_each_change_uncompressed_and_unbuffered(stream, told):
    answer = stream("/events?team=k8s", **{"Accept-Encoding": "gzip, br, zstd"})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Content-Encoding" not in answer.headers
    lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
    first = next_event(lines)
    assert (first["event"], first["id"], first["data"]) == ("version", "v0", '{"team": "k8s"}')
    began = time.monotonic()
    told.bump()
    assert next_event(lines)["id"] == "v1"
    assert time.monotonic() - began < 3


def test_who_comes_back_with_the_present_version_hears_of_later_ones_only(stream, told):
    lines = stream("/events", **{"Last-Event-ID": "s0"}).iter_lines(1, decode_unicode=True)
    assert next(lines) == ": listening"
    told.bump()
    assert next_event(lines)["id"] == "s1"


def test_a_quiet_stream_has_a_heartbeat(stream, monkeypatch):
    monkeypatch.setattr(fastapi.routing, "_PING_INTERVAL", 0.1)
    lines = stream("/events").iter_lines(1, decode_unicode=True)
    next_event(lines)
    assert next(line for line in lines if line) == ": ping"


def test_an_unknown_team_has_no_stream(stream):
    assert stream("/events?team=nope").status_code == 404


def test_events_need_the_access_token_as_pages_do(locked):
    answer = locked.get("http://telemetry.example.com/events")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_server_ends_at_once_with_open_streams(told):
    with served(told, lambda: NOW) as url:
        answers = [requests.get(url + "/events", stream=True, timeout=10) for _ in range(3)]
        lines = [answer.iter_lines(1, decode_unicode=True) for answer in answers]
        for one in lines:
            next_event(one)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    for one in lines:
        list(one)  # ended as it should, not broken off
