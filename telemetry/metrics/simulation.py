"""Runs that draw the team's own working days: what was done and what was added, together. Pure.

The first step of a forecast. Seeded, so that the same data give the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telemetry.metrics.forecast import NOTHING, Moves

TRIALS = 1_000
LONGEST = 60  # working days of a run: beyond, it ends without an end
LEVELS = (5, 15, 25, 35, 45, 50, 55, 65, 75, 85, 95)  # percent of the runs

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
        return float(np.mean(self.points)) if self.points else 0.0


class Runs:
    """Runs drawn once, and asked of as many standings as wanted: each answer stands alone."""

    def __init__(self, pool: Sequence[Moves], seed: int) -> None:
        moves = np.array([(one.done_points, one.added_points) for one in pool])
        drawn = np.random.default_rng(seed).integers(len(pool), size=(LONGEST, TRIALS))
        self._done: Numbers = np.cumsum(moves[drawn, 0], axis=0)
        self._added: Numbers = np.cumsum(moves[drawn, 1], axis=0)
        self._most: Numbers = np.maximum.accumulate(self._done - self._added, axis=0)

    def of(self, remaining_points: float, ahead: int | None) -> Simulated:
        """What comes of so many points, with so many working days ahead of the planned end."""
        days = 1 + np.count_nonzero(self._most < remaining_points - NOTHING, axis=0)
        ahead = min(ahead or 0, LONGEST)
        points, added = None, 0.0
        if ahead:
            points, each = self._points(remaining_points, ahead, days)
            added = round(float(np.median(each)), 4)
        return Simulated(
            tuple(None if one > LONGEST else int(one) for one in _levels(days)),
            () if points is None else tuple(round(float(one), 4) for one in _levels(points)),
            float(np.count_nonzero(days <= ahead)) / TRIALS,
            added,
        )

    def _points(
        self, remaining_points: float, ahead: int, days: NDArray[np.int64]
    ) -> tuple[Numbers, Numbers]:
        """Done and added by the planned end; a run that leaves nothing before has done all."""
        last = np.minimum(days, ahead) - 1
        every = np.arange(TRIALS)
        done, added = self._done[last, every], self._added[last, every]
        found: Numbers = np.where(days <= ahead, remaining_points + added, done)
        return found, added


def _levels(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """The smallest values that so many percent of all do not exceed."""
    places = [-(-len(values) * level // 100) - 1 for level in LEVELS]
    return np.partition(values, places)[places]


def has_moved(pool: Sequence[Moves]) -> bool:
    """Whether anything was done on these days: else nothing can be said."""
    return sum(one.done_points for one in pool) > 0
