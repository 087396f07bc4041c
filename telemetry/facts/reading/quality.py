"""Finds, through indexes, the few issues and sprints in which contradictions are looked for.

The window: the sprints that run, the last closed ones that velocity looks at, and 90 days of work
logs and impediments.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select

from telemetry.domain.models import Field, Sprint, SprintState
from telemetry.domain.team import TeamRules
from telemetry.metrics.contradictions import WORK_WINDOW
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.quality_work import LONGEST
from telemetry.store import schema as s
from telemetry.store.among import among
from telemetry.store.issues import matching, read_subtask_ids
from telemetry.store.members import read_members
from telemetry.store.named import named_members
from telemetry.store.terms import ISSUE, ISSUE_OF_WORK, SPAN, WORK, own_issues
from telemetry.store.tracker import read_last_sprints, read_unlisted_status_ids
from telemetry.store.upsert import chunks
from telemetry.store.values import milliseconds

CHANGE, MEMBER = s.changes.c, s.sprint_members.c


@dataclass(frozen=True, slots=True)
class Window:
    """The sprints that run, and the last closed ones, newest first; statuses listed no more."""

    sprints: Sequence[Sprint]
    unlisted: Sequence[str]

    @property
    def active(self) -> list[Sprint]:
        return [one for one in self.sprints if one.state is SprintState.ACTIVE]

    @property
    def start(self) -> datetime | None:
        """When the first of the sprints began."""
        starts = (one.started_at for one in self.sprints if one.started_at is not None)
        return min(starts, default=None)

    def row(self) -> dict[str, object]:
        """As `quality_windows` keeps it: all whose change touches every issue of the window."""
        sprints = [
            (one.id, one.state.value, one.started_at and milliseconds(one.started_at))
            for one in self.sprints
        ]
        return {"sprints": sprints, "unlisted": self.unlisted}


def read_window(connection: Connection, rules: TeamRules) -> Window:
    """The team's window as it is now."""
    count = rules.velocity_sprints
    return Window(
        read_last_sprints(connection, rules.site, rules.board_ids, count),
        read_unlisted_status_ids(connection, rules.site),
    )


def candidates(
    connection: Connection,
    rules: TeamRules,
    window: Window,
    kinds: Collection[str],
    as_of: datetime,
) -> set[int]:
    """All issues that may contradict something, and those of which any of the kinds is written."""
    every = read_members(connection, rules.site, [sprint.id for sprint in window.sprints])
    running = {i for sprint in window.active for i in every[sprint.id]}
    own = select(ISSUE.id).where(own_issues(rules))
    return {
        *(i for some in every.values() for i in some),
        *(() if rules.has_sprints else connection.scalars(own)),
        *read_subtask_ids(connection, rules.site, running),
        *_suspicious_work(connection, rules, as_of),
        *connection.scalars(own.where(or_(ISSUE.created_at > as_of, ISSUE.updated_at > as_of))),
        *(span.issue_id for span in read_labelled(connection, rules, as_of)),
        *_written(connection, rules, kinds),
    }


def touched(
    connection: Connection, rules: TeamRules, changed: Collection[int], as_of: datetime
) -> set[int]:
    """The issues to judge anew: changed ones, their sub-tasks and parents, and those due."""
    site, d = rules.site, s.quality_due.c
    due = select(d.issue_id).where(d.team_key == rules.key, d.site == site, d.due_at <= as_of)
    found = {*changed, *read_subtask_ids(connection, site, changed), *connection.scalars(due)}
    for ids in chunks(sorted(changed)):
        parents = select(ISSUE.parent_id).where(
            ISSUE.site == site, among(ISSUE.id, ids), ISSUE.is_subtask, ISSUE.parent_id.is_not(None)
        )
        found.update(connection.scalars(parents))
        former = select(CHANGE.from_value).where(
            CHANGE.site == site, among(CHANGE.issue_id, ids), CHANGE.field == Field.PARENT.value
        )
        found.update(int(value) for value in connection.scalars(former) if value)
    return found


def read_places(
    connection: Connection, rules: TeamRules, window: Window, issue_ids: Iterable[int]
) -> Mapping[int, set[int]]:
    """The sprints of the window in which each of the issues that count for the team ever was."""
    sprint_ids = [sprint.id for sprint in window.sprints]
    found: dict[int, set[int]] = {}
    wanted = set(issue_ids)
    for ids in chunks(sorted(wanted)):
        mine = (
            MEMBER.site == rules.site,
            among(MEMBER.issue_id, ids),
            MEMBER.sprint_id.in_(sprint_ids),
        )
        for row in connection.execute(select(MEMBER.issue_id, MEMBER.sprint_id).where(*mine)):
            found.setdefault(row.issue_id, set()).add(row.sprint_id)
    for sprint_id, issue_id in named_members(connection, rules.site, sprint_ids):
        if issue_id in wanted:
            found.setdefault(issue_id, set()).add(sprint_id)
    counted = set(matching(connection, rules, found.keys()))
    return {issue_id: places for issue_id, places in found.items() if issue_id in counted}


def read_own(connection: Connection, rules: TeamRules, issue_ids: Sequence[int]) -> set[int]:
    """Those of the issues that are the team's own."""
    return set(
        connection.scalars(select(ISSUE.id).where(own_issues(rules), among(ISSUE.id, issue_ids)))
    )


def read_labelled(
    connection: Connection,
    rules: TeamRules,
    as_of: datetime,
    issue_ids: Collection[int] | None = None,
) -> list[Impediment]:
    """The team's impediments by label, or those of these issues, open or closed in 90 days."""
    query = select(*(SPAN[name] for name in Impediment.__slots__)).where(
        SPAN.team_key == rules.key,
        SPAN.site == rules.site,
        ~SPAN.is_flag,
        or_(SPAN.closed_at.is_(None), SPAN.closed_at > as_of - WORK_WINDOW),
    )
    if issue_ids is not None:
        query = query.where(among(SPAN.issue_id, issue_ids))
    return [Impediment(*row) for row in connection.execute(query)]


def read_worked(connection: Connection, rules: TeamRules, issue_ids: Iterable[int]) -> set[int]:
    """Those of the issues on which, or on whose sub-tasks, work was ever logged."""
    found: set[int] = set()
    for ids in chunks(sorted(issue_ids)):
        mine = (WORK.site == rules.site, WORK.issue_id.in_(ids))
        found.update(connection.scalars(select(WORK.issue_id).distinct().where(*mine)))
        of_subtasks = select(ISSUE.parent_id).distinct()
        of_subtasks = of_subtasks.join_from(s.issues, s.work_logs, ISSUE_OF_WORK)
        below = (ISSUE.site == rules.site, ISSUE.parent_id.in_(ids), ISSUE.is_subtask)
        found.update(connection.scalars(of_subtasks.where(*below)))
    return found


def _suspicious_work(connection: Connection, rules: TeamRules, as_of: datetime) -> Iterable[int]:
    """The team's issues with recent work logs that may contradict something.

    That is: they are long, lie after `as_of`, or started after the issue once became done, before
    it left done, or it is done now. What of it is so `telemetry.metrics` says.
    """
    statuses = select(CHANGE.issue_id).where(
        CHANGE.site == WORK.site, CHANGE.issue_id == WORK.issue_id, CHANGE.field == "status"
    )
    done_ids = sorted(rules.done_status_ids)
    came = and_(CHANGE.at < WORK.started_at, CHANGE.to_value.in_(done_ids))
    left = and_(CHANGE.at >= WORK.started_at, CHANGE.from_value.in_(done_ids))  # once made done
    was_done = exists(statuses.where(or_(came, left)))
    is_done = ISSUE.status_id.in_(done_ids)  # whatever its changes say
    is_long = WORK.seconds > LONGEST.total_seconds()
    query = (
        select(WORK.issue_id)
        .distinct()
        .join_from(s.issues, s.work_logs, ISSUE_OF_WORK)
        .where(own_issues(rules), WORK.started_at > as_of - WORK_WINDOW)
        .where(or_(WORK.started_at > as_of, is_long, was_done, is_done))
    )
    return connection.scalars(query)


def _written(connection: Connection, rules: TeamRules, kinds: Collection[str]) -> Iterable[int]:
    found, due = s.quality_findings.c, s.quality_due.c
    here = (found.team_key == rules.key, found.site == rules.site, found.kind.in_(kinds))
    yield from connection.scalars(select(found.about_id).where(*here))
    waiting = (due.team_key == rules.key, due.site == rules.site)
    yield from connection.scalars(select(due.issue_id).where(*waiting))
