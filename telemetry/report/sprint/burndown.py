"""Reads the burndown of one sprint."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from telemetry.metrics.burndown import Course, Plan, ideal_corners
from telemetry.metrics.field_values import GRAINS_PER_POINT
from telemetry.metrics.figures import TimeSplit
from telemetry.metrics.gap import remaining_without_by_day
from telemetry.metrics.velocity import Usual
from telemetry.report.shapes.burndown import Burndown, BurndownDay, BurndownEvent, IdealPoint
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import TimeRow
from telemetry.report.sprint.summaries import (
    read_days,
    read_events,
)
from telemetry.report.teams.team import StoredTeam

NO_TIME = TimeSplit(0, 0, 0)


def read_burndown(
    connection: Connection,
    team: StoredTeam,
    sprint: SprintSummary,
    known: Usual,
    daily: Iterable[TimeRow],
) -> Burndown:
    """The burndown of a sprint whose present facts are read; see `drawn`."""
    if sprint.started_at is None or sprint.figures is None:
        return Burndown((), (), (), ())
    days = read_days(connection, team, sprint.id)
    return drawn(team, sprint, known, daily, days, read_events(connection, team, sprint.id))


def drawn(
    team: StoredTeam,
    sprint: SprintSummary,
    known: Usual,
    daily: Iterable[TimeRow],
    days: Sequence[BurndownDay],
    events: tuple[BurndownEvent, ...],
) -> Burndown:
    """The burndown with its ideal line and the days off from its first day to its last.

    `known` is what was usual before the sprint, `daily` its time day by day.
    """
    start, figures = sprint.started_at, sprint.figures
    if start is None or figures is None:
        return Burndown((), (), (), ())
    calendar, end = team.rules.calendar, figures.as_of
    committed = round(figures.committed_points * GRAINS_PER_POINT)
    corners = ideal_corners(Plan(start, sprint.planned_end_at, end, committed), calendar)
    last = max(
        calendar.day_of(end),
        calendar.day_of(sprint.planned_end_at or end),
        figures.projected_95_on or date.min,
    )
    ends = [min(calendar.day_end(one.day), end) for one in days]
    course = course_of(team, sprint)
    gone = [course.gone(at) if course else 1.0 for at in ends]
    return Burndown(
        days=_estimated(days, daily, known, gone),
        events=events,
        ideal=tuple(IdealPoint(corner.at, corner.points) for corner in corners),
        days_off=tuple(calendar.days_not_worked(calendar.day_of(start), last)),
        days_away=calendar.days_away(
            calendar.day_of(start), calendar.day_of(sprint.planned_end_at or end)
        ),
    )


def course_of(team: StoredTeam, sprint: SprintSummary) -> Course | None:
    """From a sprint's start to its end, of a running one to the planned end; None before it.

    A running sprint without a planned end counts as wholly gone.
    """
    if sprint.started_at is None or sprint.figures is None:
        return None
    end = sprint.figures.as_of
    if sprint.state == "active":
        end = sprint.planned_end_at or end
    return Course(sprint.started_at, end, team.rules.calendar)


def _estimated(
    days: Sequence[BurndownDay], daily: Iterable[TimeRow], known: Usual, gone: Sequence[float]
) -> tuple[BurndownDay, ...]:
    """The days with what would be left without the time lost so far.

    `gone` is the share of the sprint's working time that is over at each day's end.
    """
    spent = {row.start_on: row.time for row in daily}
    lost = [
        (day.remaining_points, time.impediment_seconds, time.off_plan_seconds, share)
        for day, share in zip(days, gone, strict=True)
        for time in [spent.get(day.day, NO_TIME)]
    ]
    without = remaining_without_by_day(lost, known)
    return tuple(
        replace(day, remaining_without_impediments_points=points)
        for day, points in zip(days, without, strict=True)
    )
