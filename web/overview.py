"""The list of all teams: sorted and filtered by its address, quick at a thousand teams.

What the store holds is read once a version of it, and a row is rendered once while its cells stay
as they are; only the ages change with the minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

import telemetry
from web import team_sentences
from web.conditional import REVALIDATE, is_known, not_modified, tag
from web.numbers import percent
from web.site import Site
from web.views import team_list
from web.views.team_list import Cells, Figures, TeamLine

if TYPE_CHECKING:
    from telemetry.report.overview import Overview

ROWS_KEPT = 4096
ON_THE_WALL = 40  # teams named in an address; more would make it too long for some proxies


@dataclass(frozen=True, slots=True)
class _Known:
    """What holds for a version of the store."""

    version: str
    overview: "Overview"
    figures: Sequence[Figures]
    top_share: float


class Lines:
    """The teams of one web application, read when their facts changed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = Lock()  # when facts change, every open page asks at once
        self._known: _Known | None = None
        self._latest: tuple[tuple[str, str], list[TeamLine]] = (("", ""), [])
        self.rendered = lru_cache(maxsize=ROWS_KEPT)(self._render)

    def lines(self, version: str, now: datetime, minute: str) -> tuple[list[TeamLine], float]:
        """The teams by name as they are in a minute, and the top of the scale of impediments."""
        with self._lock:
            known = self._known
            if known is None or known.version != version:
                known = self._known = self._read(version, now)
            if self._latest[0] != (version, minute):
                pairs = zip(known.overview.rows(now), known.figures, strict=True)
                made = [team_list.line(row.team, found, now) for row, found in pairs]
                self._latest = ((version, minute), made)
            return self._latest[1], known.top_share

    def _read(self, version: str, now: datetime) -> _Known:
        overview = self._site.reports.overview(now)
        rows = overview.rows(now)
        return _Known(version, overview, team_list.figures(rows), team_list.top_share(rows))

    def _render(self, cells: Cells, *moment: object) -> Markup:
        template = self._site.templates.get_template("team_row.html")
        return Markup(template.module.team_row(cells, *moment))  # type: ignore[attr-defined] # noqa: S704


def overview_pages(site: Site) -> APIRouter:
    """`/`, and `/go` that leads to a team by a part of its name."""
    router = APIRouter(include_in_schema=False)
    known = Lines(site)

    @router.get("/")
    def teams(
        request: Request,
        q: Annotated[str, Query(max_length=100)] = "",
        only: Annotated[str, Query(pattern="^(attention)?$")] = "",
        sort: Annotated[str, Query(pattern=team_list.SORTS)] = "behind",
    ) -> Response:
        now = site.clock()
        version, minute = site.reports.version(None), now.strftime("%Y-%m-%dT%H:%M")
        etag = tag(telemetry.__version__, site.assets.digest, version, minute, q, only, sort)
        if is_known(request, etag):
            return not_modified(etag)
        lines, top = known.lines(version, now, minute)
        wanted = [line for line in lines if team_list.is_wanted(line, q, only)]
        shown = team_list.ordered(wanted, sort)
        body = site.render(
            "teams.html",
            lines=shown,
            row=known.rendered,
            all_count=len(lines),
            lead=team_sentences.teams([line.row for line in lines]),
            scale=f"0–{percent(top)}",
            kept_scale=f"0–{percent(100)}",
            wall=_wall(shown, is_all=len(shown) == len(lines)),
            now=now,
            q=q,
            only=only,
            sort=sort,
            order=team_list.order_words(sort),
        )
        headers = {"ETag": etag, "Cache-Control": REVALIDATE}
        return Response(body, media_type="text/html; charset=utf-8", headers=headers)

    @router.get("/go")
    def go(q: Annotated[str, Query(max_length=100)] = "") -> Response:
        found = team_list.the_one(site.team_names(), q)
        path = f"/?q={quote(q, safe='')}" if found is None else f"/teams/{quote(found, safe='')}"
        return RedirectResponse(path, status_code=303)

    return router


def _wall(lines: Sequence[TeamLine], *, is_all: bool) -> str:
    """Where the teams shown rotate on a large screen; the first ones, should there be many."""
    if is_all:
        return "/wall"
    keys = ",".join(line.row.key for line in lines[:ON_THE_WALL])
    return "/wall?" + urlencode({"teams": keys}, safe=",")
