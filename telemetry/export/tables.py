"""A table to take away: its columns, what they mean, and its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telemetry.metrics.registry import by_key


class Kind(StrEnum):
    """What a column holds: rows have str, float, int, bool, date or aware datetime, or None."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    PERCENT = "percent"  # 0 … 100
    SECONDS = "seconds"
    FLAG = "yes or no"
    DAY = "day"
    INSTANT = "instant, UTC"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the name in the API, `meaning` one sentence."""

    key: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have a value for each column, in their order."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]


_KINDS = {
    "points": Kind.NUMBER,
    "day": Kind.NUMBER,
    "count": Kind.COUNT,
    "percent": Kind.PERCENT,
    "seconds": Kind.SECONDS,
    "at": Kind.INSTANT,
    "on": Kind.DAY,
    "days": Kind.COUNT,
    "hours": Kind.NUMBER,
}


def column(key: str, meaning: str = "", kind: Kind | None = None) -> Column:
    """A column; its kind follows from the unit in its key, its meaning from the registry."""
    figure = by_key().get(key)
    told = meaning or (figure.meaning if figure is not None else "")
    return Column(key, kind or _KINDS.get(key.rpartition("_")[2], Kind.TEXT), told)


def flag(key: str, meaning: str = "") -> Column:
    """A column of yes and no."""
    return column(key, meaning, Kind.FLAG)


def count(key: str, meaning: str = "") -> Column:
    """A column of whole numbers."""
    return column(key, meaning, Kind.COUNT)


def table(name: str, columns: Iterable[Column], values: Iterable[object]) -> Table:
    """A table whose rows are the attributes of values, named as the columns are."""
    chosen = tuple(columns)
    keys = [one.key for one in chosen]
    return Table(name, chosen, [tuple(getattr(value, key) for key in keys) for value in values])
