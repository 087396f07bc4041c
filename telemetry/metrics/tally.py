"""Forecasts held against what came, added up so that sums add up: the values. Pure.

How they come about stands in `judged`. What was shown and recorded and what would have been said on
past days are never added to each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from telemetry.metrics.forecast import AMOUNTS, PERCENTILES

BINS = 10  # of chances, each as wide

Counts = dict[int, int]


@dataclass(slots=True)
class Level:
    """Promises of one chance: those that can be judged, those that held, and how far they reached.

    `ahead` counts them by the working days that they gave; `loss` sums the pinball loss in working
    days of `loss_count` of them.
    """

    held: int = 0
    count: int = 0
    loss: float = 0.0
    loss_count: int = 0
    ahead: Counts = field(default_factory=dict)

    @property
    def held_percent(self) -> float | None:
        return 100 * self.held / self.count if self.count else None

    @property
    def mean_loss(self) -> float | None:
        return self.loss / self.loss_count if self.loss_count else None

    @property
    def median_ahead(self) -> float | None:
        return median_of(self.ahead)


@dataclass(slots=True)
class Month:
    """The days with 85 % that were given in a month, and how wide its forecasts were."""

    held: int = 0
    count: int = 0
    widths: Counts = field(default_factory=dict)

    @property
    def held_percent(self) -> float | None:
        return 100 * self.held / self.count if self.count else None

    @property
    def median_width(self) -> float | None:
        return median_of(self.widths)


@dataclass(slots=True)
class Tally:
    """Forecasts added up; `gone_count` are those whose object is there no more: left out of all.

    `subject_count` is of how many sprints, epics, quarters or programs they were. A width is the
    working days from the day with 50 % to that with 85 %. `bins` are chances by tenths: their
    count, their sum and how many came true; `squares` sums the squares by which they were off.
    """

    count: int = 0
    gone_count: int = 0
    subject_count: int = 0
    first_on: date | None = None
    last_on: date | None = None
    dates: list[Level] = field(default_factory=lambda: [Level() for _ in PERCENTILES])
    amounts: list[Level] = field(default_factory=lambda: [Level() for _ in AMOUNTS])
    squares: float = 0.0
    bins: list[list[float]] = field(default_factory=lambda: [[0, 0.0, 0] for _ in range(BINS)])
    widths: Counts = field(default_factory=dict)
    months: dict[str, Month] = field(default_factory=dict)

    @property
    def chance_count(self) -> int:
        return int(sum(one[0] for one in self.bins))

    @property
    def came_share(self) -> float | None:
        """How often it came: the chance that always saying the same should have said."""
        count = self.chance_count
        return sum(one[2] for one in self.bins) / count if count else None

    @property
    def brier(self) -> float | None:
        count = self.chance_count
        return self.squares / count if count else None

    @property
    def base_brier(self) -> float | None:
        """The Brier score of always saying how often it came, which nobody knew beforehand."""
        share = self.came_share
        return None if share is None else share * (1 - share)

    @property
    def skill(self) -> float | None:
        """By which share the chances were nearer than that; None where it always or never came."""
        brier, base = self.brier, self.base_brier
        return None if brier is None or not base else 1 - brier / base

    @property
    def median_width(self) -> float | None:
        return median_of(self.widths)

    @property
    def judged_count(self) -> int:
        """Of how many forecasts at least one day has passed."""
        return max(one.count for one in self.dates)


def median_of(counts: Mapping[int, int]) -> float | None:
    """The median of counted values; None of none."""
    total, passed = sum(counts.values()), 0
    if not total:
        return None
    low = None
    for value in sorted(counts):
        passed += counts[value]
        if low is None and 2 * passed >= total:
            low = value
        if 2 * passed > total:
            return (low + value) / 2 if low is not None else value
    return low


def together(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    found = Tally()
    for one in tallies:
        if not one.count and not one.gone_count:
            continue
        found.count += one.count
        found.gone_count += one.gone_count
        found.subject_count += one.subject_count
        found.first_on = _of_both(min, found.first_on, one.first_on)
        found.last_on = _of_both(max, found.last_on, one.last_on)
        for level, more in zip(
            (*found.dates, *found.amounts), (*one.dates, *one.amounts), strict=True
        ):
            level.held += more.held
            level.count += more.count
            level.loss += more.loss
            level.loss_count += more.loss_count
            _merge(level.ahead, more.ahead)
        found.squares += one.squares
        for sums, some in zip(found.bins, one.bins, strict=True):
            sums[:] = [mine + other for mine, other in zip(sums, some, strict=True)]
        _merge(found.widths, one.widths)
        for name, other in one.months.items():
            month = found.months.setdefault(name, Month())
            month.held += other.held
            month.count += other.count
            _merge(month.widths, other.widths)
    return found


def _of_both(choose: Any, one: date | None, other: date | None) -> date | None:
    return choose(one, other) if one is not None and other is not None else one or other


def _merge(counts: Counts, more: Mapping[int, int]) -> None:
    for value, count in more.items():
        counts[value] = counts.get(value, 0) + count


def to_stored(one: Tally) -> list[Any]:
    """The value as JSON values."""
    return [
        [one.count, one.gone_count, one.subject_count],
        [None if day is None else day.toordinal() for day in (one.first_on, one.last_on)],
        [
            [level.held, level.count, level.loss, level.loss_count, sorted(level.ahead.items())]
            for level in (*one.dates, *one.amounts)
        ],
        one.squares,
        one.bins,
        sorted(one.widths.items()),
        [
            [name, month.held, month.count, sorted(month.widths.items())]
            for name, month in sorted(one.months.items())
        ],
    ]


def from_stored(stored: Sequence[Any]) -> Tally:
    """The value that `to_stored` wrote."""
    (count, gone, subjects), days, levels, squares, bins, widths, months = stored
    if not count:
        return Tally(gone_count=gone, subject_count=subjects)
    first, last = (None if day is None else date.fromordinal(day) for day in days)
    every = [
        Level(held, count_, loss, loss_count, _counts(ahead))
        for held, count_, loss, loss_count, ahead in levels
    ]
    return Tally(
        count,
        gone,
        subjects,
        first,
        last,
        every[: len(PERCENTILES)],
        every[len(PERCENTILES) :],
        squares,
        [list(one) for one in bins],
        _counts(widths),
        {name: Month(held, count, _counts(some)) for name, held, count, some in months},
    )


def _counts(stored: Iterable[Sequence[int]]) -> Counts:
    return {pair[0]: pair[1] for pair in stored}


def beside(shown: Tally, tested: Tally | None = None) -> list[Any]:
    """What was shown, and what would have been said before, as JSON values."""
    return [to_stored(shown), to_stored(tested or Tally())]
