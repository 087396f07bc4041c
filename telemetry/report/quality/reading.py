"""Finds, through indexes, the few issues and sprints in which contradictions are looked for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select

from telemetry.domain.models import Issue, Sprint, SprintState
from telemetry.domain.team import TeamRules
from telemetry.metrics.contradictions import WORK_WINDOW
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.quality_work import LONGEST
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.rows import issue_of
from telemetry.store.tracker import read_sprints_by_id
from telemetry.store.upsert import chunks


def window_sprints(connection: Connection, rules: TeamRules) -> list[Sprint]:
    """The team's active sprints and its last closed ones, the newest first."""
    c = s.sprints.c
    own = (c.site == rules.site, c.board_id.in_(rules.board_ids))
    active = select(c.id).where(*own, c.state == SprintState.ACTIVE.value)
    closed = (
        select(c.id)
        .where(*own, c.state == SprintState.CLOSED.value)
        .order_by(c.completed_at.desc().nulls_last(), c.id.desc())
        .limit(rules.velocity_sprints)
    )
    ids = [*connection.scalars(active), *connection.scalars(closed)]
    found = read_sprints_by_id(connection, rules.site, ids)
    return [found[sprint_id] for sprint_id in ids]


def members(
    connection: Connection, rules: TeamRules, sprint_ids: Sequence[int]
) -> dict[int, list[int]]:
    """The issues that were ever in each of these sprints and count for the team."""
    c = s.sprint_members.c
    query = select(c.sprint_id, c.issue_id).where(c.site == rules.site, c.sprint_id.in_(sprint_ids))
    rows = connection.execute(query).all()
    mine = set(_matching(connection, rules, {row.issue_id for row in rows}))
    found: dict[int, list[int]] = {sprint_id: [] for sprint_id in sprint_ids}
    for row in rows:
        if row.issue_id in mine:
            found[row.sprint_id].append(row.issue_id)
    return found


def subtasks(connection: Connection, rules: TeamRules, parent_ids: Iterable[int]) -> list[int]:
    """The sub-tasks of these issues."""
    i = s.issues.c
    found: list[int] = []
    for ids in chunks(sorted(parent_ids)):
        mine = (i.site == rules.site, i.parent_id.in_(ids), i.is_subtask, i.gone_at.is_(None))
        found.extend(connection.scalars(select(i.id).where(*mine)))
    return found


def suspicious_work(connection: Connection, rules: TeamRules, as_of: datetime) -> list[int]:
    """The team's issues with recent work logs that may contradict something.

    That is: they are long, lie after `as_of`, or started after the issue once became done (or
    never changed its status at all). What of it is so is for `telemetry.metrics` to say.
    """
    i, w, c = s.issues.c, s.work_logs.c, s.changes.c
    statuses = select(c.issue_id).where(
        c.site == w.site, c.issue_id == w.issue_id, c.field == "status"
    )
    done_ids = sorted(rules.done_status_ids)
    became_done = exists(statuses.where(c.at < w.started_at, c.to_value.in_(done_ids)))
    made_done = and_(i.status_id.in_(done_ids), ~exists(statuses))
    query = (
        select(w.issue_id)
        .distinct()
        .join_from(s.issues, s.work_logs, and_(w.site == i.site, w.issue_id == i.id))
        .where(
            i.site == rules.site,
            i.project_key == rules.project_key,
            i.gone_at.is_(None),
            w.started_at > as_of - WORK_WINDOW,
            or_(
                w.started_at > as_of,
                w.seconds > LONGEST.total_seconds(),
                became_done,
                made_done,
            ),
        )
    )
    return sorted(_matching(connection, rules, connection.scalars(query)))


def logs_time(connection: Connection, rules: TeamRules, as_of: datetime) -> bool:
    """Whether any time was logged in the last 90 days."""
    d = s.team_days.c
    first = rules.calendar.day_of(as_of - WORK_WINDOW)
    query = select(d.day).where(d.team_key == rules.key, d.day >= first, d.seconds > 0)
    return connection.execute(query.limit(1)).first() is not None


def impediments(
    connection: Connection, rules: TeamRules, as_of: datetime
) -> tuple[list[Impediment], dict[int, Issue]]:
    """The team's impediments that are open or were closed in the last 90 days, and their issues."""
    c = s.impediments.c
    rows = connection.execute(
        select(*(c[name] for name in Impediment.__slots__)).where(
            c.team_key == rules.key,
            c.site == rules.site,
            or_(c.closed_at.is_(None), c.closed_at > as_of - WORK_WINDOW),
        )
    )
    spans = [Impediment(*row) for row in rows]
    return spans, issues(connection, rules.site, {span.issue_id for span in spans})


def worked_ids(connection: Connection, rules: TeamRules, issue_ids: Iterable[int]) -> set[int]:
    """Those of the issues on which, or on whose sub-tasks, work was ever logged."""
    i, w = s.issues.c, s.work_logs.c
    found: set[int] = set()
    for ids in chunks(sorted(issue_ids)):
        mine = (w.site == rules.site, w.issue_id.in_(ids))
        found.update(connection.scalars(select(w.issue_id).distinct().where(*mine)))
        found.update(
            connection.scalars(
                select(i.parent_id)
                .distinct()
                .join_from(s.issues, s.work_logs, and_(w.site == i.site, w.issue_id == i.id))
                .where(i.site == rules.site, i.parent_id.in_(ids), i.is_subtask)
            )
        )
    return found


def issues(connection: Connection, site: str, issue_ids: Collection[int]) -> dict[int, Issue]:
    """These issues as they are now, by id, without those that are gone."""
    i = s.issues.c
    found: dict[int, Issue] = {}
    for ids in chunks(sorted(issue_ids)):
        here = (i.site == site, i.id.in_(ids), i.gone_at.is_(None))
        rows = connection.execute(select(s.issues).where(*here))
        found.update((row.id, issue_of(row)) for row in rows)
    return found


def sprint_url(team: StoredTeam, sprint: Sprint) -> str:
    """The sprint's report in Jira."""
    board = "" if sprint.board_id is None else f"rapidView={sprint.board_id}&"
    return (
        f"{team.site_url.rstrip('/')}/secure/RapidBoard.jspa?{board}view=reporting"
        f"&chart=sprintRetrospective&sprint={sprint.id}"
    )


def _matching(connection: Connection, rules: TeamRules, issue_ids: Iterable[int]) -> list[int]:
    """Those of the issues that count for the team: all, unless JQL narrows it."""
    if not rules.is_narrowed:
        return list(issue_ids)
    m = s.team_matches.c
    found: list[int] = []
    for ids in chunks(sorted(issue_ids)):
        mine = (m.team_key == rules.key, m.site == rules.site, m.issue_id.in_(ids))
        found.extend(connection.scalars(select(m.issue_id).where(*mine)))
    return found
