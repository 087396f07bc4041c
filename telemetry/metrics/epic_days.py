"""An epic's points day by day, whatever its labels. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from telemetry.domain.calendar import Calendar
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import OUT, Step
from telemetry.metrics.field_values import grains


def total_of(step: Step) -> int:
    """The points of a child, in grains."""
    return 0 if step.state == OUT else grains(step.points) or 0


def done_of(step: Step) -> int:
    """Those of them that are done, in grains."""
    return total_of(step) if step.state == "done" else 0


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
            sums[0] += total_of(step) - (total_of(before) if before else 0)
            sums[1] += done_of(step) - (done_of(before) if before else 0)
            before = step
    days, totals, dones = sorted(by_day), [0], [0]
    for day in days:
        totals.append(totals[-1] + by_day[day][0])
        dones.append(dones[-1] + by_day[day][1])
    return EpicDays(days, totals[1:], dones[1:])


def epics_days(epics: Sequence[Epic], calendar: Calendar, as_of: datetime) -> dict[int, EpicDays]:
    """The days of each epic up to `as_of`."""
    return {one.issue_id: epic_days(one, calendar, as_of) for one in epics}
