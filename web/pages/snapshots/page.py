"""The page of a sprint as it was known at its close, beside what is known now."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from telemetry.words.snapshots import nothing_yet
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.snapshots import view


def snapshots_pages(site: Site) -> APIRouter:
    """`/teams/{team}/sprints/{id}/snapshots`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/sprints/{sprint_id}/snapshots")
    def snapshots(
        request: Request, key: TeamKey, sprint_id: Annotated[int, Path(ge=0, le=2**63 - 1)]
    ) -> Response:
        def render(moment: Moment) -> bytes:
            return _page(site, moment, key, sprint_id)

        return site.answers.page(request, render, team=key)

    return router


def _page(site: Site, moment: Moment, key: str, sprint_id: int) -> bytes:
    frame, reports = site.frame(key, moment.now), site.reports
    records = reports.snapshots(key, sprint_id)
    lines = None
    if records.close is not None and records.close.has_figures_now:
        lines = (reports.burndown_at_close(key, sprint_id), reports.burndown(key, sprint_id))
    return site.render(
        "snapshots.html",
        **frame.values,
        records=records,
        sprint=records.sprint,
        sprint_name=records.sprint.name if records.sprint else f"Sprint {sprint_id}",
        sections=view.sections(records, lines, frame.zone, frame.today),
        nothing=nothing_yet(records.sprint),
    )
