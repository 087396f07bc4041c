"""Large answers that drip give up their place where others wait, and those come in time."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.jira.client import Auth, connect
from bot.jira.http import room as rooms
from bot.jira.http import transport
from bot.jira.http.bodies import MEGABYTE
from bot.jira.http.deadline import Deadline
from bot.jira.http.retry import Failure, Patience
from bot.jira.http.room import HOLD_SECONDS, Room, Tenant
from telemetry.ending import Ending, Stopped
from telemetry.errors import TrackerUnavailable

pytestmark = pytest.mark.slow

LARGE = b'[{"id": "1", "name": "' + b"x" * (MEGABYTE // 2) + b'"}]'
WHO = b'{"accountId": "1"}'


class Hourglass(Room):
    """A room whose time passes only while somebody waits, and of which what comes is told."""

    def __init__(self, came=lambda: None):
        self.now = 0.0
        super().__init__(lambda: self.now, self._later)
        self._came = came

    def _later(self, seconds):
        self.now += 25 * seconds
        self._came()


def nothing():
    """Nobody ends what waits."""


def held(room, tenant, give_way=nothing, check=nothing, seconds=180.0):
    """One of the room's places, until the stack is closed that it is entered into."""
    stack = ExitStack()
    return stack, stack.enter_context(room.body(tenant, seconds, check, give_way))


def test_a_third_site_has_its_turn_once_those_that_drip_had_theirs():
    room, told = Hourglass(), []
    stacks: dict[str, ExitStack] = {}

    def end(name):
        told.append(name)
        stacks[name].close()

    for name in ("first", "second"):
        stacks[name], note = held(room, Tenant(), partial(end, name))
        note(1000)
    begun = room.now
    stack, _ = held(room, Tenant())
    assert HOLD_SECONDS <= room.now - begun < HOLD_SECONDS + 2
    assert told
    stack.close()


def test_a_body_that_comes_quickly_keeps_its_place_however_long_it_is():
    told: list[int] = []
    notes: list[Callable[[int], None]] = []
    stacks: list[ExitStack] = []

    def came():
        for note in notes:
            note(1 << 30)

    room = Hourglass(came)
    for _ in range(2):
        stack, note = held(room, Tenant(), lambda: told.append(1))
        notes.append(note)
        stacks.append(stack)
    with pytest.raises(Failure, match="left no room for its own for 90 s") as caught:
        held(room, Tenant(), seconds=90.0)
    assert caught.value.is_silent is False  # which is no fault of that site
    assert told == []
    for stack in stacks:
        stack.close()
    assert held(room, Tenant())


def test_a_site_has_one_place_and_holds_up_nobody_who_waits_behind_it():
    room, greedy = Hourglass(), Tenant()
    first, note = held(room, greedy)
    note(1 << 40)
    with pytest.raises(Failure):
        held(room, greedy, seconds=1.0)
    second, _ = held(room, Tenant())
    assert room.now < 3
    first.close()
    second.close()


def test_what_waits_for_a_place_ends_with_all_else():
    room, ending, tenant = Hourglass(), Ending(), Tenant()
    first, _ = held(room, tenant)
    ending.begin()
    with pytest.raises(Stopped):
        held(room, tenant, check=ending.check)
    first.close()
    stack, _ = held(room, tenant)  # who left waits no more
    stack.close()


def test_waiting_for_a_place_takes_none_of_the_time_of_an_answer():
    with Deadline(0.1) as deadline:
        with deadline.paused():
            time.sleep(0.2)
        assert not deadline.is_over
        time.sleep(0.2)
        assert deadline.is_over


@contextmanager
def jira(drips: threading.Event | None) -> Iterator[str]:
    """A server with a large list of statuses, which drips from its middle on until told."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = WHO if "myself" in self.path else LARGE
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            half = len(body) // 2 if drips else len(body)
            try:
                self.wfile.write(body[:half])
                for at in range(half, len(body)):
                    if drips is None or drips.wait(0.02):
                        return
                    self.wfile.write(body[at : at + 1])
            except OSError:
                return  # the client has gone

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_two_sites_that_drip_do_not_keep_a_third_waiting(monkeypatch):
    monkeypatch.setattr(rooms, "HOLD_SECONDS", 0.4)
    monkeypatch.setattr(transport, "ROOM", Room())
    over = threading.Event()

    def ask(url):
        with connect(
            "main", url, "cloud", Auth("pat", None, "x"), most_bytes=MEGABYTE,
            patience=Patience(tries=2, jitter=lambda: -1.0), deadline_seconds=20,
        ) as client:  # fmt: skip
            return client.statuses()

    with (
        jira(over) as slow,
        jira(over) as slower,
        jira(None) as good,
        ThreadPoolExecutor(3) as pool,
    ):
        dripping = [pool.submit(ask, url) for url in (slow, slower)]
        time.sleep(0.2)
        begun = time.monotonic()
        assert len(pool.submit(ask, good).result()) == 1
        assert time.monotonic() - begun < 3
        over.set()
        for one in dripping:
            with pytest.raises(TrackerUnavailable, match=r"so slowly that others wait|breaks off"):
                one.result()
