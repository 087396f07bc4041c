"""A small HTTP server that answers as a test says, and a client of it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.jira.client import Jira, connect
from bot.jira.http.auth import Auth
from bot.jira.http.retry import Patience

SECRET = "s3cret-t0ken"


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    params: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """An answer; `body` is sent as JSON unless it is bytes. `cut` drops the end of it."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass
class FakeJira:
    """Answers registered by method and path, and all that was asked."""

    url: str
    answers: dict[tuple[str, str], Callable[[Asked], Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, path: str, answer: Any, method: str = "GET") -> None:
        self.answers[method, path] = answer if callable(answer) else lambda _: answer

    def in_turn(self, path: str, *answers: Any, method: str = "GET") -> None:
        """The answers one after the other, then the last one again and again."""
        turns = count()
        self.on(path, lambda _: answers[min(next(turns), len(answers) - 1)], method)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        known = self.answers.get((asked.method, asked.path))
        if known is None:
            return Answer({"errorMessages": [f"no {asked.path}"]}, 404)
        answer = known(asked)
        return answer if isinstance(answer, Answer) else Answer(answer)


def handler(fake: Callable[[], FakeJira], prefix: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def respond(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(size)
            answer = fake().answer(
                Asked(
                    self.command,
                    parts.path.removeprefix(prefix),
                    dict(parse_qsl(parts.query)),
                    json.loads(sent) if sent else None,
                    {name.lower(): value for name, value in self.headers.items()},
                )
            )
            body = (
                answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            )
            begin = self.send_response_only if "Date" in answer.headers else self.send_response
            begin(answer.status)
            headers = {"Content-Type": "application/json"} | answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + 10 * answer.cut))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = self.close_connection or answer.cut

        do_GET = respond  # noqa: N815
        do_POST = respond  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Tests print nothing."""

    return Handler


@pytest.fixture
def jira_server() -> Iterator[FakeJira]:
    """A server under a context path, as Data Center often has one."""
    made: list[FakeJira] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(lambda: made[0], "/jira"))
    made.append(FakeJira(f"http://127.0.0.1:{server.server_port}/jira"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made[0]
    server.shutdown()
    server.server_close()
    thread.join()


class Waits(list[float]):
    """The seconds that a client waited, on a clock that moves with them only."""

    def sleep(self, seconds: float) -> None:
        self.append(seconds)

    def clock(self) -> float:
        return sum(self)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def open_jira(jira_server: FakeJira, waits: Waits) -> Iterator[Callable[..., Jira]]:
    """Opens clients of the server; all are closed at the end."""
    opened: list[Jira] = []

    def open_one(deployment: str = "cloud", **options: Any) -> Jira:
        options.setdefault("auth", Auth("token", "bot@example.com", SECRET))
        options.setdefault("patience", Patience(jitter=lambda: 1.0))
        options.setdefault("timeout", (2, 5))
        jira = connect(
            "main", jira_server.url, deployment, sleep=waits.sleep, clock=waits.clock, **options
        )
        opened.append(jira)
        return jira

    yield open_one
    for jira in opened:
        with closing(jira):
            pass


@pytest.fixture
def cloud(open_jira: Callable[..., Jira]) -> Jira:
    return open_jira("cloud")


@pytest.fixture
def datacenter(open_jira: Callable[..., Jira]) -> Jira:
    return open_jira("datacenter")


@pytest.fixture
def answer() -> type[Answer]:
    return Answer
