"""Scope and done of a quarter's epics, day by day and week by week. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

from telemetry.domain.calendar import days_between
from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import OUT, EpicLabels, Step
from telemetry.metrics.field_values import grains
from telemetry.metrics.quarter import Term
from telemetry.metrics.timeline import points

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BurnupDay:
    """The scope and what of it is done at a day's end."""

    day: date
    total_points: float
    done_points: float

    @property
    def progression_percent(self) -> float | None:
        return 100 * self.done_points / self.total_points if self.total_points else None


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the quarter up to its last day that is known; it ends on a Sunday, or with it."""

    starts_on: date
    ends_on: date
    progression_percent: float | None
    done_points: float  # became done in it, less what was reopened or left the roadmap
    scope_change_points: float


def burnup(term: Term, epics: Iterable[Epic], as_of: datetime) -> list[BurnupDay]:
    """Scope and done at each day's end, from the day before the quarter to its last or `as_of`'s.

    Of the epics that had the label then, with the children, estimates and states of then. None
    before the quarter has begun.
    """
    calendar = term.calendar
    last = min(term.last, calendar.day_of(as_of))
    if last < term.first:
        return []
    days = days_between(term.first - ONE_DAY, last)
    ends = [calendar.day_end(day) for day in days]
    changes = ([0] * (len(days) + 1), [0] * (len(days) + 1))
    for epic in epics:
        for since, until in _labelled(epic.labels, term.quarter):
            for one in epic.children:
                _note(changes, ends, one.steps, since, until, as_of)
    totals, dones = (list(accumulate(some)) for some in changes)
    return [
        BurnupDay(day, points(totals[place]), points(dones[place]))
        for place, day in enumerate(days)
    ]


def _labelled(labels: EpicLabels, quarter: Quarter) -> Iterable[tuple[datetime, datetime | None]]:
    name = str(quarter)
    return ((one.since, one.until) for one in labels.spells if one.quarter == name)


def _note(
    changes: tuple[list[int], list[int]],
    ends: Sequence[datetime],
    steps: Sequence[Step],
    since: datetime,
    until: datetime | None,
    as_of: datetime,
) -> None:
    """Note on which days a child's points came and went while its epic had the label."""
    totals, dones = changes
    following = [step.at for step in steps[1:]]
    for step, end in zip(steps, [*following, None], strict=True):
        amount = grains(step.points)
        if not amount or step.state == OUT:
            continue
        start = max(step.at, since)
        stops = [at for at in (end, until) if at is not None]
        stop = min(stops) if stops else None
        if start > as_of or (stop is not None and stop <= start):
            continue
        first = bisect_right(ends, start)
        rest = len(ends) if stop is None or stop > as_of else bisect_right(ends, stop)
        for some in (totals, dones) if step.state == "done" else (totals,):
            some[first] += amount
            some[rest] -= amount


def weeks_of(term: Term, days: Sequence[BurnupDay]) -> list[Week]:
    """The weeks that have begun, each up to the last of its days that is known."""
    if not days:
        return []
    found = []
    last_day = days[-1].day
    start = term.first
    at: Mapping[date, BurnupDay] = {one.day: one for one in days}
    before = days[0]
    while start <= last_day:
        end = min(start + timedelta(days=6 - start.weekday()), term.last)
        now = at[min(end, last_day)]
        change = (
            _less(now.done_points, before.done_points),
            _less(now.total_points, before.total_points),
        )
        found.append(Week(start, end, now.progression_percent, *change))
        before, start = now, end + ONE_DAY
    return found


def _less(after: float, before: float) -> float:
    """A difference of points without what floats add to it."""
    return points((grains(after) or 0) - (grains(before) or 0))
