"""Heals a store that holds instants which no reading lets in any more.

Called before a pull reads anything: a work log of year 9999 or 21 would stop it, or make it count
two thousand years of days. The comparisons are of what is stored, since such values may be none
that a program can hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Table,
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
    healed, first, last = Healed(), EARLIEST, latest_of(now)
    for table, issue_id in OF_ISSUES:
        odd = select(issue_id).distinct().where(table.c.site == site, _out(table, first, last))
        ids = connection.scalars(odd).all()
        if ids:
            healed.issue_ids.update(ids)
            _mend(connection, table, site, now)
    p = s.sprints
    wrong = select(p.c.id).where(p.c.site == site, _out(p, first, last))
    healed.sprint_ids.update(connection.scalars(wrong))
    for table in (p, s.stale_sprints, *OURS):
        _mend(connection, table, site, now)
    t = s.snapshots
    gone = connection.execute(delete(t).where(t.c.site == site, _out(t, first, FARTHEST))).rowcount
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
        connection.execute(
            delete(table).where(table.c.team_key == team_key, _out(table, EARLIEST, FARTHEST))
        ).rowcount
        for table in s.FACTS
        if any(True for _ in _dated(table))
    )


def _mend(connection: Connection, table: Table, site: str, now: datetime) -> None:
    """Delete rows that hang on such an instant; let others be unknown, or the nearest there is."""
    latest = latest_of(now)
    for column in _dated(table):
        here = (table.c.site == site, _is_out(column, EARLIEST, latest))
        if column in MAY_GO:
            connection.execute(delete(table).where(*here))
        elif column.nullable and table not in OURS and column is not s.issues.c.gone_at:
            connection.execute(update(table).where(*here).values({column: None}))
        else:
            first, last = (literal(at, Instant) for at in (EARLIEST, now))
            near = case((column < EARLIEST, first), else_=last)
            connection.execute(update(table).where(*here).values({column: near}))


def _out(table: Table, first: datetime, last: datetime) -> ColumnElement[bool]:
    """Whether any instant or day of a row lies outside."""
    return or_(*(_is_out(column, first, last) for column in _dated(table)))


def _dated(table: Table) -> Iterator[Column[Any]]:
    return (column for column in table.c if isinstance(column.type, Instant | Date))


def _is_out(column: Column[Any], first: datetime, last: datetime) -> ColumnElement[bool]:
    if isinstance(column.type, Date):
        return or_(column < first.date(), column > last.date())
    return or_(column < first, column > last)
