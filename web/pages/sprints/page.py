"""The page of all of a team's sprints, side by side."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

import telemetry
from telemetry.report.shapes import TeamRow
from web.http.answers import (
    REVALIDATE,
    is_known,
    not_modified,
    tag,
)
from web.http.site import Site
from web.pages.sprints import view
from web.pages.sprints.view import (
    PAGE,
    SHED_NOTE,
    SORTS,
    sprints_view,
)

HTML = "text/html; charset=utf-8"


def sprints_pages(site: Site) -> APIRouter:
    """`/teams/{team}/sprints`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/sprints")
    def sprints(
        request: Request,
        key: str,
        sort: Annotated[str, Query(pattern=SORTS)] = "start",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> Response:
        etag = _tag(site, "sprints", key, sort, page)
        if is_known(request, etag):
            return not_modified(etag)
        team, common, today = _common(site, key)
        table = site.reports.sprint_table(key, sort, (page - 1) * PAGE, PAGE)
        body = site.render(
            "sprints.html",
            **common,
            table=table,
            view=sprints_view(team, table, sort, page, today),
            chosen={"sort": "" if sort == "start" else sort, "page": "" if page == 1 else page},
            columns=view.COLUMNS,
            sort=sort,
            page_size=PAGE,
            shed_note=SHED_NOTE,
        )
        return _answer(body, etag)

    return router


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
