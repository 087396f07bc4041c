"""The tables of facts can be thrown away: where their shape changes they are made anew, empty.

A store remembers which shape its facts have. A program that wants another one needs no revision
for them: `migrate.upgrade` drops these tables, and these alone, makes them as the schema has them
and notes every team, so that its next pull, or the bot's start, computes all from history.
"""

import hashlib
from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, Table, delete, insert, inspect, literal, select, text, update

from telemetry.store import schema as s
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.values import Json

FORMAT = 12
"""To be raised where facts of the same shape come to mean something else: all are computed anew."""
RECOMPUTE = "recompute"
"""A cursor `recompute:TEAM` that is true: all facts of the team are still to be computed."""


@cache
def shape() -> str:
    """Changes with the columns and indexes of the tables of facts."""
    described = repr([_described(table) for table in s.FACTS])
    return hashlib.blake2b(described.encode(), digest_size=16).hexdigest()


def _described(table: Table) -> tuple[object, ...]:
    columns = [
        (
            column.name,
            type(column.type).__name__,
            getattr(column.type, "length", None),
            column.nullable,
            column.primary_key,
        )
        for column in table.columns
    ]
    indexes = sorted(str(index.name) for index in table.indexes)
    return table.name, columns, indexes


def has_our_facts(connection: Connection) -> bool:
    """Whether the tables of facts are as this program wants them."""
    if not inspect(connection).has_table(s.facts_shape.name):
        return False
    t = s.facts_shape.c
    known = connection.execute(select(t.shape, t.format)).all()
    return [tuple(row) for row in known] == [(shape(), FORMAT)]


def renew_facts(connection: Connection) -> None:
    """Make the tables of facts anew, without rows, and note every team to be computed anew."""
    former = connection.scalars(select(s.facts_shape.c.tables)).all()
    names = {table.name for table in s.FACTS}.union(*former)
    quote = connection.dialect.identifier_preparer.quote
    for name in sorted(names):
        connection.execute(text(f"DROP TABLE IF EXISTS {quote(name)}"))
    s.metadata.create_all(connection, s.FACTS)
    connection.execute(delete(s.facts_shape))
    ours = {"shape": shape(), "format": FORMAT, "tables": sorted(t.name for t in s.FACTS)}
    connection.execute(insert(s.facts_shape), [ours])
    note_all(connection)


def note_all(connection: Connection) -> None:
    """Note of every team that its facts are to be computed anew, and that pages show others."""
    c, teams = s.cursors.c, s.teams.c
    connection.execute(delete(s.cursors).where(c.name.startswith(f"{RECOMPUTE}:")))
    noted = select(teams.site, literal(f"{RECOMPUTE}:") + teams.key, literal(True, Json))
    connection.execute(insert(s.cursors).from_select(["site", "name", "value"], noted))
    connection.execute(update(s.teams).values(facts_version=teams.facts_version + 1))


def note_recompute(connection: Connection, site: str, team_key: str, is_due: bool) -> None:
    """Note that a team's facts must be computed anew, or that they are.

    The note outlives a pull that is stopped after the team's rules are written.
    """
    write_cursor(connection, site, f"{RECOMPUTE}:{team_key}", is_due)


def read_noted(connection: Connection, site: str, team_keys: Iterable[str]) -> frozenset[str]:
    """Those of the teams whose facts must be computed anew."""
    noted = (key for key in team_keys if read_cursor(connection, site, f"{RECOMPUTE}:{key}"))
    return frozenset(noted)
