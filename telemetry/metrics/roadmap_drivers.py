"""What moves the date of a running quarter: each thing by forecasting without it. Pure."""

from collections.abc import Sequence
from datetime import date
from statistics import fmean

from telemetry.metrics.correction import corrected
from telemetry.metrics.forecast import NOTHING, Moves
from telemetry.metrics.quarter import Share, Term
from telemetry.metrics.roadmap import Roadmap
from telemetry.metrics.roadmap_forecast import Driver, DriverKind
from telemetry.metrics.roadmap_runs import SOME, Known, RoadmapRuns, faster, seed_of

TREND_OVER = 60  # working days: about as many as the sprints behind a velocity last


class Otherwise:
    """The working days to the date with 85 % if something were otherwise."""

    def __init__(self, term: Term, known: Known, today: date) -> None:
        self._seed = seed_of(term)
        self._ahead = term.calendar.working_days(today, term.last)
        self._known = known
        self._runs = RoadmapRuns(known.pool, self._seed, SOME)

    def days(
        self, remaining: float, share: float = 1.0, pool: Sequence[Moves] | None = None
    ) -> int | None:
        """With so much left, to which `share` of what is added is added; None: there is none."""
        if remaining <= NOTHING:
            return 0
        runs = self._runs if pool is None else RoadmapRuns(pool, self._seed, SOME)
        simulated = runs.of(remaining, self._ahead, share)
        return corrected(simulated, self._ahead, self._known.own, self._known.lent).days[1]

    def added_points(self) -> float:
        """What is usually added until the quarter's end."""
        return fmean(one.added_points for one in self._known.pool) * self._ahead


def drivers(
    term: Term, found: Roadmap, known: Known, today: date, usual_points: float | None
) -> tuple[Driver, ...]:
    """By how many working days the date with 85 % would be another without each.

    Nothing moves a quarter that has no such date, and what moves none is left out.
    """
    otherwise, left = Otherwise(term, known, today), found.remaining_points
    base = otherwise.days(left)
    if base is None:
        return ()
    made = [Driver("remaining", base, left)]

    def add(kind: DriverKind, without: int | None, points: float) -> None:
        if without is not None:
            made.append(Driver(kind, base - without, points))

    before = found.before.total_points if found.before else 0.0
    grown = found.total_points - before
    if before and grown > NOTHING:
        add("grown", otherwise.days(left - grown), grown)
    add("growth", otherwise.days(left, 0.0), otherwise.added_points())
    count = sum(one.unestimated_count for one in found.epics)
    if count and usual_points:
        more = count * usual_points
        later = otherwise.days(left + more)
        if later is not None:
            made.append(Driver("unestimated", later - base, more))
    waiting = sum(one.waiting_points for one in found.epics)
    if waiting > NOTHING:
        add("dependencies", otherwise.days(left - waiting), waiting)
    return tuple(one for one in made if one.working_days)


def drivers_by_pace(
    term: Term,
    known: Known,
    today: date,
    remaining: float,
    base: int,
    here_count: int,
    rates: tuple[float, float] | None,
    shares: tuple[Share, Share],
) -> tuple[Driver, ...]:
    """What the trend of the velocity moves, and what is lost beyond the usual.

    `here_count` of the days drawn from are of the quarter, the last. `rates` are those of the
    earlier and the later sprints, `shares` of the quarter and the usual one. Without a trend the
    later half of the last `TREND_OVER` days drawn from would have done as much as sprints did
    earlier; without the loss, the quarter's days the more, as more of their hours had been free.
    """
    otherwise, pool = Otherwise(term, known, today), known.pool
    made = []
    if rates is not None and min(rates) > NOTHING:
        was, now = rates
        later = (min(len(pool), TREND_OVER) + 1) // 2
        without = otherwise.days(remaining, pool=_from(pool, len(pool) - later, was / now))
        if without is not None:
            made.append(Driver("trend", base - without, now - was, was, now))
    here, usual = (one.part for one in shares)
    if here is not None and usual is not None and here < 1:
        freed = _from(pool, len(pool) - here_count, (1 - usual) / (1 - here))
        without = otherwise.days(remaining, pool=freed)
        if without is not None:
            made.append(Driver("lost", base - without, None, 100 * usual, 100 * here))
    return tuple(one for one in made if one.working_days)


def _from(pool: Sequence[Moves], place: int, factor: float) -> list[Moves]:
    return [*pool[:place], *faster(pool[place:], factor)]
