"""The outlook of a running quarter and of each of its epics. Pure.

To what remains of an epic, and of those before it, its part of what is added is added. What is said
of it is in `epics_told`, what moves the quarter's date in `roadmap_drivers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from statistics import median

from telemetry.domain.calendar import ONE_DAY, Calendar
from telemetry.metrics.correction import Corrected, corrected
from telemetry.metrics.epics_told import told_in_order
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.quarter import Term
from telemetry.metrics.roadmap import Roadmap
from telemetry.metrics.roadmap_drivers import drivers
from telemetry.metrics.roadmap_forecast import Dates, EpicOutlook, RoadmapOutlook
from telemetry.metrics.roadmap_past import FEWEST
from telemetry.metrics.roadmap_runs import SOME, Known, RoadmapRuns, seed_of
from telemetry.metrics.simulation import has_moved


@dataclass(frozen=True, slots=True)
class EpicsLeft:
    """What each open epic of a quarter has left, in their order, and what the quarter has."""

    epics: tuple[tuple[int, float], ...]
    remaining_points: float


def roadmap_outlook(
    term: Term, found: Roadmap, known: Known, today: date, usual_points: float | None = None
) -> RoadmapOutlook:
    """What is to be said of a running quarter, or why nothing can be.

    `usual_points` is what an estimated issue of the team usually has.
    """
    told = outlook_of_all(term, found.total_points, found.done_points, known, today)
    if told.why_none is not None or found.remaining_points <= NOTHING:
        return told
    return replace(
        told,
        epics=outlook_of_epics(term, epics_left(found), known, today, told),
        drivers=drivers(term, found, known, today, usual_points),
    )


def outlook_of_all(
    term: Term, total_points: float, done_points: float, known: Known, today: date
) -> RoadmapOutlook:
    """What is to be said of a quarter as a whole: nothing of its epics or of what moves it."""
    if not term.first <= today <= term.last:
        return RoadmapOutlook(why_none="not_running")
    if not total_points:
        return RoadmapOutlook(why_none="no_points")
    remaining = max(total_points - done_points, 0.0)
    if remaining <= NOTHING:
        return RoadmapOutlook(100.0, (today, today, today), done_points, done_points)
    if len(known.pool) < FEWEST or not has_moved(known.pool):
        return RoadmapOutlook(why_none="few_days")
    ahead = term.calendar.working_days(today, term.last)
    runs = RoadmapRuns(known.pool, seed_of(term))
    said = corrected(runs.of(remaining, ahead), ahead, known.own, known.lent)
    likely, sure = (more or 0.0 for more in said.points)
    return RoadmapOutlook(
        100 * said.in_time,
        _dates(said, term.calendar, today),
        done_points + likely,
        done_points + sure,
    )


def _dates(said: Corrected, calendar: Calendar, today: date) -> Dates:
    first, second, third = (
        None if count is None else calendar.add_working_days(today - ONE_DAY, count)
        for count in said.days
    )
    return first, second, third


def epics_left(found: Roadmap) -> EpicsLeft:
    """What a roadmap's epics have left, in its order."""
    left = ((one.issue_id, one.remaining_points) for one in found.epics)
    open_epics = tuple((issue_id, points) for issue_id, points in left if points > NOTHING)
    return EpicsLeft(open_epics, found.remaining_points)


def outlook_of_epics(
    term: Term, left: EpicsLeft, known: Known, today: date, told: RoadmapOutlook
) -> tuple[tuple[int, EpicOutlook], ...]:
    """What is to be said of each open epic of a quarter of which something is `told`."""
    runs = RoadmapRuns(known.pool, seed_of(term), SOME)
    ahead = term.calendar.working_days(today, term.last)
    amounts = accumulate(points for _, points in left.epics)
    simulated = (
        runs.of(amount, ahead, amount / left.remaining_points, has_points=False)
        for amount in amounts
    )
    whole = _as_corrected(told, term.calendar, today)
    said = told_in_order(simulated, ahead, whole, known.own_epics, known.lent_epics)
    return tuple(
        (issue_id, EpicOutlook(100 * one.in_time, _dates(one, term.calendar, today)))
        for (issue_id, _), one in zip(left.epics, said, strict=True)
    )


def _as_corrected(told: RoadmapOutlook, calendar: Calendar, today: date) -> Corrected:
    days = (None if on is None else calendar.working_days(today, on) for on in told.dates)
    return Corrected(tuple(days), (told.probability_percent or 0.0) / 100, ())


def usual_estimate(amounts: Sequence[float]) -> float | None:
    """The middle estimate; None without one."""
    return median(amounts) if amounts else None
