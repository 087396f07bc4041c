"""What a team's roadmap did on each working day. Pure.

Days count what happened to the epics that had their quarter's label: what was done, and what was
added to them. An epic that came or went as a whole is a decision, and no usual day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from telemetry.domain.calendar import Calendar, days_between
from telemetry.metrics.epic_days import done_of, total_of
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import Step
from telemetry.metrics.forecast import Moves
from telemetry.metrics.quarter import Term
from telemetry.metrics.timeline import points


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
        yield first.at, done_of(first), total_of(first)
    for before, after in pairwise(steps):
        if after.at > since and (until is None or after.at <= until):
            done, total = done_of(after) - done_of(before), total_of(after) - total_of(before)
            if done or total:
                yield after.at, done, total
