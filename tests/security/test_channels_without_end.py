"""A service whose answer has no end, in time or in size, holds up and fills up nothing."""

import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from bot.channels import bounded, observing
from bot.channels.observing import is_no
from bot.channels.sending import Outcome, send
from telemetry.words.alerts.message import Message
from telemetry.words.values import sentence

pytestmark = pytest.mark.slow

SAID = sentence("● Managed Kubernetes: 11 of 53 points are done.")
Act = Callable[[socket.socket], None]


@contextmanager
def service(act: Act) -> Iterator[int]:
    """The port of a server that does this to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client = listening.accept()[0]
                    with client, suppress(OSError):
                        act(client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def over_http(*pieces: bytes, pause: float = 0.0, repeats: int = 10**9) -> Act:
    """Takes a request, says the first piece, then the last one again and again."""

    def act(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(pieces[0])
        for _ in range(repeats):
            client.sendall(pieces[-1])
            time.sleep(pause)

    return act


def over_smtp(piece: bytes, pause: float = 0.0) -> Act:
    """Says this piece of a greeting again and again."""

    def act(client: socket.socket) -> None:
        while True:
            client.sendall(piece)
            time.sleep(pause)

    return act


def packed(megabytes: int) -> bytes:
    """A beginning of what gzip makes of so many spaces: two pieces packed, the second repeated."""
    packer = zlib.compressobj(wbits=31)
    first, more = (
        packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    return first + more * (megabytes - 1)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LONG = HEAD + b"Content-Length: 5000000000\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
REFUSED = b"HTTP/1.1 500 Oops\r\nContent-Length: 5000000000\r\n\r\n"
BOMB = packed(300)
PACKED = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB)
WAYS = {
    "a head that drips": (over_http(b"HTTP/1.1 200", b"x", pause=0.05), "retry"),
    "a body that drips": (over_http(LONG, b" ", pause=0.05), "sent"),
    "a refusal that drips": (over_http(REFUSED, b" ", pause=0.05), "retry"),
    "chunks that drip": (over_http(CHUNKED, b"1\r\n \r\n", pause=0.05), "sent"),
    "a body without end": (over_http(LONG, b" " * 65536), "sent"),
    "chunks without end": (over_http(CHUNKED, b"10000\r\n" + b" " * 65536 + b"\r\n"), "sent"),
    "a refusal without end": (over_http(REFUSED, b" " * 65536), "retry"),
    "what unpacks to much": (over_http(PACKED, BOMB, repeats=1), "sent"),
    "silence": (over_http(b"", pause=1.5, repeats=1), "retry"),
}


def told(address: str) -> tuple[Outcome, float, float]:
    """How sending went, the seconds that it took, and the megabytes."""
    begun = time.monotonic()
    tracemalloc.start()
    outcome = send(Message("m1", (SAID, SAID), None), [address])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return outcome, time.monotonic() - begun, peak / 1e6


@pytest.fixture(autouse=True)
def briefly(monkeypatch):
    send(Message("m0", (SAID, SAID), None), ["nothing://"])  # loads Apprise
    monkeypatch.setattr(observing, "DEADLINE_SECONDS", 0.5)


@pytest.mark.parametrize("name", WAYS)
def test_an_answer_over_http_has_an_end(name):
    act, way = WAYS[name]
    with service(act) as port:
        outcome, seconds, megabytes = told(f"json://127.0.0.1:{port}/")
    assert outcome.way == way
    assert seconds < 4
    assert megabytes < 40


@pytest.mark.parametrize("piece", [b"2", b"220-x\r\n" + b"220-" + b"y" * 2000 + b"\r\n"])
def test_an_answer_of_a_mail_server_has_an_end(piece, monkeypatch):
    monkeypatch.setattr(bounded, "MOST_BYTES", 100_000)
    with service(over_smtp(piece, 0.05 if len(piece) == 1 else 0.0)) as port:
        outcome, seconds, megabytes = told(
            f"mailto://127.0.0.1:{port}/?from=a@example.com&to=b@example.com&mode=insecure"
        )
    assert outcome.way == "retry"
    assert seconds < 4
    assert megabytes < 40


@pytest.mark.parametrize("said", ['{"a":' * 20_000, '{"ok": ' + "1" * 60_000 + "}", "{" * 64_000])
def test_words_of_no_end_are_no_refusal(said):
    assert not is_no(said)
