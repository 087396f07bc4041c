"""Connections that only wait, drip or crowd: ended in time, so that who asks finds a place."""

import socket
import struct
import threading
import time
from contextlib import ExitStack

import pytest
import requests
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs

from tests.security.conftest import Page
from tests.served import served
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.http.bounds import Bounds
from web.http.door import Door
from web.http.events import LISTENERS, LISTENERS_OF_CLIENT, Events

pytestmark = pytest.mark.slow

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"


def plotly_of(page) -> str:
    text = requests.get(f"{page.url}/teams/k8s", timeout=10).text
    return next(part for part in text.split('"') if part.endswith("/plotly.js"))


def drip(raw) -> None:
    for _ in range(10):
        raw.socket.sendall(b"x")
        time.sleep(0.1)


@pytest.mark.slow
def test_who_is_silent_or_slow_is_ended_in_time(quick_page):
    file = plotly_of(quick_page)
    silent, head, body, lines, reader = (quick_page.connect() for _ in range(5))
    # its side of the line is full at once
    reader.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.send(f"GET {file} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head.send(HEAD)
    body.send(POST)
    lines.send(HEAD + b"\r\n")
    for _ in range(12):  # a byte now and then is no reason to wait longer
        time.sleep(0.25)
        head.send(b"X")
        body.send(b"x")
        lines.send(b"\r\n")
    assert silent.answer() == b""
    assert head.status() == 408
    assert body.status() == 408
    assert lines.answer().startswith(b"HTTP/1.1 200 OK")
    time.sleep(1)
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        drip(reader)
    assert quick_page.is_alive()


def test_who_asks_much_and_leaves_is_no_error(quick_page, caplog):
    asked = f"GET {plotly_of(quick_page)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for _ in range(5):
        raw = quick_page.connect()
        raw.send(asked * 10)
        time.sleep(0.1)
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.socket.close()  # broken off, not ended
    assert quick_page.is_alive()
    time.sleep(0.5)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_too_many_connections_are_told_so_and_those_that_wait_give_way(quick_page):
    crowd = [quick_page.connect() for _ in range(48)]
    time.sleep(0.2)
    crowd[-1].send(HEAD + b"\r\n")
    answer = crowd[-1].answer()
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 10" in answer
    assert b"ask again later" in answer
    time.sleep(1)
    for _ in range(5):
        assert quick_page.is_alive()


class Held(FakeReports):
    """Figures that nobody gets before they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def version(self, team_key: str | None) -> str:
        self.let_go.wait(20)
        return super().version(team_key)


def test_who_leaves_keeps_the_place_until_the_answer_is_made_and_health_is_told_beside_it():
    reports, most = Held(), 45  # more than there are threads
    bounds = Bounds(connections=most + 1, of_address=most + 1)
    with served(reports, lambda: NOW, bounds=bounds) as url, ExitStack() as stack:
        page = Page(url, stack)
        for _ in range(most):
            raw = page.connect()
            raw.send(b"GET /teams/k8s HTTP/1.1\r\nHost: localhost\r\n\r\n")
            raw.socket.close()
        assert page.is_alive()
        last = page.connect()
        last.send(b"GET /teams/k8s HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)
        refused = page.connect()
        refused.send(HEAD + b"\r\n")
        assert refused.status() == 503
        reports.let_go.set()
        assert last.socket.recv(12) == b"HTTP/1.1 200"
        assert page.is_alive()


class Waiting:
    """A connection that waits since it came."""

    def __init__(self, address: str, since: float | None) -> None:
        self.address = address
        self.since = since
        self.is_dropped = False

    def idle_since(self) -> float | None:
        return self.since

    def look(self, now: float) -> None:
        """Never ends by itself."""

    def drop(self) -> None:
        self.is_dropped = True


def test_one_address_takes_no_more_than_its_share():
    door = Door(Bounds(connections=100, of_address=3))
    assert all(door.enter(Waiting("192.0.2.1", None), 0) for _ in range(3))
    assert not door.enter(Waiting("192.0.2.1", None), 0)
    assert door.enter(Waiting("192.0.2.2", None), 0)


def test_a_network_of_ipv6_is_one_address():
    door = Door(Bounds(connections=100, of_address=3))
    for n in range(3):
        assert door.enter(Waiting(f"2001:db8::{n:x}", None), 0)
    assert not door.enter(Waiting("2001:db8::ffff", None), 0)
    assert door.enter(Waiting("2001:db8:0:1::1", None), 0)


def test_the_share_of_a_configured_proxy_is_all_there_is():
    door = Door(Bounds(connections=10, of_address=3), lambda address: address == "192.0.2.1")
    assert all(door.enter(Waiting("192.0.2.1", None), 0) for _ in range(10))
    assert not door.enter(Waiting("192.0.2.1", None), 0)


def test_who_waits_longest_gives_way_and_who_is_served_never():
    door = Door(Bounds(connections=3, of_address=3))
    served, first, second = Waiting("a", None), Waiting("b", 0.0), Waiting("c", 0.5)
    for one in (served, first, second):
        assert door.enter(one, 0)
    assert not door.enter(Waiting("d", None), 0.9)
    assert door.enter(Waiting("d", None), 1.0)
    assert (served.is_dropped, first.is_dropped, second.is_dropped) == (False, True, False)
    door.leave(served)
    door.leave(served)
    assert door.enter(Waiting("e", None), 1.0)


def test_refusals_are_told_once_and_then_counted():
    door = Door(Bounds(connections=0))
    with capture_logs() as logs:
        for seconds in (0, 1, 2, 61):
            door.enter(Waiting("192.0.2.1", None), seconds)
    assert [(line["reason"], line["count"]) for line in logs] == [
        ("too many connections", 1),
        ("too many connections", 3),
    ]


def test_one_client_does_not_take_all_streams():
    events = Events(FakeReports(), most=10, most_of_client=2)
    with events.listening(None, "a"), events.listening("k8s", "a"):
        with pytest.raises(HTTPException) as refused, events.listening(None, "a"):
            pass
        assert refused.value.status_code == 503
        with events.listening(None, "b"):
            pass
    with events.listening(None, "a"):
        pass
    assert LISTENERS_OF_CLIENT * 2 <= LISTENERS


def test_there_is_room_for_files_beside_all_connections():
    bounds = Bounds.here()
    assert bounds.of_address < bounds.connections <= 1000
