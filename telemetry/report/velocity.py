"""Reads how much a team gets done in a day."""

from datetime import timedelta

from sqlalchemy import Connection, func, select

from telemetry.metrics.velocity import VelocityFigures, velocity
from telemetry.report.shapes import Velocity, VelocityRow
from telemetry.report.sprint.summaries import closed_sprint, read_closed_before
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s

WITHOUT_SPRINTS = timedelta(weeks=12)


def read_velocity(connection: Connection, team: StoredTeam) -> tuple[Velocity, VelocityFigures]:
    """Velocity and averages over the team's last closed sprints, as shown and as computed."""
    count = team.rules.velocity_sprints
    closed = read_closed_before(connection, team, None, count)
    names = {sprint.id: sprint.name for sprint in closed}
    past = (row for one in closed if (row := closed_sprint(one)) is not None)
    figures = velocity(past, team.rules.calendar, count)
    shown = Velocity(
        velocity_points_per_day=figures.velocity_points_per_day,
        average_completion_percent=figures.average_completion_percent,
        average_impediment_seconds=figures.average_impediment_seconds,
        sprints=tuple(
            VelocityRow(
                row.sprint_id,
                names[row.sprint_id],
                row.committed_points,
                row.completed_points,
                row.working_days,
                row.impediment_seconds,
            )
            for row in figures.sprints
        ),
    )
    return shown, figures


def read_throughput(connection: Connection, team: StoredTeam) -> float | None:
    """Points done a working day in the last twelve weeks: what a team without sprints has.

    None where nothing was done in them.
    """
    if team.as_of is None:
        return None
    c, calendar = s.flow_issues.c, team.rules.calendar
    last = calendar.day_of(team.as_of)
    first = last - WITHOUT_SPRINTS + timedelta(days=1)
    done = connection.scalar(
        select(func.sum(c.final_points)).where(
            c.team_key == team.rules.key,
            c.site == team.rules.site,
            c.done_at >= calendar.day_start(first),
            c.done_at <= team.as_of,
        )
    )
    days = calendar.working_days(first, last)
    return done / days if done and days else None
