"""How much is tried of what is worth trying: a part in turn, day by day, or all of it.

`make test` tries the part of the day, so that in a few days all had their turn; `make soak` all.
"""

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar
from zlib import crc32

import pytest

VARIABLE = "TEST_DEPTH"  # a day, as 2026-11-29, or `ALL`
ALL = "all"
EXAMPLES, ALL_EXAMPLES = 30, 100  # of a property that Hypothesis tries to refute

T = TypeVar("T")


def settle(day: date) -> None:
    """Choose the day's part, for this process and those that it starts, unless one is chosen."""
    os.environ.setdefault(VARIABLE, day.isoformat())


def chosen() -> str:
    """The day, or `ALL`."""
    return os.environ[VARIABLE]


def is_full() -> bool:
    """Whether all is tried."""
    return chosen() == ALL


def in_turn(every: Sequence[T], count: int, of: str = "") -> list[T]:
    """As many of them as it says, other ones the day after; all of them in full depth.

    What is `of` different tests begins at different places: their turns mix.
    """
    if is_full():
        return list(every)
    first = date.fromisoformat(chosen()).toordinal() * count + crc32(of.encode())
    return [every[(first + number) % len(every)] for number in range(min(count, len(every)))]


def has_turn(name: str, days: int) -> bool:
    """Whether that one has its turn, which comes once in so many days, or all is tried."""
    return (
        is_full() or (date.fromisoformat(chosen()).toordinal() + crc32(name.encode())) % days == 0
    )


def parametrize_in_turn(
    names: str | Sequence[str], every: Sequence[Any], count: int, **options: Any
) -> Callable[[Any], Any]:
    """Parametrizes a test by those whose turn it is, and marks it as tried in turn."""

    def decorated(test: Any) -> Any:
        some = pytest.mark.parametrize(names, in_turn(every, count, test.__name__), **options)
        return pytest.mark.in_turn(some(test))

    return decorated
