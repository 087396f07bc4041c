"""Asks the application in this process, as a browser would ask its server."""

import asyncio
import html
import re
from collections.abc import Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from starlette.types import ASGIApp

from web.show.saved import IS_SAVED

T = TypeVar("T")
_SAID: Final = re.compile(r"<h1[^>]*>.*?</h1>\s*<p>(.*?)(?: <a |</p>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def completed(work: Coroutine[Any, Any, T]) -> T:
    """What it ends with, in a loop and a thread of its own: the caller's may have a loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def ask(
    app: ASGIApp, address: str, headers: MutableMapping[str, str] | None = None
) -> Answer:
    """The answer to GET of a path with its query, as a page to be kept."""
    path, _, query = address.partition("?")
    named = {"host": "localhost", "accept-language": "en", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in named.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    return await answered(app, scope)


async def answered(app: ASGIApp, scope: MutableMapping[str, Any]) -> Answer:
    """The whole answer to a request, as a page to be kept."""
    status, found, parts = 500, {}, []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, found
        if message["type"] == "http.response.start":
            status = message["status"]
            found = {name.decode().lower(): text.decode() for name, text in message["headers"]}
        else:
            parts.append(message.get("body", b""))

    before = IS_SAVED.set(True)
    try:
        await app(scope, receive, send)
    finally:
        IS_SAVED.reset(before)
    return Answer(status, found, b"".join(parts))


def said(answer: Answer) -> str:
    """Why there is no page, in the words of the one that says so; "" where none does."""
    found = _SAID.search(answer.body.decode(errors="replace"))
    return html.unescape(re.sub("<[^>]*>", "", found[1])).rstrip(".") if found else ""
