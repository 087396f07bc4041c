"""Tables of any days: time, impediments and flow."""

from collections.abc import Iterable, Sequence
from typing import Final

from telemetry.export.tables import Kind, Table, column, count, table
from telemetry.report.shapes.flow import Flow
from telemetry.report.shapes.time import ImpedimentRow, TimeRow

_TIME: Final = (
    column("start_on", "The day, the first day of the week, or of the sprint."),
    column("label", "The sprint's name, where rows are sprints."),
    column("planned_seconds"),
    column("impediment_seconds"),
    column("off_plan_seconds"),
)


def time(rows: Sequence[TimeRow]) -> Table:
    """One row a day, week or sprint, and a column for each nature of impediments."""
    natures = sorted({nature for row in rows for nature in row.natures})
    columns = _TIME + tuple(
        column(f"impediment_seconds: {nature}", f"Of that, by nature: {nature}.", Kind.SECONDS)
        for nature in natures
    )
    values = [
        (
            row.start_on,
            row.label or None,
            row.time.planned_seconds,
            row.time.impediment_seconds,
            row.time.off_plan_seconds,
            *(row.natures.get(nature, 0) for nature in natures),
        )
        for row in rows
    ]
    return Table("time", columns, values)


_IMPEDIMENTS: Final = (
    column("key", "The issue's key."),
    column("summary", "Its title."),
    column("url", "Its address in the tracker."),
    column("nature"),
    column("opened_at", "When it was created, or flagged."),
    column("closed_at", "When it was done, or lost its flag; empty while it is open."),
    column("seconds", "Work logged on it in the days asked for.", Kind.SECONDS),
    count("age_working_days", "Working days from opened to closed, or until now."),
)


def impediments(rows: Iterable[ImpedimentRow]) -> Table:
    """One row an impediment opened, closed, open or worked on in the days."""
    return table("impediments", _IMPEDIMENTS, rows)


_WEEKS: Final = (
    column("start_on", "A Monday."),
    count("day_count", "Days of the week that lie in the days asked for."),
    count("done_count", "Items done in it."),
)
_CUMULATIVE: Final = (
    column("day", "A local day; counts are at its end.", Kind.DAY),
    count("todo_count", "Items not begun."),
    count("in_progress_count", "Items in progress."),
    count("done_count", "Items done since the first day, and still."),
)
_ITEM: Final = (
    column("key", "The issue's key."),
    column("summary", "Its title."),
    column("url", "Its address in the tracker."),
    column("type", "Its type."),
    column("status", "Its status now."),
    column("column", "The board's column of that status."),
    column("created_at", "When it was created."),
    column("started_at", "When it first was in progress."),
)
_DONE: Final = (
    column("done_at", "When it was done."),
    column("cycle_days", "Elapsed days from in progress to done.", Kind.NUMBER),
    column("lead_days", "Elapsed days from creation to done.", Kind.NUMBER),
)
_LYING: Final = (column("age_days", "Elapsed days since it began.", Kind.NUMBER),)


def flow(found: Flow) -> tuple[Table, ...]:
    """Throughput by week, what was done, what is in progress, and the cumulative flow."""
    return (
        table("throughput", _WEEKS, found.weeks),
        table("done", _ITEM + _DONE, found.done),
        table("in progress", _ITEM + _LYING, found.in_progress),
        table("cumulative", _CUMULATIVE, found.days),
    )
