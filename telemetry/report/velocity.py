"""Reads how much a team gets done in a day."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from telemetry.domain.models import SprintState
from telemetry.metrics.velocity import ClosedSprint, VelocityFigures, is_ahead, velocity
from telemetry.report.shapes.velocity import Velocity, VelocityRow
from telemetry.report.sprint.summaries import closed_sprint, read_closed_before
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.terms import FACT, LAST_CLOSED_FIRST, SPRINT
from telemetry.store.upsert import chunks

WITHOUT_SPRINTS = timedelta(weeks=12)
_NUMBERS = tuple(one.name for one in fields(ClosedSprint))[3:]  # after its id and its window


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
        impediments_unknown=team.impediments_unknown,
    )
    return shown, figures


def read_pace(connection: Connection, team: StoredTeam, figures: VelocityFigures) -> float | None:
    """The team's velocity: that of its sprints, or its throughput where it has none."""
    if team.rules.has_sprints:
        return figures.velocity_points_per_day
    return read_throughput(connection, team)


def read_paces(connection: Connection, teams: Sequence[StoredTeam]) -> dict[str, float | None]:
    """The velocity of each of these teams by its key: one statement for all that have sprints."""
    closed: dict[str, list[ClosedSprint | None]] = {}
    with_sprints = [team for team in teams if team.rules.has_sprints]
    most = max((team.rules.velocity_sprints for team in with_sprints), default=0)
    for some in chunks(with_sprints):
        query = _last_closed([team.rules.key for team in some], most)
        for key, completed_at, *values in connection.execute(query):
            sprint = ClosedSprint(*values)
            is_usable = not is_ahead(completed_at, sprint.ended_at)
            closed.setdefault(key, []).append(sprint if is_usable else None)
    found = {}
    for team in teams:
        count = team.rules.velocity_sprints
        last = [one for one in closed.get(team.rules.key, ())[:count] if one is not None]
        figures = velocity(last, team.rules.calendar, count)
        found[team.rules.key] = read_pace(connection, team, figures)
    return found


def _last_closed(team_keys: Sequence[str], count: int) -> Select[Any]:
    """The last `count` closed sprints of each team, the one closed last first.

    Columns: team, close, then those of `ClosedSprint`.
    """
    place = func.row_number().over(partition_by=FACT.team_key, order_by=LAST_CLOSED_FIRST)
    numbers = (FACT[name] for name in _NUMBERS)
    ranked = (
        select(
            FACT.team_key,
            SPRINT.completed_at,
            SPRINT.id,
            SPRINT.started_at,
            FACT.as_of,
            *numbers,
            place.label("place"),
        )
        .join_from(
            s.sprint_facts,
            s.sprints,
            and_(SPRINT.site == FACT.site, SPRINT.id == FACT.sprint_id),
        )
        .where(FACT.team_key.in_(team_keys), SPRINT.state == SprintState.CLOSED.value)
        .where(SPRINT.started_at.is_not(None))
        .subquery()
    )
    columns = [one for one in ranked.c if one.name != "place"]
    return select(*columns).where(ranked.c.place <= count).order_by(ranked.c.place)


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
