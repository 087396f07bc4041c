"""The page of what a team's data in the tracker contradict."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

import telemetry
from web.http.answers import (
    REVALIDATE,
    is_known,
    not_modified,
    tag,
)
from web.http.site import Site
from web.pages.quality import view

HTML = "text/html; charset=utf-8"


def quality_pages(site: Site) -> APIRouter:
    """The route of `/teams/{team}/quality`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/quality")
    def page(request: Request, key: str) -> Response:
        now, reports = site.clock(), site.reports
        version, minute = reports.version(key), now.strftime("%Y-%m-%dT%H:%M")
        etag = tag(telemetry.__version__, site.assets.digest, "quality", key, version, minute)
        if is_known(request, etag):
            return not_modified(etag)
        team, found = reports.team(key, now), reports.quality(key)
        zone = ZoneInfo(team.timezone)
        site.note_findings(key, version, found.count)
        groups = view.groups(found, zone, now.astimezone(zone).date())
        body = site.render(
            "quality.html",
            team=team,
            team_names=site.team_names(),
            zone=zone,
            now=now,
            groups=groups,
            lead=view.lead(found, groups),
            window=view.window(found),
        )
        return Response(body, media_type=HTML, headers={"ETag": etag, "Cache-Control": REVALIDATE})

    return router
