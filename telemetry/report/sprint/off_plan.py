"""Reads the issues behind a sprint's off-plan hours."""

from sqlalchemy import Connection, and_, case, exists, func, or_, select

from telemetry.report.shapes import OffPlanIssue, SprintSummary
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s


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
    owner = case((i.c.is_subtask, func.coalesce(i.c.parent_id, i.c.id)), else_=i.c.id)
    planned, lost, match = s.sprint_issues.c, s.impediments.c, s.team_matches.c
    is_planned = exists().where(
        planned.team_key == rules.key,
        planned.site == rules.site,
        planned.sprint_id == sprint.id,
        planned.issue_id == owner,
    )
    is_lost = exists().where(
        lost.team_key == rules.key,
        lost.site == rules.site,
        lost.issue_id == i.c.id,
        or_(
            ~lost.is_flag,
            and_(
                lost.opened_at <= w.c.started_at,
                or_(lost.closed_at.is_(None), lost.closed_at > w.c.started_at),
            ),
        ),
    )
    seconds = func.sum(w.c.seconds)
    query = (
        select(i.c.key, i.c.summary, i.c.type_name, st.c.name, i.c.status_id, seconds)
        .join_from(i, w, and_(w.c.site == i.c.site, w.c.issue_id == i.c.id))
        .join(st, and_(st.c.site == i.c.site, st.c.id == i.c.status_id), isouter=True)
        .where(
            i.c.site == rules.site,
            i.c.project_key == rules.project_key,
            i.c.gone_at.is_(None),
            w.c.started_at >= sprint.started_at,
            w.c.started_at < sprint.window_end_at,
            ~is_planned,
            ~is_lost,
        )
        .group_by(i.c.key, i.c.summary, i.c.type_name, st.c.name, i.c.status_id)
        .order_by(seconds.desc(), i.c.key)
    )
    if rules.is_narrowed:
        query = query.where(
            exists().where(
                match.team_key == rules.key, match.site == rules.site, match.issue_id == i.c.id
            )
        )
    return tuple(
        OffPlanIssue(key, summary, team.issue_url(key), kind, status or status_id, int(total))
        for key, summary, kind, status, status_id, total in connection.execute(query)
    )
