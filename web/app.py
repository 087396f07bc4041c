"""Puts the web application together: pages, API, health, access, compression."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, FastAPI, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette_compress import CompressMiddleware, remove_compress_type

import telemetry
from telemetry.errors import StoreError
from telemetry.received import Received
from web.api.alerts import alerts_routes
from web.api.calibration import calibration_routes
from web.api.described import describe
from web.api.digests import digests_routes
from web.api.docs import docs_routes
from web.api.flow import flow_routes
from web.api.impediments import impediments_routes
from web.api.next import next_routes
from web.api.portfolio import portfolio_routes
from web.api.programs import programs_routes
from web.api.quality import quality_routes
from web.api.quarter import quarter_routes
from web.api.record import record_routes
from web.api.reviews import reviews_routes
from web.api.runs import runs_routes
from web.api.snapshots import snapshots_routes
from web.api.sprint import sprint_routes
from web.api.sprints import sprints_routes
from web.api.teams import teams_routes
from web.api.time import time_routes
from web.api.velocity import velocity_routes
from web.export.paper import can_print
from web.export.taken import Taken
from web.http import inter
from web.http.access import AccessGate
from web.http.assets import Assets
from web.http.bodies import Bodies
from web.http.calibrations import Calibrations
from web.http.errors import add_errors
from web.http.events import Events, event_routes
from web.http.guard import Guard
from web.http.methods import Heads
from web.http.moved import moved_routes
from web.http.mutes import Mutes
from web.http.notes import ReviewNotes
from web.http.portfolios import Portfolios
from web.http.reach import Proxied, Reach
from web.http.records import Records
from web.http.sessions import Sessions
from web.http.sign_in import sign_in_routes
from web.http.site import Site
from web.http.templating import environment
from web.http.viewer import Viewers
from web.http.webhooks import Hooks, hook_routes
from web.pages.alerts.page import alerts_pages
from web.pages.alerts.record import record_pages
from web.pages.calibration.page import calibration_pages
from web.pages.definitions import definitions_page
from web.pages.demo.page import demo_pages
from web.pages.flow.page import flow_pages
from web.pages.impediments.page import impediments_pages
from web.pages.next.page import next_pages
from web.pages.portfolio.page import portfolio_pages
from web.pages.programs.page import programs_pages
from web.pages.quality.page import quality_pages
from web.pages.quarter.page import quarter_pages
from web.pages.reviews.page import reviews_pages
from web.pages.runs.page import runs_pages
from web.pages.snapshots.page import snapshots_pages
from web.pages.sprint.page import sprint_pages
from web.pages.sprints.page import sprints_pages
from web.pages.teams.page import Lines, teams_pages
from web.pages.wall.page import wall_pages

if TYPE_CHECKING:
    from telemetry.report.reports import Reports

Digest = Annotated[str, Path(max_length=64)]

_ABOUT = (
    "What a team expected, what came instead, and why: the figures of the pages. "
    "Keys carry their units; instants are RFC 3339 in UTC; null is unknown, never 0. "
    "Every answer has `as_of` and an ETag; errors are `application/problem+json`."
)


class Kept(NamedTuple):
    """What pages and the API keep of what they have read."""

    lines: Lines
    records: Records
    portfolios: Portfolios
    calibrations: Calibrations


def create_app(
    reports: "Reports",
    *,
    access_token: str | None,
    allowed_hosts: Collection[str],
    clock: Callable[[], datetime],
    trigger_pull: Callable[[], bool] | None = None,
    hooks: Hooks | None = None,
    mutes: Mutes | None = None,
    notes: ReviewNotes | None = None,
    reach: Reach | None = None,
    sessions: Sessions | None = None,
    received: Received | None = None,
) -> FastAPI:
    """The application.

    `allowed_hosts` are host names answered to beside those of loopback, "*" any; `reach` says that
    and more where it is given; `sessions` keep who signed in, by default in memory. `trigger_pull`
    starts a pull and tells whether it did; None where no bot runs in this process. `hooks` take
    Jira's webhooks; they bring their own proof instead of the access token. `mutes` write what
    nobody wants to hear of alerts, `notes` what teams type on their reviews. `received` is what
    the demo's chat and mailbox got.
    """
    app = FastAPI(
        title="Agile telemetry",
        version=telemetry.__version__,
        description=_ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    gate = AccessGate(access_token, clock, sessions)
    reach = reach or Reach(allowed_hosts)
    site = Site(
        reports,
        clock,
        gate,
        reach,
        Assets(inter=inter.installed()),
        environment(),
        trigger_pull,
        has_demo=received is not None,
    )
    app.state.inter = site.assets.inter
    site.can_print = can_print()
    app.state.assets = site.assets
    kept = Kept(Lines(site), Records(site), Portfolios(reports), Calibrations(reports))
    app.state.events = events = Events(reports, prepare=kept.lines.prepare, sessions=gate.sessions)
    for router in (
        *_pages(site, kept, mutes),
        *_api(site, kept, mutes, notes),
        docs_routes(app, site),
        sign_in_routes(site),
        moved_routes(),
        event_routes(site, events),
    ):
        app.include_router(router)
    if hooks is not None:
        app.include_router(hook_routes(hooks))
    if received is not None:
        app.include_router(demo_pages(site, received))
    describe(app)
    _add_files_and_health(app, site)
    add_errors(app, site)
    _add_layers(app, site, gate, reach)
    return app


def _pages(site: Site, kept: Kept, mutes: Mutes | None) -> tuple[APIRouter, ...]:
    return (
        teams_pages(site, kept.lines),
        wall_pages(site),
        sprint_pages(site),
        definitions_page(site),
        runs_pages(site),
        snapshots_pages(site),
        sprints_pages(site),
        next_pages(site),
        impediments_pages(site),
        quality_pages(site),
        flow_pages(site),
        quarter_pages(site),
        programs_pages(site, kept.portfolios),
        portfolio_pages(site, kept.portfolios),
        calibration_pages(site, kept.calibrations),
        reviews_pages(site),
        alerts_pages(site, mutes),
        record_pages(site, kept.records),
    )


def _api(
    site: Site, kept: Kept, mutes: Mutes | None, notes: ReviewNotes | None
) -> tuple[APIRouter, ...]:
    """In the order in which the API's own page tells them."""
    return (
        teams_routes(site),
        sprints_routes(site),
        sprint_routes(site),
        snapshots_routes(site),
        next_routes(site),
        velocity_routes(site),
        time_routes(site),
        impediments_routes(site),
        flow_routes(site),
        quarter_routes(site),
        portfolio_routes(site, kept.portfolios),
        programs_routes(site, kept.portfolios),
        calibration_routes(site, kept.calibrations),
        quality_routes(site),
        alerts_routes(site, mutes),
        record_routes(site, kept.records),
        digests_routes(site),
        reviews_routes(site, notes),
        runs_routes(site),
    )


def _add_layers(app: FastAPI, site: Site, gate: AccessGate, reach: Reach) -> None:
    """What a request passes on its way in, the last one first."""
    # each open stream of events would keep a compressor for a line now and then
    remove_compress_type("text/event-stream")
    app.add_middleware(Taken, site=site)
    app.add_middleware(Bodies)
    app.add_middleware(CompressMiddleware)
    app.add_middleware(Heads)
    app.add_middleware(Viewers)
    app.add_middleware(Guard, gate=gate, reach=reach)
    app.add_middleware(Proxied, reach=reach)


def _add_files_and_health(app: FastAPI, site: Site) -> None:
    making = asyncio.Lock()

    @app.get("/assets/{digest}/inter.woff2", include_in_schema=False)
    async def typeface(digest: Digest) -> Response:
        async with making:  # who waits until it is made holds no thread
            found = await run_in_threadpool(site.assets.respond_inter, digest)
        return found or Response("no such file", 404, media_type="text/plain")

    @app.get("/assets/{digest}/{name:path}", include_in_schema=False)
    def asset(
        request: Request, digest: Digest, name: Annotated[str, Path(max_length=200)]
    ) -> Response:
        found = site.assets.respond(request, digest, name)
        return found or Response("no such file", 404, media_type="text/plain")

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:  # in no queue behind pages
        return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> Response:
        try:
            status = site.reports.status(site.clock())
            is_ready = status.is_reachable and status.is_migrated and status.is_fresh
        except StoreError:
            is_ready = False
        word, code = ("ready", 200) if is_ready else ("not ready", 503)
        return JSONResponse({"status": word}, code, headers={"Cache-Control": "no-store"})
