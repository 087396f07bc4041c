"""The page of alerts: open and past ones, mutes, channels, and what rules cannot tell."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from telemetry.errors import NotFound, StoreError
from telemetry.settings.alerting import RULES
from telemetry.words.alerts.said import TITLES
from web.http.answers import HTML
from web.http.forms import form_fields
from web.http.mutes import Mutes
from web.http.site import Site
from web.pages.alerts import view

PAST_SHOWN = 50
OPEN_SHOWN = 500
LENGTHS = {"1d": timedelta(days=1), "1w": timedelta(weeks=1), "4w": timedelta(weeks=4)}


def alerts_pages(site: Site, mutes: Mutes | None) -> APIRouter:
    """`/alerts`, which also mutes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/alerts")
    def alerts(request: Request, team: Annotated[str, Query(max_length=64)] = "") -> Response:
        return site.answers.by_content(request, _page(site, team or None), HTML)

    @router.post("/alerts/mutes")
    async def mute(request: Request) -> Response:
        fields = await form_fields(request)
        await run_in_threadpool(_mute, site, mutes, fields)
        return RedirectResponse("/alerts", 303)

    @router.post("/alerts/mutes/{mute_id}/end")
    def unmute(mute_id: Annotated[int, Path(ge=1, lt=2**31)]) -> Response:
        _writer(mutes).end(mute_id, "page")
        return RedirectResponse("/alerts", 303)

    return router


def _mute(site: Site, mutes: Mutes | None, fields: Mapping[str, str]) -> None:
    """What the page's form asks for. Raises NotFound for what none of its choices is."""
    now, rule = site.clock(), fields.get("rule") or None
    team, until = fields.get("team", ""), fields.get("until", "1d")
    site.reports.team(team, now)
    if (rule is not None and rule not in RULES) or until not in LENGTHS:
        raise NotFound("there is no such rule, or no such length of a mute")
    _writer(mutes).add(team, rule, now + LENGTHS[until], "page")


def _writer(mutes: Mutes | None) -> Mutes:
    if mutes is None:
        raise StoreError("this application has no store to write to")
    return mutes


def _page(site: Site, team: str | None) -> bytes:
    reports, now = site.reports, site.clock()
    found = view.worst_first(reports.alerts(team, "open", OPEN_SHOWN))
    past = reports.alerts(team, "resolved", PAST_SHOWN)
    names = dict(site.team_names())
    return site.render(
        "alerts.html",
        now=now,
        open=view.rows(found, now),
        past=view.rows(past, now),
        team=team,
        team_name=names.get(team or "", team),
        team_names=list(names.items()),
        names=names,
        mutes=reports.mutes(now),
        channels=reports.channels(now),
        unable=view.grouped(
            [(one.team_name, one.rule, one.reason) for one in reports.unable_rules()]
        ),
        titles=TITLES,
        rules=[name for name, kind in RULES.items() if not kind.is_of_site],
    )
