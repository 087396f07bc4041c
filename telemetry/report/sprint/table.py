"""Reads a team's sprints side by side: a page of the table of all, and the last ones in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from telemetry.domain.team import unit_of
from telemetry.metrics.capacity import Spread, completed_of_committed, spread
from telemetry.metrics.velocity import ClosedSprint, last_closed, sprint_velocity, velocity
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.sprint.statements import newest_first, scope, sprints
from telemetry.report.sprint.summaries import (
    closed_sprint,
    summary,
)
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.terms import own_sprints

IN_THE_CHART = 26
START = "start"
_F = s.sprint_facts.c
_LOGGED = _F.planned_seconds + _F.impediment_seconds + _F.off_plan_seconds
COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "name": func.lower(s.sprints.c.name),
    "days": _F.working_days,
    "committed": _F.committed_points,
    "completed": _F.completed_points,
    "completion": _F.completion_percent,
    "kept": _F.commitment_kept_percent,
    "carried": _F.carried_over_points,
    "added": _F.added_points,
    "hours": _F.impediment_seconds,
    "share": 1.0 * _F.impediment_seconds / func.nullif(_LOGGED, 0),
    "impediments": _F.impediment_count,
    "unestimated": _F.unestimated_count,
}


@dataclass(frozen=True, slots=True)
class SprintTable:
    """A page of a team's sprints, and what its last ones say.

    `recent` are the last sprints that have figures, oldest first, a running one last;
    `velocity_per_day` spreads the velocities and `kept` completed against committed points, in
    percent, of the last `velocity_sprints` closed ones.
    """

    rows: tuple[SprintSummary, ...]
    all_count: int
    closed_count: int
    recent: tuple[SprintSummary, ...]
    unit: str  # point | issue | hour
    velocity_sprints: int
    last: tuple[ClosedSprint, ...]  # those behind the velocity, newest first
    velocity_points_per_day: float | None
    velocity_per_day: Spread | None
    kept: Spread | None


def read_sprint_table(
    connection: Connection, team: StoredTeam, sort: str, first: int, limit: int
) -> SprintTable:
    """`limit` sprints from the `first` on, in the order of `sort`: a column, `-` reverses it."""
    own = own_sprints(team.rules.site, team.rules.board_ids)
    is_closed = s.sprints.c.state == "closed"
    every, closed_count = connection.execute(
        select(func.count(), func.count().filter(is_closed)).select_from(s.sprints).where(own)
    ).one()
    query = sprints().order_by(*_order(sort)).limit(limit).offset(first)
    rows = tuple(summary(row, team) for row in connection.execute(query, scope(team)))
    count = team.rules.velocity_sprints
    recent = _recent(connection, team, max(IN_THE_CHART, count + 2))
    closed = [
        row for one in recent if one.state == "closed" and (row := closed_sprint(one)) is not None
    ]
    last = last_closed(closed, count)
    return SprintTable(
        rows=rows,
        all_count=every,
        closed_count=closed_count,
        recent=recent,
        unit=unit_of(team.rules),
        velocity_sprints=count,
        last=last,
        velocity_points_per_day=velocity(last, team.rules.calendar, count).velocity_points_per_day,
        velocity_per_day=spread(sprint_velocity(sprint) for sprint in last),
        kept=completed_of_committed(last, count),
    )


def _order(sort: str) -> tuple[ColumnElement[Any], ...]:
    """Without a value last, equal ones by start, the newest first."""
    column, is_reverse = sort.removeprefix("-"), sort.startswith("-")
    start, number = s.sprints.c.started_at, s.sprints.c.id
    if column == START:
        if is_reverse:
            return start.is_(None), start.asc(), number.asc()
        return start.is_not(None), start.desc(), number.desc()
    value = COLUMNS[column]
    is_ascending = is_reverse != (column == "name")  # names begin with A, figures with the highest
    order = value.asc() if is_ascending else value.desc()
    return value.is_(None), order, start.desc(), number.desc()


def _recent(connection: Connection, team: StoredTeam, count: int) -> tuple[SprintSummary, ...]:
    query = newest_first(sprints().where(_F.as_of.is_not(None))).limit(count)
    return tuple(summary(row, team) for row in connection.execute(query, scope(team)))[::-1]
