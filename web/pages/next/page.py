"""The page of the sprint to come."""

from datetime import date
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

import telemetry
from telemetry.report.shapes import SprintSummary, TeamRow
from web.http.answers import HTML, REVALIDATE, is_known, not_modified, tag
from web.http.site import Site
from web.pages.next.view import next_view


def next_pages(site: Site) -> APIRouter:
    """`/teams/{team}/next`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/next")
    def next_sprint(request: Request, key: str) -> Response:
        etag = _tag(site, "next", key)
        if is_known(request, etag):
            return not_modified(etag)
        _, common, today = _common(site, key)
        plan = site.reports.next_sprint(key, site.clock())
        body = site.render("next.html", **common, plan=plan, ahead=next_view(plan, today))
        return _answer(body, etag)

    return router


def upcoming(site: Site, key: str, sprint: SprintSummary, today: date) -> dict[str, object]:
    """What the page of a sprint to come shows in the place of figures; None for other sprints."""
    if sprint.state != "future":
        return {"plan": None, "ahead": None}
    plan = site.reports.next_sprint(key, site.clock(), sprint.id)
    return {"plan": plan, "ahead": next_view(plan, today)}


def _common(site: Site, key: str) -> tuple[TeamRow, dict[str, object], date]:
    now = site.clock()
    team = site.reports.team(key, now)
    zone = ZoneInfo(team.timezone)
    common = {"team": team, "team_names": site.team_names(), "zone": zone, "now": now}
    return team, common, now.astimezone(zone).date()


def _tag(site: Site, *parts: object) -> str:
    key, minute = str(parts[1]), site.clock().strftime("%Y-%m-%dT%H:%M")
    version = site.reports.version(key)
    return tag(telemetry.__version__, site.assets.digest, version, minute, *parts)


def _answer(body: bytes, etag: str) -> Response:
    headers = {"ETag": etag, "Cache-Control": REVALIDATE}
    return Response(body, media_type=HTML, headers=headers)
