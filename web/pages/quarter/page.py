"""The pages of a team's quarters."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.http.answers import Moment
from web.http.parameters import QuarterId, TeamKey
from web.http.quarters import asked_quarter
from web.http.site import Site
from web.pages.quarter.view import quarter_view


def quarter_pages(site: Site) -> APIRouter:
    """`/teams/{team}/quarters/{Qn-yy}`, or `current`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/quarters/{quarter}")
    def quarter(request: Request, key: TeamKey, quarter: QuarterId) -> Response:
        def render(moment: Moment) -> bytes:
            frame = site.frame(key, moment.now)
            found = site.reports.quarter(key, asked_quarter(quarter), moment.now)
            view = quarter_view(key, found, frame.zone)
            values = {"found": found, "view": view, "chosen": {}}
            return site.render("quarter.html", **frame.values, **values)

        return site.answers.page(request, render, team=key)

    return router
