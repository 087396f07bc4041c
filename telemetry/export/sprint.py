"""Tables of sprints: their figures, issues, burndown, and each change of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from telemetry.export.tables import Column, Kind, Table, column, count, flag, table
from telemetry.metrics.figures import FigureField, figure_fields
from telemetry.metrics.registry import by_field
from telemetry.report.reports import Reports
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.velocity import Velocity

_DATES: Final = (
    count("id", "The sprint's number in the tracker."),
    column("name", "The sprint's name."),
    column("state", "future, active or closed."),
    column("goal", "The sprint's goal."),
    column("started_at", "When it was started."),
    column("planned_end_at", "When it is planned to end."),
    column("completed_at", "When it was closed."),
)
_BY_TYPE: Final = {float: Kind.NUMBER, int: Kind.COUNT, date: Kind.DAY}
_ESTIMATES: Final = (
    column("usual_points", "Estimate: what impediments usually cost by then."),
    column("surplus_points", "Estimate: what impediments cost above that."),
    column("remaining_without_impediments_points"),
)


def _figure_columns() -> tuple[Column, ...]:
    """A column for each figure of a sprint that is one value."""
    told = by_field()
    return tuple(
        column(one.name, told[one.name].meaning if one.name in told else "", _kind(one))
        for one in figure_fields()
        if one.kind in {float, int, date}
    )


def _kind(figure: FigureField) -> Kind:
    for end, kind in (("_seconds", Kind.SECONDS), ("seconds_to_close", Kind.SECONDS)):
        if figure.name.endswith(end):
            return kind
    if figure.name.endswith("_percent"):
        return Kind.PERCENT
    return _BY_TYPE[figure.kind]


FIGURES: Final = _figure_columns()
_SHARE: Final = column("impediment_share_percent")


def sprints(summaries: Iterable[SprintSummary]) -> Table:
    """One row a sprint; cells are empty where a figure is unknown."""
    columns = (*_DATES, *FIGURES, _SHARE, *_ESTIMATES)
    return Table("sprints", columns, [_row(one) for one in summaries])


def _row(sprint: SprintSummary) -> tuple[Any, ...]:
    figures, estimates = sprint.figures, sprint.estimates
    dates = [getattr(sprint, one.key) for one in _DATES]
    known = [None if figures is None else getattr(figures, one.key) for one in FIGURES]
    share = None if figures is None else figures.time.impediment_share_percent
    cost = None if estimates is None else estimates.impediment_cost
    left = None if estimates is None else estimates.remaining_without_impediments_points
    parts = [None if cost is None else getattr(cost, one.key) for one in _ESTIMATES[:2]]
    return (*dates, *known, share, *parts, left)


_ISSUES: Final = (
    column("key", "The issue's key."),
    column("summary", "Its title."),
    column("url", "Its address in the tracker."),
    column("type", "Its type."),
    column("status", "Its status now."),
    column("points", "Its estimate now, in the team's unit.", Kind.NUMBER),
    column("initial_points", "Its estimate when it came into the sprint.", Kind.NUMBER),
    column("outcome"),
    flag("is_added"),
    flag("is_committed", "In the sprint and open when it started."),
    flag("is_carried_over", "Committed, and left over by an earlier sprint."),
    flag("is_impediment"),
    column("seconds", "Work logged on it in the sprint.", Kind.SECONDS),
)


def issues(found: Iterable[SprintIssue]) -> Table:
    """One row an issue that was in the sprint."""
    return table("issues", _ISSUES, found)


_DAYS: Final = (
    column("day", "A local day of the sprint; figures are at its end.", Kind.DAY),
    column("remaining_points"),
    column("ideal_points"),
    column("scope_points"),
    column("done_points"),
    column("added_points"),
    column("removed_points"),
    column("reestimated_points"),
    column("burned_points"),
    column("reopened_points"),
    column("remaining_without_impediments_points"),
)
_CHANGES: Final = (
    column("at", "When it happened.", Kind.INSTANT),
    column("issue_key", "The issue.", Kind.TEXT),
    column("summary", "Its title."),
    column("kind", "added, removed, reestimated, burned or reopened."),
    column("points", "By how much it changed what remains.", Kind.NUMBER),
)


def burndown(found: Burndown) -> tuple[Table, Table]:
    """One row a day; and one row a change of what remains."""
    return table("burndown", _DAYS, found.days), table("changes", _CHANGES, found.events)


_VELOCITY: Final = (
    count("id", "The sprint's number in the tracker."),
    column("name", "The sprint's name."),
    column("committed_points"),
    column("completed_points"),
    count("working_days"),
    column("impediment_seconds"),
)


def velocity(found: Velocity) -> Table:
    """One row a sprint behind the velocity, newest first."""
    return table("velocity", _VELOCITY, found.sprints)


def of_sprint(reports: Reports, team: str, sprint_id: int | str) -> tuple[Table, ...]:
    """All of one sprint: its figures, its issues, its days and their changes. Raises NotFound."""
    summary = reports.sprint(team, sprint_id)
    figures = sprints([summary])
    course = burndown(reports.burndown(team, summary.id))
    named = Table("figures", figures.columns, figures.rows)
    return (named, issues(reports.issues(team, summary.id)), *course)
