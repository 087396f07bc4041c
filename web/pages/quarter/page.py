"""The pages of a team's quarters."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from telemetry.metrics.what_if import Change
from web.http.answers import Moment
from web.http.parameters import QuarterId, TeamKey
from web.http.quarters import asked_quarter
from web.http.site import Site
from web.http.what_if import asked_change, chosen
from web.pages.quarter.view import quarter_view


def quarter_pages(site: Site) -> APIRouter:
    """`/teams/{team}/quarters/{Qn-yy}`, or `current`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/quarters/{quarter}")
    def quarter(
        request: Request,
        key: TeamKey,
        quarter: QuarterId,
        change: Annotated[Change | None, Depends(asked_change)],
    ) -> Response:
        def render(moment: Moment) -> bytes:
            frame = site.frame(key, moment.now)
            found = site.reports.quarter(key, asked_quarter(quarter), moment.now, change)
            view = quarter_view(key, found, frame.zone, change)
            values = {"found": found, "view": view, "chosen": chosen(change)}
            return site.render("quarter.html", **frame.values, **values)

        # each place of a slider is another page: kept, they would push out all others
        is_kept = change is None
        return site.answers.page(request, render, team=key, asked=(change,), is_kept=is_kept)

    return router
