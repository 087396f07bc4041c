"""Corrects what was simulated by what earlier forecasts of the same kind really took. Pure.

The second step of a forecast. How much longer than simulated (or how much more) it took on each
past day is applied to the day in question. Every sprint counts the same, and in it those of its
days the more whose simulation, and whose distance to the planned end, are the nearer. The epics of
a quarter, of which several are forecast on a day, count as many. The runs themselves count as a few
sprints more, so that a short record does not say too much.

What has not come by then counts as longer than all that did, and so does a part of a sprint, since
the worst is hardly among the few that were seen. Where the share of both is too large for a chance,
there is no date with that chance.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telemetry.metrics.forecast import AMOUNTS, PERCENTILES
from telemetry.metrics.simulation import LEVELS, LONGEST, Numbers, Simulated

RUNS_COUNT_AS = 6.0  # sprints
UNSEEN_COUNTS_AS = 0.5  # sprints that took longer than all seen
LENT_UP_TO = 12.0  # sprints: so many with those of other teams
NEARNESS = 0.5  # how far the logarithms of two days' distances may lie apart
LEAST_POINTS = 0.5  # of a simulated amount that others are compared with
MEDIAN = LEVELS.index(50)
SPREAD = tuple(place for place in range(len(LEVELS)) if place != MEDIAN)  # equal parts of the runs
NEVER = 10**9


@dataclass(frozen=True, slots=True)
class Experience:
    """What was simulated at the end of a past day of a closed sprint, and what came.

    `ahead` are the working days to the planned end, None without one. `finished_on` is when
    nothing was left, `took` the working days until then; None before. `did_points` is what was
    done from then to the planned end, None without one ahead.
    """

    sprint_id: int
    closed_on: date
    day: date
    ahead: int | None
    simulated: Simulated
    finished_on: date | None
    took: int | None
    did_points: float | None


def to_stored(one: Experience) -> list[Any]:
    """The value as JSON values, but for its sprint and when that was closed."""
    finished = None if one.finished_on is None else one.finished_on.toordinal()
    simulated = one.simulated
    return [
        one.day.toordinal(),
        one.ahead,
        [list(simulated.days), list(simulated.points), simulated.in_time],
        finished,
        one.took,
        one.did_points,
    ]


def from_stored(sprint_id: int, closed_on: date, stored: Sequence[Any]) -> Experience:
    """The value that `to_stored` wrote of a sprint."""
    day, ahead, (days, points, in_time), finished, took, did = stored
    return Experience(
        sprint_id,
        closed_on,
        date.fromordinal(day),
        ahead,
        Simulated(tuple(days), tuple(points), in_time),
        None if finished is None else date.fromordinal(finished),
        took,
        did,
    )


@dataclass(frozen=True, slots=True)
class Corrected:
    """The answers: working days by `PERCENTILES`, points by `AMOUNTS`; None where not known."""

    days: tuple[int | None, ...]
    in_time: float
    points: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Experiences as they were known on a day, in columns; `sprint` numbers their sprints.

    `starts` are the first row of each sprint, `counts` what it counts as: its forecasts of a day.
    """

    sprint: NDArray[np.int64]
    starts: NDArray[np.int64]
    counts: Numbers
    scale: Numbers  # simulated days, and points
    points: Numbers
    near: tuple[Numbers, Numbers]  # where each stands: the logarithms of its distances
    took: Numbers  # working days; infinite where it had not come
    did: Numbers


class Record:
    """All experiences of a team in the order in which their sprints were closed."""

    def __init__(self, experiences: Iterable[Experience]) -> None:
        known = sorted(experiences, key=lambda one: (one.closed_on, one.sprint_id, one.day))
        self._ends: list[int] = []  # of each sprint's rows
        self._closed_on: list[date] = []
        sprint: list[int] = []
        counts: list[float] = []
        for number, (_, some) in enumerate(groupby(known, key=lambda one: one.sprint_id)):
            rows = list(some)
            sprint += [number] * len(rows)
            counts.append(len(rows) / len({one.day for one in rows}))
            self._closed_on.append(rows[0].closed_on)
            self._ends.append(len(sprint))
        self._sprint = np.array(sprint, dtype=np.int64)
        self._starts = np.array([0, *self._ends[:-1]], dtype=np.int64)
        self._counts = np.array(counts, dtype=np.float64)
        self._scale = np.array([_scale(one.simulated) for one in known])
        self._near = [np.log(self._scale), np.log1p([float(one.ahead or 0) for one in known])]
        self._points = np.array([_points(one.simulated) for one in known])
        finished = [one.finished_on.toordinal() if one.finished_on else NEVER for one in known]
        self._finished = np.array(finished)
        self._took = np.array([one.took or 0 for one in known], dtype=np.float64)
        did = [np.nan if one.did_points is None else one.did_points for one in known]
        self._did = np.array(did, dtype=np.float64)

    def sprint_count(self, on: date) -> int:
        """How many sprints were closed by a day's end."""
        return bisect_right(self._closed_on, on)

    def seen(self, on: date, before: int | None = None) -> Seen:
        """What was known at a day's end; of the first `before` sprints, if given."""
        count = self.sprint_count(on) if before is None else min(before, self.sprint_count(on))
        rows = slice(0, self._ends[count - 1] if count else 0)
        came = self._finished[rows] <= on.toordinal()
        return Seen(
            self._sprint[rows],
            self._starts[:count],
            self._counts[:count],
            self._scale[rows],
            self._points[rows],
            (self._near[0][rows], self._near[1][rows]),
            np.where(came, self._took[rows], np.inf),
            self._did[rows],
        )


def _scale(simulated: Simulated) -> float:
    return float(min(simulated.median_days or LONGEST, LONGEST))


def _points(simulated: Simulated) -> float:
    return max(simulated.mean_points, LEAST_POINTS)


def _near(simulated: Simulated, ahead: int | None) -> tuple[float, float]:
    return float(np.log(_scale(simulated))), float(np.log1p(ahead or 0))


def corrected(
    simulated: Simulated, ahead: int | None, own: Seen, lent: Sequence[Seen] = ()
) -> Corrected:
    """What is to be said of a day, by what was seen of the team's own sprints and lent by others.

    Those of other teams fill up what is missing to `LENT_UP_TO` sprints, each team the same, but
    one of which nothing was known by then.
    """
    lent = [one for one in lent if len(one.starts)]
    weighed = [(own, 1.0)] if len(own.sprint) else []
    missing = LENT_UP_TO - len(own.starts)
    weighed += [(one, missing / len(lent) / len(one.starts)) for one in lent if missing > 0]
    here = _near(simulated, ahead)
    weights = [_weights(seen, here) * factor for seen, factor in weighed]
    places, shares = _distribution(simulated, weighed, weights)
    in_time = float(np.interp(ahead or 0, places, shares)) if len(places) else 0.0
    days = [_quantile(places, shares, percent / 100) for percent in PERCENTILES]
    points: tuple[float | None, ...] = (None,) * len(AMOUNTS)
    if ahead and simulated.points:
        points = _amounts(simulated, [seen for seen, _ in weighed], weights)
    return Corrected(
        tuple(None if one is None else max(1, int(np.ceil(one - 1e-6))) for one in days),
        in_time if ahead else 0.0,
        points,
    )


def _weights(seen: Seen, here: tuple[float, float]) -> Numbers:
    """Of every day: in all what its sprint counts as, the nearer the more."""
    away = (np.abs(seen.near[0] - here[0]) + np.abs(seen.near[1] - here[1])) / NEARNESS
    nearest = np.minimum.reduceat(away, seen.starts)
    weights = np.exp(nearest[seen.sprint] - away)
    scale: Numbers = seen.counts / np.add.reduceat(weights, seen.starts)
    found: Numbers = weights * scale[seen.sprint]
    return found


def _distribution(
    simulated: Simulated, weighed: Sequence[tuple[Seen, float]], weights: Sequence[Numbers]
) -> tuple[Numbers, Numbers]:
    """Working days, and the share of what is done by then; the rest took longer than all seen."""
    runs = [simulated.days[place] for place in SPREAD]
    high = [np.array([np.inf if one is None else one for one in runs])]
    wide = [np.ones(len(SPREAD))]  # a day that was counted is any moment of it
    for seen, _ in weighed:
        factor = _scale(simulated) / seen.scale
        high.append(seen.took * factor)
        wide.append(factor)
    weight = np.concatenate([np.full(len(SPREAD), RUNS_COUNT_AS / len(SPREAD)), *weights])
    parts = weight / (weight.sum() + UNSEEN_COUNTS_AS)
    return _shares(np.concatenate(high), np.concatenate(wide), parts)


def _shares(high: Numbers, wide: Numbers, part: Numbers) -> tuple[Numbers, Numbers]:
    """The parts added up, each spread evenly over as much as it is wide, up to its place."""
    came = np.isfinite(high)
    high, wide, part = high[came], wide[came], part[came]
    places = np.concatenate((high - wide, high))
    order = np.argsort(places, kind="stable")
    places, steep = places[order], part / wide
    slopes = np.cumsum(np.concatenate((steep, -steep))[order])
    shares = np.zeros(len(places))
    np.cumsum(slopes[:-1] * (places[1:] - places[:-1]), out=shares[1:])
    return places, shares


def _quantile(places: Numbers, shares: Numbers, share: float) -> float | None:
    """The first place with so large a share; None where none has."""
    at = int(np.searchsorted(shares, share))
    if at == len(shares):
        return None
    if not at:
        return float(places[0])
    return float(np.interp(share, shares[at - 1 : at + 1], places[at - 1 : at + 1]))


def _amounts(
    simulated: Simulated, seen: Sequence[Seen], weights: Sequence[Numbers]
) -> tuple[float | None, ...]:
    """The points that so many percent of what is known reach."""
    values = [np.array([simulated.points[place] for place in SPREAD])]
    weight = [np.full(len(SPREAD), RUNS_COUNT_AS / len(SPREAD))]
    for one, some in zip(seen, weights, strict=True):
        is_known = ~np.isnan(one.did)
        values.append(one.did[is_known] * _points(simulated) / one.points[is_known])
        weight.append(some[is_known])
    value, share = np.concatenate(values), np.concatenate(weight)
    order = np.argsort(value, kind="stable")
    value, share = value[order], share[order]
    below = (np.cumsum(share) - share / 2) / share.sum()
    return tuple(max(0.0, float(np.interp(1 - p / 100, below, value))) for p in AMOUNTS)
