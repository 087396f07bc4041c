"""Reads what the alert rules look at from the facts, and how pulls went from their record."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from statistics import fmean, median

from sqlalchemy import Connection, Select, bindparam, select

from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.velocity import covered_days, velocity
from telemetry.report.alerts.lasting import read_lasting
from telemetry.report.alerts.quarters import read_quarter
from telemetry.report.alerts.watched import (
    RECENT,
    EndedPull,
    Outlook,
    WatchedIssue,
    WatchedPulls,
    WatchedQuarter,
    WatchedSite,
    WatchedSprint,
    WatchedTeam,
)
from telemetry.report.impediments.reading import Found, read_found
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.sprint.burndown import course_of
from telemetry.report.sprint.summaries import (
    closed_sprint,
    read_active_names,
    read_closed_before,
    read_days,
    read_summary,
)
from telemetry.report.sprint.time import ages_in_working_days, read_days_to_close
from telemetry.report.sprint.time import read_days as read_time
from telemetry.report.sprint_page import usual_of
from telemetry.report.teams.team import StoredTeam, read_configured_teams
from telemetry.report.velocity import read_throughput
from telemetry.store import schema as s
from telemetry.store.pulls import read_pulls

LOOKED_BACK = timedelta(days=365)
DAYS_READ = 100  # they hold the last 60 working days
FLOW_DAYS = 182
PULLS_READ = 50


def read_watched(
    connection: Connection, team: StoredTeam, now: datetime, rules: frozenset[str]
) -> WatchedTeam | None:
    """The team as these rules look at it; None before its first complete pull."""
    as_of = team.as_of
    if as_of is None:
        return None
    calendar = team.rules.calendar
    known = calendar.day_of(as_of)  # of later days nothing is, however late it is
    closed = read_closed_before(connection, team, None, team.rules.velocity_sprints)
    names = read_active_names(connection, team)
    running = [read_summary(connection, team, one.id) for one in names]
    found = read_found(connection, team, _first(running, as_of), as_of)
    impediments = _impediments(connection, team, found, running, as_of)
    lasting, cycle_days = _in_progress(connection, team, as_of, rules)
    return WatchedTeam(
        key=team.rules.key,
        name=team.rules.name,
        site=team.rules.site,
        calendar=calendar,
        has_sprints=team.rules.has_sprints,
        as_of=as_of,
        now=now,
        running=tuple(_sprint(connection, team, one, closed, found) for one in running),
        closed=tuple(
            WatchedSprint(one) for one in closed if one.completed_at and _is_recent(one, now)
        ),
        days=read_time(connection, team, known - timedelta(days=DAYS_READ), _day_before(known)),
        usual_week_seconds=_usual_week(team, closed),
        usual_completion_percent=_usual_completion(closed),
        open_impediments=impediments,
        closing_days=read_days_to_close(connection, team, as_of - LOOKED_BACK, as_of),
        in_progress=lasting,
        cycle_days=cycle_days,
        impediments_unknown=team.impediments_unknown,
        quarter=_quarter(connection, team, closed, now) if "quarter_at_risk" in rules else None,
    )


def _quarter(
    connection: Connection, team: StoredTeam, closed: Iterable[SprintSummary], now: datetime
) -> WatchedQuarter | None:
    """The running quarter by the velocity of these sprints, or by throughput without any."""

    def pace() -> float | None:
        if not team.rules.has_sprints:
            return read_throughput(connection, team)
        past = (row for one in closed if (row := closed_sprint(one)) is not None)
        found = velocity(past, team.rules.calendar, team.rules.velocity_sprints)
        return found.velocity_points_per_day

    return read_quarter(connection, team, pace, now)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _is_recent(sprint: SprintSummary, now: datetime) -> bool:
    return sprint.completed_at is not None and now - sprint.completed_at <= RECENT


def _first(running: Iterable[SprintSummary], as_of: datetime) -> datetime:
    starts = [one.started_at for one in running if one.started_at is not None]
    return min([*starts, as_of])


def _sprint(
    connection: Connection,
    team: StoredTeam,
    sprint: SprintSummary,
    closed: list[SprintSummary],
    found: Found,
) -> WatchedSprint:
    figures, course = sprint.figures, course_of(team, sprint)
    if figures is None or course is None or sprint.started_at is None:
        return WatchedSprint(sprint)
    is_planned = sprint.planned_end_at is not None
    gone = course.gone(figures.as_of)
    seconds = found.seconds(sprint.started_at, figures.as_of)
    named = {one.span.issue_id: one.key for one in found.titled}
    costly = [
        WatchedIssue(issue_id, named[issue_id], team.issue_url(named[issue_id]), 0, spent)
        for issue_id, spent in seconds.most_common(3)
        if issue_id in named and spent
    ]
    return WatchedSprint(
        summary=sprint,
        days=read_days(connection, team, sprint.id),
        gone_share=gone if is_planned else None,
        outlook=_outlook(figures) if is_planned else None,
        usual_impediment_seconds=usual_of(closed).by_now(gone).impediment_seconds,
        costly=tuple(costly),
    )


def _outlook(figures: SprintFigures) -> Outlook | None:
    """What the sprint's own forecast says of its planned end; None where it says nothing."""
    if not figures.remaining_points and figures.done_points:
        return Outlook(100.0, 0.0)
    chance, left = figures.finish_in_time_percent, figures.left_by_end_50_points
    if chance is None:
        return None
    return Outlook(chance, figures.remaining_points if left is None else left)


def _usual_week(team: StoredTeam, closed: Iterable[SprintSummary]) -> float | None:
    """The median over the last sprints of the impediment seconds in five working days."""
    means = []
    for one in closed:
        row = closed_sprint(one)
        days = 0 if row is None else covered_days([row], team.rules.calendar)
        if row is not None and days and row.impediment_seconds is not None:
            means.append(5 * row.impediment_seconds / days)
    return float(median(means)) if means else None


def _usual_completion(closed: Iterable[SprintSummary]) -> float | None:
    known = [one.figures.completion_percent for one in closed if one.figures is not None]
    shares = [share for share in known if share is not None]
    return fmean(shares) if shares else None


def _impediments(
    connection: Connection,
    team: StoredTeam,
    found: Found,
    running: Iterable[SprintSummary],
    as_of: datetime,
) -> tuple[WatchedIssue, ...]:
    """The open impediments, oldest first, with what they took in the running sprint."""
    here = [one for one in found.titled if one.span.is_open(as_of, as_of)]
    seconds = found.seconds(found.start, found.end)
    spans = [(one.span.opened_at, as_of) for one in here]
    ages = ages_in_working_days(team.rules.calendar, spans)
    in_sprint = _in_scope(connection, team, [one.id for one in running])
    oldest: dict[int, WatchedIssue] = {}
    for one, age in zip(here, ages, strict=True):
        issue_id = one.span.issue_id
        known = oldest.get(issue_id)
        if known is None or age > known.age_days:
            url, is_in = team.issue_url(one.key), issue_id in in_sprint
            oldest[issue_id] = WatchedIssue(issue_id, one.key, url, age, seconds[issue_id], is_in)
    return tuple(sorted(oldest.values(), key=lambda one: (-one.age_days, one.id)))


def _in_scope(connection: Connection, team: StoredTeam, sprint_ids: list[int]) -> set[int]:
    """The impediments that are in the running sprints."""
    if not sprint_ids:
        return set()
    given = {"team_key": team.rules.key, "site": team.rules.site, "sprint_ids": sprint_ids}
    return set(connection.scalars(_select_in_scope(), given))


@cache
def _select_in_scope() -> Select[tuple[int]]:
    c = s.sprint_issues.c
    return select(c.issue_id).where(
        c.team_key == bindparam("team_key"),
        c.site == bindparam("site"),
        c.sprint_id.in_(bindparam("sprint_ids", expanding=True)),
        c.outcome != "removed",
        c.is_impediment,
    )


def _in_progress(
    connection: Connection, team: StoredTeam, as_of: datetime, rules: frozenset[str]
) -> tuple[tuple[WatchedIssue, ...], float | None]:
    if "work_ageing" not in rules:
        return (), None
    last = team.rules.calendar.day_of(as_of)
    lasting, known = read_lasting(connection, team, last - timedelta(days=FLOW_DAYS), last)
    return lasting, None if known is None else known.days_95


def read_sites(connection: Connection) -> dict[str, WatchedSite]:
    """How the pulls of each site with configured teams went."""
    teams: dict[str, list[StoredTeam]] = {}
    for team in read_configured_teams(connection):
        teams.setdefault(team.rules.site, []).append(team)
    pulls: dict[str, list[EndedPull]] = {}
    for one in read_pulls(connection, PULLS_READ):
        if one.ended_at is not None:
            ended = EndedPull(one.ended_at, one.state == "failed", one.error)
            pulls.setdefault(one.site, []).append(ended)
    return {
        site: WatchedSite(
            name=site,
            complete_at=_last_complete(some),
            pulls=tuple(pulls.get(site, ())),
            teams=tuple(
                WatchedPulls(one.rules.key, one.rules.name, one.failed_at, one.error)
                for one in some
            ),
        )
        for site, some in teams.items()
    }


def _last_complete(teams: Iterable[StoredTeam]) -> datetime | None:
    """The last complete pull of any of a site's teams."""
    return max((one.pulled_at for one in teams if one.pulled_at is not None), default=None)
