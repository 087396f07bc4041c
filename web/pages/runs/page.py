"""The page of the pulls, of looks for alerts, and of messages."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from telemetry.words import runs as words
from telemetry.words.durations import took
from web.http.answers import HTML
from web.http.site import Site

_RUNS = 50
_FEW = 20
_STARTED = {"yes": "A pull has been started.", "no": "A pull is running already."}


def runs_pages(site: Site) -> APIRouter:
    """`/runs`, which also starts a pull."""
    router = APIRouter(include_in_schema=False)

    @router.get("/runs")
    def runs(
        request: Request,
        before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
        started: Literal["yes", "no", ""] = "",
    ) -> Response:
        pulls, following = site.reports.pulls(_RUNS, before)
        body = site.render(
            "runs.html",
            pulls=pulls,
            following=following,
            message=_STARTED.get(started),
            now=site.clock(),
            progress=words.progress,
            comparison=words.comparison,
            blocks=words.blocks,
            FAILED=words.FAILED,
            evaluations=[] if before else site.reports.evaluations(_FEW),
            sendings=[] if before else site.reports.sendings(_FEW),
            took=took,
        )
        return site.answers.by_content(request, body, HTML)

    @router.post("/runs")
    def start_run() -> Response:
        is_started = site.trigger_pull is not None and site.trigger_pull()
        word = "yes" if is_started else "no"
        return RedirectResponse(f"/runs?started={word}", status_code=303)

    return router
