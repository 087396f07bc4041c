"""Computes and writes when a team's issues were wanted, begun and done."""

from collections.abc import Sequence

from sqlalchemy import select

from telemetry.facts.reading.batch import Batch
from telemetry.metrics.flow import passage
from telemetry.store import schema as s
from telemetry.store.among import among
from telemetry.store.terms import ISSUE, own_issues
from telemetry.store.upsert import chunks, replace


def write_flow(batch: Batch) -> int:
    """Write the way of those of the touched issues that are the team's items.

    Those that are gone, belong to others, or are sub-tasks or epics leave.
    """
    changed = 0
    for ids in chunks(batch.touched.flow):
        timelines = batch.timelines(_items(batch, ids))
        ways = (passage(timeline, batch.rules) for timeline in timelines.values())
        changed += replace(
            batch.connection,
            s.flow_issues,
            {"team_key": batch.rules.key, "site": batch.rules.site},
            [way._asdict() for way in ways if way is not None],
            within=among(s.flow_issues.c.issue_id, ids),
        )
    return changed


def _items(batch: Batch, ids: Sequence[int]) -> list[int]:
    """Those of the issues that are the team's own and no sub-task or epic."""
    query = select(ISSUE.id).where(
        own_issues(batch.rules), among(ISSUE.id, ids), ~ISSUE.is_subtask, ~ISSUE.is_epic
    )
    return list(batch.connection.scalars(query))
