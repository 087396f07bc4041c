"""`?format=html` and `?format=pdf` of a sprint's page, and of a review: the page to take away."""

import re
from typing import Final
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from telemetry.errors import TelemetryError
from web.export.asking import answered
from web.export.paper import to_pdf
from web.export.single import single
from web.http.site import Site

_PAGE: Final = re.compile(r"/teams/([^/]+)(?:/(sprints|reviews)/([^/]+))?")
_TYPES: Final = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


class Taken:
    """ASGI middleware that answers these pages as files, made of what the application answers."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        form = _form(scope)
        named = _PAGE.fullmatch(scope["path"]) if form else None
        if form is None or named is None:
            await self._app(scope, receive, send)
            return
        headers = [one for one in scope["headers"] if one[0] not in (b"if-none-match",)]
        asked = {**scope, "query_string": b"", "headers": headers, "method": "GET"}
        found = await answered(self._app, asked)
        if found.status != 200:
            answer = Response(found.body, found.status, media_type=found.headers["content-type"])
        else:
            answer = await run_in_threadpool(self._made, found.body, scope["path"], form)
        if answer.status_code == 200:
            what = "review" if named[2] == "reviews" else None
            name = "-".join(filter(None, (named[1], what, named[3]))) + f".{form}"
            answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        await answer(scope, receive, send)

    def _made(self, body: bytes, path: str, form: str) -> Response:
        page = single(body.decode(), quote(path), self._site.assets, "").encode()
        if form == "html":
            return Response(page, media_type=_TYPES[form])
        try:
            return Response(to_pdf(page), media_type=_TYPES[form])
        except TelemetryError as error:
            said = str(error)
            told = self._site.render(
                "message.html",
                title="There is no PDF",
                detail=f"{said[:1].upper()}{said[1:]}.",
                back=path,
            )
            return Response(told, 503, media_type=_TYPES["html"])


def _form(scope: Scope) -> str | None:
    """What the address asks for, None for the page as it is."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    return asked["format"] if asked.get("format") in _TYPES else None
