"""Reads all issues of a team with what became of them, and the time logged on each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, exists, func, select

from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.terms import ISSUE, ISSUE_OF_SPAN, ISSUE_OF_WORK, SPAN, WORK, own_issues

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class PastIssue:
    """An issue as it is now; `started_at` and `done_at` as in the flow, None for sub-tasks."""

    key: str
    summary: str | None
    url: str
    type: str
    status: str
    is_subtask: bool
    is_epic: bool
    is_impediment: bool
    points: float | None
    created_at: datetime
    started_at: datetime | None
    done_at: datetime | None
    sprint_count: int
    labels: str
    components: str
    seconds: int


@dataclass(frozen=True, slots=True)
class PastWork:
    """Work logged on an issue of the team."""

    key: str
    started_at: datetime
    seconds: int


def read_past_issues(connection: Connection, team: StoredTeam) -> Iterator[PastIssue]:
    """The team's issues by number, without those that the tracker has no more."""
    f, named = s.flow_issues.c, s.statuses.c
    worked = (
        select(WORK.issue_id, func.sum(WORK.seconds).label("seconds"))
        .where(WORK.site == team.rules.site)
        .group_by(WORK.issue_id)
        .subquery()
    )
    is_impediment = exists().where(ISSUE_OF_SPAN, SPAN.team_key == team.rules.key)
    query = (
        select(
            s.issues,
            named.name.label("status_name"),
            f.final_points,
            f.started_at,
            f.done_at,
            worked.c.seconds,
            is_impediment.label("is_impediment"),
        )
        .select_from(s.issues)
        .join(s.statuses, and_(named.site == ISSUE.site, named.id == ISSUE.status_id), isouter=True)
        .join(
            s.flow_issues,
            and_(f.team_key == team.rules.key, f.site == ISSUE.site, f.issue_id == ISSUE.id),
            isouter=True,
        )
        .join(worked, worked.c.issue_id == ISSUE.id, isouter=True)
        .where(own_issues(team.rules))
        .order_by(ISSUE.id)
    )
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        yield PastIssue(
            key=row.key,
            summary=title(connection, row.summary),
            url=team.issue_url(row.key),
            type=row.type_name,
            status=row.status_name or row.status_id,
            is_subtask=row.is_subtask,
            is_epic=row.is_epic,
            is_impediment=bool(row.is_impediment),
            points=row.final_points,
            created_at=row.created_at,
            started_at=row.started_at,
            done_at=row.done_at,
            sprint_count=len(row.sprint_ids),
            labels=", ".join(row.labels),
            components=", ".join(row.components),
            seconds=row.seconds or 0,
        )


def read_past_work(connection: Connection, team: StoredTeam) -> Iterator[PastWork]:
    """All work logged on the team's issues, by the time it was started; nobody is named."""
    query = (
        select(ISSUE.key, WORK.started_at, WORK.seconds)
        .select_from(s.work_logs)
        .join(s.issues, ISSUE_OF_WORK)
        .where(own_issues(team.rules))
        .order_by(WORK.started_at, WORK.id)
    )
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        yield PastWork(row.key, row.started_at, row.seconds)
