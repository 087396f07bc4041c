"""What the client does about every fault of a server: one row, one fault.

The server is a bare socket, so that it can do what no decent server would. Each fault comes once
and then an answer, and then again and again.
"""

import gzip
import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.jira.client import Jira, connect
from bot.jira.http.auth import Auth
from bot.jira.http.giving_up import WHO_WE_ARE
from bot.jira.http.retry import Patience
from telemetry.errors import AccessDenied, TrackerError, TrackerUnavailable, UnexpectedAnswer
from tests.depth import parametrize_in_turn

pytestmark = pytest.mark.slow

FIELDS = [{"id": "summary"}]
READ_SECONDS, DEADLINE_SECONDS = 0.9, 1.5  # of a client that meets a slow server
DATE = "Date: Tue, 03 Feb 2026 10:00:00 GMT\r\n"
PAGE = b"<!DOCTYPE html><html><body>Log in</body></html>"
Act = Callable[[socket.socket], None]


def said(body: bytes, status: str = "200 OK", headers: str = "", length: int | None = None) -> Act:
    """A whole answer; `length` lies about it, a negative one is left out."""

    def act(client: socket.socket) -> None:
        told = len(body) if length is None else length
        counted = f"Content-Length: {told}\r\n" if told >= 0 else ""
        kind = "" if "Content-Type" in headers else "Content-Type: application/json\r\n"
        head = f"HTTP/1.1 {status}\r\n{kind}{headers}{counted}Connection: close\r\n\r\n"
        client.sendall(head.encode() + body)

    return act


def refused(status: str, headers: str = "") -> Act:
    return said(b"{}", status, headers)


def hung(client: socket.socket) -> None:
    client.recv(1)  # until the client leaves


def hung_in_the_middle(client: socket.socket) -> None:
    said(b'[{"id":', length=100)(client)
    hung(client)


def trickled(*, in_headers: bool, length: int = 10_000) -> Act:
    def act(client: socket.socket) -> None:
        if in_headers:
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        else:
            said(b"", length=length)(client)
        while True:
            client.sendall(b" ")
            time.sleep(READ_SECONDS / 4)

    return act


def reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def reset_in_the_middle(client: socket.socket) -> None:
    said(b'[{"id":', length=100)(client)
    time.sleep(0.02)
    reset(client)


def hung_up(client: socket.socket) -> None:
    """Closes without a word."""


def chunks_cut(client: socket.socket) -> None:
    head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    client.sendall(f"{head}7\r\n[{{id: 1\r\n".encode())


@dataclass(frozen=True)
class Fault:
    """One row: what the server does, how long the client waits before its second try (None:
    there is none), and what it raises where the fault stays: error, sentence, tries.
    """

    name: str
    act: Act
    wait: float | None
    error: type[TrackerError]
    sentence: str
    tries: int = 5
    retry_after: float | None = None

    @property
    def is_slow(self) -> bool:
        return self.tries == SLOW


SLOW = 3  # tries, not to wait for long
LATER, DENIED, ODD = TrackerUnavailable, AccessDenied, UnexpectedAnswer
LIMITED = "429 Too Many Requests"
QUOTA = "RateLimit-Reason: jira-quota-tenant-based\r\n"
RESET = "X-RateLimit-Reset: 2026-02-03T10:00:30Z\r\n"
FAR = "Tue, 03 Feb 99999999999 10:00:08 GMT"
FAR_ZONE = "Tue, 03 Feb 2026 10:00:08 +99999999999"
FAR_RESET = "X-RateLimit-Reset: 99999-01-01T00:00:00Z\r\n"
GZIP = "Content-Encoding: gzip\r\n"
ELSEWHERE = "Location: https://elsewhere.example.com/"


def after(value: str) -> str:
    return f"Retry-After: {value}\r\n"


FAULTS = [
    # refused for now: name, what the server does, wait, error, sentence, tries, retry_after
    Fault("429", refused(LIMITED), 5, LATER, "fewer requests .HTTP 429. .5 tries"),
    Fault("429 seconds", refused(LIMITED, after("20")), 25, LATER, "in 20 s", 5, 20),
    Fault("429 zero", refused(LIMITED, after("0")), 5, LATER, "try again later", 5, 0),
    Fault("429 negative", refused(LIMITED, after("-9")), 5, LATER, "try again later", 5, 0),
    Fault("429 malformed", refused(LIMITED, after("soon")), 5, LATER, "try again later"),
    Fault("429 far", refused(LIMITED, DATE + after(FAR)), 5, LATER, "try again later"),
    Fault("429 far zone", refused(LIMITED, DATE + after(FAR_ZONE)), 5, LATER, "try again later"),
    Fault("503 far", refused("503 Unavailable", DATE + after(FAR)), 1, LATER, "try again later"),
    Fault("429 until far", refused(LIMITED, DATE + FAR_RESET), 5, LATER, "try again later"),
    Fault(
        "429 an endless interval",
        refused(LIMITED, after("0") + "X-RateLimit-Interval-Seconds: 1e300\r\n"),
        None, LATER, "in 86400 s", 1, 86400,
    ),
    Fault("429 nan", refused(LIMITED, after("nan")), 5, LATER, "try again later"),
    Fault(
        "429 date",
        refused(LIMITED, DATE + after("Tue, 03 Feb 2026 10:00:08 GMT")),
        10.5, LATER, "in 8 s", 5, 8,
    ),
    Fault(
        "429 date, no clock", refused(LIMITED, after("Tue, 03 Feb 2026 10:00:08 GMT")),
        5, LATER, "try again later",
    ),
    Fault("429 an hour", refused(LIMITED, after("3600")), None, LATER, "in 3600 s", 1, 3600),
    Fault("429 for ever", refused(LIMITED, after("1e300")), None, LATER, "86400 s", 1, 86400),
    Fault(
        "429 quota", refused(LIMITED, after("1800") + QUOTA),
        None, LATER, "HTTP 429, jira-quota-tenant-based. .1 try.; try again in 1800 s", 1, 1800,
    ),
    Fault("429 until", refused(LIMITED, DATE + RESET), 35, LATER, "in 30 s", 5, 30),
    Fault("429 until, odd", refused(LIMITED, DATE + "X-RateLimit-Reset: ?\r\n"), 5, LATER, "later"),
    Fault(
        "429 Data Center",
        refused(LIMITED, after("0") + "X-RateLimit-Interval-Seconds: 6\r\n"),
        8, LATER, "in 6 s", 5, 6,
    ),
    Fault("408", refused("408 Request Timeout"), 1, LATER, "HTTP 408"),
    Fault("425", refused("425 Too Early"), 1, LATER, "HTTP 425"),
    Fault("500", refused("500 Oops"), 1, LATER, "HTTP 500 .5 tries in 15 s"),
    Fault("502", said(PAGE, "502 Bad Gateway"), 1, LATER, "HTTP 502"),
    Fault("503", refused("503 Unavailable"), 1, LATER, "HTTP 503"),
    Fault("503 seconds", refused("503 Unavailable", after("40")), 41, LATER, "in 40 s", 5, 40),
    Fault("504", refused("504 Gateway Timeout"), 1, LATER, "HTTP 504"),
    Fault("501", refused("501 Not Implemented"), None, TrackerError, "HTTP 501", 1),
    # broken on the way
    Fault("hang", hung, 1, LATER, "no answer within 0.9 s", SLOW),
    Fault("hang in the body", hung_in_the_middle, 1, LATER, "its answer stopped for 0.9 s", SLOW),
    Fault("trickling body", trickled(in_headers=False), 1, LATER, "did not end within 1.5", SLOW),
    Fault(
        "trickling body without a length", trickled(in_headers=False, length=-1),
        1, LATER, "did not end within 1.5", SLOW,
    ),
    Fault("trickling head", trickled(in_headers=True), 1, LATER, "did not end within 1.5", SLOW),
    Fault("hang-up", hung_up, 1, LATER, "it dropped the connection"),
    Fault("reset", reset, 1, LATER, "it dropped the connection"),
    Fault("reset in the body", reset_in_the_middle, 1, LATER, "its answer breaks off"),
    Fault("body cut", said(b'[{"id":', length=100), 1, LATER, "its answer breaks off"),
    Fault("chunks cut", chunks_cut, 1, LATER, "its answer breaks off"),
    Fault("not HTTP", lambda client: client.sendall(b"SSH-2.0-x\r\n\r\n"), 1, LATER, "dropped"),
    # not Jira's
    Fault("body cut unseen", said(b'[{"id":', length=-1), 1, ODD, "its answer is not JSON"),
    Fault("not JSON", said(b"[oops]"), 1, ODD, "its answer is not JSON .5 tries.*any proxy"),
    Fault("empty", said(b""), 1, ODD, "its answer is not JSON"),
    Fault("not UTF-8", said(b'["\xff"]'), 1, ODD, "lists other things"),
    Fault("broken gzip", said(b"no gzip", headers=GZIP), 1, ODD, "cannot be unpacked"),
    Fault(
        "gzip cut unseen", said(gzip.compress(b"[" + b" " * 999 + b"]")[:20], headers=GZIP),
        1, ODD, "its answer is not JSON",
    ),
    Fault("object for list", said(b'{"a": 1}'), 1, ODD, "its answer is not a list"),
    Fault("null", said(b"null"), 1, ODD, "its answer is not a list"),
    Fault("list of nulls", said(b"[null]"), 1, ODD, "lists other things"),
    # not for us
    Fault("401", refused("401 No"), None, DENIED, "does not accept the credentials", 1),
    Fault("403", refused("403 No"), None, DENIED, "does not let the pat see", 1),
    Fault("login page", said(PAGE), None, DENIED, "web page instead of data", 1),
    Fault(
        "login page, typed", said(b" ", headers="Content-Type: text/html\r\n"),
        None, DENIED, "web page instead of data", 1,
    ),
    Fault(
        "302 to a login", refused("302 Found", f"{ELSEWHERE}login?os=1\r\n"),
        None, DENIED, "login page at https://elsewhere.example.com", 1,
    ),
    Fault(
        "303 to a login", refused("303 See Other", "Location: /login.jsp\r\n"),
        None, DENIED, "login page at another page", 1,
    ),
    Fault(
        "301 elsewhere", refused("301 Moved", f"{ELSEWHERE}jira\r\n"),
        None, TrackerError, "redirects /rest/api/3/field to https://elsewhere.*; set url", 1,
    ),
    Fault(
        "302 to nonsense", refused("302 Found", "Location: http://[\r\n"),
        None, ODD, "headers that are not HTTP", 1,
    ),
    Fault(
        "anonymous", said(b"[]", headers="X-Seraph-LoginReason: AUTHENTICATED_FAILED\r\n"),
        None, DENIED, "anonymous visitor", 1,
    ),
    Fault(
        "anonymous on Data Center", said(b"[]", headers="X-AUSERNAME: anonymous\r\n"),
        None, DENIED, "anonymous visitor", 1,
    ),
]  # fmt: skip


@dataclass
class Server:
    """Does the acts in turn, then the last one again and again; keeps what it was sent."""

    url: str
    acts: list[Act] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    def meet(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(65536)
            if not more:
                return
            head += more
        self.heads.append(head.decode())
        self.acts[min(len(self.heads), len(self.acts)) - 1](client)


@pytest.fixture
def server() -> Iterator[Server]:
    made: list[Server] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                made[0].meet(self.request)
            except OSError:
                return  # the client left

    class Threading(socketserver.ThreadingTCPServer):
        allow_reuse_address, daemon_threads = True, True

        def shutdown_request(self, request: Any) -> None:
            self.close_request(request)  # no polite end: what was asked for decides

    tcp = Threading(("127.0.0.1", 0), Handler)
    made.append(Server(f"http://127.0.0.1:{tcp.server_address[1]}"))
    thread = threading.Thread(target=tcp.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made[0]
    tcp.shutdown()
    tcp.server_close()
    thread.join()


def client_of(url: str, waits: Any, *, is_slow: bool = False) -> Jira:
    return connect(
        "main",
        url,
        "cloud",
        Auth("pat", None, "s3cret"),
        sleep=waits.sleep,
        clock=waits.clock,
        timeout=(5, READ_SECONDS if is_slow else 10),
        deadline_seconds=DEADLINE_SECONDS if is_slow else 30,
        patience=Patience(tries=SLOW if is_slow else 5, jitter=lambda: 1.0),
    )


def is_mended_or_told(server, waits, fault):
    server.acts = [fault.act, said(json.dumps(FIELDS).encode())]
    if fault.wait is not None:
        with client_of(server.url, waits, is_slow=fault.is_slow) as jira:
            assert jira.fields() == FIELDS
        assert waits == [fault.wait]
        assert len(server.heads) == 2
    server.acts, server.heads = [fault.act], []
    waits.clear()
    with (
        client_of(server.url, waits, is_slow=fault.is_slow) as jira,
        pytest.raises(fault.error, match=fault.sentence) as caught,
    ):
        jira.fields()
    assert type(caught.value) is fault.error
    assert len([head for head in server.heads if WHO_WE_ARE not in head]) == fault.tries
    assert getattr(caught.value, "retry_after_seconds", None) == fault.retry_after
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "fault", [one for one in FAULTS if not one.is_slow], ids=lambda fault: fault.name
)
def test_every_fault_is_mended_or_told(server, waits, fault):
    is_mended_or_told(server, waits, fault)


@parametrize_in_turn(
    "fault", [one for one in FAULTS if one.is_slow], 2, ids=lambda fault: fault.name
)
def test_every_fault_that_takes_its_time_is_mended_or_told(server, waits, fault):
    is_mended_or_told(server, waits, fault)


def test_a_server_that_takes_no_connection_is_asked_again(waits):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        crowd = [socket.socket() for _ in range(3)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        jira = connect(
            "main",
            f"http://127.0.0.1:{port}",
            "cloud",
            Auth("pat", None, "x"),
            sleep=waits.sleep,
            clock=waits.clock,
            timeout=(READ_SECONDS, 1),
            patience=Patience(tries=2),
        )
        with jira, pytest.raises(TrackerUnavailable, match=r"no connection within 0\.9 s \(2 tr"):
            jira.fields()
        for one in crowd:
            one.close()


def test_a_host_that_does_not_exist_is_named_as_such(waits):
    with (
        client_of("http://jira.invalid", waits) as jira,
        pytest.raises(TrackerUnavailable, match="host name is not found"),
    ):
        jira.fields()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Moved", "308 Moved"])
def test_credentials_never_follow_a_redirect(server, waits, jira_server, status):
    jira_server.on("/rest/api/3/field", FIELDS)
    target = f"{jira_server.url}/rest/api/3/field"
    server.acts = [refused(status, f"Location: {target}\r\n")]
    with client_of(server.url, waits) as jira, pytest.raises(TrackerError, match="redirects"):
        jira.fields()
    assert not jira_server.asked


def test_closing_a_client_ends_what_hangs(server):
    server.acts = [hung]
    jira = connect("main", server.url, "cloud", Auth("pat", None, "x"), requests_at_once=1)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(jira.fields) for _ in range(2)]
        while not server.heads:
            time.sleep(0.001)
        time.sleep(0.02)
        begun = time.monotonic()
        jira.close()
        for one in asked:
            with pytest.raises(TrackerUnavailable, match="was closed meanwhile"):
                one.result()
    assert time.monotonic() - begun < 10
    assert len(server.heads) == 1
