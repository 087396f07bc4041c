"""What came instead of the plan from one day to another, beside as many days just before."""

from datetime import date, timedelta

from sqlalchemy import Connection

from telemetry.metrics.open_time import open_each_day
from telemetry.report.impediments.lists import (
    groups,
    impediment_rows,
    open_impediments,
    open_rows_by,
    peaks,
    rows_by,
)
from telemetry.report.impediments.reading import Found, open_spans, read_found
from telemetry.report.impediments.shapes import ImpedimentReport, Stretch
from telemetry.report.impediments.stretches import days_to_close, stretch_of
from telemetry.report.shapes.time import OpenRow
from telemetry.report.sprint.time import read_days
from telemetry.report.teams.team import StoredTeam

DAY_BY_DAY = timedelta(days=31)  # of more days, the rows are weeks where nobody chose


def read_between(
    connection: Connection, team: StoredTeam, first: date, last: date, by: str
) -> ImpedimentReport:
    """The report of the days; all of it but `before` is of them alone. `by` is day or week.

    `found` are the impediments that were opened, closed, open or worked on in the days.
    """
    if team.as_of is None:
        return ImpedimentReport(None, False, None, is_of_days=True)
    calendar = team.rules.calendar
    end = max(min(calendar.day_end(last), team.as_of), calendar.day_start(first))
    known_until = min(last, max(calendar.day_of(team.as_of), first))
    found = read_found(connection, team, calendar.day_start(first), end)
    day_before = first - timedelta(days=1)
    since = first - (last - first) - timedelta(days=1)
    earlier = read_found(connection, team, calendar.day_start(since), calendar.day_start(first))
    lasting, days = open_spans(team, found.spans, end), _days(first, known_until)
    each_day = open_each_day(lasting, [day for day in days if calendar.is_working_day(day)])
    daily = read_days(connection, team, days[0], days[-1])
    open_daily = tuple(OpenRow(day, each_day.get(day, {})) for day in days)
    step = by if by in ("day", "week") else "day" if last - first < DAY_BY_DAY else "week"
    before = _stretch(team, earlier, "The {} days before", "The day before", since, day_before)
    return ImpedimentReport(
        sprint=None,
        logs_time=any(row.time.all_seconds for row in daily),
        this=_stretch(team, found, "These {} days", "This day", first, known_until),
        before=before,
        open=open_impediments(team, found),
        found=impediment_rows(team, found, found.titled),
        peaks=peaks(team, found),
        recurring=groups(team, found, lasting, list(each_day)),
        rows=rows_by(daily, step, ()),
        open_rows=open_rows_by(team, lasting, open_daily, step, ()),
        daily=tuple(daily),
        open_daily=open_daily,
        days_off=tuple(calendar.days_not_worked(days[0], days[-1])),
        usual_days_to_close=days_to_close(team, earlier, before),
        is_of_days=True,
        is_past=end < team.as_of,
        step=step,
        impediments_unknown=team.impediments_unknown,
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _stretch(
    team: StoredTeam, found: Found, many: str, one: str, first: date, last: date
) -> Stretch:
    days = _days(first, last)
    label = one if len(days) == 1 else many.format(len(days))
    named = (label, found.start, found.end)
    return stretch_of(team, found, open_spans(team, found.spans, found.end), named, 1, days)
