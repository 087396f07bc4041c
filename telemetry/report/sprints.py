"""Reads sprints with their figures, burndown and issues from the facts."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from telemetry.errors import NotFound
from telemetry.report.shapes import (
    BurndownDay,
    BurndownEvent,
    GapPart,
    Impediments,
    NatureRow,
    SprintIssue,
    SprintSummary,
    TimeSplit,
)
from telemetry.report.teams import StoredTeam
from telemetry.store import schema as s

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


def own_sprints(team: StoredTeam) -> ColumnElement[bool]:
    """Which rows of `sprints` are the team's: those of its boards, not those it only lists."""
    return and_(s.sprints.c.site == team.rules.site, s.sprints.c.board_id.in_(team.rules.board_ids))


def _select(team: StoredTeam) -> Select[Any]:
    facts = s.sprint_facts
    return (
        select(s.sprints, facts)
        .join(
            facts,
            and_(
                facts.c.team_key == team.rules.key,
                facts.c.site == s.sprints.c.site,
                facts.c.sprint_id == s.sprints.c.id,
            ),
            isouter=True,
        )
        .where(own_sprints(team))
    )


def _newest_first(query: Select[Any]) -> Select[Any]:
    """Future sprints first (they have no start), then by start, the newest first."""
    started = s.sprints.c.started_at
    return query.order_by(started.is_not(None), started.desc(), s.sprints.c.id.desc())


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
    query = _newest_first(_select(team))
    if state is not None:
        query = query.where(s.sprints.c.state == state)
    return [summary(row) for row in connection.execute(query)]


def read_choices(connection: Connection, team: StoredTeam) -> list[SprintSummary]:
    """All sprints of the team, newest first, with no other figures than their points."""
    points = (s.sprint_facts.c.committed_points, s.sprint_facts.c.completed_points)
    query = _newest_first(_select(team)).with_only_columns(
        s.sprints, s.sprint_facts.c.as_of, *points, maintain_column_froms=True
    )
    return [
        SprintSummary(
            **_dates(row),
            window_end_at=row.as_of,
            committed_points=row.committed_points,
            completed_points=row.completed_points,
        )
        for row in connection.execute(query)
    ]


def _current_first() -> tuple[ColumnElement[Any], ...]:
    """The active sprint started last, else the last closed one."""
    c = s.sprints.c
    return (
        c.state != "active",
        c.completed_at.desc().nulls_last(),
        c.started_at.desc().nulls_last(),
        c.id.desc(),
    )


def current_sprint_id(connection: Connection, team: StoredTeam) -> int | None:
    """The active sprint started last, else the last closed one, else None."""
    query = select(s.sprints.c.id).where(
        own_sprints(team), s.sprints.c.state.in_(("active", "closed"))
    )
    found: int | None = connection.scalar(query.order_by(*_current_first()).limit(1))
    return found


def read_current_sprints(
    connection: Connection, teams: Iterable[StoredTeam]
) -> dict[str, SprintSummary]:
    """The current sprint of each team that has one, by the team's key: one query for them all."""
    c, facts = s.sprints.c, s.sprint_facts
    place = func.row_number().over(partition_by=(c.site, c.board_id), order_by=_current_first())
    ranked = select(c.site, c.id, place.label("place")).where(c.state.in_(("active", "closed")))
    first = ranked.subquery()
    rows = connection.execute(
        select(s.sprints, facts)
        .join(first, and_(first.c.site == c.site, first.c.id == c.id, first.c.place == 1))
        .join(facts, and_(facts.c.site == c.site, facts.c.sprint_id == c.id), isouter=True)
        .order_by(*_current_first())
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
    row = connection.execute(_select(team).where(s.sprints.c.id == sprint_id)).first()
    if row is None:
        raise NotFound(f"team '{team.rules.key}' has no sprint {sprint_id}")
    return summary(row, usual)


def read_closed_before(
    connection: Connection, team: StoredTeam, sprint: SprintSummary | None, count: int
) -> list[SprintSummary]:
    """The last `count` closed sprints with figures, newest first; before `sprint` if given."""
    closed = s.sprints.c.completed_at
    query = _select(team).where(s.sprints.c.state == "closed", s.sprint_facts.c.as_of.is_not(None))
    if sprint is not None and sprint.started_at is not None:
        query = query.where(
            s.sprints.c.id != sprint.id,
            or_(
                s.sprints.c.started_at < sprint.started_at,
                and_(s.sprints.c.started_at == sprint.started_at, s.sprints.c.id < sprint.id),
            ),
        )
    query = query.order_by(closed.desc().nulls_last(), s.sprints.c.id.desc()).limit(count)
    return [summary(row) for row in connection.execute(query)]


def _of_sprint(table: Any, team: StoredTeam, sprint_id: int) -> ColumnElement[bool]:
    return and_(
        table.c.team_key == team.rules.key,
        table.c.site == team.rules.site,
        table.c.sprint_id == sprint_id,
    )


def read_days(connection: Connection, team: StoredTeam, sprint_id: int) -> tuple[BurndownDay, ...]:
    """The burndown, one row a local day."""
    t = s.sprint_days
    rows = connection.execute(select(t).where(_of_sprint(t, team, sprint_id)).order_by(t.c.day))
    names = BurndownDay.__slots__
    return tuple(BurndownDay(*(getattr(row, name) for name in names)) for row in rows)


def read_events(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[BurndownEvent, ...]:
    """The steps of the burndown in order."""
    t, i = s.sprint_events, s.issues
    rows = connection.execute(
        select(t.c.at, i.c.key, i.c.summary, t.c.kind, t.c.delta_points)
        .join(i, and_(i.c.site == t.c.site, i.c.id == t.c.issue_id))
        .where(_of_sprint(t, team, sprint_id))
        .order_by(t.c.ordinal)
    )
    return tuple(BurndownEvent(*row) for row in rows)


def read_issues(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[SprintIssue, ...]:
    """The issues that were in scope at some moment, by outcome and key."""
    t, i, st = s.sprint_issues, s.issues, s.statuses
    rows = connection.execute(
        select(t, i.c.key, i.c.summary, i.c.type_name, st.c.name.label("status"), i.c.status_id)
        .join(i, and_(i.c.site == t.c.site, i.c.id == t.c.issue_id))
        .join(st, and_(st.c.site == i.c.site, st.c.id == i.c.status_id), isouter=True)
        .where(_of_sprint(t, team, sprint_id))
        .order_by(t.c.issue_id)
    )
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
