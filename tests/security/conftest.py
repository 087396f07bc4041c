"""A served page, and sockets to send it what no browser would."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest
import requests

from tests.served import served
from tests.web.conftest import client, locked, reports, shared_app  # noqa: F401 - fixtures
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.http.bounds import Bounds

QUICK = Bounds(
    head_seconds=1,
    body_seconds=1,
    idle_seconds=1,
    stall_seconds=1,
    linger_seconds=1,
    connections=60,
    of_address=40,
    lingering=10,
)


class Raw:
    """One connection, written to byte by byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 10)

    def send(self, data: bytes) -> None:
        """Sends as long as the other side takes it."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def answer(self) -> bytes:
        """All that comes until the other side ends."""
        read = bytearray()
        with suppress(ConnectionResetError):
            while part := self.socket.recv(65536):
                read += part
        return bytes(read)

    def status(self) -> int:
        """The status of the answer, 0 where there is none."""
        words = self.answer().split(b" ", 2)
        return int(words[1]) if len(words) > 1 else 0


class Page:
    """Where the page is."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url = url
        self.port = int(urlsplit(url).port or 0)
        self._stack = stack

    def connect(self) -> Raw:
        """A connection that is closed with the test."""
        made = Raw(self.port)
        self._stack.callback(made.socket.close)
        return made

    def is_alive(self) -> bool:
        """Whether it answers at once."""
        return requests.get(f"{self.url}/healthz", timeout=2).status_code == 200


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The page with the bounds that it has."""
    with ExitStack() as stack, served(FakeReports(), lambda: NOW) as url:
        yield Page(url, stack)


@pytest.fixture
def quick_page() -> Iterator[Page]:
    """The page with small bounds."""
    with served(FakeReports(), lambda: NOW, bounds=QUICK) as url, ExitStack() as stack:
        yield Page(url, stack)
