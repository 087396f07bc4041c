"""Heads, addresses and bodies without end: refused with their reason, without taking memory."""

import resource
import threading
import time

import pytest
import requests


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 60_000 + b"\r\n\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 66_000, 431),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\n" + b"x" * 70_000, 431),
        (b"GET /healthz?" + b"q" * 8_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"GET /healthz?" + b"q" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /" + b"a" * 70_000, 414),
        (b"\r\n" * 40_000, 431),
        (b"NONSENSE / HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400, 429),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n", 400),
        (b"GET http://other/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"GET /healthz?at=http://other/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: y\r\n z" + b"\r\n z" * 30_000, 400),
    ],
    ids=[
        "a large head that is taken",
        "one long header",
        "many headers",
        "a header without a colon",
        "a long address that is taken",
        "a long address",
        "an address without end",
        "empty lines",
        "no method",
        "TLS where none is",
        "an address that is not ASCII",
        "many requests at once",
        "two hosts",
        "another host in its address",
        "its own host in its address",
        "another host behind its address",
        "a long head that is none",
    ],
)
def test_a_head_has_bounds(page, sent, status, caplog):
    raw = page.connect()
    raw.send(sent)
    raw.socket.settimeout(15)
    if status == 200:
        assert raw.socket.recv(12) == b"HTTP/1.1 200"
    else:
        # of many requests at once, those before the last are answered as they should be
        assert f" {status} ".encode() in raw.answer()
    assert page.is_alive()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_a_head_without_end_takes_no_memory_and_holds_nobody_up(page):
    before = peak_kib()
    raws = [page.connect() for _ in range(4)]
    ending = time.monotonic() + 0.5

    def pour(raw):
        raw.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        while time.monotonic() < ending:
            raw.send(b"X-Filler: " + b"x" * 60_000 + b"\r\n")

    pouring = [threading.Thread(target=pour, args=(raw,)) for raw in raws]
    for one in pouring:
        one.start()
    while time.monotonic() < ending:
        began = time.monotonic()
        assert page.is_alive()
        assert time.monotonic() - began < 1
    for one in pouring:
        one.join()
    assert peak_kib() - before < 40_000


@pytest.mark.parametrize(
    ("path", "most", "is_told"),
    [
        ("/sign-in", 4_096, True),
        ("/sign-in", 4_096, False),
        ("/runs", 4_096, True),
        ("/api/v1/runs", 4_096, True),
        ("/hooks/jira", 1_000_000, True),
    ],
)
def test_a_body_has_the_bounds_of_its_route(page, path, most, is_told):
    def body():
        yield from (b"x" * 1000 for _ in range(most // 1000 + 2))

    data = b"x" * (most + 1) if is_told else body()
    answer = requests.post(page.url + path, data=data, timeout=5)
    assert answer.status_code == 413
    assert "too large" in answer.text.lower()
    assert page.is_alive()


def test_a_body_and_what_follows_it_have_bounds_whatever_the_route_takes(page):
    for tail in (b"1\r\nx\r\n" * 800_000, b"0\r\n" + b"A: b\r\n" * 300, b"1;" + b"e" * 5_000_000):
        raw = page.connect()
        raw.send(
            b"POST /hooks/jira HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        raw.send(tail)
        assert raw.status() in (404, 413, 431)
    assert page.is_alive()
