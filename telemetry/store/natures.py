"""The ranks of natures: a nature keeps its rank, and so its colour, in every team and sprint."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select

from telemetry.store import schema as s
from telemetry.store.upsert import upsert


def read_ranks(connection: Connection) -> dict[str, int]:
    """The rank of each nature, from 1."""
    c = s.natures.c
    return {row.name: row.rank for row in connection.execute(select(c.name, c.rank))}


def read_ranked(connection: Connection, names: Iterable[str]) -> set[str]:
    """Those of the natures that have a rank."""
    c = s.natures.c
    return set(connection.scalars(select(c.name).where(c.name.in_(sorted(set(names))))))


def read_last_rank(connection: Connection) -> int:
    """The highest rank given; 0 before the first."""
    return connection.scalar(select(func.max(s.natures.c.rank))) or 0


def write_ranks(connection: Connection, names: Sequence[str], first_rank: int) -> None:
    """Give these natures, which have none, the ranks from `first_rank` on."""
    rows = [{"name": name, "rank": rank} for rank, name in enumerate(names, first_rank)]
    upsert(connection, s.natures, rows)
