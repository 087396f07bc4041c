"""Histories as rows: the form in which the database stores them, and back.

Instants become milliseconds and lists JSON here, once an issue, so that the digest is taken of
exactly what is stored and a page of 200,000 changes needs no further handling.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter, itemgetter
from typing import Any

import orjson

from telemetry.domain.models import Change, Field, Issue, IssueHistory, WorkLog
from telemetry.domain.named import pairs_of
from telemetry.store.relevelled import level_of
from telemetry.store.upsert import Stored
from telemetry.store.values import EPOCH, MILLISECOND, instant, milliseconds

FIELDS = {field.value: field for field in Field}
LONGEST_NAME = 255
_new = tuple.__new__  # past the names of a tuple's values: twice as quick
_epic, _sprint = Field.EPIC, Field.SPRINT  # members of an enumeration are slow to look up
by_id = itemgetter(2)
by_id_and_ordinal = itemgetter(2, 3)


@dataclass(frozen=True, slots=True)
class HistoryRows:
    """One history as stored: the issue's row ends with the digest of all."""

    issue: Stored
    changes: list[Stored]
    work_logs: list[Stored]
    members: list[Stored]
    names: list[Stored]
    epics: list[Stored]
    digest: str

    @property
    def sprint_ids(self) -> frozenset[int]:
        """The sprints it is or ever was in."""
        return frozenset(row[1] for row in self.members)

    @property
    def project_key(self) -> str:
        return str(self.issue[3])

    @property
    def type_name(self) -> str:
        return str(self.issue[5])

    @property
    def level(self) -> str:
        """The level of its type."""
        return level_of(is_subtask=bool(self.issue[6]), is_epic=bool(self.issue[7]))

    @property
    def owner_id(self) -> int:
        """The issue that its time counts under: a sub-task's parent, else itself."""
        parent_id = self.issue[11] if self.issue[6] else None
        return int(self.issue[1] if parent_id is None else parent_id)

    @property
    def instants(self) -> frozenset[int]:
        """When work was logged, in milliseconds."""
        return frozenset(row[3] for row in self.work_logs)


def history_rows(history: IssueHistory) -> HistoryRows:
    """The rows of one history; the order of its changes and work logs does not matter."""
    site, issue_id = history.issue.site, history.issue.id
    head = _issue_row(history.issue)
    changes = _change_rows(site, issue_id, history.changes)
    logs = _log_rows(site, issue_id, history.work_logs)
    digest = blake2b(orjson.dumps((head, changes, logs)), digest_size=16).hexdigest()
    members = [(site, sprint_id, issue_id) for sprint_id in sorted(member_sprints(history))]
    names = [(site, issue_id, *pair) for pair in sorted(sprints_named(history))]
    epics = [(site, epic_id, issue_id) for epic_id in sorted(member_epics(history))]
    return HistoryRows((*head, digest), changes, logs, members, names, epics, digest)


def member_sprints(history: IssueHistory) -> frozenset[int]:
    """The sprints the issue is in now or ever was in by a change."""
    ids = set(history.issue.sprint_ids)
    for change in history.changes:
        if change.field is _sprint:
            for value in (change.from_value, change.to_value):
                if value:
                    ids.update(int(part) for part in value.split(","))
    return frozenset(ids)


def member_epics(history: IssueHistory) -> frozenset[int]:
    """The epics to which the issue belongs now or ever did by a change."""
    told = {
        value
        for change in history.changes
        if change.field is _epic
        for value in (change.from_value, change.to_value)
        if value and value.isascii() and value.isdigit()
    }
    known = {int(value) for value in told}
    return frozenset(known if history.issue.epic_id is None else known | {history.issue.epic_id})


def sprints_named(history: IssueHistory) -> frozenset[tuple[str, int]]:
    """The names of sprints that its changes tell, each with the id told beside it."""
    return frozenset(
        (name[:LONGEST_NAME], sprint_id)
        for change in history.changes
        if change.field is _sprint
        for value, names in (
            (change.from_value, change.from_name),
            (change.to_value, change.to_name),
        )
        for name, sprint_id in pairs_of(value, names)
    )


def _maybe(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _issue_row(issue: Issue) -> Stored:
    return (
        issue.site,
        issue.id,
        issue.key,
        issue.project_key,
        issue.summary,
        issue.type_name,
        issue.is_subtask,
        issue.is_epic,
        issue.status_id,
        milliseconds(issue.created_at),
        milliseconds(issue.updated_at),
        issue.parent_id,
        issue.epic_id,
        _json(issue.labels),
        _json(issue.components),
        issue.is_flagged,
        _json(dict(issue.estimates)),
        _json(dict(issue.natures)),
        _json(issue.sprint_ids),
        _maybe(issue.resolved_at),
        _maybe(issue.gone_at),
    )


def _change_rows(site: str, issue_id: int, changes: Iterable[Change]) -> list[Stored]:
    rows = [
        (
            site,
            issue_id,
            history_id,
            ordinal,
            (at - EPOCH) // MILLISECOND,
            field._value_,
            *values,
        )
        for history_id, ordinal, at, field, *values in changes
    ]
    rows.sort(key=by_id_and_ordinal)
    return rows


def _log_rows(site: str, issue_id: int, logs: Iterable[WorkLog]) -> list[Stored]:
    rows = []
    for log_id, started_at, seconds, author, created_at, updated_at in logs:
        start, created = (started_at - EPOCH) // MILLISECOND, _maybe(created_at)
        updated = created if updated_at is created_at else _maybe(updated_at)
        rows.append((site, issue_id, log_id, start, seconds, author, created, updated))
    rows.sort(key=by_id)
    return rows


def issue_of(row: Sequence[Any]) -> Issue:
    """The issue that a row of `issues` holds: by position, since names cost half as much again."""
    *head, labels, components, is_flagged, estimates, natures, sprint_ids, resolved, gone, _ = row
    rest: list[Any] = [
        tuple(labels),
        tuple(components),
        is_flagged,
        estimates,
        {name: tuple(values) for name, values in natures.items()},
        tuple(sprint_ids),
        resolved,
        gone,
    ]
    return Issue(*head, *rest)


def changes_of(rows: Iterable[Sequence[Any]]) -> dict[int, list[Change]]:
    """The changes in rows of `changes` without their site, by issue."""
    found: defaultdict[int, list[Change]] = defaultdict(list)
    for issue_id, history_id, ordinal, at, name, *values in rows:
        at_instant = EPOCH + at * MILLISECOND
        change = _new(Change, (history_id, ordinal, at_instant, FIELDS[name], *values))
        found[issue_id].append(change)
    for changes in found.values():
        changes.sort(key=_moment)
    return found


def work_logs_of(rows: Iterable[Sequence[Any]]) -> dict[int, list[WorkLog]]:
    """The work logs in rows of `work_logs` without their site, by issue and id."""
    found: defaultdict[int, list[WorkLog]] = defaultdict(list)
    for issue_id, log_id, started_at, seconds, author, created_at, updated_at in rows:
        start = EPOCH + started_at * MILLISECOND
        created = None if created_at is None else instant(created_at)
        updated = created
        if updated_at != created_at:
            updated = None if updated_at is None else instant(updated_at)
        log = _new(WorkLog, (log_id, start, seconds, author, created, updated))
        found[issue_id].append(log)
    for logs in found.values():
        logs.sort(key=attrgetter("id"))
    return found


_moment = attrgetter("at", "history_id", "ordinal")
