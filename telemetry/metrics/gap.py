"""Why the gap: committed minus completed, issue by issue, and what may explain it.

The exact parts sum to the gap; the estimated ones explain the unfinished (running: behind) part.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import SprintState
from telemetry.metrics.burndown import ideal_grains
from telemetry.metrics.sprint_figures import (
    Outcome,
    outcome_of,
)
from telemetry.metrics.sprint_walk import (
    IssueWalk,
    SprintWalk,
)
from telemetry.metrics.timeline import points
from telemetry.metrics.velocity import Usual


class Cause(StrEnum):
    REMOVED = "removed"
    UNFINISHED = "unfinished"
    REESTIMATED = "reestimated"
    COMPLETED_BEYOND = "completed_beyond"
    NOT_DUE = "not_due"
    BEHIND = "behind"
    IMPEDIMENTS = "impediments"
    OFF_PLAN = "off_plan"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the gap; `hours` are those above the usual, for the two estimated causes."""

    cause: Cause
    points: float
    is_exact: bool
    issue_ids: tuple[int, ...] = ()
    hours: float | None = None


def exact_parts(walk: SprintWalk, calendar: Calendar) -> tuple[Part, ...]:
    """The gap issue by issue; parts without an issue are left out.

    Removed, unfinished and re-estimated issues that were committed, and, negative, completed ones
    that were not. While the sprint runs, unfinished is split into not due yet and behind.
    """
    by_cause: dict[Cause, list[tuple[int, int]]] = {}
    for issue in walk.issues:
        cause, amount = _share(issue)
        if cause is not None:
            by_cause.setdefault(cause, []).append((issue.issue_id, amount))
    parts: list[Part] = []
    for cause in (Cause.REMOVED, Cause.UNFINISHED, Cause.REESTIMATED, Cause.COMPLETED_BEYOND):
        shares = by_cause.get(cause, [])
        if not shares:
            continue
        amount = sum(share for _, share in shares)
        ids = tuple(issue_id for issue_id, _ in shares)
        if cause is Cause.UNFINISHED and walk.sprint.state is SprintState.ACTIVE:
            parts += _split(walk, calendar, amount, ids)
        else:
            parts.append(Part(cause, points(amount), True, ids))
    return tuple(parts)


def _share(issue: IssueWalk) -> tuple[Cause | None, int]:
    outcome = outcome_of(issue)
    initial, final = issue.initial or 0, issue.final or 0
    if issue.is_committed:
        if outcome is Outcome.REMOVED:
            return Cause.REMOVED, initial
        if outcome is Outcome.NOT_COMPLETED:
            return Cause.UNFINISHED, initial
        return (Cause.REESTIMATED, initial - final) if initial != final else (None, 0)
    return (Cause.COMPLETED_BEYOND, -final) if outcome is Outcome.COMPLETED else (None, 0)


def _split(
    walk: SprintWalk, calendar: Calendar, unfinished: int, ids: tuple[int, ...]
) -> list[Part]:
    ideal = ideal_grains(walk, calendar, walk.end)
    if ideal is None:
        return [Part(Cause.UNFINISHED, points(unfinished), True, ids)]
    not_due = max(0, min(ideal, unfinished))
    return [
        Part(Cause.NOT_DUE, points(not_due), True, ids),
        Part(Cause.BEHIND, points(unfinished - not_due), True, ids),
    ]


def explained_parts(
    exact: Iterable[Part], impediment_seconds: int, off_plan_seconds: int, usual: Usual
) -> tuple[Part, ...]:
    """What may explain the unfinished (running: behind) points: an estimate.

    Hours above the usual (`usual` is that by now) times points per planned hour, together at most
    those points (both are shortened in proportion), and the rest. Empty where nothing is
    unfinished or usual is unknown.
    """
    points_left = sum(
        part.points for part in exact if part.cause in {Cause.UNFINISHED, Cause.BEHIND}
    )
    rate = usual.points_per_planned_hour
    if points_left <= 0 or rate is None:
        return ()
    hours = {
        Cause.IMPEDIMENTS: _above(impediment_seconds, usual.impediment_seconds),
        Cause.OFF_PLAN: _above(off_plan_seconds, usual.off_plan_seconds),
    }
    lost = sum(hours.values()) * rate
    factor = min(1.0, points_left / lost) if lost > 0 else 0.0
    parts = [
        Part(cause, above * rate * factor, False, hours=above) for cause, above in hours.items()
    ]
    rest = points_left - sum(part.points for part in parts)
    return (*parts, Part(Cause.REST, max(0.0, rest), False))


def _above(seconds: int, usual_seconds: float | None) -> float:
    return max(0.0, seconds - (usual_seconds or 0.0)) / 3600


def remaining_without_impediments(
    remaining_points: float, impediment_seconds: int, off_plan_seconds: int, usual: Usual
) -> float | None:
    """What would remain had impediments and surplus off-plan time gone into the plan: an estimate.

    None where the team's points per planned hour are unknown; never below 0.
    """
    if usual.points_per_planned_hour is None:
        return None
    hours = impediment_seconds / 3600 + _above(off_plan_seconds, usual.off_plan_seconds)
    return max(0.0, remaining_points - hours * usual.points_per_planned_hour)


def remaining_without_by_day(
    days: Sequence[tuple[float, int | None, int, float]], usual: Usual
) -> list[float | None]:
    """`remaining_without_impediments` at each day's end.

    `days` are what remains at each day's end, the day's own impediment (None where nobody can
    tell what is one) and off-plan seconds, and the share of the sprint's working time that is gone
    then.
    """
    found = []
    impediment_seconds = off_plan_seconds = 0
    for remaining_points, impeded, off_plan, gone in days:
        if impeded is None:
            return [None] * len(days)
        impediment_seconds += impeded
        off_plan_seconds += off_plan
        lost = (impediment_seconds, off_plan_seconds)
        found.append(remaining_without_impediments(remaining_points, *lost, usual.by_now(gone)))
    return found
