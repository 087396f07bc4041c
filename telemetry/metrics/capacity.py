"""What a sprint that is to come can hold, going by the team's last closed sprints.

Input are rows of facts, so that no history is read again. Everything here is an estimate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from telemetry.domain.calendar import Calendar
from telemetry.metrics.velocity import ClosedSprint, last_closed, sprint_velocity, velocity


@dataclass(frozen=True, slots=True)
class Spread:
    """The lowest, middle and highest of some values, and how many they are."""

    low: float
    median: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """Points that some working days hold: at the velocity, and at that of single past sprints.

    The three last are None with one closed sprint, of which there is no spread.
    """

    points: float
    low_points: float | None
    median_points: float | None
    high_points: float | None
    sprint_count: int


def spread(values: Iterable[float]) -> Spread | None:
    """The spread of the values; None without one."""
    known = sorted(values)
    if not known:
        return None
    return Spread(known[0], median(known), known[-1], len(known))


def capacity(
    sprints: Iterable[ClosedSprint], working_days: float, calendar: Calendar, count: int = 6
) -> Capacity | None:
    """Velocity times working days, beside the same at the velocities of the last sprints.

    `working_days` are those to come, without what absences take of them.
    None without a closed sprint, and where the last ones cover no working day.
    """
    last = last_closed(sprints, count)
    mean = velocity(last, calendar, count).velocity_points_per_day
    found = spread(sprint_velocity(sprint) * working_days for sprint in last)
    if mean is None or found is None:
        return None
    if found.count == 1:
        return Capacity(mean * working_days, None, None, None, 1)
    return Capacity(mean * working_days, found.low, found.median, found.high, found.count)


def completed_of_committed(sprints: Iterable[ClosedSprint], count: int = 6) -> Spread | None:
    """The spread of completed against committed points, in percent, over the last sprints.

    Sprints without a commitment say nothing; None where no other is left.
    """
    return spread(
        100 * sprint.completed_points / sprint.committed_points
        for sprint in last_closed(sprints, count)
        if sprint.committed_points
    )
