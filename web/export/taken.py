"""`?format=` of a page: a sprint's or a review as one file or PDF, a chart of any as a picture."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from telemetry.errors import NotFound, TelemetryError
from web.export import pictures
from web.export.asking import answered
from web.export.paper import to_pdf
from web.export.single import single
from web.http.site import Site

_WHOLE: Final = re.compile(r"/teams/[^/]+(?:/(?:sprints|reviews)/[^/]+)?")
_HTML: Final = "text/html; charset=utf-8"
_TYPES: Final = {"html": _HTML, "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page as a file of this form; of a picture, which chart. `query` is the page's own."""

    path: str
    form: str
    chart: str
    query: str

    @property
    def is_picture(self) -> bool:
        return self.form in pictures.TYPES

    def name(self, chart: str) -> str:
        """Team, sprint and chart."""
        words = [*self.path.split("/"), chart]
        if words[1] == "teams":
            words.remove("teams")
        words = ["review" if one == "reviews" else one for one in words if one != "sprints"]
        return "-".join(filter(None, words)) + f".{self.form}"


class Taken:
    """ASGI middleware that answers these pages as files, made of what the application answers."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = _wanted(scope)
        if wanted is None:
            await self._app(scope, receive, send)
            return
        headers = [one for one in scope["headers"] if one[0] not in (b"if-none-match",)]
        query = wanted.query.encode()
        asked = {**scope, "query_string": query, "headers": headers, "method": "GET"}
        found = await answered(self._app, asked)
        kind = found.headers.get("content-type", "")
        if found.status != 200 or not kind.startswith("text/html"):
            answer = Response(found.body, found.status, media_type=kind)
        else:
            answer = await run_in_threadpool(self._made, found.body.decode(), wanted)
        await answer(scope, receive, send)

    def _made(self, page: str, wanted: _Asked) -> Response:
        title = "There is no picture" if wanted.is_picture else "There is no PDF"
        try:
            return _file(page, wanted, self._site)
        except NotFound as error:
            return self._told(error, "There is no such chart", wanted, 404)
        except TelemetryError as error:
            return self._told(error, title, wanted, 503)

    def _told(self, error: TelemetryError, title: str, wanted: _Asked, status: int) -> Response:
        said = str(error)
        detail = f"{said[:1].upper()}{said[1:]}."
        told = self._site.render("message.html", title=title, detail=detail, back=wanted.path)
        return Response(told, status, media_type=_HTML)


def _file(page: str, wanted: _Asked, site: Site) -> Response:
    if wanted.is_picture:
        chart = pictures.chart_of(page, wanted.chart)
        body, kind = (
            pictures.to_pictures(page, site.assets, wanted.form)[chart],
            pictures.TYPES[wanted.form],
        )
    else:
        chart, kind = "", _TYPES[wanted.form]
        body = single(page, quote(wanted.path), site.assets, "").encode()
        body = to_pdf(body) if wanted.form == "pdf" else body
    disposition = f"attachment; filename*=UTF-8''{quote(wanted.name(chart), safe='')}"
    return Response(body, media_type=kind, headers={"Content-Disposition": disposition})


def _wanted(scope: Scope) -> _Asked | None:
    """What the address asks for, None for the page as it is."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    path: str = scope["path"]
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    form, chart = asked.pop("format", ""), asked.pop("chart", "")
    if form in _TYPES and _WHOLE.fullmatch(path):
        return _Asked(path, form, "", "")
    if form in pictures.TYPES and not path.startswith(("/api/", "/assets/")):
        return _Asked(path, form, chart, urlencode(asked))
    return None
