"""Makes a digest of what the reports know now."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from telemetry.domain.week import week_of
from telemetry.errors import NotFound, SprintNotStarted
from telemetry.report.impediments.lists import Recurring
from telemetry.report.reports import Reports
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.sprint.chosen import CURRENT
from telemetry.settings.digesting import DigestKind
from telemetry.words.decisions import decisions
from telemetry.words.digests.day import day
from telemetry.words.digests.digest import Digest
from telemetry.words.digests.portfolio import portfolio
from telemetry.words.digests.programs import program_lines
from telemetry.words.digests.sprint import sprint_closed
from telemetry.words.digests.week import Week, as_reviewed, week
from telemetry.words.quarter_brief import brief
from telemetry.words.values import NOTHING

EARLY: Final = 2  # days of a week on which its digest is of the week before
OVER: Final = 6  # sprints in which what comes back is looked for


def make(
    reports: Reports, kind: DigestKind, team: str, now: datetime, sprint_id: int | None = None
) -> Digest:
    """The digest of a team, or of all for `portfolio`, as it would be sent now. Raises NotFound.

    `sprint_id` is the closed sprint that it is of, by default the one closed last.
    """
    if kind == "portfolio":
        return of_teams(reports, None, now)
    zone = ZoneInfo(reports.team(team, now).timezone)
    if kind == "day":
        page = reports.sprint_page(team, CURRENT, now)
        return day(page, _since(reports, team, now), zone)
    if kind == "week":
        return _week(reports, team, now, zone)
    return _sprint(reports, team, now, zone, sprint_id)


def make_at(reports: Reports, kind: DigestKind, team: str, at: datetime, now: datetime) -> Digest:
    """The digest of a team of the week of an instant, or of the sprint closed last by then.

    Raises NotFound for what nobody kept: a past day, all teams then, or a time to come.
    """
    zone = ZoneInfo(reports.team(team, now).timezone)
    then, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if at > now:
        raise NotFound("nothing is known of a time to come")
    if kind == "week" and week_of(then) < week_of(today):
        return as_reviewed(reports.week_review(team, week_of(then), now))
    if kind == "sprint":
        ended = (one for one in reports.sprints(team, "closed") if one.figures is not None)
        known = (one.id for one in ended if one.window_end_at and one.window_end_at <= at)
        found = next(known, None)
        if found is None:
            raise NotFound(f"no sprint of team '{team}' was closed by then")
        return _sprint(reports, team, now, zone, found)
    if then < today:
        raise NotFound("past days, and all teams then, have no digest: ask for a week or a sprint")
    return make(reports, kind, team, now)


def of_teams(
    reports: Reports, keys: Iterable[str] | None, now: datetime, timezone: str = "UTC"
) -> Digest:
    """The portfolio of these teams, or of all, on the day that it is there."""
    wanted = None if keys is None else set(keys)
    rows = [row for row in reports.teams(now) if wanted is None or row.key in wanted]
    known, _ = reports.portfolio(None, now)
    chances = {
        one.key: one.outlook.probability_percent
        for one in known.teams
        if one.outlook is not None and one.amounts.total_points
    }
    today = now.astimezone(ZoneInfo(timezone)).date()
    return portfolio(rows, today, str(known.quarter), chances, program_lines(known, wanted))


def _since(reports: Reports, team: str, now: datetime) -> datetime:
    """The same time of the working day before."""
    calendar = reports.calendar(team)
    today = calendar.day_of(now)
    before = today - timedelta(days=1)
    while not calendar.is_working_day(before) and today - before < timedelta(days=14):
        before -= timedelta(days=1)
    return now - (today - before)


def _week(reports: Reports, team: str, now: datetime, zone: ZoneInfo) -> Digest:
    page = reports.sprint_page(team, CURRENT, now)
    last = page.today
    if last.weekday() < EARLY:
        last -= timedelta(days=last.weekday() + 1)
    quarter = reports.running_quarter(team, now)
    if page.no_sprint_reason == "no_sprints":
        review = reports.week_review(team, week_of(last), now)
        return as_reviewed(review, brief(quarter, page.today))
    first = last - timedelta(days=last.weekday())
    this = _days(reports, page, first, last, zone)
    before = _days(reports, page, first - timedelta(days=7), first - timedelta(days=1), zone)
    ahead = reports.next_sprint(team, now) if page.team.has_sprints else None
    found = _recurring(reports, team)
    decided = decisions(page, found, ahead, reports.ageing(team), quarter)
    return week(page, this, before, decided, zone, brief(quarter, page.today))


def _recurring(reports: Reports, team: str) -> tuple[Recurring, ...]:
    try:
        return reports.impediment_report(team, CURRENT, OVER).recurring
    except (NotFound, SprintNotStarted):
        return ()


def _days(reports: Reports, page: SprintPage, first: date, last: date, zone: ZoneInfo) -> Week:
    key = page.team.key
    done = _done(reports, key, first, last, zone) if page.team.has_sprints else None
    return Week(first, last, reports.time(key, first, last), done)


def _done(reports: Reports, team: str, first: date, last: date, zone: ZoneInfo) -> float:
    """The points burned on these days, in the sprints that were running."""
    found = 0.0
    for sprint in reports.sprints(team):
        start, end = sprint.started_at, sprint.window_end_at
        if start is None or end is None:
            continue
        if start.astimezone(zone).date() > last or end.astimezone(zone).date() < first:
            continue
        found += _burned(reports.burndown(team, sprint.id), first, last)
    return found


def _burned(course: Burndown, first: date, last: date) -> float:
    return sum(one.burned_points for one in course.days if first <= one.day <= last)


def _sprint(
    reports: Reports, team: str, now: datetime, zone: ZoneInfo, sprint_id: int | None
) -> Digest:
    """A closed sprint, beside the one closed before it."""
    closed = [one for one in reports.sprints(team, "closed") if one.figures is not None]
    if sprint_id is not None:
        closed = closed[next((n for n, one in enumerate(closed) if one.id == sprint_id), 0) :]
    if not closed:
        page = reports.sprint_page(team, CURRENT, now)
        return sprint_closed(page, None, zone, f"/teams/{team}")
    page = reports.sprint_page(team, closed[0].id, now)
    before = closed[1] if len(closed) > 1 else None
    is_news = sprint_id is None or closed[0].id == sprint_id
    quarter = brief(reports.running_quarter(team, now), page.today) if is_news else NOTHING
    return sprint_closed(page, before, zone, f"/teams/{team}/reviews/{closed[0].id}", quarter)
