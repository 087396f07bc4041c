"""The outlook of a running quarter and of each of its epics, and what moves its date. Pure.

Epics are taken to be finished in their order: each when what remains of it and of those before it
is done, to which its part of what is added is added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from telemetry.domain.calendar import ONE_DAY, Calendar
from telemetry.metrics.correction import Corrected, Seen, corrected
from telemetry.metrics.forecast import NOTHING, Moves
from telemetry.metrics.quarter import Roadmap, Term
from telemetry.metrics.roadmap_forecast import Dates, Driver, EpicOutlook, RoadmapOutlook
from telemetry.metrics.roadmap_past import FEWEST
from telemetry.metrics.roadmap_runs import SOME, RoadmapRuns
from telemetry.metrics.simulation import has_moved


@dataclass(frozen=True, slots=True)
class Known:
    """What a forecast rests on: the last working days, and what earlier forecasts came to."""

    pool: Sequence[Moves]
    own: Seen
    lent: Sequence[Seen] = ()


def roadmap_outlook(
    term: Term, found: Roadmap, known: Known, today: date, usual_points: float | None = None
) -> RoadmapOutlook:
    """What is to be said of a running quarter, or why nothing can be.

    `usual_points` is what an estimated issue of the team usually has.
    """
    if not term.first <= today <= term.last:
        return RoadmapOutlook(why_none="not_running")
    remaining = found.remaining_points
    if not found.total_points:
        return RoadmapOutlook(why_none="no_points")
    if remaining <= NOTHING:
        done = found.done_points
        return RoadmapOutlook(100.0, (today, today, today), done, done)
    if len(known.pool) < FEWEST or not has_moved(known.pool):
        return RoadmapOutlook(why_none="few_days")
    seed = term.quarter.year * 4 + term.quarter.number
    ahead = term.calendar.working_days(today, term.last)
    runs = RoadmapRuns(known.pool, seed)
    said = corrected(runs.of(remaining, ahead), ahead, known.own, known.lent)
    likely, sure = (more or 0.0 for more in said.points)
    return RoadmapOutlook(
        100 * said.in_time,
        _dates(said, term.calendar, today),
        found.done_points + likely,
        found.done_points + sure,
        _epics(term, found, known, today, seed),
        _drivers(term, found, known, today, usual_points),
    )


def _dates(said: Corrected, calendar: Calendar, today: date) -> Dates:
    first, second, third = (
        None if count is None else calendar.add_working_days(today - ONE_DAY, count)
        for count in said.days
    )
    return first, second, third


def _epics(
    term: Term, found: Roadmap, known: Known, today: date, seed: int
) -> tuple[tuple[int, EpicOutlook], ...]:
    runs = RoadmapRuns(known.pool, seed, SOME)
    ahead = term.calendar.working_days(today, term.last)
    outlooks = []
    before = 0.0
    for one in found.epics:
        if one.remaining_points <= NOTHING:
            continue
        before += one.remaining_points
        simulated = runs.of(before, ahead, before / found.remaining_points)
        said = corrected(simulated, ahead, known.own, known.lent)
        told = EpicOutlook(100 * said.in_time, _dates(said, term.calendar, today))
        outlooks.append((one.issue_id, told))
    return tuple(outlooks)


def _drivers(
    term: Term, found: Roadmap, known: Known, today: date, usual_points: float | None
) -> tuple[Driver, ...]:
    """By how many working days the date with 85 % would be another without each."""
    seed = term.quarter.year * 4 + term.quarter.number
    ahead = term.calendar.working_days(today, term.last)
    runs = RoadmapRuns(known.pool, seed, SOME)

    def days(remaining: float, share: float = 1.0) -> int | None:
        if remaining <= NOTHING:
            return 0
        return corrected(runs.of(remaining, ahead, share), ahead, known.own, known.lent).days[1]

    base = days(found.remaining_points)
    if base is None:
        return ()
    drivers = []
    grown = found.total_points - (found.before.total_points if found.before else 0.0)
    if grown > NOTHING and found.before is not None and found.before.total_points:
        drivers.append(_driver("grown", base, days(found.remaining_points - grown), grown))
    added = sum(one.added_points for one in known.pool) / len(known.pool) * ahead
    drivers.append(_driver("growth", base, days(found.remaining_points, 0.0), added))
    count = sum(one.unestimated_count for one in found.epics)
    if count and usual_points:
        more = count * usual_points
        later = days(found.remaining_points + more)
        drivers.append(None if later is None else Driver("unestimated", later - base, more))
    return tuple(one for one in drivers if one is not None and one.working_days)


def _driver(kind: str, base: int, without: int | None, amount: float) -> Driver | None:
    return None if without is None else Driver(kind, base - without, amount)


def usual_estimate(amounts: Sequence[float]) -> float | None:
    """The middle estimate; None without one."""
    return median(amounts) if amounts else None
