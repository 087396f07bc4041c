"""The page of a team's impediments: what they were, when, what is open, what comes back."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from web.http.answers import Moment
from web.http.days import From, To, bad, known_days, last_known_day
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.impediments.view import (
    Asked,
    impediments_view,
)


def impediments_pages(site: Site) -> APIRouter:
    """`/teams/{team}/impediments`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/impediments")
    def impediments(
        request: Request,
        key: TeamKey,
        over: Annotated[int, Query(ge=1, le=12)] = 6,
        by: Literal["day", "week", "sprint"] = "sprint",
        sprint: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
        nature: Annotated[str, Query(max_length=200)] = "",
        first: From = None,
        to: To = None,
    ) -> Response:
        if sprint is not None and (first or to):
            raise bad("sprint", "cannot be asked for together with days", sprint)
        asked = Asked(over, by, sprint, nature, first, to)

        def render(moment: Moment) -> bytes:
            return _page(site, moment, key, asked)

        return site.answers.page(request, render, team=key, asked=(asked,))

    return router


def _page(site: Site, moment: Moment, key: str, asked: Asked) -> bytes:
    frame = site.frame(key, moment.now)
    known_on = last_known_day(frame.team.freshness.as_of, moment.now, frame.zone)
    days = known_days(asked.first, asked.last, known_on)
    if days is None:
        sprint = "current" if asked.sprint_id is None else asked.sprint_id
        found = site.reports.impediment_report(key, sprint, asked.over, asked.by)
    else:
        asked = replace(asked, first=days[0], last=days[1])
        found = site.reports.impediments_between(key, *days, asked.by)
    view = impediments_view(
        site, key, found, asked, frame.zone, frame.today, has_sprints=frame.team.has_sprints
    )
    return site.render("impediments.html", **frame.values, chosen=asked.chosen, view=view)
