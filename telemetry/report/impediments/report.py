"""What came instead of the plan, in a sprint and in the last N before it, and what comes back."""

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean

from sqlalchemy import Connection

from telemetry.errors import SprintNotStarted
from telemetry.metrics.figures import Impediments
from telemetry.metrics.open_time import open_each_day
from telemetry.report.impediments.lists import (
    Recurring,
    groups,
    impediment_rows,
    open_impediments,
    open_rows_by,
    peaks,
    rows_by,
)
from telemetry.report.impediments.reading import open_spans, read_found
from telemetry.report.impediments.shapes import ImpedimentReport
from telemetry.report.impediments.stretches import (
    days_to_close,
    joined,
    stretch_of,
    stretches_of,
    window_of,
)
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import OpenRow, OpenTime
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint.time import read_days, sprint_row
from telemetry.report.teams.team import StoredTeam

OVER = 6


def read_impediment_report(
    connection: Connection, team: StoredTeam, sprint_id: int | None, over: int, by: str
) -> ImpedimentReport:
    """The sprint, or without one the last four weeks, and the `over` closed ones before it.

    `by` is day, week or sprint. Raises NotFound, SprintNotStarted.
    """
    sprint = None if sprint_id is None else read.read_summary(connection, team, sprint_id)
    earlier = read.read_closed_before(connection, team, sprint, over) if sprint else []
    if sprint is not None and (sprint.started_at is None or sprint.window_end_at is None):
        raise SprintNotStarted(f"{sprint.name} has not started, so nothing came instead of it yet")
    if team.as_of is None:
        return ImpedimentReport(sprint, False, None)
    spans = stretches_of(team, sprint, earlier, over)
    (_, start, _), (_, _, end) = spans[0], spans[-1]
    found = read_found(connection, team, start, end)
    calendar = team.rules.calendar
    days = calendar.days(start, end)
    worked = [day for day in days if calendar.is_working_day(day)]
    lasting = open_spans(team, found.spans, end)
    daily = read_days(connection, team, days[0], days[-1])
    each_day = open_each_day(lasting, worked)
    open_daily = tuple(OpenRow(day, each_day.get(day, {})) for day in days)
    before = None
    if sprint is None or earlier:
        # the sprints in between are one stretch: nights and weekends between them count too
        before = stretch_of(team, found, lasting, joined(spans[:-1], sprint), len(earlier) or over)
    every = [sprint_row(team, one) for one in [*earlier[::-1], sprint] if one]
    by_sprint = tuple(row for row in every if row is not None)
    return ImpedimentReport(
        sprint=sprint,
        logs_time=any(row.time.all_seconds for row in daily),
        this=stretch_of(team, found, lasting, spans[-1], 1),
        before=before,
        open=open_impediments(team, found),
        found=impediment_rows(team, found, found.touched(start, end)),
        peaks=peaks(team, found),
        recurring=groups(team, found, lasting, worked),
        rows=rows_by(daily, by, by_sprint),
        sprint_rows=by_sprint,
        open_rows=open_rows_by(team, lasting, open_daily, by, spans if sprint else []),
        daily=daily,
        open_daily=open_daily,
        days_off=tuple(calendar.days_not_worked(days[0], days[-1])),
        usual_days_to_close=days_to_close(team, found, before),
        is_past=end < team.as_of,
        step=by if sprint or by != "sprint" else "week",
        impediments_unknown=team.impediments_unknown,
        means=_means([one.figures.impediments for one in earlier if one.figures is not None]),
    )


def read_recurring(
    connection: Connection,
    team: StoredTeam,
    sprint: SprintSummary,
    earlier: Sequence[SprintSummary],
) -> tuple[Recurring, ...]:
    """What the report of a sprint that has begun and of those before it says comes back."""
    if team.as_of is None:
        return ()
    start, end = window_of(earlier[-1] if earlier else sprint)[0], window_of(sprint)[1]
    found = read_found(connection, team, start, end)
    calendar = team.rules.calendar
    worked = [day for day in calendar.days(start, end) if calendar.is_working_day(day)]
    return groups(team, found, open_spans(team, found.spans, end), worked)


def _means(sprints: Sequence[Impediments]) -> dict[str, float]:
    known = [one for one in sprints if one.count is not None]
    names = ("count", "opened_count", "closed_count", "seconds") if known else ()
    return {name: fmean(getattr(one, name) for one in known) for name in names}


def read_open_time(
    connection: Connection, team: StoredTeam, start: datetime, end: datetime
) -> OpenTime:
    """How long impediments were open in [start, end)."""
    found = read_found(connection, team, start, end)
    lasting = open_spans(team, found.spans, end)
    whole = stretch_of(team, found, lasting, ("", start, end), 1)
    days = team.rules.calendar.days(start, end)
    worked = [day for day in days if team.rules.calendar.is_working_day(day)]
    each_day = open_each_day(lasting, worked)
    daily = tuple(OpenRow(day, each_day.get(day, {})) for day in days)
    present = [one for one in found.titled if one.span.is_open(start, end)]
    return OpenTime(
        whole.present_count or 0, whole.by_nature, daily, impediment_rows(team, found, present)
    )
