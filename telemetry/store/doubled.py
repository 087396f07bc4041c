"""Work logs that Jira shows under several issues: each counts once.

It counts under the issue at which it was changed last, of as many the one made last; issues that
are gone have none. The other rows stand apart, so that each issue keeps all that Jira shows of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, select, type_coerce
from sqlalchemy.types import NullType

from telemetry.domain.models import WorkLog
from telemetry.store.among import among
from telemetry.store.rows import work_logs_of
from telemetry.store.schema import doubled_work_logs, issues, work_logs
from telemetry.store.stale import mark_stale_as_stored
from telemetry.store.terms import present
from telemetry.store.upsert import Stored, chunks, delete_stored, upsert_stored

TABLES = (work_logs, doubled_work_logs)


class _Shown(NamedTuple):
    """A row, and whether it counts so far."""

    row: Stored
    counts: bool

    @property
    def key(self) -> Stored:
        return self.row[:3]


def settle_doubled(connection: Connection, site: str, log_ids: Iterable[int]) -> None:
    """Let each of these work logs count under one issue; whose time changes is marked stale."""
    shown: defaultdict[int, dict[int, _Shown]] = defaultdict(dict)
    for ids in chunks(sorted(_doubtful(connection, site, log_ids))):
        for table in reversed(TABLES):  # what counts was written last, where both hold a row
            rows = connection.execute(
                select(*_stored(table)).where(table.c.site == site, among(table.c.id, ids))
            )
            for row in map(tuple, rows):
                shown[row[2]][row[1]] = _Shown(row, table is work_logs)
    if not shown:
        return
    here = _present(connection, site, {issue_id for some in shown.values() for issue_id in some})
    counting, others = [], []
    for some in shown.values():
        best = max(some.values(), key=lambda one: (one.row[1] in here, *_told(one.row)))
        counting.append(best)
        others += [one for one in some.values() if one is not best]
    moved = {one.row[1] for one in counting if not one.counts}
    moved |= {one.row[1] for one in others if one.counts}
    mark_stale_as_stored(connection, site, moved)
    _keep(connection, counting, others)
    mark_stale_as_stored(connection, site, moved)


def settle_of_issues(connection: Connection, site: str, issue_ids: Iterable[int]) -> None:
    """The same for the work logs of issues that went; for nothing where none is doubled."""
    c = doubled_work_logs.c
    if connection.scalar(select(c.id).where(c.site == site).limit(1)) is None:
        return
    found: set[int] = set()
    for ids in chunks(sorted(set(issue_ids))):
        for table in TABLES:
            here = (table.c.site == site, among(table.c.issue_id, ids))
            found.update(connection.scalars(select(table.c.id).where(*here)))
    settle_doubled(connection, site, found)


def doubled_ids(connection: Connection, site: str) -> set[int]:
    """The work logs of the site that stand apart."""
    c = doubled_work_logs.c
    return set(connection.scalars(select(c.id).where(c.site == site)))


def doubled_logs(
    connection: Connection, site: str, issue_ids: Iterable[int]
) -> dict[int, list[WorkLog]]:
    """The work logs that these issues show and that count under another."""
    c = doubled_work_logs.c
    rows: list[Sequence[Any]] = []
    for ids in chunks(sorted(set(issue_ids))):
        query = select(*_stored(doubled_work_logs)).where(c.site == site, among(c.issue_id, ids))
        rows += connection.execute(query).all()
    return work_logs_of(row[1:] for row in rows)


def _stored(table: Table) -> list[ColumnElement[Any]]:
    return [type_coerce(column, NullType()) for column in table.columns]


def _doubtful(connection: Connection, site: str, log_ids: Iterable[int]) -> set[int]:
    """Those that stand apart, or that several issues have."""
    found: set[int] = set()
    w, d = work_logs.c, doubled_work_logs.c
    several = select(w.id).group_by(w.id).having(func.count() > 1)
    for ids in chunks(sorted(set(log_ids))):
        apart = select(d.id).where(d.site == site, among(d.id, ids))
        found.update(connection.scalars(apart))
        found.update(connection.scalars(several.where(w.site == site, among(w.id, ids))))
    return found


def _present(connection: Connection, site: str, issue_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for ids in chunks(sorted(issue_ids)):
        found.update(
            connection.scalars(select(issues.c.id).where(present(site), among(issues.c.id, ids)))
        )
    return found


def _told(row: Stored) -> tuple[int, int]:
    """What tells which of several rows is the last."""
    _, issue_id, _, _, _, _, created_at, updated_at = row
    return updated_at or created_at or 0, issue_id


def _keep(connection: Connection, counting: Sequence[_Shown], others: Sequence[_Shown]) -> None:
    for table, given, rest in (
        (work_logs, counting, others),
        (doubled_work_logs, others, counting),
    ):
        delete_stored(connection, table, [one.key for one in rest])
        upsert_stored(connection, table, [one.row for one in given])
