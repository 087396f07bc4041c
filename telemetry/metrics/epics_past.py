"""What would have been said of epics on past days, and of programs. Pure.

As of the epics of a running quarter: with the runs of the quarter's own past day, corrected by what
the epics of quarters before had shown by then. Of a program the latest is said of what its teams
had of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

from telemetry.domain.calendar import ONE_DAY, Calendar
from telemetry.metrics.correction import Corrected, Experience, Seen
from telemetry.metrics.epics_told import told_in_order
from telemetry.metrics.judged import Past, Said, Today, recorded
from telemetry.metrics.roadmap_past import LookedAt
from telemetry.metrics.roadmap_runs import PartRuns
from telemetry.metrics.simulation import Simulated

QUARTERS = 4  # that are over: those of a year
SELDOM = 2  # of so many days that are looked at one is an experience of epics
FEWER = 4  # times as few runs, and half the time
APART = 7  # days at most from one team's day of a place to another's


def few_runs() -> PartRuns:
    """Those of which experiences are made: of these no more than the median is asked."""
    return PartRuns(FEWER)


def _simulated(one: LookedAt, runs: PartRuns) -> list[Simulated]:
    """What comes of each epic that was open, and of those before it."""
    past = one.past
    runs.draw(past.pool, past.quarter, past.remaining_points)
    return runs.parts(accumulate(epic.remaining_points for epic in one.epics), past.ahead)


def epic_experiences(one: LookedAt, runs: PartRuns) -> list[Experience]:
    """What would have been simulated of each epic that was open, beside what came.

    Of every second day that is looked at: what came of those between is hardly another trial.
    """
    past = one.past
    if one.place % SELDOM != SELDOM - 1:
        return []
    return [
        Experience(
            past.quarter,
            past.closed_on,
            past.day,
            past.ahead,
            simulated,
            epic.finished_on,
            epic.took,
            None,
        )
        for epic, simulated in zip(one.epics, _simulated(one, runs), strict=True)
    ]


def said_of_epics(one: LookedAt, whole: Corrected, seen: Seen, runs: PartRuns) -> list[Corrected]:
    """What would have been said of each epic that was open; `seen` of epics by then."""
    return told_in_order(_simulated(one, runs), one.past.ahead, whole, seen)


def epics_to_stored(one: LookedAt, said: Sequence[Corrected] | None) -> list[Any]:
    """What was said of each epic that was open beside what came, as JSON values."""
    return [
        [epic.issue_id, epic.took, list(told.days), told.in_time]
        for epic, told in zip(one.epics, said or (), strict=said is not None)
    ]


def epics_tested(
    stored: Iterable[Sequence[Any]], day: date, ahead: int, today: Today
) -> Iterator[tuple[int, Past]]:
    """What `epics_to_stored` wrote of a day, by the epics' ids."""
    first = day + ONE_DAY
    gone = today.gone(first)
    for issue_id, took, days, chance in stored:
        yield issue_id, Past(first, ahead, gone, tuple(days), chance, took)


class Part(NamedTuple):
    """What a team had of a program on a past day.

    `finished_on` is when all that was open then was done. `dates` are the latest of each chance and
    `chance_percent` is the least of its epics; None where nothing could be said.
    """

    day: date
    last: date  # of the quarter
    finished_on: date | None
    chance_percent: float | None
    dates: tuple[date | None, ...]


def parts_to_stored(
    one: LookedAt, said: Sequence[Corrected] | None, calendar: Calendar
) -> list[Any]:
    """What the team had of each program, by its name, as JSON values."""
    past, found = one.past, []
    for name in sorted({name for epic in one.epics for name in epic.programs}):
        places = [place for place, epic in enumerate(one.epics) if name in epic.programs]
        finished = _ordinal(_last(one.epics[place].finished_on for place in places))
        here = [name, past.day.toordinal(), past.closed_on.toordinal(), finished]
        if said is None:
            found.append([*here, None, []])
            continue
        mine = [said[place] for place in places]
        counts = [_last(level) for level in zip(*(one.days for one in mine), strict=True)]
        dates = [
            None if count is None else calendar.add_working_days(past.day, count).toordinal()
            for count in counts
        ]
        found.append([*here, 100 * min(one.in_time for one in mine), dates])
    return found


def part_from_stored(stored: Sequence[Any]) -> tuple[str, Part]:
    """A program's name, and what `parts_to_stored` wrote of it."""
    name, day, last, finished, chance, dates = stored
    on = (_date(one) for one in dates)
    return name, Part(
        date.fromordinal(day), date.fromordinal(last), _date(finished), chance, (*on,)
    )


def programs_tested(
    parts: Mapping[tuple[str, int, int], Sequence[Part]], today: Today
) -> Iterator[tuple[tuple[str, int], Past]]:
    """What would have been said of programs, by name and quarter.

    `parts` are those of all teams by name, quarter and the place of their day in it. A program is
    told of the last of these days, and not at all where nothing could be said of a team.
    """
    for (name, quarter, _), some in parts.items():
        days = [one.day for one in some]
        chances = [one.chance_percent for one in some if one.chance_percent is not None]
        if len(chances) < len(some) or (max(days) - min(days)).days > APART:
            continue
        dates = [_last(level) for level in zip(*(one.dates for one in some), strict=True)]
        said = Said(
            max(days) + ONE_DAY,
            [None if on is None else on.isoformat() for on in dates],
            min(chances),
            max(one.last for one in some),
        )
        yield (name, quarter), recorded(said, _last(one.finished_on for one in some), today)


T = TypeVar("T", int, date)


def _last(values: Iterable[T | None]) -> T | None:
    """The latest; None where one is not known."""
    every = list(values)
    known = [one for one in every if one is not None]
    return max(known) if len(known) == len(every) else None


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _date(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
