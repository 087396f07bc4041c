"""What forecasts of past days of a team's quarters start from, and what came of them. Pure.

A day on which there was nothing to do tells nothing of how much would have been done: forecasts
draw from none.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from telemetry.domain.calendar import ONE_DAY, Calendar, days_between
from telemetry.metrics.correction import Experience
from telemetry.metrics.epic_days import EpicDays, epics_days
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import ProgramSpell, Spell
from telemetry.metrics.forecast import NOTHING, Moves
from telemetry.metrics.quarter import Term
from telemetry.metrics.roadmap_runs import SOME, RoadmapRuns
from telemetry.metrics.simulation import has_moved
from telemetry.metrics.timeline import points
from telemetry.metrics.worked_days import Worked, worked_days

DRAWN_FROM = 120  # working days: about two quarters
BEFORE = 2  # quarters, from which days are drawn beside those of a forecast's own
FEWEST = 20  # working days, of which a simulation draws
EVERY = 5  # working days between two past days that are looked at
NO_MOVES = Moves(0.0, 0.0)


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


class OpenEpic(NamedTuple):
    """An epic of which something was left at a past day's end, and what came of it.

    `programs` are those that it was of then; `finished_on` and `took` as of a past day.
    """

    issue_id: int
    remaining_points: float
    programs: tuple[str, ...]
    finished_on: date | None
    took: int | None


class LookedAt(NamedTuple):
    """A past day that is looked at, the `place`-th of its quarter, and what was open then.

    Its pool is empty where too little was known to simulate anything. The epics are in the order in
    which they are taken to be finished.
    """

    place: int
    past: PastDay
    epics: tuple[OpenEpic, ...]


class _State(NamedTuple):
    epic: Epic
    days: EpicDays
    total: int
    done: int
    finished_on: date | None


def past_days(terms: Sequence[Term], epics: Sequence[Epic], as_of: datetime) -> list[PastDay]:
    """Some days of each quarter that is over, those with something left and enough days behind.

    They draw from the days of their quarter and of those `BEFORE`, as the running quarter does.
    The epics that had the label at a day's end are followed until all of them are done, wherever
    they were put off to.
    """
    return [one.past for one in looked_at(terms, epics, as_of) if one.past.pool]


def looked_at(terms: Sequence[Term], epics: Sequence[Epic], as_of: datetime) -> list[LookedAt]:
    """The same days with their epics, and those on which nothing could be simulated."""
    if not terms:
        return []
    calendar = terms[0].calendar
    known = epics_days(epics, calendar, as_of)
    drawn = drawn_days(terms, epics, known, as_of)
    days = [one.day for one in drawn]
    found = []
    for earliest, term in zip([terms[0]] * BEFORE + [*terms], terms, strict=False):
        if as_of < calendar.day_end(term.last):
            continue
        inside = [
            day for day in days_between(term.first, term.last) if calendar.is_working_day(day)
        ]
        start = bisect_left(days, earliest.first)
        for place, day in enumerate(inside[EVERY - 1 :: EVERY]):
            states = [_state(one, known[one.issue_id], day) for one in _labelled(term, epics, day)]
            if sum(one.total for one in states) <= sum(one.done for one in states):
                continue
            end = bisect_right(days, day)
            pool = tuple(one.moves for one in drawn[max(start, end - DRAWN_FROM) : end])
            if len(pool) < FEWEST or not has_moved(pool):
                pool = ()
            past = _past_day(term, day, states, pool)
            found.append(LookedAt(place, past, _open(calendar, day, states)))
    return found


def _state(epic: Epic, days: EpicDays, day: date) -> _State:
    total, done = days.at(day)
    return _State(epic, days, total, done, days.emptied_after(day))


def _labelled(term: Term, epics: Iterable[Epic], day: date) -> Iterator[Epic]:
    """The epics that had the quarter's label at a day's end."""
    end, name = term.calendar.day_end(day), str(term.quarter)
    return (
        epic
        for epic in epics
        if any(one.quarter == name and _holds(one, end) for one in epic.labels.spells)
    )


def _holds(one: Spell | ProgramSpell, end: datetime) -> bool:
    """Whether a label was there just before an instant."""
    return one.since < end and (one.until is None or one.until >= end)


def _open(calendar: Calendar, day: date, states: Iterable[_State]) -> tuple[OpenEpic, ...]:
    left = [one for one in states if points(one.total - one.done) > NOTHING]
    left.sort(key=lambda one: (-points(one.done) / points(one.total), one.epic.issue_id))
    end = calendar.day_end(day)
    return tuple(
        OpenEpic(
            one.epic.issue_id,
            points(one.total - one.done),
            tuple(s.program for s in one.epic.labels.program_spells if _holds(s, end)),
            one.finished_on,
            _took(calendar, day, one.finished_on),
        )
        for one in left
    )


def _past_day(term: Term, day: date, states: Sequence[_State], pool: tuple[Moves, ...]) -> PastDay:
    calendar = term.calendar
    done = sum(one.done for one in states)
    ends = [one.finished_on for one in states]
    finished = None if None in ends else max(end for end in ends if end is not None)
    return PastDay(
        quarter=term.quarter.year * 4 + term.quarter.number,
        closed_on=term.last,
        day=day,
        remaining_points=points(sum(one.total for one in states) - done),
        ahead=calendar.working_days(day + ONE_DAY, term.last),
        finished_on=finished,
        took=_took(calendar, day, finished),
        did_points=points(sum(one.days.at(term.last)[1] for one in states) - done),
        pool=pool,
    )


def _took(calendar: Calendar, day: date, finished_on: date | None) -> int | None:
    """The working days from a day's end until all was done; None before that."""
    if finished_on is None:
        return None
    worked = calendar.working_days(day + ONE_DAY, finished_on)
    return max(1, worked + (not calendar.is_working_day(finished_on)))


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
