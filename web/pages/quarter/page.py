"""The pages of a team's quarters."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from telemetry.metrics.what_if import Change
from telemetry.report.quarter.shapes import ChosenEpics
from web.http.answers import Moment
from web.http.parameters import QuarterId, TeamKey
from web.http.quarters import asked_quarter
from web.http.site import Site
from web.http.what_if import asked_change, chosen
from web.pages.quarter.view import quarter_view

MOST_EPICS = 1_000
Epics = Annotated[Sequence[Annotated[str, Query(max_length=255)]], Query(max_length=MOST_EPICS)]


def quarter_pages(site: Site) -> APIRouter:
    """`/teams/{team}/quarters/{Qn-yy}`, or `current`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/quarters/{quarter}")
    def quarter(
        request: Request,
        key: TeamKey,
        quarter: QuarterId,
        change: Annotated[Change | None, Depends(asked_change)],
        epic: Epics = (),
    ) -> Response:
        def render(moment: Moment) -> bytes:
            frame = site.frame(key, moment.now)
            found = site.reports.quarter(key, asked_quarter(quarter), moment.now, change, epic)
            view = quarter_view(key, found, frame.zone, change)
            values = {"found": found, "view": view, "chosen": chosen(change)}
            values["without_change"] = address_of(found.chosen)
            return site.render("quarter.html", **frame.values, **values)

        # each place of a slider is another page, as is each choice of epics: they are not kept
        is_kept = change is None and not epic
        asked = (change, tuple(epic))
        return site.answers.page(request, render, team=key, asked=asked, is_kept=is_kept)

    return router


def address_of(epics: ChosenEpics | None) -> str:
    """The page's address with these epics chosen, and nothing changed."""
    return "?" + urlencode([("epic", key) for key in (epics.keys if epics else ())])
