"""Computes and writes which issues are a team's impediments."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from telemetry.domain.models import Field
from telemetry.facts.reading.shared import REPLAYED
from telemetry.facts.reading.source import Source
from telemetry.metrics.impediment import Impediment, impediments
from telemetry.metrics.timeline import timelines
from telemetry.store import schema as s
from telemetry.store.history import read_changed_fields
from telemetry.store.issues import light_issues
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
        before, after = _present(source, ids), _found(source, ids)
        changed += replace(
            source.connection,
            s.impediments,
            {"team_key": source.rules.key, "site": source.rules.site},
            [{name: getattr(span, name) for name in Impediment.__slots__} for span in after],
            within=s.impediments.c.issue_id.in_(ids),
        )
        source.natures.update(span.nature for span in after)
        spans += [(span.opened_at, span.closed_at or as_of) for span in before ^ after]
    return changed, tuple(spans)


def _found(source: Source, ids: Iterable[int]) -> set[Impediment]:
    """The impediments among these issues as history tells."""
    connection, rules = source.connection, source.rules
    candidates = source.impediment_candidates(list(ids))
    histories = read_changed_fields(connection, rules.site, candidates, (*REPLAYED, Field.FLAGGED))
    parent_ids = {
        history.issue.owner_id
        for history in histories.values()
        if history.issue.owner_id != history.issue.id
    }
    parents = light_issues(connection, rules.site, parent_ids)
    found = impediments(histories.values(), timelines(histories.values(), rules), parents, rules)
    return {span for some in found.values() for span in some}


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
