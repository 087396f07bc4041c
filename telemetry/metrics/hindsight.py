"""The forecast made again on past days, and held against what came: rolling origin. Pure.

On each day only what was known at its end is used, the correction included.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from statistics import fmean
from typing import Any

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day
from telemetry.metrics.correction import Corrected, Experience, Record, corrected
from telemetry.metrics.forecast import (
    AMOUNTS,
    NOTHING,
    PERCENTILES,
    Moves,
    Promise,
    Scores,
    Worth,
)
from telemetry.metrics.simulation import LEVELS, Runs, Simulated, has_moved

ALONE_FROM = 3  # sprints with experiences: a team with fewer is lent others' if there are any
LATEST = 60.0  # working days: what takes longer, or has no date, is taken for this by the loss
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """A closed sprint by its days, and when all that it left was done, None before that."""

    sprint_id: int
    closed_on: date
    planned_end_on: date | None
    days: Sequence[Day]
    left_done_on: date | None


def experiences(
    sprint: ClosedDays, pools: Mapping[date, Sequence[Moves]], calendar: Calendar
) -> list[Experience]:
    """What was simulated at the end of each working day with something left, and what came.

    `pools` has of each day the moves of the sprints that were closed by its end, as many as a
    simulation needs; a day on which too few were has none.
    """
    runs: dict[int, Runs] = {}
    found = []
    for day in sprint.days:
        pool = pools.get(day.day, ())
        if day.remaining_points <= NOTHING or not calendar.is_working_day(day.day):
            continue
        if not has_moved(pool):
            continue
        if id(pool) not in runs:  # days share the pool of the same sprints
            runs[id(pool)] = Runs(pool, sprint.sprint_id)
        found.append(_experience(sprint, day, runs[id(pool)], calendar))
    return found


def _experience(sprint: ClosedDays, day: Day, runs: Runs, calendar: Calendar) -> Experience:
    next_day, end = day.day + ONE_DAY, sprint.planned_end_on
    ahead = None if end is None else calendar.working_days(next_day, end)
    emptied = (one.day for one in sprint.days if one.remaining_points <= NOTHING)
    finished = next((on for on in emptied if on > day.day), sprint.left_done_on)
    took = None
    if finished is not None:
        worked = calendar.working_days(next_day, finished)
        took = max(1, worked + (not calendar.is_working_day(finished)))
    did = None
    if ahead and end is not None:
        by_then = [one.done_points for one in sprint.days if one.day <= end]
        did = by_then[-1] - day.done_points
    simulated = runs.of(day.remaining_points, ahead)
    return Experience(
        sprint.sprint_id, sprint.closed_on, day.day, ahead, simulated, finished, took, did
    )


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A forecast of a past day beside what came; `simulated` is what it was before correction.

    `took` and `did_points` as in `Experience`.
    """

    closed_on: date
    day: date
    ahead: int | None
    took: int | None
    did_points: float | None
    corrected: Corrected
    simulated: Corrected


def hindsight(known: Sequence[Experience]) -> list[Hindsight]:
    """What would have been said on each past day, from what was known then.

    Days on which fewer sprints than `ALONE_FROM` were behind the team have none.
    """
    record, found = Record(known), []
    ordered = sorted(known, key=lambda one: (one.closed_on, one.sprint_id, one.day))
    for number, (_, days) in enumerate(groupby(ordered, key=lambda one: one.sprint_id)):
        for one in days:
            if min(number, record.sprint_count(one.day)) < ALONE_FROM:
                continue
            said = corrected(one.simulated, one.ahead, record.seen(one.day, number))
            found.append(
                Hindsight(
                    one.closed_on,
                    one.day,
                    one.ahead,
                    one.took,
                    one.did_points,
                    said,
                    uncorrected(one.simulated, one.ahead),
                )
            )
    return found


def uncorrected(simulated: Simulated, ahead: int | None) -> Corrected:
    """The answers of the simulation alone."""
    points: tuple[float | None, ...] = (None,) * len(AMOUNTS)
    if ahead:
        points = tuple(simulated.points[LEVELS.index(100 - p)] for p in AMOUNTS)
    days = tuple(simulated.days[LEVELS.index(p)] for p in PERCENTILES)
    return Corrected(days, simulated.in_time if ahead else 0.0, points)


def worth(
    found: Iterable[Hindsight], calendar: Calendar, today: date, since: date = date.min
) -> Worth:
    """What forecasts of the sprints closed after `since` were worth, as known before `today`.

    A date is judged once it has passed, a chance and an amount at the planned end.
    """
    judged = [one for one in found if since < one.closed_on <= today]
    gone = [max(0, calendar.working_days(one.day + ONE_DAY, today - ONE_DAY)) for one in judged]
    pairs = list(zip(judged, gone, strict=True))
    return Worth(
        _scores([(one, one.corrected, so_far) for one, so_far in pairs]),
        _scores([(one, one.simulated, so_far) for one, so_far in pairs]),
    )


Judged = tuple[Hindsight, Corrected, int]


def _scores(judged: Sequence[Judged]) -> Scores:
    ended = [
        (said.in_time, one.took is not None and one.took <= one.ahead)
        for one, said, gone in judged
        if one.ahead and gone >= one.ahead
    ]
    return Scores(
        tuple(_dates(judged, place) for place in range(len(PERCENTILES))),
        tuple(_amounts(judged, place) for place in range(len(AMOUNTS))),
        fmean((chance - came) ** 2 for chance, came in ended) if ended else None,
        len(ended),
    )


def _dates(judged: Sequence[Judged], place: int) -> Promise:
    percent, held, count, losses = PERCENTILES[place], 0, 0, []
    for one, said, gone in judged:
        days = said.days[place]
        took = LATEST if one.took is None else min(float(one.took), LATEST)
        if one.took is not None or gone >= LATEST:
            losses.append(
                pinball_loss(took, LATEST if days is None else min(days, LATEST), percent)
            )
        if days is not None and gone >= days:
            count += 1
            held += one.took is not None and one.took <= days
    return Promise(percent, held, count, fmean(losses) if losses else None)


def _amounts(judged: Sequence[Judged], place: int) -> Promise:
    percent, held, losses = AMOUNTS[place], 0, []
    for one, said, _ in judged:
        promised = said.points[place]
        if promised is not None and one.did_points is not None:
            held += one.did_points >= promised - NOTHING
            losses.append(pinball_loss(one.did_points, promised, 100 - percent))
    return Promise(percent, held, len(losses), fmean(losses) if losses else None)


def pinball_loss(came: float, said: float, percent: float) -> float:
    """The pinball loss: of a value that `percent` of 100 should not exceed."""
    share = percent / 100
    return share * (came - said) if came > said else (1 - share) * (said - came)


def to_stored(one: Hindsight) -> list[Any]:
    """The value as JSON values."""
    said = [[list(c.days), c.in_time, list(c.points)] for c in (one.corrected, one.simulated)]
    days = (one.closed_on.toordinal(), one.day.toordinal())
    return [*days, one.ahead, one.took, one.did_points, *said]


def from_stored(stored: Sequence[Any]) -> Hindsight:
    """The value that `to_stored` wrote."""
    closed_on, day, ahead, took, did, *said = stored
    corrected_, simulated = (
        Corrected(tuple(days), in_time, tuple(points)) for days, in_time, points in said
    )
    return Hindsight(
        date.fromordinal(closed_on),
        date.fromordinal(day),
        ahead,
        took,
        did,
        corrected_,
        simulated,
    )
