"""Issue types whose level changed in the tracker: epics and sub-tasks never carried points."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.schema import issues
from telemetry.store.terms import present

CURSOR = "relevelled"
TOLD_FOR = timedelta(days=90)


class Move(NamedTuple):
    """An issue's type that went from one level to another: epic, standard or subtask."""

    type_name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Relevelled:
    """A type, the level that it had before, and the one it was seen with then."""

    type_name: str
    before: str
    now: str
    seen_at: datetime


def level_of(*, is_epic: bool, is_subtask: bool) -> str:
    """The level of an issue's type."""
    return "subtask" if is_subtask else "epic" if is_epic else "standard"


def note_relevelled(connection: Connection, site: str, moves: Iterable[Move], at: datetime) -> None:
    """Note types that stand at another level now, and forget those that are back."""
    told = {one.type_name: one for one in read_relevelled(connection, site)}
    for move in sorted(set(moves)):
        known = told.get(move.type_name)
        before = move.before if known is None else known.before
        told[move.type_name] = Relevelled(move.type_name, before, move.now, at)
        if before == move.now:
            del told[move.type_name]
    value = [
        [one.type_name, one.before, one.now, one.seen_at.isoformat()]
        for one in told.values()
        if one.seen_at > at - TOLD_FOR
    ]
    if value != (read_cursor(connection, site, CURSOR) or []):
        write_cursor(connection, site, CURSOR, value)


def read_relevelled(connection: Connection, site: str) -> list[Relevelled]:
    """The types of the site whose level changed lately."""
    stored = read_cursor(connection, site, CURSOR) or []
    return [
        Relevelled(name, before, now, datetime.fromisoformat(at))
        for name, before, now, at in stored
    ]


def types_among(
    connection: Connection, site: str, project: str, names: Collection[str]
) -> set[str]:
    """Those of the types that issues of the project have."""
    here = (present(site), issues.c.project_key == project)
    query = select(issues.c.type_name).where(*here, issues.c.type_name.in_(list(names)))
    return set(connection.scalars(query.distinct()))
