"""The burndown: what remains at each day's end, the steps between, the ideal line.

Read by facts and by the sprint's figures (expected remaining, behind).
"""

from collections import deque
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from telemetry.domain.calendar import Calendar
from telemetry.metrics.sprint_walk import (
    Movement,
    SprintWalk,
)
from telemetry.metrics.timeline import points


@dataclass(frozen=True, slots=True)
class Day:
    """One local day; names as in the table sprint_days.

    `remaining`, `scope`, `done` and `ideal` stand at the day's end (the last day: at the sprint's
    end); the movements are of the day alone. `ideal` is None without a planned end.
    """

    day: date
    remaining_points: float
    ideal_points: float | None
    scope_points: float
    done_points: float
    added_points: float
    removed_points: float
    reestimated_points: float
    burned_points: float
    reopened_points: float


@dataclass(frozen=True, slots=True)
class Event:
    """A step as it is shown; `delta_points` is the signed change of what remains."""

    at: datetime
    issue_id: int
    kind: str
    delta_points: float


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of the ideal line, which is straight in between."""

    at: datetime
    points: float


def burndown_days(walk: SprintWalk, calendar: Calendar) -> tuple[Day, ...]:
    """One row for each local day from the sprint's start to its end."""
    remaining = walk.committed
    scope = sum(issue.initial or 0 for issue in walk.issues if issue.is_in_at_start)
    steps = deque(walk.steps)
    days = []
    for day in calendar.days(walk.start, walk.end):
        day_end = calendar.day_end(day)
        moved = dict.fromkeys(Movement, 0)
        while steps and steps[0].at < day_end:
            step = steps.popleft()
            moved[step.kind] += step.delta
            scope += step.scope_delta
        remaining += sum(moved.values())
        ideal = ideal_grains(walk, calendar, min(day_end, walk.end))
        days.append(
            Day(
                day=day,
                remaining_points=points(remaining),
                ideal_points=None if ideal is None else points(ideal),
                scope_points=points(scope),
                done_points=points(scope - remaining),
                added_points=points(moved[Movement.ADDED]),
                removed_points=points(-moved[Movement.REMOVED]),
                reestimated_points=points(moved[Movement.REESTIMATED]),
                burned_points=points(-moved[Movement.BURNED]),
                reopened_points=points(moved[Movement.REOPENED]),
            )
        )
    return tuple(days)


def burndown_events(walk: SprintWalk) -> tuple[Event, ...]:
    """The steps in order; a re-estimate that changes nothing of what remains is not one."""
    return tuple(
        Event(step.at, step.issue_id, step.kind.value, points(step.delta))
        for step in walk.steps
        if step.delta or step.kind is not Movement.REESTIMATED
    )


@dataclass(frozen=True, slots=True)
class Course:
    """The time from a sprint's start to its end."""

    start: datetime
    end: datetime
    calendar: Calendar

    def gone(self, at: datetime) -> float:
        """The share of its working time that is gone; of elapsed time where it has none.

        Days on which part of the team is away count for the part that is there.
        """
        if at >= self.end:
            return 1.0
        whole = self.calendar.staffed_seconds(self.start, self.end)
        gone = self.calendar.staffed_seconds(self.start, at)
        if not whole:
            whole = (self.end - self.start).total_seconds()
            gone = (at - self.start).total_seconds()
        return max(gone, 0.0) / whole


@dataclass(frozen=True, slots=True)
class Plan:
    """What the ideal line follows from: the commitment in grains, and the sprint's times."""

    start: datetime
    planned_end: datetime | None
    end: datetime
    committed: int


def plan_of(walk: SprintWalk) -> Plan:
    """The plan of a walked sprint."""
    return Plan(walk.start, walk.sprint.planned_end_at, walk.end, walk.committed)


def ideal_grains(walk: SprintWalk, calendar: Calendar, at: datetime) -> int | None:
    """What the ideal line leaves at an instant, in grains; None without a planned end."""
    return _ideal(plan_of(walk), calendar, at)


def _ideal(plan: Plan, calendar: Calendar, at: datetime) -> int | None:
    if plan.planned_end is None:
        return None
    return round(plan.committed * (1 - Course(plan.start, plan.planned_end, calendar).gone(at)))


def ideal_corners(plan: Plan, calendar: Calendar) -> tuple[Corner, ...]:
    """The ideal line from the start to the planned end; none without a planned end.

    Where the sprint runs on after its planned end, the line does too, at 0.
    """
    end = plan.planned_end
    if end is None or end <= plan.start:
        return ()
    instants = [plan.start]
    days = calendar.days(plan.start, end)
    for day, following in pairwise(days):
        if _presence(calendar, day) != _presence(calendar, following):
            instants.append(calendar.day_end(day))
    instants += [end, max(end, plan.end)]
    corners = (Corner(at, points(_ideal(plan, calendar, at) or 0)) for at in instants)
    return tuple(dict.fromkeys(corners))


def _presence(calendar: Calendar, day: date) -> float:
    """How steep the line is on a day, as a share of a whole working day."""
    return 1 - calendar.share_away(day) if calendar.is_working_day(day) else 0.0
