"""The order of a table's rows by one of its columns, as its address says it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from telemetry.metrics.roadmap_forecast import EpicOutlook

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Order(Generic[R]):
    """A column to sort by: the value, and what its first and its reverse order are called."""

    value: Callable[[R], float | None]
    words: str
    reverse_words: str


def ordered(
    rows: Iterable[R], sort: str, orders: Mapping[str, Order[R]], name: Callable[[R], Any]
) -> list[R]:
    """The rows by a column, most first; `-` before its name reverses.

    Those without a value come last, equal ones by name, and all by name for another column.
    """
    by_name = sorted(rows, key=name)
    column, sign = sort.removeprefix("-"), 1 if sort.startswith("-") else -1
    if column not in orders:
        return by_name if sign < 0 else by_name[::-1]
    value = orders[column].value
    return sorted(by_name, key=lambda row: (value(row) is None, sign * (value(row) or 0.0)))


def order_words(sort: str, orders: Mapping[str, Order[R]]) -> str:
    """The order in words."""
    column, is_reverse = sort.removeprefix("-"), sort.startswith("-")
    if column not in orders:
        return "by name, backwards" if is_reverse else "by name"
    return orders[column].reverse_words if is_reverse else orders[column].words


def last_day(outlook: EpicOutlook | None) -> float | None:
    """What orders dates with 85 %: none is sure is later than all."""
    if outlook is None:
        return None
    return float((outlook.dates[1] or date.max).toordinal())
