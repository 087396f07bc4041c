"""How much of a body each route takes: more is refused, before it is read where its size is told.

No route but that of webhooks is sent more than a few fields.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from web.http.answers import problem
from web.http.notes import TOO_LONG

FORM_BYTES = 4_096
HOOK_BYTES = 1_000_000
NOTES_BYTES = 700_000  # 100 KB of text, as JSON writes it at its longest
_MOST = {"/hooks/": HOOK_BYTES}
_NOTES = re.compile("/api/v1/teams/[^/]+/reviews/[^/]+/notes")


def largest(path: str) -> int:
    """How many bytes are taken at a path."""
    if _NOTES.fullmatch(path):
        return NOTES_BYTES
    return next((most for start, most in _MOST.items() if path.startswith(start)), FORM_BYTES)


class Bodies:
    """ASGI middleware that refuses what is told to be larger, and stops reading where it is.

    Starlette's own asks the route first, which may act without ever reading its body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most, read = largest(scope["path"]), 0
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdigit() or int(told[:19]) > most:
            refusal = problem(413, "Too large", _sentence(scope["path"]))
            await refusal(scope, receive, send)
            return

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413, _sentence(scope["path"]))
            return message

        await self._app(scope, bounded, send)


def _sentence(path: str) -> str:
    most = largest(path)
    if most == NOTES_BYTES:
        return TOO_LONG
    return f"The body is too large: {most} bytes are taken here."
