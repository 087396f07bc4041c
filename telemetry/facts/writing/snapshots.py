"""Keeps what was known of a sprint at its start and at its close; never changed afterwards.

A pull that comes late, or the first one, finds past starts and closes in history and keeps what
history says of them. What is kept is read from the facts that were written just before.
"""

from collections.abc import Iterator, Sequence

from telemetry.domain.bounds import SETTLING
from telemetry.facts.reading.batch import Batch
from telemetry.store import snapshots as store
from telemetry.store.snapshots import (
    START,
    Due,
    Known,
    Snapshot,
    read_due,
    read_known,
)
from telemetry.store.upsert import chunks

SPRINTS_AT_ONCE = 50


def write_snapshots(batch: Batch) -> int:
    """Write the records that the team's sprints lack, once all facts of a pull are written."""
    if not batch.touched.is_complete:
        return 0
    connection, rules = batch.connection, batch.rules
    due = read_due(connection, rules.key, rules.site, batch.as_of - SETTLING)
    for some in chunks(due, SPRINTS_AT_ONCE):
        store.write_snapshots(connection, rules.key, rules.site, _taken(batch, some))
    return len(due)


def _taken(batch: Batch, due: Sequence[Due]) -> Iterator[Snapshot]:
    ids = dict.fromkeys(one.sprint_id for one in due)
    known = read_known(batch.connection, batch.rules.key, batch.rules.site, ids)
    for one in due:
        facts = known[one.sprint_id]
        kept = at_start(facts) if one.moment == START else facts
        yield Snapshot(one.sprint_id, one.moment, one.at, batch.as_of, kept)


def at_start(facts: Known) -> Known:
    """What facts, of whatever later time, say of the start: the commitment and the scope then."""
    return Known(
        dates={name: facts.dates[name] for name in ("started_at", "planned_end_at")},
        figures={"committed_points": facts.figures["committed_points"]},
        issues=[
            {
                "issue_id": row["issue_id"],
                "initial_points": row["initial_points"],
                "is_committed": row["is_committed"],  # else it was done already
            }
            for row in facts.issues
            if not row["is_added"]
        ],
    )
