"""Gives natures that were not seen before their ranks; a rank once given never changes."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from telemetry.metrics.impediment import UNKNOWN
from telemetry.metrics.kind import Kind
from telemetry.store import schema as s
from telemetry.store.natures import read_last_rank, read_ranked, write_ranks

YEAR = timedelta(days=365)


def rank_natures(connection: Connection, seen: Collection[str], as_of: datetime) -> int:
    """Rank those of the natures seen that have no rank: most time in a year of all teams first.

    Where no nature has a rank yet, all that impediments have are ranked. To be called when facts
    are written; returns the number of ranks given.
    """
    last = read_last_rank(connection)
    names = set(seen)
    if not last:
        names.update(connection.scalars(select(s.impediments.c.nature).distinct()))
    names.discard(UNKNOWN)
    new = names - read_ranked(connection, names) if names else set()
    if not new:
        return 0
    c = s.team_days.c
    query = (
        select(c.nature, func.sum(c.seconds))
        .where(c.kind == Kind.IMPEDIMENT, c.nature.in_(sorted(new)), c.day > (as_of - YEAR).date())
        .group_by(c.nature)
    )
    seconds = {nature: int(amount) for nature, amount in connection.execute(query)}
    ranked = sorted(new, key=lambda name: (-seconds.get(name, 0), name))
    write_ranks(connection, ranked, last + 1)
    return len(ranked)
