"""Computes and writes when a team's issues were wanted, begun and done."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from telemetry.facts.reading.source import Source
from telemetry.metrics.flow import passage
from telemetry.store import schema as s
from telemetry.store.terms import ISSUE, own_issues
from telemetry.store.upsert import chunks, replace

FLOW = s.flow_issues.c


def write_flow(source: Source, issue_ids: Iterable[int]) -> int:
    """Write the way of those of the issues that are the team's items; the number of rows changed.

    Those that are gone, belong to others, or are sub-tasks or epics leave.
    """
    changed = 0
    for ids in chunks(sorted(set(issue_ids))):
        timelines = source.timelines(_items(source, ids))
        ways = (passage(timeline, source.rules) for timeline in timelines.values())
        changed += replace(
            source.connection,
            s.flow_issues,
            {"team_key": source.rules.key, "site": source.rules.site},
            [way._asdict() for way in ways if way is not None],
            within=FLOW.issue_id.in_(ids),
        )
    return changed


def _items(source: Source, ids: Iterable[int]) -> list[int]:
    """Those of the issues that are the team's own and no sub-task or epic."""
    query = select(ISSUE.id).where(
        own_issues(source.rules), ISSUE.id.in_(list(ids)), ~ISSUE.is_subtask, ~ISSUE.is_epic
    )
    return list(source.connection.scalars(query))


def flow_ids(source: Source) -> set[int]:
    """The issues that are written as the team's items."""
    here = (FLOW.team_key == source.rules.key, FLOW.site == source.rules.site)
    return set(source.connection.scalars(select(FLOW.issue_id).where(*here)))


def forget_other_flow(source: Source) -> int:
    """Delete what was written while the team was of another site."""
    other = (FLOW.team_key == source.rules.key, FLOW.site != source.rules.site)
    return source.connection.execute(delete(s.flow_issues).where(*other)).rowcount
