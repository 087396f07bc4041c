"""Velocity and what is usual for a team, from its last closed sprints.

Input are rows of facts, so that no history is read again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import fmean, median

from telemetry.domain.calendar import ONE_DAY, Calendar

FEWEST_OF_A_TREND = 2  # sprints in each half


@dataclass(frozen=True, slots=True)
class ClosedSprint:
    """What velocity needs of a closed sprint's facts."""

    sprint_id: int
    started_at: datetime
    ended_at: datetime
    committed_points: float
    completed_points: float
    completion_percent: float | None
    working_days: int  # both ends included
    planned_seconds: int
    impediment_seconds: int | None
    off_plan_seconds: int


@dataclass(frozen=True, slots=True)
class Usual:
    """Medians of the last closed sprints; None where there is none to learn from."""

    impediment_seconds: float | None
    off_plan_seconds: float | None
    points_per_planned_hour: float | None

    def by_now(self, share: float) -> "Usual":
        """What is usual when this share of a sprint is gone; the pace is as it was."""
        return replace(
            self,
            impediment_seconds=_part(self.impediment_seconds, share),
            off_plan_seconds=_part(self.off_plan_seconds, share),
        )


def _part(seconds: float | None, share: float) -> float | None:
    return None if seconds is None else seconds * share


@dataclass(frozen=True, slots=True)
class VelocityFigures:
    """Means of the last closed sprints; None without one.

    Velocity is None, too, where they cover no working day.
    """

    velocity_points_per_day: float | None
    average_completion_percent: float | None
    average_impediment_seconds: float | None
    sprints: tuple[ClosedSprint, ...]  # the last N, newest first


def is_ahead(completed_at: datetime | None, as_of: datetime) -> bool:
    """Whether a close lies after all that is known of the sprint."""
    return completed_at is not None and completed_at > as_of


def last_closed(
    sprints: Iterable[ClosedSprint], count: int, before: datetime | None = None
) -> tuple[ClosedSprint, ...]:
    """The last `count` closed sprints, newest first; only those ended by `before`, if given."""
    known = [sprint for sprint in sprints if before is None or sprint.ended_at <= before]
    known.sort(key=lambda sprint: (sprint.ended_at, sprint.sprint_id), reverse=True)
    return tuple(known[:count])


def sprint_velocity(sprint: ClosedSprint) -> float:
    """Completed points per working day."""
    return sprint.completed_points / max(1, sprint.working_days)


def covered_days(sprints: Iterable[ClosedSprint], calendar: Calendar) -> int:
    """The working days that the sprints cover: one on which two of them run counts once."""
    count, seen = 0, date.min
    day_of = calendar.day_of
    for first, last in sorted((day_of(one.started_at), day_of(one.ended_at)) for one in sprints):
        if last > seen:
            count += calendar.working_days(max(first, seen + ONE_DAY), last)
            seen = last
    return count


def velocity(
    sprints: Iterable[ClosedSprint], calendar: Calendar, count: int = 6
) -> VelocityFigures:
    """The team's velocity and averages over its last `count` closed sprints."""
    last = last_closed(sprints, count)
    days = covered_days(last, calendar)
    completed = sum(sprint.completed_points for sprint in last)
    return VelocityFigures(
        velocity_points_per_day=completed / days if days else None,
        average_completion_percent=_over(
            fmean, (s.completion_percent for s in last if s.completion_percent is not None)
        ),
        average_impediment_seconds=_over(fmean, _impeded(last)),
        sprints=last,
    )


def usual(sprints: Iterable[ClosedSprint], count: int = 6, before: datetime | None = None) -> Usual:
    """What is usual in the last `count` sprints closed by `before` (a sprint's own start).

    Sprints without planned time say nothing about points per planned hour.
    """
    last = last_closed(sprints, count, before)
    return Usual(
        impediment_seconds=_over(median, _impeded(last)),
        off_plan_seconds=_over(median, (float(s.off_plan_seconds) for s in last)),
        points_per_planned_hour=_over(
            median,
            (s.completed_points * 3600 / s.planned_seconds for s in last if s.planned_seconds),
        ),
    )


def _impeded(sprints: Iterable[ClosedSprint]) -> Iterable[float]:
    """What impediments took in each of the sprints of which that is known."""
    return (float(s.impediment_seconds) for s in sprints if s.impediment_seconds is not None)


def _over(average: Callable[[list[float]], float], values: Iterable[float]) -> float | None:
    known = list(values)
    return average(known) if known else None


def trend(figures: VelocityFigures, calendar: Calendar) -> tuple[float, float] | None:
    """The velocity of the earlier half of the sprints, and of the later; None of too few."""
    sprints = figures.sprints
    half = len(sprints) // 2
    if half < FEWEST_OF_A_TREND:
        return None
    later, earlier = (
        velocity(some, calendar, half).velocity_points_per_day
        for some in (sprints[:half], sprints[-half:])
    )
    return None if earlier is None or later is None else (earlier, later)
