"""Heals a store that holds instants which no reading lets in any more.

Called before a pull reads anything: a work log of year 9999 or 21 would stop it, or make it count
two thousand years of days. The comparisons are of what is stored, since such values may be none
that a program can hold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Date,
    Delete,
    Table,
    Update,
    bindparam,
    case,
    delete,
    literal,
    or_,
    select,
    update,
)

from telemetry.domain.bounds import EARLIEST, FARTHEST, latest_of
from telemetry.store import schema as s
from telemetry.store.facts import note_recompute
from telemetry.store.stale import mark_stale_as_stored, mark_stale_sprints
from telemetry.store.upsert import chunks
from telemetry.store.values import Instant

OF_ISSUES = (  # by which column an issue is found
    (s.work_logs, s.work_logs.c.issue_id),
    (s.doubled_work_logs, s.doubled_work_logs.c.issue_id),
    (s.changes, s.changes.c.issue_id),
    (s.issues, s.issues.c.id),
)
VALUES = ("of_site", "latest", "latest_day", "now")
OURS = (s.teams, s.pulls, s.hints, s.unread)  # our own clock told these
MAY_GO = frozenset(  # with all that was told of then
    {s.work_logs.c.started_at, s.doubled_work_logs.c.started_at, s.changes.c.at}
)


@dataclass(slots=True)
class Healed:
    """The issues and sprints that held such instants: to be read again."""

    issue_ids: set[int] = field(default_factory=set)
    sprint_ids: set[int] = field(default_factory=set)


def heal(connection: Connection, site: str, now: datetime) -> Healed:
    """Take instants out of bounds from the site's history; `now` is our clock.

    Work logs and changes go, other values become unknown or the nearest there is. All facts of
    the site's teams are noted to be computed anew.
    """
    healed, latest = Healed(), latest_of(now)
    given = {"of_site": site, "latest": latest, "latest_day": latest.date(), "now": now}
    for table, issue_id in OF_ISSUES:
        ids = connection.scalars(*_finding(table, issue_id).with_those(given)).all()
        if ids:
            healed.issue_ids.update(ids)
            _mend(connection, table, given)
    p = s.sprints
    healed.sprint_ids.update(connection.scalars(*_finding(p, p.c.id).with_those(given)))
    for table in (p, s.stale_sprints, *OURS):
        _mend(connection, table, given)
    gone = connection.execute(_odd_snapshots(), {"of_site": site}).rowcount
    for ids in chunks(sorted(healed.issue_ids)):
        here = (s.issues.c.site == site, s.issues.c.id.in_(ids))
        connection.execute(update(s.issues).where(*here).values(digest=""))
    mark_stale_as_stored(connection, site, healed.issue_ids)
    mark_stale_sprints(connection, site, dict.fromkeys(healed.sprint_ids))
    if gone or healed.issue_ids or healed.sprint_ids:
        for key in connection.scalars(select(s.teams.c.key).where(s.teams.c.site == site)).all():
            note_recompute(connection, site, key, True)
    return healed


def forget_odd_facts(connection: Connection, team_key: str) -> int:
    """Delete the team's facts of days that nothing is computed of; the number of rows."""
    return sum(
        connection.execute(statement, {"of_team": team_key}).rowcount for statement in _odd_facts()
    )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement that is built once, since that costs more than running it, and its values."""

    statement: Any
    names: frozenset[str]

    @classmethod
    def of(cls, statement: Any) -> "_Prepared":
        asked = statement.compile().params.keys()
        return cls(statement, frozenset(asked & set(VALUES)))

    def with_those(self, given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The statement, and those of the given values that it asks for."""
        return self.statement, {name: given[name] for name in self.names}


@cache
def _finding(table: Table, id_of: Column[int]) -> _Prepared:
    """The ids in rows of a site that hang on such an instant."""
    here = (table.c.site == bindparam("of_site"), _out(table, bindparam("latest")))
    return _Prepared.of(select(id_of).distinct().where(*here))


@cache
def _odd_snapshots() -> Delete:
    t = s.snapshots
    return delete(t).where(t.c.site == bindparam("of_site"), _out(t, FARTHEST))


@cache
def _odd_facts() -> tuple[Delete, ...]:
    return tuple(
        delete(table).where(table.c.team_key == bindparam("of_team"), _out(table, FARTHEST))
        for table in s.FACTS
        if any(True for _ in _dated(table))
    )


def _mend(connection: Connection, table: Table, given: Mapping[str, Any]) -> None:
    """Delete rows that hang on such an instant; let others be unknown, or the nearest there is."""
    for prepared in _mending(table):
        connection.execute(*prepared.with_those(given))


@cache
def _mending(table: Table) -> tuple[_Prepared, ...]:
    return tuple(_Prepared.of(_mended(table, column)) for column in _dated(table))


def _mended(table: Table, column: Column[Any]) -> Delete | Update:
    here = (table.c.site == bindparam("of_site"), _is_out(column, bindparam("latest")))
    if column in MAY_GO:
        return delete(table).where(*here)
    if column.nullable and table not in OURS and column is not s.issues.c.gone_at:
        return update(table).where(*here).values({column: None})
    first, last = literal(EARLIEST, Instant), bindparam("now", type_=Instant)
    return update(table).where(*here).values({column: case((column < EARLIEST, first), else_=last)})


def _out(table: Table, last: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether any instant or day of a row lies before the earliest there is, or after the last."""
    return or_(*(_is_out(column, last) for column in _dated(table)))


def _dated(table: Table) -> Iterator[Column[Any]]:
    return (column for column in table.c if isinstance(column.type, Instant | Date))


def _is_out(column: Column[Any], last: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    if isinstance(column.type, Date):
        given: ColumnElement[date] = bindparam("latest_day", type_=Date)
        last_day = last.date() if isinstance(last, datetime) else given
        return or_(column < EARLIEST.date(), column > last_day)
    return or_(column < EARLIEST, column > last)
