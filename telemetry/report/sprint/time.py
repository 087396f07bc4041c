"""Reads where time went, by day, week or sprint, and the impediments of a window."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from telemetry.domain.calendar import Calendar, days_between
from telemetry.metrics.figures import TimeSplit
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.kind import Kind
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow, TimeRow
from telemetry.report.sprint import statements
from telemetry.report.sprint.statements import scope
from telemetry.report.sprint.summaries import read_summaries
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s

Which = Literal["listed", "touched", "opened", "closed", "open"]  # impediments of a window


Records = Iterable[Sequence[Any]]


def _table_rows(
    days: list[date], records: Records, by: str, *, is_hidden: bool
) -> tuple[TimeRow, ...]:
    """Rows of (day, kind, nature, seconds) as one row a day or week, over spans of any length.

    `is_hidden` tells that nobody can tell what is an impediment.
    """
    import pandas as pd  # noqa: PLC0415 (slow to load; only long spans need frames)

    from telemetry.metrics.time_table import time_table  # noqa: PLC0415

    seconds = pd.DataFrame(map(tuple, records), columns=["day", "kind", "nature", "seconds"])
    table = time_table(seconds, days, by)
    columns: list[Any] = table.columns.to_list()
    return tuple(
        _row(start_on, zip(columns, values, strict=True), is_hidden=is_hidden)
        for start_on, values in zip(
            pd.DatetimeIndex(table.index).date, table.to_numpy().tolist(), strict=True
        )
    )


def day_rows(days: list[date], records: Records, *, is_hidden: bool) -> tuple[TimeRow, ...]:
    """The same for the few days of a sprint, where a frame would cost more than the sum."""
    found: dict[date, list[tuple[tuple[str, str], int]]] = {day: [] for day in days}
    for day, kind, nature, seconds in records:
        found[day].append(((kind, nature), seconds))
    return tuple(_row(day, cells, is_hidden=is_hidden) for day, cells in found.items())


def _row(
    start_on: date, seconds: Iterable[tuple[tuple[str, str], int]], *, is_hidden: bool
) -> TimeRow:
    kinds = dict.fromkeys(Kind, 0)
    natures = {}
    for (kind, nature), amount in seconds:
        kinds[Kind(kind)] += amount
        if kind == Kind.IMPEDIMENT and amount:
            natures[nature] = amount
    split = TimeSplit(kinds[Kind.PLANNED], kinds[Kind.IMPEDIMENT], kinds[Kind.OFF_PLAN])
    if is_hidden:
        return TimeRow(start_on, split.without_impediments(), {})
    return TimeRow(start_on, split, natures)


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
    is_hidden = team.impediments_unknown is not None
    return _table_rows(days_between(first, last), records, step, is_hidden=is_hidden)


def read_days(
    connection: Connection, team: StoredTeam, first: date, last: date
) -> tuple[TimeRow, ...]:
    """`read_time` by day over a span of a few sprints, without frames."""
    c = s.team_days.c
    query = select(c.day, c.kind, c.nature, c.seconds).where(
        c.team_key == team.rules.key, c.day >= first, c.day <= last
    )
    is_hidden = team.impediments_unknown is not None
    return day_rows(days_between(first, last), connection.execute(query), is_hidden=is_hidden)


def read_sprint_days(
    connection: Connection, team: StoredTeam, sprint: SprintSummary
) -> tuple[TimeRow, ...]:
    """One row a local day of the sprint's window, days of zero too."""
    if sprint.started_at is None or sprint.window_end_at is None:
        return ()
    records = connection.execute(statements.time(), scope(team, sprint_id=sprint.id))
    days = team.rules.calendar.days(sprint.started_at, sprint.window_end_at)
    return day_rows(days, records, is_hidden=team.impediments_unknown is not None)


def sprint_row(team: StoredTeam, sprint: SprintSummary) -> TimeRow | None:
    """A whole sprint's time as one row, None where it has no figures."""
    if sprint.figures is None or sprint.started_at is None:
        return None
    natures = {one.nature: one.seconds for one in sprint.figures.natures}
    start_on = team.rules.calendar.day_of(sprint.started_at)
    return TimeRow(start_on, sprint.figures.time, natures, sprint.name, sprint.id)


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


def ages_in_working_days(
    calendar: Calendar, spans: Sequence[tuple[datetime, datetime]]
) -> list[int]:
    """For each span the working days from its first to its last local day, both included."""
    days = ((calendar.day_of(first), calendar.day_of(last)) for first, last in spans)
    return [calendar.working_days(first, last) for first, last in days]


def read_impediments(
    connection: Connection,
    team: StoredTeam,
    start: datetime,
    end: datetime,
    which: Which = "touched",
) -> tuple[ImpedimentRow, ...]:
    """The impediments of [start, end), most time first.

    `listed`: opened, closed, open or worked on in it, whenever it was created; `touched`: opened
    or worked on in it; `opened` and `closed` in it; `open`: those still open at its end, oldest
    first. When one was closed is told whatever the window; its age is that at the window's end.
    """
    only_open = which == "open"
    given = scope(team, start=start, end=end)
    found_seconds = connection.execute(statements.impediment_seconds(only_open), given)
    seconds = {(issue_id, ordinal): int(total) for issue_id, ordinal, total in found_seconds}
    rows = connection.execute(statements.impediments(only_open), given)
    every = [(Impediment(*row[:-2]), row.key, row.summary) for row in rows]

    shown = [
        row
        for row in every
        if _is_meant(row[0], which, start, end, seconds.get((row[0].issue_id, row[0].ordinal), 0))
    ]
    ends = [max(one.opened_at, min(one.closed_at or end, end)) for one, _, _ in shown]
    spans = [(one.opened_at, at) for (one, _, _), at in zip(shown, ends, strict=True)]
    found = [
        ImpedimentRow(
            key=key,
            summary=title(connection, summary),
            url=team.issue_url(key),
            nature=one.nature,
            opened_at=one.opened_at,
            closed_at=one.closed_at,
            seconds=seconds.get((one.issue_id, one.ordinal), 0),
            age_working_days=age,
            id=one.issue_id,
        )
        for (one, key, summary), age in zip(
            shown, ages_in_working_days(team.rules.calendar, spans), strict=True
        )
    ]
    if only_open:
        return tuple(sorted(found, key=lambda r: (r.opened_at, r.key)))
    return tuple(sorted(found, key=lambda r: (-r.seconds, r.opened_at, r.key)))


def _is_meant(one: Impediment, which: Which, start: datetime, end: datetime, seconds: int) -> bool:
    """Whether an impediment is of those asked for, with the seconds worked on it in the window."""
    match which:
        case "listed":
            return seconds > 0 or one.is_open(start, end)
        case "touched":
            return seconds > 0 or start <= one.opened_at < end
        case "opened":
            return start <= one.opened_at < end
        case "closed":
            return one.closed_in(start, end) is not None
        case "open":
            return one.is_open(end, end)


def read_days_to_close(
    connection: Connection, team: StoredTeam, since: datetime, until: datetime
) -> tuple[int, ...]:
    """For each impediment closed in [since, until), the working days it was open."""
    rows = connection.execute(
        statements.closed_impediments(), scope(team, start=since, end=until)
    ).all()
    return tuple(
        ages_in_working_days(team.rules.calendar, [(row.opened_at, row.closed_at) for row in rows])
    )
