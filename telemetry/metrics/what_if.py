"""What would become of a running quarter if something were otherwise. Pure; nothing is kept.

The same computation as the forecast's, from the same days and by the same seed: with nothing
changed it gives the same figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from telemetry.domain.calendar import ONE_DAY
from telemetry.metrics.forecast import NOTHING, Moves
from telemetry.metrics.quarter import Predictability, Share, Term, capacity_limit, predictability
from telemetry.metrics.roadmap_forecast import NO_DATES, EpicOutlook, RoadmapOutlook
from telemetry.metrics.roadmap_outlook import EpicsLeft, outlook_of_all, outlook_of_epics
from telemetry.metrics.roadmap_runs import Known, faster

TOLD = 60  # epics at most: each takes a quarter of a millisecond


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a change is made of: the quarter, what its forecast was drawn from and rests on.

    `left` is what its epics had left then, none where they stand otherwise by now. `day` is
    the one from which the forecast looks ahead, `today` that on which it is asked.
    """

    term: Term
    drawn: Drawn
    known: Known
    left: EpicsLeft
    day: date
    today: date


def what_if(asked: Asked, usual: Usual, change: Change) -> WhatIf:
    """The figures of the quarter with a change."""
    term, drawn, today = asked.term, asked.drawn, asked.today
    factor = pace(change, usual.impediments)
    total = max(drawn.total_points + change.scope_change_points, drawn.done_points)
    remaining = max(total - drawn.done_points, 0.0)
    coefficient = security(change, usual.security_coefficient)
    velocity = None if usual.velocity is None else usual.velocity * factor
    return WhatIf(
        change,
        _outlook(asked, total, factor),
        remaining,
        predictability(term, remaining, velocity, today),
        _limit(term, usual.velocity, factor, coefficient, today),
        coefficient,
    )


def _outlook(asked: Asked, total: float, factor: float) -> RoadmapOutlook:
    term, known, done, day = asked.term, asked.known, asked.drawn.done_points, asked.day
    if factor > 0:
        pool = known.pool if factor == 1 else faster(known.pool, factor)
        known = replace(known, pool=pool)
    told = outlook_of_all(term, total, done, known, day)
    left, epics = total - done, asked.left.epics[:TOLD]
    if told.why_none is not None:
        return told
    if left <= NOTHING:
        return replace(told, epics=_all(epics, EpicOutlook(100.0, (day, day, day))))
    if factor <= 0:
        never = _all(epics, EpicOutlook(0.0, NO_DATES))
        return RoadmapOutlook(0.0, done_50_points=done, done_85_points=done, epics=never)
    if not epics:
        return told
    more = left / asked.left.remaining_points  # each has the same part of it as before
    standing = EpicsLeft(tuple((epic, more * points) for epic, points in epics), left)
    return replace(told, epics=outlook_of_epics(term, standing, known, day, told))


def _all(
    epics: Sequence[tuple[int, float]], outlook: EpicOutlook
) -> tuple[tuple[int, EpicOutlook], ...]:
    return tuple((issue_id, outlook) for issue_id, _ in epics)


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
