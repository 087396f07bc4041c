"""Computes and writes which issues are a team's impediments."""

from collections.abc import Sequence

from sqlalchemy import select

from telemetry.facts.reading.batch import Batch
from telemetry.metrics.impediment import Impediment, impediments
from telemetry.store import schema as s
from telemetry.store.among import among
from telemetry.store.issues import light_issues
from telemetry.store.terms import ISSUE, own_issues
from telemetry.store.upsert import chunks, replace


def write_impediments(batch: Batch) -> int:
    """Write the impediments among the touched issues, and note the times that this touches.

    The times are those of impediments that came, went, opened, closed or changed their nature.
    """
    changed, team = 0, batch.team
    for ids in chunks(batch.touched.impediments):
        before, after = _present(batch, ids), _found(batch, ids)
        changed += replace(
            batch.connection,
            s.impediments,
            {"team_key": batch.rules.key, "site": batch.rules.site},
            [{name: getattr(span, name) for name in Impediment.__slots__} for span in after],
            within=among(s.impediments.c.issue_id, ids),
        )
        team.natures.update(span.nature for span in after)
        team.spans += [(one.opened_at, one.closed_at or batch.as_of) for one in before ^ after]
    return changed


def _found(batch: Batch, ids: Sequence[int]) -> set[Impediment]:
    """The impediments among these issues as history tells."""
    connection, rules = batch.connection, batch.rules
    candidates = _candidates(batch, ids)
    histories = batch.flagged(candidates)
    parent_ids = {
        history.issue.owner_id
        for history in histories.values()
        if history.issue.owner_id != history.issue.id
    }
    parents = light_issues(connection, rules.site, parent_ids)
    found = impediments(histories.values(), batch.timelines(histories), parents, rules)
    return {span for some in found.values() for span in some}


def _present(batch: Batch, ids: Sequence[int]) -> set[Impediment]:
    t = s.impediments
    rows = batch.connection.execute(
        select(*(t.c[name] for name in Impediment.__slots__)).where(
            t.c.team_key == batch.rules.key, t.c.site == batch.rules.site, among(t.c.issue_id, ids)
        )
    )
    return {Impediment(*row) for row in rows}


def _candidates(batch: Batch, ids: Sequence[int]) -> list[int]:
    """Those of the team's issues that may be impediments."""
    query = select(ISSUE.id, ISSUE.labels, ISSUE.is_subtask).where(
        own_issues(batch.rules), among(ISSUE.id, ids)
    )
    rules = batch.rules.impediment
    return [
        row.id
        for row in batch.connection.execute(query)
        if rules.is_flagged_counted
        or row.is_subtask
        or any(label.lower() in rules.labels for label in row.labels)
    ]
