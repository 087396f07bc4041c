"""The demo's chat: takes what the bot says, for a page to show as a channel would."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from telemetry.received import Received, Said

LONGEST = 64_000  # bytes of a message


def take(received: Received, body: bytes) -> bool:
    """Keep a message as Apprise posts it; whether it is one."""
    try:
        given = json.loads(body)
        title, text = str(given["title"]), str(given["message"])
    except (ValueError, KeyError, TypeError):
        return False
    received.take(Said(datetime.now(UTC), title, text))
    return True


@contextmanager
def chatting(received: Received) -> Iterator[str]:
    """Takes messages on a free port of this machine meanwhile; yields its address for Apprise."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            is_good = 0 < length <= LONGEST and take(received, self.rfile.read(length))
            body = b"ok" if is_good else b"no message"
            self.send_response(200 if is_good else 400)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
