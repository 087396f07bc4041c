"""Whose turn it is: few seeds run with the tests of a day, and in fifty days every one has."""

import os
from datetime import date

SEEDS = 200  # that `make soak` runs
A_DAY = 4  # one of each flavour on each database
VARIABLE = "SOAK_SEEDS"


def seeds_of(day: date) -> list[int]:
    """The seeds whose turn it is on that day."""
    first = day.toordinal() * A_DAY % SEEDS
    return list(range(first, first + A_DAY))


def settle(day: date) -> None:
    """Choose the day's seeds, for this process and those that it starts, unless some are chosen."""
    os.environ.setdefault(VARIABLE, " ".join(map(str, seeds_of(day))))


def chosen() -> list[int]:
    """The seeds that were chosen."""
    return [int(seed) for seed in os.environ[VARIABLE].split()]
