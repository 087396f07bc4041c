"""The wall: one team after the other on a large screen, `/wall?teams=a,b&every=20`.

Each team is a page of its own (`team=KEY`), which a script puts in place of the one before; without
a script its links lead from team to team.
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from web.http.answers import HTML, Moment
from web.http.site import Site
from web.pages.wall.view import (
    NATURES_NAMED,
    wall_view,
)

EVERY_SECONDS = 20
MARKS = 24  # rotation marks; from one team more on, numbers


@dataclass(frozen=True, slots=True)
class Round:
    """The teams that rotate, which of them is shown, and what its address has beside."""

    teams: tuple[tuple[str, str], ...]  # key and name
    unknown: tuple[str, ...]
    place: int
    asked: str  # as the address names the teams
    every: int
    theme: str

    @property
    def shown(self) -> str:
        """The key of the team shown."""
        return self.teams[self.place][0]

    def address(self, step: int) -> str:
        """Where the team is that comes so many after the one shown."""
        return self._address(self.teams[(self.place + step) % len(self.teams)][0])

    @property
    def addresses(self) -> list[str]:
        """Where each team is, in the order of the rotation."""
        return [self._address(key) for key, _ in self.teams]

    def _address(self, key: str) -> str:
        given = {"teams": self.asked} if self.asked else {}
        given |= {"every": str(self.every)} if self.every != EVERY_SECONDS else {}
        given |= {"theme": self.theme} if self.theme != "dark" else {}
        return "/wall?" + urlencode(given | {"team": key}, safe=",")

    @property
    def next_name(self) -> str | None:
        """The name of the team that comes next, None where there is but one."""
        return self.teams[(self.place + 1) % len(self.teams)][1] if len(self.teams) > 1 else None


def wall_pages(site: Site) -> APIRouter:
    """`/wall`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/wall")
    def wall(
        request: Request,
        teams: Annotated[str, Query(max_length=8000)] = "",
        team: Annotated[str, Query(max_length=100)] = "",
        every: Annotated[int, Query(ge=5, le=3600)] = EVERY_SECONDS,
        theme: Annotated[str, Query(pattern="^(dark|light)$")] = "dark",
    ) -> Response:
        found = _round(site, teams, team, every, theme)
        if not found.teams:
            return _nobody(site, found)

        def render(moment: Moment) -> bytes:
            return _team(site, moment, found)

        return site.answers.page(request, render, team=found.shown, asked=(found,))

    return router


def _round(site: Site, asked: str, team: str, every: int, theme: str) -> Round:
    """All teams, or those asked for in their order, each once; the first where `team` is none."""
    names = dict(site.team_names())
    keys = list(dict.fromkeys(key.strip() for key in asked.split(",") if key.strip()))
    wanted = [key for key in keys if key in names] if keys else list(names)
    unknown = [key for key in keys if key not in names]
    place = wanted.index(team) if team in wanted else 0
    teams = tuple((key, names[key]) for key in wanted)
    return Round(teams, tuple(unknown), place, asked, every, theme)


def _nobody(site: Site, found: Round) -> Response:
    named = ", ".join(f"‘{key}’" for key in found.unknown)
    why = f"There is no team {named}." if found.unknown else "There is no team yet."
    body = site.render("wall.html", round=found, why=why, view=None)
    return Response(body, 404, media_type=HTML)


def _team(site: Site, moment: Moment, found: Round) -> bytes:
    page = site.reports.sprint_page(found.shown, "current", moment.now)
    zone = ZoneInfo(page.team.timezone)
    rows = page.sprint.figures.natures if page.sprint and page.sprint.figures else ()
    slots = site.slots([row.nature for row in rows])
    return site.render(
        "wall.html",
        round=found,
        view=wall_view(page, slots, moment.now, zone),
        team=page.team,
        why=None,
        marks=MARKS,
        named=NATURES_NAMED,
    )
