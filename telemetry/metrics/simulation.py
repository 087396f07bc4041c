"""Runs that draw the team's own working days: what was done and what was added, together. Pure.

The first step of a forecast. Seeded, so that the same data give the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telemetry.metrics.forecast import NOTHING, Moves

TRIALS = 1_000
LONGEST = 60  # working days of a run: beyond, it ends without an end
LEVELS = (5, 15, 25, 35, 45, 50, 55, 65, 75, 85, 95)  # percent of the runs
EVERY_TRIAL = np.arange(TRIALS)
SAMPLES = 250  # of the days, each for as many runs

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of the runs, by `LEVELS`: of so many percent of them at most this.

    `days` are working days until nothing was left, None where it never came; `points` what was
    done by the planned end, and `in_time` the share of the runs that left nothing then. Without a
    planned end ahead there are no points. `added_points` is the median of what was added by then,
    or until nothing was left.
    """

    days: tuple[int | None, ...]
    points: tuple[float, ...]
    in_time: float
    added_points: float = 0.0

    @property
    def median_days(self) -> int | None:
        return self.days[LEVELS.index(50)]

    @property
    def mean_points(self) -> float:
        return float(np.add.reduce(self.points)) / len(self.points) if self.points else 0.0


class Runs:
    """Runs drawn once, and asked of as many standings as wanted: each answer stands alone."""

    def __init__(self, pool: Sequence[Moves], seed: int) -> None:
        drawn = _drawn(len(pool), seed)
        self._done: Numbers = np.array([one.done_points for one in pool]).take(drawn)
        self._added: Numbers = np.array([one.added_points for one in pool]).take(drawn)
        accumulate(np.add, self._done)
        accumulate(np.add, self._added)
        self._most: Numbers = self._done - self._added
        accumulate(np.maximum, self._most)

    def of(self, remaining_points: float, ahead: int | None) -> Simulated:
        """What comes of so many points, with so many working days ahead of the planned end."""
        is_left = self._most < remaining_points - NOTHING
        days = 1 + is_left.view(np.uint8).sum(axis=0, dtype=np.uint8)
        ahead = min(ahead or 0, LONGEST)
        points: tuple[float, ...] = ()
        added = 0.0
        if ahead:
            points, added = self._points(remaining_points, ahead, days)
        return Simulated(
            tuple(None if one > LONGEST else one for one in levels(days)),
            points,
            float(np.count_nonzero(days <= ahead)) / TRIALS,
            added,
        )

    def _points(
        self, remaining_points: float, ahead: int, days: NDArray[np.uint8]
    ) -> tuple[tuple[float, ...], float]:
        """Levels of what is done by the planned end, and the median of what is added by then.

        A run that leaves nothing before has done all.
        """
        last = np.minimum(days, ahead) - 1
        added, done = self._added[last, EVERY_TRIAL], self._done[last, EVERY_TRIAL]
        found = np.where(days <= ahead, remaining_points + added, done)
        return tuple(round(one, 4) for one in levels(found)), round(middle(added), 4)


def _drawn(count: int, seed: int) -> NDArray[np.int64]:
    """Which of so many days each working day of each run is, a row a working day.

    The days are a sample themselves, and tell only about how quick the team is. So some runs at a
    time draw from a sample of these days, as large, with some of them more than once and others
    not at all.
    """
    chance = np.random.default_rng(seed)
    drawn = chance.integers(count, size=(LONGEST, TRIALS))
    samples = chance.integers(count, size=SAMPLES * count)
    return samples.take(drawn + EVERY_TRIAL * SAMPLES // TRIALS * count)


def accumulate(add: np.ufunc, rows: NDArray[Any]) -> None:
    """Make of each row what it is together with all before it.

    Row by row: numpy's own `accumulate` takes ten times as long, 0.7 ms for 60 rows of 1,000.
    """
    for before, row in pairwise(rows):
        add(before, row, out=row)


def levels(values: NDArray[Any]) -> list[Any]:
    """The smallest values that so many percent of all do not exceed."""
    places = [-(-len(values) * level // 100) - 1 for level in LEVELS]
    found: list[Any] = np.sort(values)[places].tolist()
    return found


def middle(values: Numbers) -> float:
    """The median of an even number of values."""
    half = len(values) // 2
    return float(np.partition(values, (half - 1, half))[half - 1 : half + 1].mean())


def has_moved(pool: Sequence[Moves]) -> bool:
    """Whether anything was done on these days: else nothing can be said."""
    return sum(one.done_points for one in pool) > 0
