"""A proxy before a simulated Jira that may damage any answer on its way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

Damage = Callable[[str, int, bytes], tuple[int, bytes]]
"""(path with query, status, body) → the status and the body that the client gets."""


@contextmanager
def damaging(url: str, damage: Damage) -> Iterator[str]:
    """The address of a proxy before `url`."""
    session = requests.Session()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.answer(None)

        def do_POST(self) -> None:
            self.answer(self.rfile.read(int(self.headers["Content-Length"])))

        def answer(self, body: bytes | None) -> None:
            wanted = ("Authorization", "Content-Type", "Accept")
            headers = {name: self.headers[name] for name in wanted if name in self.headers}
            told = session.request(self.command, url + self.path, data=body, headers=headers)
            status, content = damage(self.path, told.status_code, told.content)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
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
        session.close()
