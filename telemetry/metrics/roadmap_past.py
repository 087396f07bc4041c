"""What a team's roadmap did on each working day, and what forecasts of past days would say. Pure.

Days count what happened to the epics that had their quarter's label: what was done, and what was
added to them. An epic that came or went as a whole is a decision, and no usual day. A day on which
there was nothing to do tells nothing of how much would have been done: forecasts draw from none.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from telemetry.domain.calendar import ONE_DAY, Calendar, days_between
from telemetry.metrics.correction import Experience
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import OUT, Step
from telemetry.metrics.field_values import grains
from telemetry.metrics.forecast import NOTHING, Moves
from telemetry.metrics.quarter import Term
from telemetry.metrics.roadmap_runs import SOME, RoadmapRuns
from telemetry.metrics.simulation import has_moved
from telemetry.metrics.timeline import points

DRAWN_FROM = 60  # working days: about a quarter
FEWEST = 20  # working days, of which a simulation draws
EVERY = 5  # working days between two past days that are looked at
NO_MOVES = Moves(0.0, 0.0)


class Worked(NamedTuple):
    """A working day with what it did to the roadmap."""

    day: date
    moves: Moves


def worked_days(terms: Iterable[Term], epics: Sequence[Epic], as_of: datetime) -> list[Worked]:
    """The working days of these quarters up to `as_of`, in order.

    What happened on a day off counts for the working day after it.
    """
    found: list[Worked] = []
    for term in terms:
        calendar = term.calendar
        last = min(term.last, calendar.day_of(as_of))
        if last < term.first:
            continue
        start, end = calendar.day_start(term.first), min(calendar.day_end(term.last), as_of)
        by_day: dict[date, list[int]] = {}
        for at, done, total in _moves(term, epics):
            if start <= at <= end:
                sums = by_day.setdefault(calendar.day_of(at), [0, 0])
                sums[0] += done
                sums[1] += total
        found += _folded(days_between(term.first, last), by_day, calendar)
    return found


def _folded(
    days: Sequence[date], by_day: Mapping[date, Sequence[int]], calendar: Calendar
) -> Iterator[Worked]:
    done = total = 0
    for day in days:
        if day in by_day:
            done += by_day[day][0]
            total += by_day[day][1]
        if calendar.is_working_day(day):
            yield Worked(day, Moves(points(done), points(total)))
            done = total = 0


def _moves(term: Term, epics: Iterable[Epic]) -> Iterator[tuple[datetime, int, int]]:
    """Each change of points done and of all, in grains, while its epic had the label."""
    name = str(term.quarter)
    for epic in epics:
        for spell in epic.labels.spells:
            if spell.quarter != name:
                continue
            for one in epic.children:
                yield from _changes(one.steps, spell.since, spell.until)


def _changes(
    steps: Sequence[Step], since: datetime, until: datetime | None
) -> Iterator[tuple[datetime, int, int]]:
    first = steps[0]
    if first.at > since and (until is None or first.at <= until):
        yield first.at, _done(first), _total(first)
    for before, after in pairwise(steps):
        if after.at > since and (until is None or after.at <= until):
            done, total = _done(after) - _done(before), _total(after) - _total(before)
            if done or total:
                yield after.at, done, total


def _total(step: Step) -> int:
    return 0 if step.state == OUT else grains(step.points) or 0


def _done(step: Step) -> int:
    return _total(step) if step.state == "done" else 0


@dataclass(frozen=True, slots=True)
class EpicDays:
    """An epic's points at the end of each day on which they changed, whatever its labels."""

    days: Sequence[date]
    totals: Sequence[int]
    dones: Sequence[int]

    def at(self, day: date) -> tuple[int, int]:
        """Points in all and done at a day's end, in grains."""
        place = bisect_right(self.days, day) - 1
        return (0, 0) if place < 0 else (self.totals[place], self.dones[place])

    def emptied_after(self, day: date) -> date | None:
        """The first day, from this one on, at whose end nothing remains; None if there is none."""
        total, done = self.at(day)
        if total <= done:
            return day
        places = range(bisect_right(self.days, day), len(self.days))
        return next((self.days[i] for i in places if self.totals[i] <= self.dones[i]), None)


def epic_days(epic: Epic, calendar: Calendar, as_of: datetime) -> EpicDays:
    """The days of an epic up to `as_of`."""
    by_day: dict[date, list[int]] = {}
    for one in epic.children:
        before: Step | None = None
        for step in one.steps:
            if step.at > as_of:
                break
            sums = by_day.setdefault(calendar.day_of(step.at), [0, 0])
            sums[0] += _total(step) - (_total(before) if before else 0)
            sums[1] += _done(step) - (_done(before) if before else 0)
            before = step
    days, totals, dones = sorted(by_day), [0], [0]
    for day in days:
        totals.append(totals[-1] + by_day[day][0])
        dones.append(dones[-1] + by_day[day][1])
    return EpicDays(days, totals[1:], dones[1:])


def drawn_days(
    terms: Sequence[Term], epics: Sequence[Epic], known: Mapping[int, EpicDays], as_of: datetime
) -> list[Worked]:
    """The working days of these quarters on which there was something to do.

    On the others nothing was done or added, and nothing was left at their end of the epics that
    had the label. `known` has the days of all epics.
    """
    found: list[Worked] = []
    for term in terms:
        name = str(term.quarter)
        ours = [one for one in epics if any(each.quarter == name for each in one.labels.spells)]
        found += (
            one
            for one in worked_days([term], ours, as_of)
            if one.moves != NO_MOVES or _is_left(term, ours, known, one.day)
        )
    return found


def _is_left(term: Term, epics: Sequence[Epic], known: Mapping[int, EpicDays], day: date) -> bool:
    sums = (known[one.issue_id].at(day) for one in _labelled(term, epics, day))
    return any(total > done for total, done in sums)


def epics_days(epics: Sequence[Epic], calendar: Calendar, as_of: datetime) -> dict[int, EpicDays]:
    """The days of each epic up to `as_of`."""
    return {one.issue_id: epic_days(one, calendar, as_of) for one in epics}


class PastDay(NamedTuple):
    """A past day of a quarter that is over: what a forecast starts from, and what came."""

    quarter: int
    closed_on: date
    day: date
    remaining_points: float
    ahead: int
    finished_on: date | None
    took: int | None
    did_points: float
    pool: tuple[Moves, ...]


def past_days(terms: Sequence[Term], epics: Sequence[Epic], as_of: datetime) -> list[PastDay]:
    """Some days of each quarter that is over, those with something left and enough days behind.

    They draw from the days of their quarter and of the one before, as the running quarter does.
    The epics that had the label at a day's end are followed until all of them are done, wherever
    they were put off to.
    """
    if not terms:
        return []
    calendar = terms[0].calendar
    known = epics_days(epics, calendar, as_of)
    drawn = drawn_days(terms, epics, known, as_of)
    days = [one.day for one in drawn]
    found = []
    for before, term in pairwise([terms[0], *terms]):
        if as_of < calendar.day_end(term.last):
            continue
        inside = [
            day for day in days_between(term.first, term.last) if calendar.is_working_day(day)
        ]
        first = bisect_left(days, before.first)
        for day in inside[EVERY - 1 :: EVERY]:
            end = bisect_right(days, day)
            pool = tuple(one.moves for one in drawn[max(first, end - DRAWN_FROM) : end])
            labelled = [known[one.issue_id] for one in _labelled(term, epics, day)]
            if len(pool) >= FEWEST and has_moved(pool) and labelled:
                one = _past_day(term, day, labelled, pool)
                found += [one] if one.remaining_points > NOTHING else []
    return found


def _labelled(term: Term, epics: Iterable[Epic], day: date) -> Iterator[Epic]:
    """The epics that had the quarter's label at a day's end."""
    end, name = term.calendar.day_end(day), str(term.quarter)
    return (
        epic
        for epic in epics
        if any(
            one.quarter == name and one.since < end and (one.until is None or one.until >= end)
            for one in epic.labels.spells
        )
    )


def _past_day(term: Term, day: date, epics: Sequence[EpicDays], pool: tuple[Moves, ...]) -> PastDay:
    calendar = term.calendar
    sums = [one.at(day) for one in epics]
    done = sum(some[1] for some in sums)
    ends = [one.emptied_after(day) for one in epics]
    finished = None if None in ends else max(end for end in ends if end is not None)
    took = None
    if finished is not None:
        worked = calendar.working_days(day + ONE_DAY, finished)
        took = max(1, worked + (not calendar.is_working_day(finished)))
    return PastDay(
        quarter=term.quarter.year * 4 + term.quarter.number,
        closed_on=term.last,
        day=day,
        remaining_points=points(sum(some[0] for some in sums) - done),
        ahead=calendar.working_days(day + ONE_DAY, term.last),
        finished_on=finished,
        took=took,
        did_points=points(sum(one.at(term.last)[1] for one in epics) - done),
        pool=pool,
    )


def experience(past: PastDay) -> Experience:
    """What would have been simulated on a past day, beside what came."""
    runs = RoadmapRuns(past.pool, past.quarter, SOME)
    return Experience(
        past.quarter,
        past.closed_on,
        past.day,
        past.ahead,
        runs.of(past.remaining_points, past.ahead),
        past.finished_on,
        past.took,
        past.did_points if past.ahead else None,
    )
