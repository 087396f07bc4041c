"""Whose turn it is: few seeds run with the tests of a day, and in a hundred days every one has."""

import os
from datetime import date

SEEDS = 200  # that `make soak` runs
OF_TWO_DAYS = ((0, 3), (1, 2))  # each flavour on one of the databases, then on the other
VARIABLE = "SOAK_SEEDS"


def seeds_of(day: date) -> list[int]:
    """The seeds whose turn it is on that day."""
    pair, which = divmod(day.toordinal(), 2)
    return [pair * 4 % SEEDS + number for number in OF_TWO_DAYS[which]]


def settle(day: date) -> None:
    """Choose the day's seeds, for this process and those that it starts, unless some are chosen."""
    os.environ.setdefault(VARIABLE, " ".join(map(str, seeds_of(day))))


def chosen() -> list[int]:
    """The seeds that were chosen."""
    return [int(seed) for seed in os.environ[VARIABLE].split()]
