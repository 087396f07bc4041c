"""Where a team's quarter stands, in the few numbers that pages of many quarters show. Pure."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_figures import Epic, EpicFigures, figures_of_epic
from telemetry.metrics.field_values import grains
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.quarter import Term
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.timeline import points


@dataclass(frozen=True, slots=True)
class Standing:
    """A quarter's epics as they are now, its scope the day before it began, and its end.

    `before_points` is None until it has begun; `end_points`, total and done, until it is over.
    `left_programs` are those of epics that were of it and are not.
    """

    epics: tuple[EpicFigures, ...] = ()
    left_programs: tuple[str, ...] = ()
    before_points: float | None = None
    end_points: tuple[float, float] | None = None

    @property
    def programs(self) -> tuple[str, ...]:
        """The programs of its epics."""
        return tuple(sorted({name for one in self.epics for name in one.programs}))


@dataclass(frozen=True, slots=True)
class Amounts:
    """What epics have together; `done_count` of them are done, `blank_count` without estimate."""

    total_points: float = 0.0
    in_progress_points: float = 0.0
    done_points: float = 0.0
    epic_count: int = 0
    done_count: int = 0
    blank_count: int = 0
    unestimated_count: int = 0
    dependency_count: int = 0

    @property
    def remaining_points(self) -> float:
        return max(self.total_points - self.done_points, 0.0)

    @property
    def progression_percent(self) -> float | None:
        return 100 * self.done_points / self.total_points if self.total_points else None


def standing(term: Term, epics: Iterable[Epic], as_of: datetime) -> Standing:
    """Where the quarter stands as of an instant."""
    every = list(epics)
    found = roadmap(term, every, as_of)
    end = found.at_end
    return Standing(
        found.epics,
        _left(every, term.quarter),
        found.before.total_points if found.before else None,
        None if end is None else (end.total_points, end.done_points),
    )


def unplanned(epics: Iterable[Epic], as_of: datetime) -> Standing:
    """Where the epics stand that are of no quarter."""
    every = [one for one in epics if not one.labels.quarters]
    return Standing(tuple(figures_of_epic(one, as_of) for one in every))


def _left(epics: Iterable[Epic], quarter: Quarter) -> tuple[str, ...]:
    gone = [one.labels for one in epics if str(quarter) not in one.labels.quarters]
    return tuple(sorted({name for one in gone for name in one.programs}))


def amounts(epics: Iterable[EpicFigures]) -> Amounts:
    """What these epics have together; their points are added exactly."""
    every = list(epics)
    blank = sum(not one.total_points for one in every)
    open_count = sum(one.remaining_points > NOTHING for one in every)
    return Amounts(
        exact_sum(one.total_points for one in every),
        exact_sum(one.in_progress_points for one in every),
        exact_sum(one.done_points for one in every),
        len(every),
        len(every) - open_count - blank,
        blank,
        sum(one.unestimated_count for one in every),
        sum(one.dependency_count for one in every),
    )


def exact_sum(values: Iterable[float]) -> float:
    """Points added exactly."""
    return points(sum(grains(value) or 0 for value in values))


def to_stored(found: Standing) -> dict[str, Any]:
    """The value as JSON values."""
    return {
        "epics": [astuple(one) for one in found.epics],
        "programs": found.programs,
        "left_programs": found.left_programs,
        "before_points": found.before_points,
        "end_points": found.end_points,
    }


def from_stored(
    epics: Any, left_programs: Any, before_points: float | None, end_points: Any
) -> Standing:
    """The value that `to_stored` wrote."""
    end = None if end_points is None else (end_points[0], end_points[1])
    return Standing(tuple(map(_epic, epics)), tuple(left_programs), before_points, end)


def _epic(stored: Any) -> EpicFigures:
    values: list[Any] = [tuple(one) if isinstance(one, list) else one for one in stored]
    return EpicFigures(*values)
