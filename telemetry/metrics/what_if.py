"""What would become of a running quarter if something were otherwise. Pure; nothing is kept.

The same computation as the forecast's, from the same days and by the same seed: with nothing
changed it gives the same figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from telemetry.domain.calendar import ONE_DAY
from telemetry.metrics.forecast import Moves
from telemetry.metrics.quarter import Predictability, Share, Term, capacity_limit, predictability
from telemetry.metrics.roadmap_forecast import RoadmapOutlook
from telemetry.metrics.roadmap_outlook import outlook_of_all
from telemetry.metrics.roadmap_runs import Known, faster


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise from today on; a share or coefficient of None stays as it is."""

    capacity_change_percent: float = 0.0
    impediment_share_percent: float | None = None
    scope_change_points: float = 0.0
    security_coefficient: float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a quarter's forecast was drawn from: its points, its last days, and who lent to it.

    `since` is the first of these days; the last `here_count` of them are of the quarter.
    """

    total_points: float
    done_points: float
    since: date
    here_count: int
    pool: tuple[Moves, ...]
    lenders: tuple[str, ...]

    def to_stored(self) -> dict[str, Any]:
        """The value as JSON values."""
        return {
            "points": [self.total_points, self.done_points],
            "since": self.since.isoformat(),
            "here_count": self.here_count,
            "pool": [[one.done_points, one.added_points] for one in self.pool],
            "lenders": list(self.lenders),
        }


def drawn_from_stored(stored: Mapping[str, Any]) -> Drawn:
    """The value that `to_stored` wrote."""
    total, done = stored["points"]
    return Drawn(
        total,
        done,
        date.fromisoformat(stored["since"]),
        stored["here_count"],
        tuple(Moves(*one) for one in stored["pool"]),
        tuple(stored["lenders"]),
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """What the quarter has as it is: the team's velocity, its security, and its hours' share.

    `impediments` are the hours of the days that the forecast draws from.
    """

    velocity: float | None
    security_coefficient: float
    impediments: Share


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The quarter's figures with a change."""

    change: Change
    outlook: RoadmapOutlook
    remaining_points: float
    predictability: Predictability
    capacity_limit_points: float | None
    security_coefficient: float


def pace(change: Change, usual: Share) -> float:
    """How many times as much is done on a day.

    A share of impediments that rounds to the usual one is the usual one; where no hours, or none
    but those of impediments, are known, it changes nothing.
    """
    factor = 1 + change.capacity_change_percent / 100
    share, part = change.impediment_share_percent, usual.part
    if share is None or part is None or part >= 1 or share == round(100 * part):
        return factor
    return factor * (1 - share / 100) / (1 - part)


def security(change: Change, usual: float) -> float:
    """The coefficient asked for; one that rounds to the present one in percent is that."""
    asked = change.security_coefficient
    is_other = asked is not None and round(100 * asked, 6) != round(100 * usual)
    return asked if is_other and asked is not None else usual


def what_if(
    term: Term, drawn: Drawn, known: Known, usual: Usual, change: Change, day: date, today: date
) -> WhatIf:
    """The figures of the quarter with a change.

    `day` is the one from which the forecast looks ahead, `today` that on which it is asked.
    """
    factor = pace(change, usual.impediments)
    total = max(drawn.total_points + change.scope_change_points, drawn.done_points)
    remaining = max(total - drawn.done_points, 0.0)
    coefficient = security(change, usual.security_coefficient)
    velocity = None if usual.velocity is None else usual.velocity * factor
    return WhatIf(
        change,
        _outlook(term, total, drawn.done_points, known, factor, day),
        remaining,
        predictability(term, remaining, velocity, today),
        _limit(term, usual.velocity, factor, coefficient, today),
        coefficient,
    )


def _outlook(
    term: Term, total: float, done: float, known: Known, factor: float, day: date
) -> RoadmapOutlook:
    if factor > 0:
        pool = known.pool if factor == 1 else faster(known.pool, factor)
        return outlook_of_all(term, total, done, Known(pool, known.own, known.lent), day)
    as_it_is = outlook_of_all(term, total, done, known, day)
    if as_it_is.why_none is not None or total <= done:
        return as_it_is
    return RoadmapOutlook(0.0, done_50_points=done, done_85_points=done)


def _limit(
    term: Term, velocity: float | None, factor: float, coefficient: float, today: date
) -> float | None:
    """The capacity limit where the days from today on hold so many times as much."""
    limit = capacity_limit(velocity, term, coefficient)
    if limit is None or velocity is None or factor == 1:
        return limit
    first = max(term.first, min(today, term.last + ONE_DAY))
    left = term.calendar.working_days(first, term.last)
    staffed = left - term.calendar.days_away(first, term.last)
    return limit + velocity * staffed * (factor - 1) * (1 - coefficient)
