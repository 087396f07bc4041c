"""The page of how a team's work flows."""

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
from web.http.days import (
    From,
    To,
    Type,
    chosen_days,
    last_known_day,
)
from web.http.site import Site
from web.pages.flow.view import (
    chosen,
    flow_view,
)

HTML = "text/html; charset=utf-8"


def flow_pages(site: Site) -> APIRouter:
    """The route of `/teams/{team}/flow`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/flow")
    def page(
        request: Request, key: str, first: From = None, to: To = None, type_name: Type = ""
    ) -> Response:
        now, reports = site.clock(), site.reports
        as_of, minute = reports.as_of(key), now.strftime("%Y-%m-%dT%H:%M")
        asked = (key, first, to, type_name, site.finding_count(key))
        version = reports.version(key)
        etag = tag(telemetry.__version__, site.assets.digest, *asked, version, as_of, minute)
        if is_known(request, etag):
            return not_modified(etag)
        team = reports.team(key, now)
        zone = ZoneInfo(team.timezone)
        known_on, today = last_known_day(as_of, now, zone), now.astimezone(zone).date()
        found = reports.flow(key, *chosen_days(first, to, known_on), type_name or None)
        body = site.render(
            "flow.html",
            team=team,
            team_names=site.team_names(),
            zone=zone,
            now=now,
            found=found,
            chosen=chosen(found),
            view=flow_view(found, zone, known_on, today),
        )
        return Response(body, media_type=HTML, headers={"ETag": etag, "Cache-Control": REVALIDATE})

    return router
