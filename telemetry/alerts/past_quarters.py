"""A past quarter as its rule would have looked at it at the end of a day; pure."""

from datetime import date, datetime, timedelta

from telemetry.metrics.quarter import predictability
from telemetry.metrics.velocity import ClosedSprint, velocity
from telemetry.report.alerts.past import PastYear
from telemetry.report.alerts.past_quarters import PastQuarter
from telemetry.report.alerts.quarters import WITHIN
from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.sprint.summaries import closed_sprint
from telemetry.report.velocity import WITHOUT_SPRINTS


class Quarters:
    """The quarters of a team's past; days only go on."""

    def __init__(self, past: PastYear) -> None:
        self._past = past
        rows = (closed_sprint(one.summary) for one in past.sprints)
        self._sprints = [row for row in rows if row is not None]
        self._closed = 0
        self._velocity: float | None = None

    def at(self, day: date, now: datetime) -> WatchedQuarter | None:
        """The one that ran at the end of a day; None where nothing estimated was of it."""
        for one in self._past.quarters.quarters:
            if one.term.first <= day <= one.term.last:
                return self._watched(one, day, now)
        return None

    def _watched(self, one: PastQuarter, day: date, now: datetime) -> WatchedQuarter | None:
        row = one.days.get(day)
        if row is None or not row.total_points:
            return None
        remaining = max(0.0, row.total_points - row.done_points)
        # at the end of a day none of it is left
        pace, tomorrow = self._pace(day, now), day + timedelta(days=1)
        known = predictability(one.term, remaining, pace, tomorrow)
        is_last = day == one.term.last
        late = None if known.days is None else -known.days
        if is_last and known.days_to_complete is not None:
            late = known.days_to_complete
        return WatchedQuarter(
            name=str(one.term.quarter),
            last_on=one.term.last,
            unit=self._past.quarters.unit,
            remaining_points=remaining,
            working_days_left=known.working_days_left,
            days_to_complete=known.days_to_complete,
            late_days=late,
            velocity_points_per_day=pace,
            chance_percent=one.chances.get(day),
            chance_before_percent=self._before(one, day),
        )

    def _before(self, one: PastQuarter, day: date) -> float | None:
        """The highest of the chances told in the working days before; of the past every fifth."""
        calendar = self._past.calendar
        known = [
            chance
            for told, chance in one.chances.items()
            if told < day and calendar.working_days(told, day - timedelta(days=1)) <= WITHIN
        ]
        return max(known, default=None)

    def _pace(self, day: date, now: datetime) -> float | None:
        if not self._past.has_sprints:
            return self._throughput(day, now)
        known: list[ClosedSprint] = [one for one in self._sprints if one.ended_at <= now]
        if len(known) != self._closed:
            self._closed = len(known)
            newest = known[::-1][: self._past.usual_count]
            found = velocity(newest, self._past.calendar, self._past.usual_count)
            self._velocity = found.velocity_points_per_day
        return self._velocity

    def _throughput(self, day: date, now: datetime) -> float | None:
        calendar = self._past.calendar
        first = day - WITHOUT_SPRINTS + timedelta(days=1)
        start = calendar.day_start(first)
        done = sum(points for at, points in self._past.quarters.done if start <= at <= now)
        days = calendar.working_days(first, day)
        return done / days if done and days else None
