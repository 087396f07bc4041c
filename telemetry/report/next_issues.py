"""Reads the issues of a sprint to come, which has no facts, and the pace of the last ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from telemetry.domain.models import Field, IssueHistory, SprintState
from telemetry.domain.team import TeamRules
from telemetry.metrics.burndown import Day
from telemetry.metrics.forecast import daily_throughput
from telemetry.metrics.state import Timeline, points, timeline
from telemetry.report.teams import StoredTeam
from telemetry.store import schema as s
from telemetry.store.history import read_changed_fields
from telemetry.store.tracker import read_sprints_by_id


@dataclass(frozen=True, slots=True)
class NextIssue:
    """An issue of a sprint to come, as it is now.

    `is_carried_over`: it was in an earlier sprint when that one closed.
    """

    id: int
    key: str
    summary: str
    url: str
    type: str
    status: str
    state: str  # todo | in_progress | done
    points: float | None
    is_carried_over: bool

    @property
    def is_done(self) -> bool:
        return self.state == "done"


def read_next_issues(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[NextIssue, ...]:
    """The issues that are in the sprint now, open ones first, carried over ones before others."""
    rules = team.rules
    histories = read_changed_fields(
        connection, rules.site, _members(connection, rules, sprint_id), (Field.SPRINT,)
    )
    every = [timeline(history, rules) for history in histories.values()]
    inside = [one for one in every if one.is_counted and _is_in(one, sprint_id)]
    closed_at = _closed_at(connection, rules, inside)
    names = _status_names(connection, rules.site, histories.values())
    rows = [_row(team, one, closed_at, names) for one in inside]
    rows.sort(key=lambda row: (row.is_done, not row.is_carried_over, row.id))
    return tuple(rows)


def _members(connection: Connection, rules: TeamRules, sprint_id: int) -> Collection[int]:
    """The issues that were ever in the sprint; of a narrowed team, those that match its JQL."""
    c, m = s.sprint_members.c, s.team_matches.c
    query = select(c.issue_id).where(c.site == rules.site, c.sprint_id == sprint_id)
    if rules.is_narrowed:
        is_match = and_(m.team_key == rules.key, m.site == c.site, m.issue_id == c.issue_id)
        query = query.join_from(s.sprint_members, s.team_matches, is_match)
    return connection.scalars(query).all()


def _is_in(one: Timeline, sprint_id: int) -> bool:
    return sprint_id in one.moments[-1].sprint_ids


def _closed_at(
    connection: Connection, rules: TeamRules, issues: Iterable[Timeline]
) -> Mapping[int, datetime]:
    ids = {sprint_id for one in issues for sprint_id in one.ever_in}
    return {
        sprint.id: sprint.completed_at
        for sprint in read_sprints_by_id(connection, rules.site, ids).values()
        if sprint.state is SprintState.CLOSED and sprint.completed_at is not None
    }


def _status_names(
    connection: Connection, site: str, histories: Iterable[IssueHistory]
) -> Mapping[str, str]:
    c = s.statuses.c
    ids = {history.issue.status_id for history in histories}
    rows = connection.execute(select(c.id, c.name).where(c.site == site, c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _row(
    team: StoredTeam, one: Timeline, closed_at: Mapping[int, datetime], names: Mapping[str, str]
) -> NextIssue:
    issue, now = one.issue, one.moments[-1]
    state = "todo"
    if now.is_done:
        state = "done"
    elif now.status_id in team.rules.in_progress_status_ids:
        state = "in_progress"
    return NextIssue(
        id=issue.id,
        key=issue.key,
        summary=issue.summary,
        url=team.issue_url(issue.key),
        type=issue.type_name,
        status=names.get(now.status_id, now.status_id),
        state=state,
        points=None if now.estimate is None else points(now.estimate),
        is_carried_over=any(_was_in_at_close(one, i, at) for i, at in closed_at.items()),
    )


def _was_in_at_close(one: Timeline, sprint_id: int, closed_at: datetime) -> bool:
    then = one.at(closed_at) if sprint_id in one.ever_in else None
    return then is not None and sprint_id in then.sprint_ids


def read_throughputs(
    connection: Connection, team: StoredTeam, sprint_ids: Sequence[int]
) -> list[list[float]]:
    """The points done on each working day of these sprints, for a forecast."""
    d = s.sprint_days
    rows = connection.execute(
        select(d.c.sprint_id, *(d.c[name] for name in Day.__slots__))
        .where(d.c.team_key == team.rules.key, d.c.site == team.rules.site)
        .where(d.c.sprint_id.in_(sprint_ids))
        .order_by(d.c.sprint_id, d.c.day)
    )
    days: dict[int, list[Day]] = {}
    for sprint_id, *values in rows:
        days.setdefault(sprint_id, []).append(Day(*values))
    return [daily_throughput(some, team.rules.calendar) for some in days.values()]
