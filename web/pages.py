"""The pages: list of teams, sprint, definitions, runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

import telemetry
from telemetry.report.shapes import SprintPage
from web import sentences, team_sentences
from web.conditional import REVALIDATE, conditional, is_known, not_modified, tag
from web.definitions import sections
from web.site import Site
from web.views import sprint_view, team_list, then_view, time_view

HTML = "text/html; charset=utf-8"
QUARTER = timedelta(days=90)
_RUNS = 50


def pages(site: Site) -> APIRouter:
    """The routes of all pages."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", _teams(site))
    _add_go(router, site)
    _add_sprint_routes(router, site)

    @router.get("/definitions")
    def definitions(request: Request) -> Response:
        body = site.render("definitions.html", sections=sections())
        return conditional(request, body, HTML)

    _add_runs(router, site)
    return router


def _add_runs(router: APIRouter, site: Site) -> None:
    @router.get("/runs")
    def runs(
        request: Request,
        before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
        started: Literal["yes", "no", ""] = "",
    ) -> Response:
        pulls, following = site.reports.pulls(_RUNS, before)
        message = _STARTED.get(started)
        body = site.render("runs.html", pulls=pulls, following=following, message=message)
        return conditional(request, body, HTML)

    @router.post("/runs")
    def start_run() -> Response:
        is_started = site.trigger_pull is not None and site.trigger_pull()
        word = "yes" if is_started else "no"
        return RedirectResponse(f"/runs?started={word}", status_code=303)


_STARTED = {"yes": "A pull has been started.", "no": "A pull is running already."}


def _teams(site: Site) -> Callable[..., Response]:
    def teams(
        request: Request,
        q: Annotated[str, Query(max_length=100)] = "",
        only: Annotated[str, Query(pattern="^(attention)?$")] = "",
        sort: Annotated[str, Query(pattern=team_list.SORTS)] = "behind",
    ) -> Response:
        now = site.clock()
        version = site.reports.version(None)
        etag = tag(telemetry.__version__, site.assets.digest, version, _minute(now), q, only, sort)
        if is_known(request, etag):
            return not_modified(etag)
        rows = site.reports.teams(now)
        past = site.past_sprints(rows)
        lines = team_list.lines(rows, past, now)
        wanted = [line for line in lines if team_list.is_wanted(line, q, only)]
        shown = team_list.ordered(wanted, sort)
        body = site.render(
            "teams.html",
            lines=shown,
            all_count=len(lines),
            lead=team_sentences.teams(rows),
            scale=team_list.share_scale(rows, past),
            now=now,
            q=q,
            only=only,
            sort=sort,
            order=team_list.order_words(sort),
        )
        return Response(body, media_type=HTML, headers=_headers(etag))

    return teams


def _add_go(router: APIRouter, site: Site) -> None:
    @router.get("/go")
    def go(q: Annotated[str, Query(max_length=100)] = "") -> Response:
        found = team_list.the_one(site.team_names(), q)
        path = f"/?q={quote(q, safe='')}" if found is None else f"/teams/{quote(found, safe='')}"
        return RedirectResponse(path, status_code=303)


def _add_sprint_routes(router: APIRouter, site: Site) -> None:
    @router.get("/teams/{key}")
    def current_sprint(
        request: Request, key: str, issues: str = "", impediments: str = ""
    ) -> Response:
        return _sprint(site, request, key, "current", issues, impediments)

    @router.get("/teams/{key}/sprints/{sprint_id}")
    def one_sprint(
        request: Request,
        key: str,
        sprint_id: Annotated[int, Path(ge=0, le=2**63 - 1)],
        issues: str = "",
        impediments: str = "",
    ) -> Response:
        return _sprint(site, request, key, sprint_id, issues, impediments)


def _sprint(
    site: Site, request: Request, key: str, sprint_id: int | str, issues: str, impediments: str
) -> Response:
    now, reports = site.clock(), site.reports
    etag = tag(
        telemetry.__version__,
        site.assets.digest,
        key,
        sprint_id,
        reports.version(key),
        reports.as_of(key),
        _minute(now),
        issues,
        impediments,
    )
    if is_known(request, etag):
        return not_modified(etag)
    page = reports.sprint_page(key, sprint_id, now)
    zone = ZoneInfo(page.team.timezone)
    names = site.team_names()
    common = {"page": page, "team": page.team, "team_names": names, "zone": zone, "now": now}
    if page.sprint is None:
        body = _without_sprint(site, page, zone, common)
    else:
        view = sprint_view.sprint_view(site, page, zone, issues, impediments)
        body = site.render(
            "sprint.html",
            **common,
            view=view,
            edits=then_view.note(reports.snapshots(key, page.sprint.id)),
            expected=sentences.expected(page, zone),
            instead=sentences.instead(page),
            why=sentences.why(page),
        )
    counting = BackgroundTask(site.count_findings, key)
    return Response(body, media_type=HTML, headers=_headers(etag), background=counting)


def _without_sprint(
    site: Site, page: SprintPage, zone: ZoneInfo, common: dict[str, object]
) -> bytes:
    today = (
        common["now"].astimezone(zone).date() if isinstance(common["now"], datetime) else page.today
    )
    first = today - QUARTER
    first -= timedelta(days=first.weekday())
    rows = site.reports.time(page.team.key, first, today, "week")
    found = site.reports.impediments(page.team.key, first, today)
    view = time_view.time_view(site, rows, found, first, today, zone)
    return site.render("time.html", **common, view=view)


def _minute(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M")


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": REVALIDATE}
