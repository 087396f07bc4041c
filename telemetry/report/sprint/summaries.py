"""Reads sprints with their figures, burndown and issues from the facts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from telemetry.errors import NotFound
from telemetry.metrics.burndown import Day
from telemetry.metrics.figures import NAMES, from_stored
from telemetry.metrics.velocity import ClosedSprint, is_ahead
from telemetry.report.shapes.burndown import BurndownDay, BurndownEvent
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.sprints import (
    ChoiceFigures,
    SprintChoice,
    SprintDates,
    SprintName,
    SprintSummary,
)
from telemetry.report.sprint import statements
from telemetry.report.sprint.statements import (
    current_first,
    newest_first,
    scope,
)
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s

_DATES = len(statements.DATES)
_END = _DATES + len(NAMES)


def closed_sprint(sprint: SprintSummary) -> ClosedSprint | None:
    """What velocity needs of a closed sprint; None without figures, or while its close is ahead."""
    figures = sprint.figures
    if figures is None or sprint.started_at is None:
        return None
    if is_ahead(sprint.completed_at, figures.as_of):
        return None
    return ClosedSprint(
        sprint_id=sprint.id,
        started_at=sprint.started_at,
        ended_at=figures.as_of,
        committed_points=figures.committed_points,
        completed_points=figures.completed_points,
        completion_percent=figures.completion_percent,
        working_days=figures.working_days,
        planned_seconds=figures.planned_seconds,
        impediment_seconds=figures.impediment_seconds,
        off_plan_seconds=figures.off_plan_seconds,
    )


def summary(row: Sequence[Any], team: StoredTeam) -> SprintSummary:
    """A sprint of the team from its row of `statements.columns`."""
    if row[_DATES] is None:  # `as_of`, which no figures lack
        return without_figures(row, team.as_of)
    figures = from_stored(row[_DATES:_END])
    if team.impediments_unknown:
        figures = figures.without_impediments()
    values = [*row[:_DATES], figures, None, None, None, team.impediments_unknown]
    return SprintSummary(*values)


def without_figures(row: Sequence[Any], as_of: datetime | None) -> SprintSummary:
    """A sprint, whatever figures the row has, that has none."""
    values = [*row[:_DATES], None, why_no_figures(SprintDates(*row[:_DATES]), as_of)]
    return SprintSummary(*values)


def why_no_figures(sprint: SprintDates, as_of: datetime | None) -> str:
    """Why a sprint has no figures, in one sentence; `as_of` is how far its team's data reach."""
    start, end = sprint.started_at, sprint.completed_at
    if sprint.state == "future":
        return "This sprint has not started, so it has no figures yet."
    if start is None:
        return "It has no start date in the tracker, so nothing can be counted from it."
    is_closed = sprint.state == "closed"
    end = (end or sprint.planned_end_at) if is_closed else None
    what = None
    if end is not None and end <= start:
        what = "ended at or before its start"
    elif as_of is not None and start > as_of:
        what = f"{'is closed' if is_closed else 'runs'}, but starts later than the data reach"
    if what:
        return f"It {what}, so nothing can be counted until its dates make sense."
    return "Its figures are not computed yet: the next pull does that."


def read_summaries(
    connection: Connection, team: StoredTeam, state: str | None = None
) -> list[SprintSummary]:
    """All sprints of the team, newest first, optionally those of one state."""
    query = newest_first(statements.sprints())
    if state is not None:
        query = query.where(s.sprints.c.state == state)
    return [summary(row, team) for row in connection.execute(query, scope(team))]


def read_choices(connection: Connection, team: StoredTeam) -> list[SprintChoice]:
    """All sprints of the team, newest first."""
    rows = connection.execute(statements.choices(), scope(team))
    return list(map(_choice, rows))


def _choice(row: Sequence[Any]) -> SprintChoice:
    has_figures = row[_DATES] is not None
    values = [*row[:_DATES], ChoiceFigures(*row[_DATES:]) if has_figures else None]
    return SprintChoice(*values)


def read_active_names(connection: Connection, team: StoredTeam) -> tuple[SprintName, ...]:
    """The active sprints of the team's own boards, the one started last first."""
    rows = connection.execute(statements.active_sprints(), scope(team))
    return tuple(SprintName(row.id, row.name) for row in rows)


def read_current_sprint(connection: Connection, team: StoredTeam) -> SprintSummary | None:
    """The active sprint started last, else the last closed one, else None."""
    row = connection.execute(statements.current_sprint(), scope(team)).first()
    return None if row is None else summary(row, team)


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
    rows: Sequence[Any] = connection.execute(
        select(*statements.columns(), c.site, c.board_id, facts.c.team_key)
        .join_from(
            s.sprints, first, and_(first.c.site == c.site, first.c.id == c.id, first.c.place == 1)
        )
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
                without_figures(next(iter(choices.values())), team.as_of)
                if mine is None
                else summary(mine, team)
            )
    return found


def read_summary(connection: Connection, team: StoredTeam, sprint_id: int) -> SprintSummary:
    """One sprint of the team. Raises NotFound."""
    row = connection.execute(statements.one_sprint(), scope(team, sprint_id=sprint_id)).first()
    if row is None:
        raise NotFound(f"team '{team.rules.key}' has no sprint {sprint_id}")
    return summary(row, team)


def read_closed_before(
    connection: Connection, team: StoredTeam, sprint: SprintSummary | None, count: int
) -> list[SprintSummary]:
    """The last `count` closed sprints with figures, newest first; before `sprint` if given."""
    given = scope(team, count=count)
    is_before = sprint is not None and sprint.started_at is not None
    if sprint is not None and is_before:
        given |= {"start": sprint.started_at, "sprint_id": sprint.id}
    rows = connection.execute(statements.closed_sprints(is_before), given)
    return [summary(row, team) for row in rows]


def read_days(connection: Connection, team: StoredTeam, sprint_id: int) -> tuple[BurndownDay, ...]:
    """The burndown, one row a local day."""
    rows = connection.execute(statements.days(), scope(team, sprint_id=sprint_id))
    return tuple(BurndownDay(*(getattr(row, name) for name in Day.__slots__)) for row in rows)


def read_events(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[BurndownEvent, ...]:
    """The steps of the burndown in order."""
    rows = connection.execute(statements.events(), scope(team, sprint_id=sprint_id))
    return tuple(
        BurndownEvent(at, key, title(connection, summary), kind, points)
        for at, key, summary, kind, points in rows
    )


def read_issues(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[SprintIssue, ...]:
    """The issues that were in scope at some moment, by outcome and key."""
    rows = connection.execute(statements.issues(), scope(team, sprint_id=sprint_id))
    return tuple(
        SprintIssue(
            id=row.issue_id,
            key=row.key,
            summary=title(connection, row.summary),
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
