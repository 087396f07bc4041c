"""Contradictions of sprints: begun empty, run on past their end, closed without or too late."""

from collections.abc import Iterable
from datetime import datetime

from telemetry.domain.calendar import ONE_DAY, Calendar
from telemetry.domain.models import Sprint, SprintState
from telemetry.metrics.contradictions import (
    Contradiction,
    Finding,
)
from telemetry.metrics.sprint_walk import (
    Movement,
    SprintWalk,
)

LATE_WORKING_DAYS = 2  # a review on Monday of a sprint planned until Friday is no contradiction


def empty_starts(walks: Iterable[SprintWalk]) -> list[Finding]:
    """Sprints with no issue at their start and some later: when the first came, and how many.

    An issue that came exactly at the start was there. What was done already counts as there too.
    """
    found = []
    for walk in walks:
        added = [step for step in walk.steps if step.kind is Movement.ADDED]
        if added and not any(issue.is_in_at_start for issue in walk.issues):
            found.append(
                Finding(
                    Contradiction.EMPTY_START,
                    sprint_id=walk.sprint.id,
                    at=added[0].at,
                    against_at=walk.start,
                    count=len({step.issue_id for step in added}),
                )
            )
    return found


def back_dated(sprints: Iterable[Sprint], calendar: Calendar) -> list[Finding]:
    """Sprints whose start date is a working day or more before they were started.

    `at` is the start date and `against_at` the start, where the tracker tells both.
    """
    found = []
    for sprint in sprints:
        dated, started = sprint.planned_start_at, sprint.started_at
        if dated is None or started is None or sprint.state is SprintState.FUTURE:
            continue
        last = calendar.day_of(started) - ONE_DAY
        days = calendar.working_days(calendar.day_of(dated), last)
        if days > 0:
            one = Finding(
                Contradiction.BACK_DATED,
                sprint_id=sprint.id,
                at=dated,
                against_at=started,
                count=days,
            )
            found.append(one)
    return found


def late_sprints(sprints: Iterable[Sprint], calendar: Calendar, as_of: datetime) -> list[Finding]:
    """Started sprints that ended, or still run, over two working days after their planned end.

    `at` is the completion, None while the sprint is active; `count` are the working days between.
    """
    found = []
    for sprint in sprints:
        planned = sprint.planned_end_at
        end = sprint.completed_at if sprint.state is SprintState.CLOSED else as_of
        if planned is None or end is None or sprint.state is SprintState.FUTURE:
            continue
        days = calendar.working_days(calendar.day_of(planned) + ONE_DAY, calendar.day_of(end))
        if days > LATE_WORKING_DAYS:
            found.append(
                Finding(
                    Contradiction.LATE_SPRINT,
                    sprint_id=sprint.id,
                    at=end if sprint.state is SprintState.CLOSED else None,
                    against_at=planned,
                    count=days,
                )
            )
    return found


def future_sprints(sprints: Iterable[Sprint], as_of: datetime) -> list[Finding]:
    """Sprints that run or are closed, and start or were completed after `as_of`.

    `at` is the first such date; `count` is 0 for a start and 1 for a completion.
    """
    found = []
    for sprint in sprints:
        if sprint.state is SprintState.FUTURE:
            continue
        dates = enumerate((sprint.started_at, sprint.closed_at))
        late = [(place, at) for place, at in dates if at is not None and at > as_of]
        if late:
            place, at = late[0]
            kind = Contradiction.FUTURE_SPRINT
            found.append(Finding(kind, sprint_id=sprint.id, at=at, count=place))
    return found


def without_completion(sprints: Iterable[Sprint]) -> list[Finding]:
    """Closed sprints for which the tracker tells no completion.

    Such a one is kept as completed at its planned end to the millisecond, which nobody hits who
    completes a sprint by hand.
    """
    return [
        Finding(Contradiction.NO_COMPLETION, sprint_id=sprint.id, against_at=sprint.planned_end_at)
        for sprint in sprints
        if sprint.state is SprintState.CLOSED
        and sprint.completed_at in (None, sprint.planned_end_at)
    ]
