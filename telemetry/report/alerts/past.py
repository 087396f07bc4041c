"""Reads a team's past year as alert rules would have looked at it: what was known, and when.

Burndowns follow from the instants of changes, so a day's row is what was known at its end; work
counts from when it was entered. Dates, labels and boards of sprints are as they are now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, exists, func, select

from telemetry.domain.calendar import Calendar
from telemetry.metrics import hindsight
from telemetry.metrics.burndown import Day
from telemetry.metrics.impediment import Impediment
from telemetry.report.alerts.past_quarters import PastQuarters, read_past_quarters
from telemetry.report.alerts.watched import Outlook
from telemetry.report.shapes.burndown import BurndownDay
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.sprint.summaries import read_closed_before
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.sprint_days import read_sprint_days
from telemetry.store.terms import ISSUE_OF_SPAN, ISSUE_OF_WORK, SPAN, is_lost, own_issues

YEAR = timedelta(days=365)
MOST_SPRINTS = 400


class Work(NamedTuple):
    """Time of one day that was entered at one time, lost to impediments or not."""

    known_at: datetime
    started_at: datetime
    seconds: int
    is_lost: bool


@dataclass(frozen=True, slots=True)
class PastSprint:
    """A closed sprint; `said` is what its forecast was at the end of a day."""

    summary: SprintSummary
    days: Sequence[BurndownDay]
    said: Mapping[date, Outlook]


@dataclass(frozen=True, slots=True)
class PastImpediment:
    key: str
    url: str
    span: Impediment


@dataclass(frozen=True, slots=True)
class PastYear:
    """A team's past from `since` on, and what it takes to know what was usual then.

    `sprints` are closed, the oldest first, and begin before `since`; `usual_count` of them make
    what is usual.
    """

    key: str
    name: str
    site: str
    calendar: Calendar
    has_sprints: bool
    usual_count: int
    since: date
    as_of: datetime
    sprints: Sequence[PastSprint] = ()
    work: Sequence[Work] = ()
    impediments: Sequence[PastImpediment] = ()
    quarters: PastQuarters = field(default_factory=PastQuarters)


def read_past_year(
    connection: Connection, team: StoredTeam, length: timedelta = YEAR
) -> PastYear | None:
    """The past of a team up to its data; None before its first complete pull."""
    if team.as_of is None:
        return None
    rules = team.rules
    start = team.as_of - length
    return PastYear(
        key=rules.key,
        name=rules.name,
        site=rules.site,
        calendar=rules.calendar,
        has_sprints=rules.has_sprints,
        usual_count=rules.velocity_sprints,
        since=rules.calendar.day_of(start),
        as_of=team.as_of,
        sprints=_sprints(connection, team),
        work=_work(connection, team, start - timedelta(days=21)),
        impediments=_impediments(connection, team, start - YEAR),
        quarters=read_past_quarters(connection, team, rules.calendar.day_of(start), team.as_of),
    )


def _sprints(connection: Connection, team: StoredTeam) -> tuple[PastSprint, ...]:
    closed = read_closed_before(connection, team, None, MOST_SPRINTS)[::-1]
    days = read_sprint_days(connection, team.rules, [one.id for one in closed], Day)
    f = s.team_forecasts.c
    here = (f.team_key == team.rules.key, f.site == team.rules.site)
    stored = connection.scalar(select(f.days).where(*here))
    said: dict[date, dict[date, Outlook]] = {}
    for one in map(hindsight.from_stored, stored or ()):
        left = one.corrected.points[0] if one.corrected.points else None
        found = Outlook(100 * one.corrected.in_time, left or 0.0)
        said.setdefault(one.closed_on, {})[one.day] = found
    day_of = team.rules.calendar.day_of
    return tuple(
        PastSprint(
            one,
            [
                BurndownDay(*map(partial(getattr, day), Day.__slots__))
                for day in days.get(one.id, ())
            ],
            said.get(day_of(one.window_end_at), {}) if one.window_end_at else {},
        )
        for one in closed
    )


def _work(connection: Connection, team: StoredTeam, since: datetime) -> tuple[Work, ...]:
    w = s.work_logs.c
    lost = exists().where(
        SPAN.team_key == team.rules.key,
        SPAN.site == w.site,
        SPAN.issue_id == w.issue_id,
        is_lost(w.started_at),
    )
    known_at = case(
        (and_(w.created_at.is_not(None), w.created_at > w.started_at), w.created_at),
        else_=w.started_at,
    )
    query = (
        select(known_at, w.started_at, func.sum(w.seconds), lost)
        .join_from(s.issues, s.work_logs, ISSUE_OF_WORK)
        .where(own_issues(team.rules), w.started_at >= since)
        .group_by(known_at, w.started_at, lost)
        .order_by(known_at, w.started_at)
    )
    return tuple(
        Work(known, started, int(seconds), bool(is_so))
        for known, started, seconds, is_so in connection.execute(query)
    )


def _impediments(
    connection: Connection, team: StoredTeam, since: datetime
) -> tuple[PastImpediment, ...]:
    names = [SPAN[name] for name in Impediment.__slots__]
    query = (
        select(*names, s.issues.c.key)
        .join_from(s.impediments, s.issues, ISSUE_OF_SPAN)
        .where(
            SPAN.team_key == team.rules.key,
            SPAN.closed_at.is_(None) | (SPAN.closed_at >= since),
        )
        .order_by(SPAN.opened_at, SPAN.issue_id)
    )
    return tuple(
        PastImpediment(key, team.issue_url(key), Impediment(*values))
        for *values, key in connection.execute(query)
    )
