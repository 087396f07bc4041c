"""A sprint's burndown."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class BurndownDay:
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
    remaining_without_impediments_points: float | None = None  # an estimate


@dataclass(frozen=True, slots=True)
class BurndownEvent:
    """A step of the burndown; `points` is the signed change of what remains."""

    at: datetime
    issue_key: str
    summary: str | None
    kind: str  # added | removed | reestimated | burned | reopened
    points: float


@dataclass(frozen=True, slots=True)
class IdealPoint:
    """A corner of the ideal line; between corners it is straight."""

    at: datetime
    points: float


@dataclass(frozen=True, slots=True)
class Burndown:
    """`days_off` are the local days without work from the first day to the last one drawn.

    `days_away` of the planned working days are taken by absences.
    """

    days: tuple[BurndownDay, ...]
    events: tuple[BurndownEvent, ...]
    ideal: tuple[IdealPoint, ...]
    days_off: tuple[date, ...]
    days_away: float = 0.0
