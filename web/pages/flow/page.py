"""The page of how a team's work flows."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.http.answers import Moment
from web.http.days import (
    From,
    To,
    Type,
    chosen_days,
    last_known_day,
)
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.flow.view import (
    chosen,
    flow_view,
)


def flow_pages(site: Site) -> APIRouter:
    """`/teams/{team}/flow`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/flow")
    def flow(
        request: Request, key: TeamKey, first: From = None, to: To = None, type_name: Type = ""
    ) -> Response:
        def render(moment: Moment) -> bytes:
            frame = site.frame(key, moment.now)
            known_on = last_known_day(frame.team.freshness.as_of, moment.now, frame.zone)
            days = chosen_days(first, to, known_on)
            found = site.reports.flow(key, *days, type_name or None)
            view = flow_view(found, frame.zone, known_on, frame.today)
            values = {"found": found, "chosen": chosen(found), "view": view}
            return site.render("flow.html", **frame.values, **values)

        asked = (first, to, type_name)
        return site.answers.page(request, render, team=key, asked=asked)

    return router
