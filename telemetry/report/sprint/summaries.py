"""Reads sprints with their figures, burndown and issues from the facts."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from telemetry.errors import NotFound
from telemetry.metrics.burndown import Day
from telemetry.metrics.velocity import ClosedSprint
from telemetry.report.shapes import (
    BurndownDay,
    BurndownEvent,
    GapPart,
    Impediments,
    NatureRow,
    SprintIssue,
    SprintName,
    SprintSummary,
    TimeSplit,
)
from telemetry.report.sprint import statements
from telemetry.report.sprint.statements import (
    current_first,
    newest_first,
    scope,
)
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s


def closed_sprint(sprint: SprintSummary) -> ClosedSprint | None:
    """What velocity needs of a closed sprint, None where it has no figures."""
    if sprint.time is None or sprint.window_end_at is None:
        return None
    return ClosedSprint(
        sprint_id=sprint.id,
        ended_at=sprint.window_end_at,
        committed_points=sprint.committed_points or 0.0,
        completed_points=sprint.completed_points or 0.0,
        completion_percent=sprint.completion_percent,
        working_days=sprint.working_days or 1,
        planned_seconds=sprint.time.planned_seconds,
        impediment_seconds=sprint.time.impediment_seconds,
        off_plan_seconds=sprint.time.off_plan_seconds,
    )


_FIGURES = (
    "committed_points",
    "added_points",
    "removed_points",
    "reestimated_points",
    "burned_points",
    "reopened_points",
    "completed_points",
    "remaining_points",
    "in_progress_points",
    "done_points",
    "total_points",
    "completion_percent",
    "commitment_kept_percent",
    "carried_over_points",
    "unestimated_count",
    "expected_remaining_points",
    "behind_points",
    "projected_50_on",
    "projected_85_on",
    "projected_95_on",
    "working_days",
)


def _impediments(row: Row[Any], usual: Mapping[str, float]) -> Impediments:
    median = row.median_seconds_to_close
    return Impediments(
        count=row.impediment_count,
        opened_count=row.impediments_opened_count,
        closed_count=row.impediments_closed_count,
        open_count=row.impediments_open_count,
        seconds=row.impediment_seconds,
        median_hours_to_close=None if median is None else median / 3600,
        by_nature=tuple(
            NatureRow(nature, count, seconds, usual.get(nature))
            for nature, count, seconds in row.natures
        ),
    )


def _dates(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "state": row.state,
        "goal": row.goal,
        "started_at": row.started_at,
        "planned_end_at": row.planned_end_at,
        "completed_at": row.completed_at,
    }


def summary(row: Row[Any], usual: Mapping[str, float] | None = None) -> SprintSummary:
    """A sprint's figures from its joined row; all None where it has not started."""
    if row.as_of is None:
        return SprintSummary(**_dates(row), window_end_at=None)
    return SprintSummary(
        **_dates(row),
        window_end_at=row.as_of,
        **{name: getattr(row, name) for name in _FIGURES},
        counts=row.counts,
        time=TimeSplit(row.planned_seconds, row.impediment_seconds, row.off_plan_seconds),
        impediments=_impediments(row, usual or {}),
        gap=tuple(GapPart(cause, points, True, tuple(ids)) for cause, points, ids in row.gap),
    )


def read_summaries(
    connection: Connection, team: StoredTeam, state: str | None = None
) -> list[SprintSummary]:
    """All sprints of the team, newest first, optionally those of one state."""
    query = newest_first(statements.sprints())
    if state is not None:
        query = query.where(s.sprints.c.state == state)
    return [summary(row) for row in connection.execute(query, scope(team))]


def read_choices(connection: Connection, team: StoredTeam) -> list[SprintSummary]:
    """All sprints of the team, newest first, with no other figures than their points."""
    rows = connection.execute(statements.choices(), scope(team))
    return [
        SprintSummary(
            number, name, state, goal, start, planned, done, end,
            committed_points=committed, completed_points=completed,
        )
        for number, name, state, goal, start, planned, done, end, committed, completed in rows
    ]  # fmt: skip


def read_active_names(connection: Connection, team: StoredTeam) -> tuple[SprintName, ...]:
    """The active sprints of the team's own boards, the one started last first."""
    rows = connection.execute(statements.active_sprints(), scope(team))
    return tuple(SprintName(row.id, row.name) for row in rows)


def read_current_sprint(connection: Connection, team: StoredTeam) -> SprintSummary | None:
    """The active sprint started last, else the last closed one, else None."""
    row = connection.execute(statements.current_sprint(), scope(team)).first()
    return None if row is None else summary(row)


def current_sprint_id(connection: Connection, team: StoredTeam) -> int | None:
    """The id of the current sprint, None where there is none."""
    row = connection.execute(statements.current_sprint(), scope(team)).first()
    return None if row is None else row.id


def read_current_sprints(
    connection: Connection, teams: Iterable[StoredTeam]
) -> dict[str, SprintSummary]:
    """The current sprint of each team that has one, by the team's key: one query for them all."""
    c, facts = s.sprints.c, s.sprint_facts
    place = func.row_number().over(partition_by=(c.site, c.board_id), order_by=current_first())
    ranked = select(c.site, c.id, place.label("place")).where(c.state.in_(("active", "closed")))
    first = ranked.subquery()
    rows = connection.execute(
        select(s.sprints, facts)
        .join(first, and_(first.c.site == c.site, first.c.id == c.id, first.c.place == 1))
        .join(facts, and_(facts.c.site == c.site, facts.c.sprint_id == c.id), isouter=True)
        .order_by(*current_first())
    ).all()
    by_board: dict[tuple[str, int], dict[str | None, Row[Any]]] = {}
    places: dict[tuple[str, int], int] = {}
    for number, row in enumerate(rows):
        board = (row.site, row.board_id)
        places.setdefault(board, number)
        by_board.setdefault(board, {})[row.team_key] = row
    found = {}
    for team in teams:
        boards = {(team.rules.site, board_id) for board_id in team.rules.board_ids}
        if own := boards & places.keys():
            choices = by_board[min(own, key=lambda board: places[board])]
            mine = choices.get(team.rules.key)
            found[team.rules.key] = (
                SprintSummary(**_dates(next(iter(choices.values()))), window_end_at=None)
                if mine is None
                else summary(mine)
            )
    return found


def read_summary(
    connection: Connection,
    team: StoredTeam,
    sprint_id: int,
    usual: Mapping[str, float] | None = None,
) -> SprintSummary:
    """One sprint of the team. Raises NotFound."""
    row = connection.execute(statements.one_sprint(), scope(team, sprint_id=sprint_id)).first()
    if row is None:
        raise NotFound(f"team '{team.rules.key}' has no sprint {sprint_id}")
    return summary(row, usual)


def read_closed_before(
    connection: Connection, team: StoredTeam, sprint: SprintSummary | None, count: int
) -> list[SprintSummary]:
    """The last `count` closed sprints with figures, newest first; before `sprint` if given."""
    given = scope(team, count=count)
    is_before = sprint is not None and sprint.started_at is not None
    if sprint is not None and is_before:
        given |= {"start": sprint.started_at, "sprint_id": sprint.id}
    rows = connection.execute(statements.closed_sprints(is_before), given)
    return [summary(row) for row in rows]


def read_days(connection: Connection, team: StoredTeam, sprint_id: int) -> tuple[BurndownDay, ...]:
    """The burndown, one row a local day."""
    rows = connection.execute(statements.days(), scope(team, sprint_id=sprint_id))
    return tuple(BurndownDay(*(getattr(row, name) for name in Day.__slots__)) for row in rows)


def read_events(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[BurndownEvent, ...]:
    """The steps of the burndown in order."""
    rows = connection.execute(statements.events(), scope(team, sprint_id=sprint_id))
    return tuple(BurndownEvent(*row) for row in rows)


def read_issues(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[SprintIssue, ...]:
    """The issues that were in scope at some moment, by outcome and key."""
    rows = connection.execute(statements.issues(), scope(team, sprint_id=sprint_id))
    return tuple(
        SprintIssue(
            id=row.issue_id,
            key=row.key,
            summary=row.summary,
            url=team.issue_url(row.key),
            type=row.type_name,
            status=row.status or row.status_id,
            state=row.state,
            points=row.final_points,
            initial_points=row.initial_points,
            outcome=row.outcome,
            is_added=row.is_added,
            is_committed=row.is_committed,
            is_carried_over=row.is_carried_over,
            is_impediment=row.is_impediment,
            seconds=row.seconds,
        )
        for row in rows
    )
