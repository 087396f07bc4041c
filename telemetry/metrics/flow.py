"""How work flows: when it was wanted, begun and done, and what follows from many such issues.

Sub-tasks and epics are no items of their own; impediments are. Days are elapsed ones, of 24 hours,
whatever the calendar says of them. What cannot be known is None.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, zip_longest
from math import ceil
from typing import NamedTuple

from telemetry.domain.calendar import Calendar, days_between
from telemetry.domain.team import TeamRules
from telemetry.metrics.timeline import (
    Timeline,
    points,
)

FEWEST = 5  # items: of fewer, percentiles say nothing
ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class State(StrEnum):
    """Where an item stands in the flow."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Passage(NamedTuple):
    """An item's way: `started_at` is None where it was never in progress, or is to do again.

    `done_at` is None unless it is done now. `states` are the instants at which it came into
    another state than before, the first one its creation.
    """

    issue_id: int
    type_name: str
    created_at: datetime
    started_at: datetime | None
    done_at: datetime | None
    final_points: float | None = None
    states: tuple[tuple[datetime, str], ...] = ()

    @property
    def lead_days(self) -> float | None:
        """Elapsed days from creation to done."""
        return None if self.done_at is None else (self.done_at - self.created_at) / ONE_DAY

    @property
    def cycle_days(self) -> float | None:
        """Elapsed days from first in progress to done."""
        if self.done_at is None or self.started_at is None:
            return None
        return (self.done_at - self.started_at) / ONE_DAY


def passage(timeline: Timeline, rules: TeamRules) -> Passage | None:
    """An issue's way from its history; None for a sub-task or an epic."""
    if not timeline.is_counted:
        return None
    last, done_at = timeline.moments[-1], timeline.done_at()
    begun = rules.in_progress_status_ids
    started_at = next((m.at for m in timeline.moments if m.status_id in begun), None)
    if done_at is None and last.status_id not in begun:
        started_at = None
    issue = timeline.issue
    final = None if last.estimate is None else points(last.estimate)
    states = _states(timeline, rules)
    return Passage(issue.id, issue.type_name, issue.created_at, started_at, done_at, final, states)


def _states(timeline: Timeline, rules: TeamRules) -> tuple[tuple[datetime, str], ...]:
    found: list[tuple[datetime, str]] = []
    for moment in timeline.moments:
        if moment.is_done:
            state = State.DONE
        elif moment.status_id in rules.in_progress_status_ids:
            state = State.IN_PROGRESS
        else:
            state = State.TODO
        if not found or found[-1][1] != state.value:
            found.append((moment.at, state.value))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The days that 50, 85 and 95 of 100 items took at most, each the days of one of them."""

    days_50: float
    days_85: float
    days_95: float


def percentiles(days: Iterable[float | None]) -> Percentiles | None:
    """The percentiles of the known values by nearest rank; None of fewer than five."""
    known = sorted(value for value in days if value is not None)
    if len(known) < FEWEST:
        return None
    return Percentiles(*(known[ceil(len(known) * rank / 100) - 1] for rank in (50, 85, 95)))


@dataclass(frozen=True, slots=True)
class Week:
    """The items done in a week from Monday on; `day_count` of its days were looked at."""

    start_on: date
    done_count: int
    day_count: int = 7


def throughput(done_on: Iterable[date], first: date, last: date) -> list[Week]:
    """The weeks from the first day to the last, those of nothing too; other days are ignored."""
    start = first - timedelta(days=first.weekday())
    counts = [0] * ((last - start).days // 7 + 1)
    for day in done_on:
        if first <= day <= last:
            counts[(day - start).days // 7] += 1
    weeks = []
    for number, count in enumerate(counts):
        begins = start + number * WEEK
        ends = min(begins + WEEK - ONE_DAY, last)
        weeks.append(Week(begins, count, (ends - max(begins, first)).days + 1))
    return weeks


@dataclass(frozen=True, slots=True)
class FlowDay:
    """How many items were to do, in progress, and done since the first day, at a day's end."""

    day: date
    todo_count: int
    in_progress_count: int
    done_count: int


def cumulative(
    passages: Collection[Passage], first: date, last: date, calendar: Calendar
) -> list[FlowDay]:
    """The items by their state at each day's end, from the first day to the last.

    Done are those that became done since the first day and are done then; what was done before it
    and stayed so is left out. One that went back goes back in its band.
    """
    days = days_between(first, last)
    if not days:
        return []
    start, ends = calendar.day_start(first), [calendar.day_end(day) for day in days]
    changes: dict[str, list[int]] = {state.value: [0] * (len(days) + 1) for state in State}
    for one in passages:
        for (since, state), until in _stays(one):
            if state == State.DONE and since < start:
                continue
            changes[state][bisect_right(ends, since)] += 1
            if until is not None:
                changes[state][bisect_right(ends, until)] -= 1
    counts = {state: list(accumulate(some)) for state, some in changes.items()}
    return [
        FlowDay(day, *(counts[state.value][place] for state in State))
        for place, day in enumerate(days)
    ]


def _stays(one: Passage) -> Iterator[tuple[tuple[datetime, str], datetime | None]]:
    """Each state with the instant at which the next one came."""
    return zip_longest(one.states, (at for at, _ in one.states[1:]))


def rank_of(age_days: float, known: Percentiles | None) -> int | None:
    """The highest of 50, 85 and 95 whose days the age has passed, 0 if none; None if unknown."""
    if known is None:
        return None
    bounds: Sequence[tuple[int, float]] = (
        (95, known.days_95),
        (85, known.days_85),
        (50, known.days_50),
    )
    return next((rank for rank, days in bounds if age_days > days), 0)
