"""The page of a sprint, and of a team that has none."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.words import gap, runs, sprint
from telemetry.words.snapshots import note
from web.http.answers import Moment
from web.http.parameters import Listed, TeamKey
from web.http.site import Site
from web.pages.alerts.view import of_sprint
from web.pages.next.page import upcoming
from web.pages.sprint import (
    saved,
    time_view,
    view,
)
from web.pages.sprint.filters import filters
from web.pages.sprint.issues import WHOLE
from web.pages.sprint.listing import OUTCOME_PATTERN, SORTS, Listing
from web.show.numbers import DECIMAL
from web.show.saved import IS_SAVED

QUARTER = timedelta(days=90)
FRESHNESS = "<!-- freshness -->"  # stands for what moves by itself, put in at each answer


def sprint_pages(site: Site) -> APIRouter:
    """`/teams/{team}` and `/teams/{team}/sprints/{id}`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}")
    def current_sprint(
        request: Request,
        key: TeamKey,
        listing: Annotated[Listing, Depends(_listing)],
        issues: Listed = "",
        impediments: Listed = "",
    ) -> Response:
        return _answer(site, request, Asked(key, "current", issues, impediments, listing))

    @router.get("/teams/{key}/sprints/{sprint_id}")
    def one_sprint(
        request: Request,
        key: TeamKey,
        sprint_id: Annotated[int, Path(ge=0, le=2**63 - 1)],
        listing: Annotated[Listing, Depends(_listing)],
        issues: Listed = "",
        impediments: Listed = "",
    ) -> Response:
        return _answer(site, request, Asked(key, sprint_id, issues, impediments, listing))

    return router


def _listing(
    sort: Annotated[str, Query(pattern=SORTS)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    type_name: Annotated[str, Query(alias="type", max_length=255)] = "",
    outcome: Annotated[str, Query(pattern=OUTCOME_PATTERN)] = "",
    impediment: Annotated[str, Query(pattern="^(yes|no)?$")] = "",
) -> Listing:
    return Listing(sort, q, type_name, outcome, impediment)


@dataclass(frozen=True, slots=True)
class Asked:
    """A team's sprint, and what is listed and marked on its page."""

    team: str
    sprint: int | str
    issues: str
    impediments: str
    listing: Listing

    @property
    def chosen(self) -> dict[str, object]:
        """What links on the page keep; a figure lists all of its issues, in the order chosen."""
        of_list = {"sort": self.listing.sort}
        return {"issues": self.issues, "impediments": self.impediments, **of_list}


def _answer(site: Site, request: Request, asked: Asked) -> Response:
    def render(moment: Moment) -> bytes:
        return _page(site, moment, asked)

    return site.answers.page(request, render, team=asked.team, asked=(asked,), is_kept=False)


def _page(site: Site, moment: Moment, asked: Asked) -> bytes:
    """The page as it is kept for its day, with what moves by the minute."""
    now, key = moment.now, asked.team
    ageing = site.reports.freshness(key, now)
    zone = ageing.zone
    days = (now.date(), now.astimezone(zone).date())
    names = site.team_names(ageing.facts_of_all)
    # an age is no reason to render all again
    head = site.open_alerts
    kept = (ageing.facts, days, tuple(names), head, DECIMAL.get(), IS_SAVED.get(), asked)
    body = site.answers.kept.get(kept, lambda: _body(site, now, names, asked))
    fresh = site.render("freshness.html", fresh=ageing.freshness, zone=zone, now=now)
    return body.replace(FRESHNESS.encode(), fresh, 1)


def _body(site: Site, now: datetime, names: list[tuple[str, str]], asked: Asked) -> bytes:
    page = site.reports.sprint_page(asked.team, asked.sprint, now)
    zone = ZoneInfo(page.team.timezone)
    common = {"page": page, "team": page.team, "team_names": names, "zone": zone, "now": now}
    common |= {"freshness": FRESHNESS}
    common["chosen"] = asked.chosen
    if page.sprint is None:
        return _without_sprint(site, page, zone, now, common, asked.impediments)
    issues = WHOLE if IS_SAVED.get() else asked.issues
    shown = view.sprint_view(site, page, zone, issues, asked.impediments, asked.listing)
    lists = None
    if IS_SAVED.get():
        lists = saved.lists(site, page, page.sprint, zone)
        shown = replace(shown, impediments=lists.impediments)
    return site.render(
        "sprint.html",
        **common,
        **upcoming(site, asked.team, page.sprint, page.today),
        view=shown,
        lists=lists,
        filters=filters(asked.listing, asked.chosen),
        edits=note(page.records) if page.records else None,
        expected=sprint.expected(page.sprint, page.today, zone),
        instead=sprint.instead(page),
        why=gap.why(page),
        cost=gap.cost(page.sprint),
        alerts=() if lists else of_sprint(site.reports.alerts(asked.team, "open"), page.sprint),
    )


def _without_sprint(
    site: Site,
    page: SprintPage,
    zone: ZoneInfo,
    now: datetime,
    common: dict[str, object],
    nature: str,
) -> bytes:
    today = now.astimezone(zone).date()
    first = today - QUARTER
    first -= timedelta(days=first.weekday())
    weeks = _weeks(site, page, first, today)
    shown = time_view.time_view(site, weeks, zone, today, nature)
    pull = None if page.team.freshness.as_of else site.reports.running_pull(page.team.key)
    said = runs.progress(pull, now) if pull else None
    return site.render(
        "time.html", **common, weeks=weeks, view=shown, progress=said, why=sprint.no_sprint(page)
    )


def _weeks(site: Site, page: SprintPage, first: date, last: date) -> time_view.Weeks:
    """The time of these weeks, and how long impediments were open where none was logged."""
    key, reports = page.team.key, site.reports
    rows = reports.time(key, first, last, "week")
    if page.team.freshness.as_of is None or any(row.time.all_seconds for row in rows):
        found = reports.impediments(key, first, last, "touched")
        return time_view.Weeks(first, last, rows, found)
    open_time = reports.open_time(key, first, last)
    return time_view.Weeks(first, last, rows, open_time.impediments, open_time)
