"""The page of a sprint as it was known at its close, beside what is known now."""

from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

import telemetry
from web.http.answers import (
    REVALIDATE,
    is_known,
    not_modified,
    tag,
)
from web.http.site import Site
from web.pages.snapshots import view


def snapshots_pages(site: Site) -> APIRouter:
    """`/teams/{team}/sprints/{id}/snapshots`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/sprints/{sprint_id}/snapshots")
    def then_and_now(
        request: Request, key: str, sprint_id: Annotated[int, Path(ge=0, le=2**63 - 1)]
    ) -> Response:
        now, reports = site.clock(), site.reports
        minute = now.strftime("%Y-%m-%dT%H:%M")
        version, as_of = reports.version(key), reports.as_of(key)
        etag = tag(
            telemetry.__version__, site.assets.digest, key, sprint_id, version, as_of, minute
        )
        if is_known(request, etag):
            return not_modified(etag)
        body = _page(site, key, sprint_id)
        headers = {"ETag": etag, "Cache-Control": REVALIDATE}
        return Response(body, media_type="text/html; charset=utf-8", headers=headers)

    @router.get("/teams/{key}/sprints/{sprint_id}/then")
    def former_address(
        key: str, sprint_id: Annotated[int, Path(ge=0, le=2**63 - 1)]
    ) -> RedirectResponse:
        path = f"/teams/{quote(key, safe='')}/sprints/{sprint_id}/snapshots"
        return RedirectResponse(path, status_code=308)

    return router


def _page(site: Site, key: str, sprint_id: int) -> bytes:
    reports, now = site.reports, site.clock()
    team = reports.team(key, now)
    zone = ZoneInfo(team.timezone)
    records = reports.snapshots(key, sprint_id)
    lines = None
    if records.close is not None and records.close.has_figures_now:
        lines = (reports.burndown_at_close(key, sprint_id), reports.burndown(key, sprint_id))
    return site.render(
        "snapshots.html",
        team=team,
        team_names=site.team_names(),
        zone=zone,
        now=now,
        records=records,
        sprint=records.sprint,
        sprint_name=records.sprint.name if records.sprint else f"Sprint {sprint_id}",
        sections=view.sections(records, lines, zone, now.astimezone(zone).date()),
        nothing=view.nothing_yet(records.sprint),
    )
