"""The demo's chat: takes what the bot says, and shows it as a channel would."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/demo/chat"
KEPT, LONGEST = 200, 64_000  # messages; bytes of one
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5">
<title>Chat of the demo</title>
<style>
body {{ max-width: 44em; margin: 2em auto; padding: 0 1em; font: 15px/1.5 system-ui, sans-serif; }}
article {{ padding: 0.6em 0; border-top: 1px solid #8886; overflow-wrap: anywhere; }}
p {{ margin: 0; }}
time {{ color: #767c84; font-size: 12px; }}
</style>
</head>
<body>
<h1>team-chat</h1>
<p>What the bot says, as a chat would show it, the newest first.</p>
{messages}
</body>
</html>
"""
_NONE = (
    "<article><p>Nothing has been said yet: alerts are told on working days, when one opens, "
    "becomes worse or is over.</p></article>"
)


@dataclass
class Chat:
    """What was said, the newest first; `url` is where it is shown, `address` what Apprise takes."""

    port: int = 0
    said: deque[tuple[datetime, str, str]] = field(default_factory=lambda: deque(maxlen=KEPT))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}{PATH}"

    def take(self, body: bytes) -> bool:
        """Keep a message as Apprise posts it; whether it is one."""
        try:
            given = json.loads(body)
            title, text = str(given["title"]), str(given["message"])
        except (ValueError, KeyError, TypeError):
            return False
        self.said.appendleft((datetime.now(UTC), title, text))
        return True

    def page(self) -> bytes:
        """The channel as a page that fetches itself anew."""
        return _PAGE.format(messages="\n".join(map(_shown, list(self.said))) or _NONE).encode()


def _shown(one: tuple[datetime, str, str]) -> str:
    at, title, text = one
    lines = [f"<p><b>{escape(title)}</b></p>"]
    lines += [f"<p>{_line(line)}</p>" for line in text.splitlines() if line and line != title]
    return f"<article><time>{at:%H:%M:%S} UTC</time>{''.join(lines)}</article>"


def _line(line: str) -> str:
    if line.startswith("http://127.0.0.1:") and " " not in line:
        return f'<a href="{escape(line)}">{escape(line)}</a>'
    return escape(line)


@contextmanager
def chatting() -> Iterator[Chat]:
    """A chat that listens on a free port of this machine meanwhile."""
    chat = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            is_good = 0 < length <= LONGEST and chat.take(self.rfile.read(length))
            self._answer(200 if is_good else 400, b"ok" if is_good else b"no message", "text/plain")

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != PATH:
                self._answer(404, b"The chat is at /demo/chat.", "text/plain")
                return
            self._answer(200, chat.page(), "text/html; charset=utf-8")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    chat.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
