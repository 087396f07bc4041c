"""Reads where time went, by day, week or sprint, and the impediments of a window."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from telemetry.report.shapes import ImpedimentRow, SprintSummary, TimeRow, TimeSplit
from telemetry.report.sprints import read_summaries
from telemetry.report.teams import StoredTeam
from telemetry.store import schema as s


class _Sums:
    """Seconds of one row, by class and, for impediments, by nature."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = defaultdict(int)
        self.natures: dict[str, int] = defaultdict(int)

    def add(self, kind: str, nature: str, seconds: int) -> None:
        self.kinds[kind] += seconds
        if kind == "impediment":
            self.natures[nature] += seconds

    def row(self, start_on: date, label: str = "") -> TimeRow:
        split = TimeSplit(self.kinds["planned"], self.kinds["impediment"], self.kinds["off_plan"])
        return TimeRow(start_on, split, dict(sorted(self.natures.items())), label)


def days_between(first: date, last: date) -> list[date]:
    """The calendar days from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _rows(days: Iterable[date], records: Iterable[Any], step: str) -> tuple[TimeRow, ...]:
    sums: dict[date, _Sums] = {}

    def start(day: date) -> date:
        return day - timedelta(days=day.weekday()) if step == "week" else day

    for day in days:
        sums.setdefault(start(day), _Sums())
    for record in records:
        sums[start(record.day)].add(record.kind, record.nature, record.seconds)
    return tuple(sums[day].row(day) for day in sorted(sums))


def read_time(
    connection: Connection, team: StoredTeam, first: date, last: date, step: str = "day"
) -> tuple[TimeRow, ...]:
    """One row a day or week (Monday's date) from `first` to `last`, rows of zero too.

    A week that the window cuts holds only the days inside.
    """
    t = s.team_days
    records = connection.execute(
        select(t.c.day, t.c.kind, t.c.nature, t.c.seconds).where(
            t.c.team_key == team.rules.key, t.c.day >= first, t.c.day <= last
        )
    )
    return _rows(days_between(first, last), records, step)


def read_sprint_days(
    connection: Connection, team: StoredTeam, sprint: SprintSummary
) -> tuple[TimeRow, ...]:
    """One row a local day of the sprint's window, days of zero too."""
    if sprint.started_at is None or sprint.window_end_at is None:
        return ()
    t = s.sprint_time
    records = connection.execute(
        select(t.c.day, t.c.kind, t.c.nature, t.c.seconds).where(
            t.c.team_key == team.rules.key,
            t.c.site == team.rules.site,
            t.c.sprint_id == sprint.id,
        )
    )
    days = team.rules.calendar.days(sprint.started_at, sprint.window_end_at)
    return _rows(days, records, "day")


def sprint_row(team: StoredTeam, sprint: SprintSummary) -> TimeRow | None:
    """A whole sprint's time as one row, None where it has no figures."""
    if sprint.time is None or sprint.impediments is None or sprint.started_at is None:
        return None
    natures = {n.nature: n.seconds for n in sprint.impediments.by_nature}
    return TimeRow(team.rules.calendar.day_of(sprint.started_at), sprint.time, natures, sprint.name)


def read_time_by_sprint(
    connection: Connection, team: StoredTeam, first: date, last: date
) -> tuple[TimeRow, ...]:
    """One row a sprint that touches the window, oldest first; each with the whole sprint's time."""
    found = []
    for sprint in reversed(read_summaries(connection, team)):
        row = sprint_row(team, sprint)
        if row is None or sprint.window_end_at is None:
            continue
        if row.start_on <= last and team.rules.calendar.day_of(sprint.window_end_at) >= first:
            found.append(row)
    return tuple(found)


def _seconds_within(
    connection: Connection, team: StoredTeam, start: datetime, end: datetime
) -> Mapping[tuple[int, int], int]:
    """Seconds by (issue id, ordinal of its impediment) of work started in [start, end)."""
    t, w = s.impediments, s.work_logs
    in_span = or_(
        ~t.c.is_flag,
        and_(
            w.c.started_at >= t.c.opened_at,
            or_(t.c.closed_at.is_(None), w.c.started_at < t.c.closed_at),
        ),
    )
    rows = connection.execute(
        select(t.c.issue_id, t.c.ordinal, func.sum(w.c.seconds))
        .join(w, and_(w.c.site == t.c.site, w.c.issue_id == t.c.issue_id))
        .where(
            t.c.team_key == team.rules.key,
            w.c.started_at >= start,
            w.c.started_at < end,
            in_span,
        )
        .group_by(t.c.issue_id, t.c.ordinal)
    )
    return {(issue_id, ordinal): int(seconds) for issue_id, ordinal, seconds in rows}


def _age(team: StoredTeam, opened_at: datetime, until: datetime) -> int:
    """Working days from the day it was opened to the day of `until`, both included."""
    calendar = team.rules.calendar
    return calendar.working_days(calendar.day_of(opened_at), calendar.day_of(until))


def read_impediments(
    connection: Connection,
    team: StoredTeam,
    start: datetime,
    end: datetime,
    *,
    only_open: bool = False,
) -> tuple[ImpedimentRow, ...]:
    """Impediments opened or worked on in [start, end), most time first.

    `only_open`: instead those still open at `end`, oldest first.
    """
    t, i = s.impediments, s.issues
    query = (
        select(t, i.c.key, i.c.summary)
        .join(i, and_(i.c.site == t.c.site, i.c.id == t.c.issue_id))
        .where(t.c.team_key == team.rules.key, t.c.opened_at < end)
    )
    if only_open:
        query = query.where(or_(t.c.closed_at.is_(None), t.c.closed_at >= end))
    seconds = _seconds_within(connection, team, start, end)
    found = []
    for row in connection.execute(query):
        spent = seconds.get((row.issue_id, row.ordinal), 0)
        if only_open or spent or row.opened_at >= start:
            found.append(
                ImpedimentRow(
                    key=row.key,
                    summary=row.summary,
                    url=team.issue_url(row.key),
                    nature=row.nature,
                    opened_at=row.opened_at,
                    closed_at=row.closed_at if row.closed_at and row.closed_at < end else None,
                    seconds=spent,
                    age_working_days=_age(team, row.opened_at, min(row.closed_at or end, end)),
                )
            )
    if only_open:
        return tuple(sorted(found, key=lambda r: (r.opened_at, r.key)))
    return tuple(sorted(found, key=lambda r: (-r.seconds, r.opened_at, r.key)))


def read_days_to_close(
    connection: Connection, team: StoredTeam, since: datetime
) -> tuple[int, ...]:
    """For each impediment closed since then, the working days it was open."""
    t = s.impediments
    rows = connection.execute(
        select(t.c.opened_at, t.c.closed_at).where(
            t.c.team_key == team.rules.key,
            t.c.closed_at.is_not(None),
            t.c.closed_at >= since,
        )
    )
    return tuple(_age(team, opened, closed) for opened, closed in rows)
