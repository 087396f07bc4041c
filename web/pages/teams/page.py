"""The list of all teams: sorted and filtered by its address, quick at a thousand teams.

What a pull changed is read once a version of the store, and a team's figures are made once while
they stay as they are; ages and working days move with the minute.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from telemetry.errors import StoreError
from telemetry.words import teams as words
from web.http.answers import Moment
from web.http.site import Site
from web.http.viewer import written_with
from web.pages.teams import (
    row,
    sorting,
)
from web.pages.teams.row import (
    Figures,
    Scales,
    TeamLine,
)
from web.show.numbers import (
    DECIMAL,
    percent,
)
from web.show.saved import sort_values

if TYPE_CHECKING:
    from telemetry.report.teams.listed import TeamsList

ON_THE_WALL = 40  # teams named in an address; more would make it too long for some proxies


@dataclass(frozen=True, slots=True)
class Listed:
    """The teams by name as they are at a moment."""

    version: str
    minute: str
    figures: Mapping[str, Figures]
    scales: Scales
    lines: Sequence[TeamLine]


class Lines:
    """The teams of one web application: read when their facts changed, no more than did.

    There is a list for each decimal sign that readers have asked for.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = Lock()  # when facts change, every open page asks at once
        self._known: tuple[str, TeamsList] | None = None
        self._latest: dict[str, Listed] = {}

    def at(self, moment: Moment) -> Listed:
        """The teams as they are now; what was made for the last moment is used again."""
        with self._lock:
            latest = self._latest.get(DECIMAL.get())
            if latest is None or (latest.version, latest.minute) != (moment.version, moment.minute):
                latest = self._made(moment, self._listed(moment))
            return latest

    def prepare(self) -> None:
        """Read what changed, so that nobody who then asks has to wait for it."""
        with suppress(StoreError):  # who asks is told of it
            moment = Moment(self._site.reports.version(None), self._site.clock())
            for sign in tuple(self._latest) or (DECIMAL.get(),):
                with written_with(sign):
                    self.at(moment)

    def _listed(self, moment: Moment) -> "TeamsList":
        reports, version = self._site.reports, moment.version
        if self._known is None:
            self._known = (version, reports.teams_list(moment.now))
        elif self._known[0] != version:
            self._known = (version, reports.teams_list(moment.now, self._known[1]))
        return self._known[1]

    def _made(self, moment: Moment, known: "TeamsList") -> Listed:
        """The list for the reader's decimal sign, kept as the latest."""
        latest, now = self._latest.get(DECIMAL.get()), moment.now
        rows = known.rows(now)
        found = row.figures(rows, now, latest.figures if latest else {})
        lines = [row.line(one.team, found[one.team.key], now) for one in rows]
        every = row.scales(list(found.values()))
        made = Listed(moment.version, moment.minute, found, every, lines)
        self._latest[DECIMAL.get()] = made
        return made


def teams_pages(site: Site, known: Lines) -> APIRouter:
    """`/`, and `/go` that leads to a team by a part of its name."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def teams(
        request: Request,
        q: Annotated[str, Query(max_length=100)] = "",
        only: Annotated[str, Query(pattern="^(attention)?$")] = "",
        sort: Annotated[str, Query(pattern=sorting.SORTS)] = "behind",
    ) -> Response:
        def render(moment: Moment) -> bytes:
            return _page(site, known.at(moment), moment.now, q, only, sort)

        return site.answers.page(request, render, team=None, asked=(q, only, sort))

    @router.get("/go")
    def go(q: Annotated[str, Query(max_length=100)] = "") -> Response:
        found = sorting.the_one(site.team_names(), q)
        path = f"/?q={quote(q, safe='')}" if found is None else f"/teams/{quote(found, safe='')}"
        return RedirectResponse(path, status_code=303)

    return router


def _page(site: Site, listed: Listed, now: datetime, q: str, only: str, sort: str) -> bytes:
    lines, scales = listed.lines, listed.scales
    wanted = [line for line in lines if sorting.is_wanted(line, q, only)]
    shown = sorting.ordered(wanted, sort)
    rows = "\n".join(_row(line, scales) for line in shown)
    return site.render(
        "teams.html",
        rows=Markup(rows),  # noqa: S704 - all text in it is escaped
        count=len(shown),
        all_count=len(lines),
        lead=words.teams([line.row for line in lines]),
        scale=f"0–{percent(scales.impediments)}",
        kept_scale=f"0–{percent(100)}",
        wall=_wall(shown, is_all=len(shown) == len(lines)),
        now=now,
        q=q,
        only=only,
        sort=sort,
        order=sorting.order_words(sort),
    )


def _row(line: TeamLine, scales: Scales) -> str:
    values = sort_values({name: order.value(line) for name, order in sorting.ORDERS.items()})
    return row.html(line, scales).replace("<tr", f"<tr{values}", 1)


def _wall(lines: Sequence[TeamLine], *, is_all: bool) -> str:
    """Where the teams shown rotate on a large screen; the first ones, should there be many."""
    if is_all:
        return "/wall"
    keys = ",".join(line.row.key for line in lines[:ON_THE_WALL])
    return "/wall?" + urlencode({"teams": keys}, safe=",")
