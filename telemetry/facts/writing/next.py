"""Computes and writes what is in a team's sprints to come now."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, select

from telemetry.domain.models import SprintState
from telemetry.facts.reading.batch import Batch
from telemetry.metrics.timeline import Timeline, points
from telemetry.store import schema as s
from telemetry.store.among import among
from telemetry.store.issues import matching
from telemetry.store.members import members_of
from telemetry.store.terms import SPRINT, own_sprints
from telemetry.store.tracker import read_sprints_by_id
from telemetry.store.upsert import chunks, replace

NEXT, MEMBER = s.next_issues.c, s.sprint_members.c


def write_next(batch: Batch) -> int:
    """Write the issues of the team's future sprints where the batch ends a computation of it.

    Those that changed, or that ever were in a sprint that did: a close tells what was left over.
    """
    touched, rules = batch.touched, batch.rules
    if not touched.is_last or not (touched.is_whole or touched.issues or touched.retold):
        return 0
    is_future = (own_sprints(rules.site, rules.board_ids), SPRINT.state == SprintState.FUTURE.value)
    future = list(batch.connection.scalars(select(SPRINT.id).where(*is_future)))
    if touched.is_whole:
        ids = _written(batch) | members_of(batch.connection, rules.site, future)
    else:
        ids = {*touched.issues, *members_of(batch.connection, rules.site, touched.retold)}
        ids |= _written(batch, NEXT.sprint_id.not_in(future))  # of one that was deleted
    return sum(_write(batch, future, some) for some in chunks(sorted(ids)))


def _written(batch: Batch, *conditions: ColumnElement[bool]) -> set[int]:
    here = (NEXT.team_key == batch.rules.key, NEXT.site == batch.rules.site)
    return set(batch.connection.scalars(select(NEXT.issue_id).where(*here, *conditions)))


def _write(batch: Batch, future: Collection[int], ids: Collection[int]) -> int:
    """Write what these issues are in the future sprints; what they no longer are is deleted."""
    members = select(MEMBER.sprint_id, MEMBER.issue_id).where(
        MEMBER.site == batch.rules.site, MEMBER.sprint_id.in_(future), among(MEMBER.issue_id, ids)
    )
    pairs = batch.connection.execute(members).all() if future else []
    lines = batch.timelines(
        matching(batch.connection, batch.rules, {issue_id for _, issue_id in pairs})
    )
    ever_in = {i for line in lines.values() for i in line.ever_in}
    known = read_sprints_by_id(batch.connection, batch.rules.site, ever_in)
    closed_at = {i: at for i, one in known.items() if (at := one.closed_at) is not None}
    rows: list[dict[str, Any]] = []
    for sprint_id, issue_id in pairs:
        line = lines.get(issue_id)
        if line is not None and line.is_counted and sprint_id in line.moments[-1].sprint_ids:
            rows.append(_row(batch, sprint_id, line, is_carried_over=line.is_left_over(closed_at)))
    return replace(
        batch.connection,
        s.next_issues,
        {"team_key": batch.rules.key, "site": batch.rules.site},
        rows,
        within=among(NEXT.issue_id, ids),
    )


def _row(batch: Batch, sprint_id: int, line: Timeline, *, is_carried_over: bool) -> dict[str, Any]:
    now = line.moments[-1]
    return {
        "sprint_id": sprint_id,
        "issue_id": line.issue.id,
        "state": now.state(batch.rules),
        "points": None if now.estimate is None else points(now.estimate),
        "is_carried_over": is_carried_over,
    }
