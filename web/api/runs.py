"""The routes of the API that list the pulls and start one."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from web.api.files import AS_FILES, FileFormat, by_content, listed
from web.api.models import PROBLEMS, Instant, Model, Paged, Problem
from web.api.parameters import Cursor, Limit, place
from web.http.answers import JSON, problem
from web.http.site import Site

MOST = 10_000  # of a file


class Run(Model):
    started_at: Instant
    ended_at: Instant | None
    state: Literal["running", "done", "failed"]
    issues_changed: int
    work_logs_changed: int
    requests: int
    error: str | None
    issues_read: int | None
    issues_total: int | None
    found: dict[str, int] | None


class Runs(Paged):
    items: list[Run]


class Started(Model):
    state: Literal["started"]


def runs_routes(site: Site) -> APIRouter:
    """`/runs`."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get("/runs", response_model=Runs, summary="Pulls, newest first", responses=AS_FILES)
    def runs(
        request: Request,
        limit: Limit = 100,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        if format != "json":
            rows = map(Run.model_validate, site.reports.pulls(MOST, None)[0])
            return by_content(site, request, "runs", format, [listed("runs", Run, rows)])
        pulls, following = site.reports.pulls(limit, place(cursor) or None)
        found = Runs(
            as_of=site.reports.as_of(None),
            items=[Run.model_validate(pull) for pull in pulls],
            next_cursor=None if following is None else str(following),
        )
        return site.answers.by_content(request, found.model_dump_json().encode(), JSON)

    @router.post(
        "/runs",
        response_model=Started,
        status_code=202,
        summary="Start a pull now",
        responses={
            403: {"model": Problem, "description": "Another site may not write here"},
            409: {"model": Problem, "description": "A pull is running already"},
            503: {"model": Problem, "description": "No bot runs beside this server"},
        },
    )
    def start_run() -> Response:
        if site.trigger_pull is None:
            detail = "No bot runs in this process; 'telemetry up' or 'telemetry bot' pulls."
            return problem(503, "No bot here", detail)
        if not site.trigger_pull():
            return problem(409, "Already running", "A pull is running; its end is in /api/v1/runs.")
        return JSONResponse({"state": "started"}, 202)

    return router
