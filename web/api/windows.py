"""The routes of the API that look at days, and those of runs."""

from datetime import date, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from web.api import answers, models
from web.api.paging import (
    Cursor,
    Limit,
    page,
    place,
)
from web.api.routes import PROBLEMS, TeamKey, answer
from web.http.answers import problem
from web.http.days import bad
from web.http.site import Site

LONGEST = timedelta(days=3660)
USUAL = timedelta(days=27)  # four weeks where no day is given
From = Annotated[
    date | None, Query(alias="from", description="First day; default: 27 days before `to`")
]
To = Annotated[date | None, Query(description="Last day, included; default: today")]


def window_routes(site: Site) -> APIRouter:
    """Time and impediments of days, runs."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    reports = site.reports

    def window(team: str, first: date | None, last: date | None) -> tuple[date, date]:
        zone = ZoneInfo(reports.team(team, site.clock()).timezone)
        end = last or site.clock().astimezone(zone).date()
        start = first or end - USUAL
        if start > end:
            raise bad("from", f"is after `to` ({end})", str(start))
        if end - start > LONGEST:
            raise bad("from", "is more than ten years before `to`", str(start))
        return start, end

    @router.get(
        "/teams/{team}/time",
        response_model=models.Time,
        summary="Planned, impediment and off-plan time by day, week or sprint",
    )
    def time(
        request: Request,
        team: TeamKey,
        first: From = None,
        to: To = None,
        by: Literal["day", "week", "sprint"] = "day",
    ) -> Response:
        start, end = window(team, first, to)
        rows = [answers.time_row(row) for row in reports.time(team, start, end, by)]
        return answer(request, models.Time(as_of=reports.as_of(team), items=rows))

    @router.get(
        "/teams/{team}/impediments",
        response_model=models.ImpedimentList,
        summary="Impediments opened or worked on in the days",
    )
    def impediments(
        request: Request,
        team: TeamKey,
        first: From = None,
        to: To = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> Response:
        start, end = window(team, first, to)
        rows, following = page(reports.impediments(team, start, end), limit, cursor)
        items = [models.Impediment.model_validate(row) for row in rows]
        given = models.ImpedimentList(as_of=reports.as_of(team), items=items, next_cursor=following)
        return answer(request, given)

    _add_runs(router, site)
    return router


def _add_runs(router: APIRouter, site: Site) -> None:
    @router.get("/runs", response_model=models.Runs, summary="Pulls, newest first")
    def runs(request: Request, limit: Limit = 100, cursor: Cursor = None) -> Response:
        pulls, following = site.reports.pulls(limit, place(cursor) or None)
        items = [models.Run.model_validate(pull) for pull in pulls]
        given = models.Runs(
            as_of=site.reports.as_of(None),
            items=items,
            next_cursor=None if following is None else str(following),
        )
        return answer(request, given)

    @router.post(
        "/runs",
        response_model=models.Started,
        status_code=202,
        summary="Start a pull now",
        responses={
            409: {"model": models.Problem, "description": "A pull is running already"},
            503: {"model": models.Problem, "description": "No bot runs beside this server"},
        },
    )
    def start_run() -> Response:
        if site.trigger_pull is None:
            detail = "No bot runs in this process; 'telemetry up' or 'telemetry bot' pulls."
            return problem(503, "No bot here", detail)
        if not site.trigger_pull():
            return problem(409, "Already running", "A pull is running; its end is in /api/v1/runs.")
        return JSONResponse({"state": "started"}, 202)
