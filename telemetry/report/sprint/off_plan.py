"""Reads the issues behind a sprint's off-plan hours."""

from sqlalchemy import Connection, and_, exists, func, select

from telemetry.report.shapes.issues import OffPlanIssue
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.terms import (
    ISSUE_OF_SPAN,
    ISSUE_OF_WORK,
    OWNER_ID,
    SPAN,
    is_lost,
    own_issues,
)


def read_off_plan(
    connection: Connection, team: StoredTeam, sprint: SprintSummary
) -> tuple[OffPlanIssue, ...]:
    """The team's issues worked on in the sprint's window that are neither planned nor impediments.

    Most time first; a sub-task's time is its own line's. Their seconds sum to the sprint's
    off-plan time.
    """
    if sprint.started_at is None or sprint.window_end_at is None:
        return ()
    w, i, st, rules = s.work_logs, s.issues, s.statuses, team.rules
    planned = s.sprint_issues.c
    is_planned = exists().where(
        planned.team_key == rules.key,
        planned.site == rules.site,
        planned.sprint_id == sprint.id,
        planned.issue_id == OWNER_ID,
    )
    is_impediment = exists().where(
        SPAN.team_key == rules.key, ISSUE_OF_SPAN, is_lost(w.c.started_at)
    )
    seconds = func.sum(w.c.seconds)
    query = (
        select(i.c.key, i.c.summary, i.c.type_name, st.c.name, i.c.status_id, seconds)
        .join_from(i, w, ISSUE_OF_WORK)
        .join(st, and_(st.c.site == i.c.site, st.c.id == i.c.status_id), isouter=True)
        .where(
            own_issues(rules),
            w.c.started_at >= sprint.started_at,
            w.c.started_at < sprint.window_end_at,
            ~is_planned,
            ~is_impediment,
        )
        .group_by(i.c.key, i.c.summary, i.c.type_name, st.c.name, i.c.status_id)
        .order_by(seconds.desc(), i.c.key)
    )
    return tuple(
        OffPlanIssue(
            key,
            title(connection, summary),
            team.issue_url(key),
            kind,
            status or status_id,
            int(total),
        )
        for key, summary, kind, status, status_id, total in connection.execute(query)
    )
