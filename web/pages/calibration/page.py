"""The pages of what forecasts came to: of all teams and programs, and of a team."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.http.answers import Moment
from web.http.calibrations import Calibrations
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.calibration.view import calibration_view


def calibration_pages(site: Site, calibrations: Calibrations) -> APIRouter:
    """`/calibration`, and `/teams/{team}/calibration`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/calibration")
    def of_all(request: Request) -> Response:
        def render(moment: Moment) -> bytes:
            found = calibrations.at(moment, None)
            view = calibration_view(found)
            values = {"found": found, "view": view, "chosen": {}, "team": None}
            return site.render("calibration.html", **values, now=moment.now, zone=view.zone)

        return site.answers.page(request, render, team=None)

    @router.get("/teams/{key}/calibration")
    def of_team(request: Request, key: TeamKey) -> Response:
        def render(moment: Moment) -> bytes:
            frame = site.frame(key, moment.now)
            found = calibrations.at(moment, key)
            values = {"found": found, "view": calibration_view(found), "chosen": {}}
            return site.render("calibration.html", **frame.values, **values)

        return site.answers.page(request, render, team=key)

    return router
