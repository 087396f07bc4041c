"""Records of sprints as they were known at their start and at their close.

A record is JSON of ids and numbers, so that the title of an issue vanishes with its issue:
`{"format": 1, "dates": {...}, "figures": {...}, "issues": {"columns": [...], "rows": [[...]]}}`.
Its parts are the sprint's dates and facts: at the close all of them, at the start the commitment
and what was in scope. Instants are milliseconds, days are texts. Columns are named, so that a
record can still be read when a table of facts has more of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from telemetry.store import schema as s
from telemetry.store.values import Instant, instant, milliseconds

START, CLOSE = "start", "close"
FORMAT = 1
Row = Mapping[str, Any]

_SINGLE: Mapping[str, Table] = {"dates": s.sprints, "figures": s.sprint_facts}
_LISTS: Mapping[str, Table] = {
    "issues": s.sprint_issues,
    "days": s.sprint_days,
    "events": s.sprint_events,
    "time": s.sprint_time,
}
PARTS = (*_SINGLE, *_LISTS)
_DATES = ("started_at", "planned_end_at", "completed_at")
_SCOPE = ("team_key", "site", "sprint_id")


@dataclass(frozen=True, slots=True)
class Known:
    """A sprint's dates and facts, as they are or were known: rows by column, without whose."""

    dates: Row = field(default_factory=dict)
    figures: Row = field(default_factory=dict)
    issues: Sequence[Row] = ()
    days: Sequence[Row] = ()
    events: Sequence[Row] = ()
    time: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A start or close of which there is no record yet."""

    sprint_id: int
    moment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A record: `at` is the start or close, `taken_at` Jira's clock at the pull that wrote it."""

    sprint_id: int
    moment: str
    at: datetime
    taken_at: datetime
    known: Known


def read_due(connection: Connection, team_key: str, site: str, until: datetime) -> list[Due]:
    """The starts and closes up to an instant without a record, of the sprints with figures."""
    given = {"team_key": team_key, "site": site, "until": until}
    due = []
    for row in connection.execute(_select_due(), given):
        if row.needs_start:
            due.append(Due(row.sprint_id, START, row.started_at))
        if row.needs_close:
            due.append(Due(row.sprint_id, CLOSE, row.as_of))
    return due


@cache
def _select_due() -> Select[Any]:
    """Made once: building the statement costs more than asking it."""
    facts, sprints = s.sprint_facts, s.sprints
    until = bindparam("until", type_=Instant)

    def lacks(moment: str) -> ColumnElement[bool]:
        kept = s.snapshots.alias()
        same = (kept.c[name] == facts.c[name] for name in _SCOPE)
        # answered from the index alone, so that past sprints cost next to nothing
        return ~exists().where(*same, kept.c.moment == moment)

    needs_start = and_(sprints.c.started_at <= until, lacks(START))
    # the close is the end of the window: where Jira has no closing date, the facts know better
    needs_close = and_(sprints.c.state == "closed", facts.c.as_of <= until, lacks(CLOSE))
    return (
        select(
            facts.c.sprint_id,
            facts.c.as_of,
            sprints.c.started_at,
            needs_start.label("needs_start"),
            needs_close.label("needs_close"),
        )
        .join(sprints, and_(sprints.c.site == facts.c.site, sprints.c.id == facts.c.sprint_id))
        .where(
            facts.c.team_key == bindparam("team_key"),
            facts.c.site == bindparam("site"),
            or_(needs_start, needs_close),
        )
        .order_by(facts.c.sprint_id)
    )


def read_known(
    connection: Connection,
    team_key: str,
    site: str,
    sprint_ids: Iterable[int],
    parts: Iterable[str] = PARTS,
) -> dict[int, Known]:
    """What is known now of those of the sprints that have figures; rows in order of their keys."""
    given = {"team_key": team_key, "site": site, "sprint_ids": list(sprint_ids)}
    found: dict[int, dict[str, Any]] = {}
    for name in parts:
        result = connection.execute(_select_part(name), given)
        columns = list(map(str, result.keys()))  # plain texts: JSON takes no kin of them
        for row in result:
            values = dict(zip(columns, row, strict=True))
            known = found.setdefault(values.pop("sprint_id"), {})
            if name in _SINGLE:
                known[name] = values
            else:
                known.setdefault(name, []).append(values)
    return {sprint_id: Known(**known) for sprint_id, known in found.items() if "figures" in known}


@cache  # 0.05 ms, 60 times in a pull of 4,100 issues
def _select_part(part: str) -> Select[Any]:
    ids: BindParameter[int] = bindparam("sprint_ids", expanding=True)
    if part == "dates":
        c = s.sprints.c
        columns = (c.id.label("sprint_id"), *(c[name] for name in _DATES))
        return select(*columns).where(c.site == bindparam("site"), c.id.in_(ids))
    table = {**_SINGLE, **_LISTS}[part]
    own = [column for column in table.columns if column.name not in _SCOPE]
    c = table.c
    return (
        select(c.sprint_id, *own)
        .where(c.team_key == bindparam("team_key"), c.site == bindparam("site"))
        .where(c.sprint_id.in_(ids))
        .order_by(*table.primary_key.columns)
    )


def write_snapshots(
    connection: Connection, team_key: str, site: str, snapshots: Iterable[Snapshot]
) -> None:
    """Write records; one that is there already stays as it is."""
    rows = [
        {
            "team_key": team_key,
            "site": site,
            "sprint_id": one.sprint_id,
            "moment": one.moment,
            "at": one.at,
            "taken_at": one.taken_at,
            "record": to_record(one.known),
        }
        for one in snapshots
    ]
    if rows:
        insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
        connection.execute(insert(s.snapshots).on_conflict_do_nothing(), rows)


def read_snapshots(
    connection: Connection,
    team_key: str,
    site: str,
    sprint_id: int,
    parts: Collection[str] = PARTS,
) -> dict[str, Snapshot]:
    """The records of one sprint by moment, with these parts of them."""
    given = {"team_key": team_key, "site": site, "sprint_id": sprint_id}
    return {
        row.moment: Snapshot(
            row.sprint_id, row.moment, row.at, row.taken_at, from_record(row.record, parts)
        )
        for row in connection.execute(_select_snapshots(), given)
    }


@cache  # 0.03 ms a page of snapshots
def _select_snapshots() -> Select[Any]:
    t = s.snapshots
    return select(t).where(*(t.c[name] == bindparam(name) for name in _SCOPE))


def to_record(known: Known) -> dict[str, Any]:
    """What is known as a JSON value; parts without rows are left out."""
    record: dict[str, Any] = {"format": FORMAT}
    for name, table in _SINGLE.items():
        row = getattr(known, name)
        [values] = _rows(table, tuple(row), [row.values()], _TO_JSON)
        record[name] = dict(zip(row, values, strict=True))
    for name, table in _LISTS.items():
        rows = getattr(known, name)
        if rows:
            columns = tuple(rows[0])
            lists = _rows(table, columns, (row.values() for row in rows), _TO_JSON)
            record[name] = {"columns": columns, "rows": lists}
    return record


def from_record(record: Mapping[str, Any], wanted: Collection[str] = PARTS) -> Known:
    """What `to_record` wrote: the parts that are wanted."""
    parts: dict[str, Any] = {}
    for name in record.keys() & set(wanted):
        part = record[name]
        if name in _SINGLE:
            [values] = _rows(_SINGLE[name], tuple(part), [part.values()], _FROM_JSON)
            parts[name] = dict(zip(part, values, strict=True))
        else:
            columns = tuple(part["columns"])
            rows = _rows(_LISTS[name], columns, part["rows"], _FROM_JSON)
            parts[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return Known(**parts)


Changes = Mapping[type, Callable[[Any], Any]]
_TO_JSON: Changes = {Instant: milliseconds, Date: date.isoformat}
_FROM_JSON: Changes = {Instant: instant, Date: date.fromisoformat}


def _rows(
    table: Table, columns: Sequence[str], rows: Iterable[Iterable[Any]], changes: Changes
) -> list[list[Any]]:
    """The rows with instants and days changed; a column that is no more stays as it is."""
    kinds = [type(table.c[name].type) if name in table.c else object for name in columns]
    places = [(n, changes[kind]) for n, kind in enumerate(kinds) if kind in changes]
    found = [list(row) for row in rows]
    for n, change in places:
        for row in found:
            if row[n] is not None:
                row[n] = change(row[n])
    return found
