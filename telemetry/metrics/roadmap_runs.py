"""Runs on the working days of a team's roadmap: many futures of a quarter at once. Pure.

As `simulation` does for a sprint, further ahead and with more runs: 10,000 in 9 ms as measured.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telemetry.metrics.correction import Record, Seen
from telemetry.metrics.forecast import Moves
from telemetry.metrics.quarter import Term
from telemetry.metrics.simulation import SAMPLES, Numbers, Simulated, accumulate, levels, middle

FUTURES = 10_000
SOME = 1_000  # where one of many is asked: an epic, a past day
FARTHEST = 100  # working days of a run: beyond, it ends without an end
TOLERANCE = 1e-3  # points: sums are of short floats

Short = NDArray[np.float32]


NOTHING_SEEN = Record(()).seen(date.min)


@dataclass(frozen=True, slots=True)
class Known:
    """What a forecast rests on: the last working days, and what earlier forecasts came to.

    `own` and `lent` are those of quarters as a whole, `own_epics` and `lent_epics` of their epics.
    """

    pool: Sequence[Moves]
    own: Seen
    lent: Sequence[Seen] = ()
    own_epics: Seen = NOTHING_SEEN
    lent_epics: Sequence[Seen] = ()


def seed_of(term: Term) -> int:
    """What a quarter's futures are drawn by."""
    return term.quarter.year * 4 + term.quarter.number


def faster(pool: Sequence[Moves], factor: float) -> list[Moves]:
    """These days as if so many times as much had been done on them."""
    return [Moves(factor * one.done_points, one.added_points) for one in pool]


class RoadmapRuns:
    """Runs drawn once, and asked of as many standings as wanted."""

    def __init__(self, pool: Sequence[Moves], seed: int, futures: int = FUTURES) -> None:
        self._drawn = _drawn(len(pool), seed, futures)
        self._done = np.array([one.done_points for one in pool], dtype=np.float32)
        self._added = np.array([one.added_points for one in pool], dtype=np.float32)

    def of(
        self,
        remaining_points: float,
        ahead: int | None,
        share: float = 1.0,
        *,
        has_points: bool = True,
    ) -> Simulated:
        """What comes of so many points, to which `share` of what is added is added.

        Without `has_points` nothing is told of amounts, in half the time.
        """
        net: Short = (self._done - np.float32(share) * self._added).take(self._drawn)
        accumulate(np.add, net)
        reached = net >= remaining_points - TOLERANCE
        first = np.argmax(reached, axis=0)
        days = np.where(reached.any(axis=0), first + 1, FARTHEST + 1)
        ahead = min(ahead or 0, FARTHEST)
        points: tuple[float, ...] = ()
        added = 0.0
        if ahead and has_points:
            points, added = self._points(remaining_points, ahead, days, share)
        return _simulated(days, ahead, points, added)

    def _points(
        self, remaining_points: float, ahead: int, days: NDArray[np.int64], share: float
    ) -> tuple[tuple[float, ...], float]:
        """Levels of what is done by the planned end, and the median of what is added by then."""
        drawn = self._drawn[:ahead]
        is_within = np.arange(ahead)[:, None] < np.minimum(days, ahead)
        added = share * _sums(self._added, drawn, is_within)
        done = _sums(self._done, drawn, is_within)
        found = np.where(days <= ahead, remaining_points + added, done)
        return tuple(round(one, 4) for one in levels(found)), round(middle(added), 4)


class PartRuns:
    """Some runs of a whole, asked what comes of many parts of it: when each of them is done.

    They can be drawn again of other days: taking memory anew is most of what runs cost. They are
    one of so many of `SOME`, so that each of these draws from a sample of the days of its own.
    """

    def __init__(self, one_of: int = 1) -> None:
        self._one_of = one_of
        self._reached: Short = np.empty((FARTHEST, SOME // one_of), dtype=np.float32)
        self._grown: Short = np.empty_like(self._reached)

    def draw(self, pool: Sequence[Moves], seed: int, whole: float) -> None:
        """Draw of these days what comes of so many points.

        A part, with its share of what is added to the whole, is done once as much as the part is
        was done for each time that the whole had grown by then: found once, compared with each.
        """
        drawn = _drawn(len(pool), seed, SOME)[:, :: self._one_of]
        reached, grown = self._reached, self._grown
        for values, start, sums in (
            ([one.done_points for one in pool], TOLERANCE, reached),
            ([one.added_points / whole for one in pool], 1, grown),
        ):
            np.take(np.array(values, dtype=np.float32), drawn, out=sums, mode="clip")
            sums[0] += start
            accumulate(np.add, sums)
        is_gone = grown <= 0  # nothing is left of the whole
        if is_gone.any():
            grown[is_gone] = 1
            reached[is_gone] = np.inf
        np.divide(reached, grown, out=reached)
        accumulate(np.maximum, reached)

    def parts(self, amounts: Iterable[float], ahead: int | None) -> list[Simulated]:
        """What `RoadmapRuns` says of each part, without points."""
        ahead = min(ahead or 0, FARTHEST)
        is_left = ((self._reached < amount).view(np.uint8) for amount in amounts)
        return [_simulated(1 + one.sum(axis=0, dtype=np.uint8), ahead) for one in is_left]


def _simulated(
    days: NDArray[Any], ahead: int, points: tuple[float, ...] = (), added: float = 0.0
) -> Simulated:
    return Simulated(
        tuple(None if one > FARTHEST else one for one in levels(days)),
        points,
        float(np.count_nonzero(days <= ahead)) / len(days),
        added,
    )


def _drawn(count: int, seed: int, futures: int) -> NDArray[np.uint16]:
    """Which of so many days each working day of each run is, a row a working day.

    The past days of a quarter draw the same, of all teams: drawn for each, it was half of what they
    cost. So the few futures of several quarters are kept, and the many of one.
    """
    return (_some_drawn if futures <= SOME else _many_drawn)(count, seed, futures)


@lru_cache(maxsize=32)
def _some_drawn(count: int, seed: int, futures: int) -> NDArray[np.uint16]:
    return _draw_anew(count, seed, futures)


@lru_cache(maxsize=1)
def _many_drawn(count: int, seed: int, futures: int) -> NDArray[np.uint16]:
    return _draw_anew(count, seed, futures)


def _draw_anew(count: int, seed: int, futures: int) -> NDArray[np.uint16]:
    """Some runs at a time draw from a sample of these days, as those of a sprint do."""
    chance = np.random.default_rng(seed)
    drawn = chance.integers(count, size=(futures, FARTHEST), dtype=np.uint16)
    samples = chance.integers(count, size=(SAMPLES, count), dtype=np.uint16)
    for sample, runs in zip(samples, np.split(drawn, SAMPLES), strict=True):
        runs[:] = sample[runs]
    found = np.ascontiguousarray(drawn.T)
    found.flags.writeable = False
    return found


def _sums(values: Short, drawn: NDArray[np.uint16], is_within: NDArray[np.bool_]) -> Numbers:
    """What was drawn within, added up for each run."""
    found: Numbers = (values.take(drawn) * is_within).sum(axis=0, dtype=np.float64)
    return found
