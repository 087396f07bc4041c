"""HEAD for whatever can be got, and what else an address takes, for who asked it otherwise."""

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

ENDLESS = "/events"  # its answer would go on unheard


class Heads:
    """ASGI middleware that answers HEAD as GET is, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] == ENDLESS:
            await self._app(scope, receive, send)
            return

        async def send_head(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


def allowed(routes: Sequence[BaseRoute], path: str) -> str:
    """The methods that an address takes, as Allow names them."""
    found = {
        method
        for route in _routes(routes)
        if route.path_regex.match(path)
        for method in route.methods or ()
    }
    heads = {"HEAD"} if "GET" in found and path != ENDLESS else set()
    return ", ".join(sorted(found | heads))


def _routes(found: Sequence[BaseRoute]) -> Iterator[Route]:
    for route in found:
        if isinstance(route, Route):
            yield route
        elif router := getattr(route, "original_router", None):  # FastAPI's included ones
            yield from _routes(router.routes)
