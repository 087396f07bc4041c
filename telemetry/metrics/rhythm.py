"""When a sprint that is to come runs: its planned days, or those that the team's habit suggests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_low

from telemetry.domain.calendar import Calendar

NEXT_DAY = 1  # where no two sprints follow each other yet


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many days a sprint lasts, both ends included, and how many pass until the next starts.

    A gap of 0 days: the next one starts on the day on which one ends.
    """

    length_days: int
    gap_days: int


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """The first and last day of a sprint to come, and which of them are assumed.

    `before_on` is the day on which the sprint before it ends, None where there is none.
    """

    first_on: date
    last_on: date
    is_first_assumed: bool
    is_last_assumed: bool
    before_on: date | None = None

    def working_days(self, calendar: Calendar) -> int:
        """The days worked in it, without the one that the sprint before it has already."""
        days, shared = calendar.working_days(self.first_on, self.last_on), self._shared_day()
        return days - (shared is not None and calendar.is_working_day(shared))

    def days_away(self, calendar: Calendar) -> float:
        """How many of those days absences take."""
        days, shared = calendar.days_away(self.first_on, self.last_on), self._shared_day()
        return days - (0.0 if shared is None else calendar.share_away(shared))

    def _shared_day(self) -> date | None:
        before = self.before_on
        return before if before is not None and self.first_on <= before <= self.last_on else None


def usual_rhythm(sprints: Iterable[tuple[date, date]]) -> Rhythm | None:
    """The median length of sprints and of what lies between them; None without a sprint.

    `sprints` are their first and last days.
    """
    days = sorted(sprints)
    if not days:
        return None
    length = median_low([(last - first).days + 1 for first, last in days])
    gaps = [
        (following - last).days for (_, last), (following, _) in pairwise(days) if following >= last
    ]
    return Rhythm(length, median_low(gaps) if gaps else NEXT_DAY)


def planned_days(
    given: tuple[date | None, date | None],
    after: date | None,
    today: date,
    rhythm: Rhythm | None,
    calendar: Calendar,
) -> PlannedDays | None:
    """The days of a sprint to come; None where neither dates nor habit tell them.

    `after` is the last day of the sprint before it. Dates that are over, or end before they start,
    are as good as none: then it starts on a working day, the usual gap after the one before, and
    never in the past.
    """
    first, last = given
    if last is not None and (last < today or (first is not None and last < first)):
        first, last = None, None
    if first is not None and last is not None:
        return PlannedDays(first, last, False, False, after)
    if rhythm is None:
        return None
    length = timedelta(days=rhythm.length_days - 1)
    if first is not None:
        return PlannedDays(first, first + length, False, True, after)
    if last is not None:
        start = max(last - length, today)
        return PlannedDays(start, last, True, False, after)
    start = today if after is None else max(today, after + timedelta(days=rhythm.gap_days))
    start = calendar.add_working_days(start, not calendar.is_working_day(start))
    return PlannedDays(start, start + length, True, True, after)


def in_turn(
    given: Sequence[tuple[date | None, date | None]],
    after: date | None,
    today: date,
    rhythm: Rhythm | None,
    calendar: Calendar,
) -> list[PlannedDays | None]:
    """The days of sprints that follow one another, each after the one before."""
    found: list[PlannedDays | None] = []
    for dates in given:
        days = planned_days(dates, after, today, rhythm, calendar)
        found.append(days)
        after = days.last_on if days else after
    return found
