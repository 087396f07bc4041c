"""Receivers that answer as services do, on free ports of this machine; they keep what they got."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Answer:
    """What a receiver says to one request."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0


@dataclass
class Receiver:
    """What came, and what is answered: the last answer again and again.

    `judge` may answer by what came: a path, its Content-Type and the body as it is.
    """

    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    bodies: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    judge: Callable[[str, str, bytes], Answer | None] | None = None

    def answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def http_receiver(*answers: Answer) -> Iterator[Receiver]:
    """A service over HTTP."""
    receiver = Receiver(list(answers) or [Answer()])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            receiver.bodies.append(body.decode(errors="replace"))
            receiver.paths.append(self.path)
            receiver.headers.append(dict(self.headers))
            kind = self.headers.get("Content-Type", "")
            judged = receiver.judge(self.path, kind, body) if receiver.judge else None
            answer = judged or receiver.answer()
            sleep(answer.after)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST  # noqa: N815 (the package's names)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    """What was mailed; `refusals` maps a recipient to what the server says to it."""

    mails: list[Any] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"  # to the mail itself
    after: float = 0.0
    port: int = 0

    async def handle_RCPT(  # noqa: N802 (the package's name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.mails.append(envelope)
        await asyncio.sleep(self.after)
        return self.answer


@contextmanager
def smtp_receiver() -> Iterator[Mailbox]:
    """A mail server."""
    box = Mailbox()
    with socket.socket() as free:  # the package connects to the port that it was given
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
