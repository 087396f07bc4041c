"""Time and open days of the unexpected by day, week or sprint."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from telemetry.metrics.open_time import OpenSpan, open_days, open_each_day
from telemetry.report.shapes import OpenRow, TimeRow, TimeSplit
from telemetry.report.teams import StoredTeam


def rows_by(daily: Sequence[TimeRow], by: str, sprints: Sequence[TimeRow]) -> tuple[TimeRow, ...]:
    """One row a day, week or sprint; without sprints by week instead."""
    if by == "sprint" and sprints:
        return tuple(sprints)
    return tuple(daily) if by == "day" else tuple(weeks(daily))


def weeks(daily: Sequence[TimeRow]) -> list[TimeRow]:
    """The days in weeks, each from its Monday; the first and the last may be cut."""
    by_week: dict[date, list[TimeRow]] = {}
    for row in daily:
        by_week.setdefault(monday_of(row.start_on), []).append(row)
    found = []
    for monday, rows in by_week.items():
        names = dict.fromkeys(name for row in rows for name in row.natures)
        split = TimeSplit(
            sum(row.time.planned_seconds for row in rows),
            sum(row.time.impediment_seconds for row in rows),
            sum(row.time.off_plan_seconds for row in rows),
        )
        natures = {name: sum(row.natures.get(name, 0) for row in rows) for name in names}
        found.append(TimeRow(monday, split, natures))
    return found


def open_rows_by(
    team: StoredTeam,
    lasting: Sequence[OpenSpan],
    open_daily: Sequence[OpenRow],
    by: str,
    sprints: Sequence[tuple[str, datetime, datetime]],
) -> tuple[OpenRow, ...]:
    """The same of the working days that impediments were open; a sprint's by its own window."""
    if by == "day":
        return tuple(open_daily)
    calendar = team.rules.calendar
    if by == "sprint" and sprints:
        found = []
        for label, start, end in sprints:
            days = [day for day in calendar.days(start, end) if calendar.is_working_day(day)]
            natures = open_days(open_each_day(lasting, days).values())
            found.append(OpenRow(calendar.day_of(start), natures, label))
        return tuple(found)
    return open_weeks(open_daily)


def open_weeks(daily: Sequence[OpenRow]) -> tuple[OpenRow, ...]:
    """The days in weeks, each from its Monday; the first and the last may be cut."""
    by_week: dict[date, list[OpenRow]] = {}
    for row in daily:
        by_week.setdefault(monday_of(row.start_on), []).append(row)
    return tuple(
        OpenRow(monday, open_days(row.natures for row in rows)) for monday, rows in by_week.items()
    )


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
