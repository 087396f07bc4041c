"""Reads the sprint that follows one that is looked back on, against the team's capacity."""

from datetime import datetime, timedelta
from math import fsum

from sqlalchemy import Connection

from telemetry.domain.team import unit_of
from telemetry.metrics.capacity import capacity
from telemetry.metrics.rhythm import PlannedDays
from telemetry.metrics.velocity import velocity
from telemetry.report.next_sprint import read_next_sprint
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.next_sprint import NextIssue, NextSprint
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.sprint.summaries import (
    closed_sprint,
    read_closed_before,
    read_issues,
    read_summaries,
)
from telemetry.report.teams.team import StoredTeam

OVERLAP = timedelta(days=1)  # the next one may be started before the last is closed
BEFORE = "completed_elsewhere"


def read_ahead(
    connection: Connection, team: StoredTeam, sprint: SprintSummary, now: datetime
) -> NextSprint:
    """The sprint that began after this one, with its commitment; else the one to come."""
    following = _following(connection, team, sprint)
    if following is None:
        return read_next_sprint(connection, team, now)
    calendar, count = team.rules.calendar, team.rules.velocity_sprints
    start = following.started_at or now
    first = calendar.day_of(start)
    end = following.planned_end_at or following.window_end_at or start
    days = PlannedDays(first, max(first, calendar.day_of(end)), False, False)
    closed = read_closed_before(connection, team, following, count)
    past = [row for one in closed if (row := closed_sprint(one)) is not None]
    worked, away = days.working_days(calendar), days.days_away(calendar)
    issues = tuple(
        _begun(one)
        for one in read_issues(connection, team, following.id)
        if not one.is_added and one.outcome != BEFORE
    )
    return NextSprint(
        unit=unit_of(team.rules),
        has_sprints=True,
        sprint=following,
        days=days,
        usual_length_days=None,
        working_days=worked,
        days_away=away,
        days_off=(),
        velocity_points_per_day=velocity(past, calendar, count).velocity_points_per_day,
        velocity_sprints=len(past),
        capacity=capacity(past, worked - away, calendar, count),
        issues=issues,
        types=(),
        points=fsum(one.points or 0.0 for one in issues),
        carried_over_points=0.0,
        carried_over_count=0,
        coming=None,
        running=None,
        others=(),
    )


def _following(
    connection: Connection, team: StoredTeam, sprint: SprintSummary
) -> SprintSummary | None:
    start, end = sprint.started_at, sprint.window_end_at
    if start is None or end is None:
        return None
    later = [
        (one.started_at, one.id, one)
        for one in read_summaries(connection, team)
        if one.id != sprint.id
        and one.figures is not None
        and one.started_at is not None
        and one.started_at > start
        and one.started_at >= end - OVERLAP
    ]
    return min(later)[2] if later else None


def _begun(one: SprintIssue) -> NextIssue:
    """An issue as it was at the start."""
    return NextIssue(
        one.id, one.key, one.summary, one.url, one.type, "", "todo", one.initial_points, False
    )
