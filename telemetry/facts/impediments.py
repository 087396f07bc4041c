"""Computes and writes which issues are a team's impediments."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from telemetry.facts.source import Source
from telemetry.metrics.impediment import Impediment, impediments
from telemetry.store import schema as s
from telemetry.store.upsert import chunks, replace

Span = tuple[datetime, datetime]
ISSUES_AT_ONCE = 1_000


def write_impediments(
    source: Source, issue_ids: Iterable[int], as_of: datetime
) -> tuple[int, tuple[Span, ...]]:
    """Write the impediments among these issues; rows changed, and the times they touch.

    The times are those of impediments that came, went, opened, closed or changed their nature.
    """
    changed, spans = 0, []
    for ids in chunks(sorted(set(issue_ids)), ISSUES_AT_ONCE):
        before = _present(source, ids)
        pairs = source.read(source.impediment_candidates(ids))
        family = source.with_parents(pairs)
        found = impediments(
            (history for history, _ in pairs.values() if source.is_own(history.issue)),
            {issue_id: timeline for issue_id, (_, timeline) in pairs.items()},
            {issue_id: history.issue for issue_id, (history, _) in family.items()},
            source.rules,
        )
        after = {span for some in found.values() for span in some}
        changed += replace(
            source.connection,
            s.impediments,
            {"team_key": source.rules.key, "site": source.rules.site},
            [{name: getattr(span, name) for name in Impediment.__slots__} for span in after],
            within=s.impediments.c.issue_id.in_(ids),
        )
        spans += [(span.opened_at, span.closed_at or as_of) for span in before ^ after]
    return changed, tuple(spans)


def _present(source: Source, ids: Iterable[int]) -> set[Impediment]:
    t = s.impediments
    rows = source.connection.execute(
        select(*(t.c[name] for name in Impediment.__slots__)).where(
            t.c.team_key == source.rules.key,
            t.c.site == source.rules.site,
            t.c.issue_id.in_(list(ids)),
        )
    )
    return {Impediment(*row) for row in rows}
