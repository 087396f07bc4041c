"""The page of a team's impediments: what they were, when, what is open, what comes back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from web.http.answers import Moment
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
    ) -> Response:
        asked = Asked(over, by, sprint, nature)

        def render(moment: Moment) -> bytes:
            return _page(site, moment, key, asked)

        return site.answers.page(request, render, team=key, asked=(asked,))

    return router


def _page(site: Site, moment: Moment, key: str, asked: Asked) -> bytes:
    frame = site.frame(key, moment.now)
    sprint = "current" if asked.sprint_id is None else asked.sprint_id
    found = site.reports.impediment_report(key, sprint, asked.over, asked.by)
    view = impediments_view(
        site, key, found, asked, frame.zone, frame.today, has_sprints=frame.team.has_sprints
    )
    return site.render("impediments.html", **frame.values, chosen=asked.chosen, view=view)
