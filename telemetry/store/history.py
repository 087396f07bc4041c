"""Writing and reading what happened to issues: one page of the tracker, one transaction.

Writing twice equals writing once: an issue whose digest is known is not touched. What changed
leaves a row in `stale_issues`, from which `telemetry.facts` learns what to compute again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, type_coerce

from telemetry.domain.models import Field, IssueHistory
from telemetry.store.among import among
from telemetry.store.doubled import settle_doubled
from telemetry.store.relevelled import Move
from telemetry.store.rows import HistoryRows, changes_of, history_rows, issue_of, work_logs_of
from telemetry.store.schema import (
    changes,
    doubled_work_logs,
    epic_members,
    issues,
    sprint_members,
    sprint_names,
    work_logs,
)
from telemetry.store.stale import Stale, mark_stale, mark_stale_as_stored
from telemetry.store.terms import present
from telemetry.store.upsert import Stored, chunks, delete_stored, upsert_stored
from telemetry.store.values import Instant


@dataclass(frozen=True, slots=True)
class Written:
    """What one write changed: issues, and work logs added, changed or deleted.

    `moves` are those of types that stand at another level than before.
    """

    issues: int = 0
    work_logs: int = 0
    issue_ids: tuple[int, ...] = ()
    moves: tuple[Move, ...] = ()


def write_histories(connection: Connection, histories: Sequence[IssueHistory]) -> Written:
    """Make the store hold these histories, all of one site; the last of equal ids wins.

    The given changes and work logs are the whole truth of their issue: absent ones are deleted.
    An issue that was gone comes back. Nothing is committed.
    """
    if not histories:
        return Written()
    site = histories[0].issue.site
    given = {history.issue.id: history_rows(history) for history in histories}
    digests = _digests(connection, site, list(given))
    # in the order of their keys, which SQLite packs a fifth more tightly than any other
    changed = {key: given[key] for key in sorted(given) if digests.get(key) != given[key].digest}
    known = read_histories(connection, site, (key for key in changed if key in digests))
    before = {key: history_rows(history) for key, history in known.items()}
    pairs = [(rows, before.get(key)) for key, rows in changed.items()]

    upsert_stored(connection, issues, [rows.issue for rows in changed.values()])
    _write_parts(connection, changes, [(n.changes, o.changes if o else []) for n, o in pairs])
    logs = _write_logs(connection, site, pairs)
    _write_parts(
        connection, sprint_members, [(n.members, o.members if o else []) for n, o in pairs]
    )
    _write_parts(connection, sprint_names, [(n.names, o.names if o else []) for n, o in pairs])
    _write_parts(connection, epic_members, [(n.epics, o.epics if o else []) for n, o in pairs])
    stale = {rows.issue[1]: _stale(rows, past) for rows, past in pairs}
    mark_stale(connection, site, stale, new=changed.keys() - digests.keys())
    left = {past.owner_id for rows, past in pairs if past and past.owner_id != rows.owner_id}
    mark_stale_as_stored(connection, site, left)
    return Written(len(changed), logs, tuple(changed), tuple(_moves(pairs)))


def read_histories(
    connection: Connection, site: str, issue_ids: Iterable[int]
) -> dict[int, IssueHistory]:
    """The histories of these issues by id, gone ones included; unknown ids are left out.

    Work logs are all that Jira shows of an issue, whether they count there or under another.
    """
    found: dict[int, IssueHistory] = {}
    for ids in chunks(sorted(set(issue_ids))):
        issue_changes = changes_of(_read_stored(connection, changes, site, ids))
        rows = [*_read_stored(connection, work_logs, site, ids)]
        rows += _read_stored(connection, doubled_work_logs, site, ids)
        issue_logs = work_logs_of(rows)
        query = select(issues).where(issues.c.site == site, among(issues.c.id, ids))
        for issue in map(issue_of, connection.execute(query).all()):
            found[issue.id] = IssueHistory(
                issue,
                tuple(issue_changes.get(issue.id, ())),
                tuple(issue_logs.get(issue.id, ())),
            )
    return found


def read_changed_fields(
    connection: Connection, site: str, issue_ids: Iterable[int], fields: Collection[Field]
) -> dict[int, IssueHistory]:
    """These issues by id, those gone left out, with the changes of these fields and no work logs.

    What most facts are computed from: a third less to read, and half to keep, than histories.
    """
    found: dict[int, IssueHistory] = {}
    is_wanted = changes.c.field.in_([field.value for field in fields])
    for ids in chunks(sorted(set(issue_ids))):
        issue_changes = changes_of(_read_stored(connection, changes, site, ids, is_wanted))
        query = select(issues).where(present(site), among(issues.c.id, ids))
        for issue in map(issue_of, connection.execute(query).all()):
            found[issue.id] = IssueHistory(issue, tuple(issue_changes.get(issue.id, ())))
    return found


def _write_parts(
    connection: Connection,
    table: Table,
    pairs: Sequence[tuple[Sequence[Stored], Sequence[Stored]]],
) -> int:
    """Turn each issue's past rows into its present ones; the number of rows that differ."""
    width = len(table.primary_key.columns)
    written: list[Stored] = []
    deleted: list[Stored] = []
    for now, past in pairs:
        if not past:
            written.extend(now)
            continue
        known = set(past)
        written.extend(row for row in now if row not in known)
        kept = {row[:width] for row in now}
        deleted.extend(row[:width] for row in past if row[:width] not in kept)
    delete_stored(connection, table, deleted)
    upsert_stored(connection, table, written)
    return len(written) + len(deleted)


def _moves(pairs: Sequence[tuple[HistoryRows, HistoryRows | None]]) -> Iterator[Move]:
    """The types of issues that kept its name and changed its level."""
    for now, past in pairs:
        if past is not None and past.type_name == now.type_name and past.level != now.level:
            yield Move(now.type_name, past.level, now.level)


def _write_logs(
    connection: Connection, site: str, pairs: Sequence[tuple[HistoryRows, HistoryRows | None]]
) -> int:
    """The same of work logs, each of which counts under one issue."""
    both = [(now.work_logs, past.work_logs if past else []) for now, past in pairs]
    changed = _write_parts(connection, work_logs, both)
    for now, past in both:
        kept = {row[:3] for row in now}
        gone = [row[:3] for row in past if row[:3] not in kept]
        delete_stored(connection, doubled_work_logs, gone)
    settle_doubled(connection, site, {row[2] for rows in both for some in rows for row in some})
    return changed


def _digests(connection: Connection, site: str, issue_ids: list[int]) -> dict[int, str]:
    """The digests of those of the issues that the store knows."""
    known: dict[int, str] = {}
    for ids in chunks(issue_ids):
        rows = connection.execute(
            select(issues.c.id, issues.c.digest).where(
                issues.c.site == site, among(issues.c.id, ids)
            )
        )
        known.update((row.id, row.digest) for row in rows)
    return known


def _stale(rows: HistoryRows, past: HistoryRows | None) -> Stale:
    """What the facts of the issue may touch: as it is now, and as it was."""
    now = Stale(frozenset({rows.project_key}), rows.sprint_ids, rows.instants)
    if past is None:
        return now
    return now | Stale(frozenset({past.project_key}), past.sprint_ids, past.instants)


def _read_stored(
    connection: Connection,
    table: Table,
    site: str,
    ids: Sequence[int],
    *conditions: ColumnElement[bool],
) -> Sequence[Sequence[Any]]:
    """The rows of these issues as stored, without the site."""
    columns = [type_coerce(c, c.type.impl) if isinstance(c.type, Instant) else c for c in table.c]
    here = (table.c.site == site, among(table.c.issue_id, ids))
    return connection.execute(select(*columns[1:]).where(*here, *conditions)).all()
