"""The page of a sprint as it was known at its close, beside what is known now."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

import telemetry
from web.conditional import REVALIDATE, is_known, not_modified, tag
from web.site import Site
from web.views import then_view


def then_routes(site: Site) -> APIRouter:
    """`/teams/{team}/sprints/{id}/then`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/sprints/{sprint_id}/then")
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

    return router


def _page(site: Site, key: str, sprint_id: int) -> bytes:
    reports, now = site.reports, site.clock()
    team = reports.team(key, now)
    zone = ZoneInfo(team.timezone)
    then = reports.snapshots(key, sprint_id)
    lines = None
    if then.close is not None and then.close.has_figures_now:
        lines = (reports.burndown_then(key, sprint_id), reports.burndown(key, sprint_id))
    return site.render(
        "then.html",
        team=team,
        team_names=site.team_names(),
        zone=zone,
        now=now,
        then=then,
        sprint=then.sprint,
        sprint_name=then.sprint.name if then.sprint else f"Sprint {sprint_id}",
        sections=then_view.sections(then, lines, zone, now.astimezone(zone).date()),
        nothing=then_view.nothing_yet(then.sprint),
    )
