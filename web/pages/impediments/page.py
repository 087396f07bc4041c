"""The page of a team's impediments: what they were, when, what is open, what comes back."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

import telemetry
from web.http.answers import (
    REVALIDATE,
    is_known,
    not_modified,
    tag,
)
from web.http.site import Site
from web.pages.impediments.view import (
    Asked,
    impediments_view,
)

HTML = "text/html; charset=utf-8"


def impediments_pages(site: Site) -> APIRouter:
    """The route of `/teams/{team}/impediments`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/impediments")
    def page(
        request: Request,
        key: str,
        over: Annotated[int, Query(ge=1, le=12)] = 6,
        by: Literal["day", "week", "sprint"] = "sprint",
        sprint: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
        nature: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        now, reports = site.clock(), site.reports
        asked = Asked(over, by, sprint, nature)
        version, minute = reports.version(key), now.strftime("%Y-%m-%dT%H:%M")
        parts = (telemetry.__version__, site.assets.digest, "impediments", key, version, minute)
        etag = tag(*parts, reports.as_of(key), asked)
        if is_known(request, etag):
            return not_modified(etag)
        team = reports.team(key, now)
        zone = ZoneInfo(team.timezone)
        today = now.astimezone(zone).date()
        found = reports.impediment_report(key, "current" if sprint is None else sprint, over, by)
        body = site.render(
            "impediments.html",
            team=team,
            team_names=site.team_names(),
            zone=zone,
            now=now,
            chosen=asked.chosen,
            view=impediments_view(
                site, key, found, asked, zone, today, has_sprints=team.has_sprints
            ),
        )
        return Response(body, media_type=HTML, headers={"ETag": etag, "Cache-Control": REVALIDATE})

    return router
