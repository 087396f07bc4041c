"""All figures of a sprint as one value: computed, stored, read, compared and shown as it is.

Its fields are the columns of the table sprint_facts by name, and the figures of a snapshot; what
each means stands in the registry. What needs earlier sprints besides is in `estimates`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from types import UnionType
from typing import Any, Final, get_args, get_type_hints

from telemetry.metrics.forecast import Outlook
from telemetry.metrics.gap import Cause, Part
from telemetry.metrics.impediment import ImpedimentFigures
from telemetry.metrics.kind import Kind
from telemetry.metrics.sprint_figures import WorkFigures


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """Time in its classes; what impediments took is None where nobody can tell what is one."""

    planned_seconds: int
    impediment_seconds: int | None
    off_plan_seconds: int

    @property
    def all_seconds(self) -> int:
        return self.planned_seconds + (self.impediment_seconds or 0) + self.off_plan_seconds

    @property
    def impediment_share_percent(self) -> float | None:
        """Impediment time of all time; None where no time was logged, or the first is unknown."""
        if self.impediment_seconds is None or not self.all_seconds:
            return None
        return 100 * self.impediment_seconds / self.all_seconds

    def without_impediments(self) -> "TimeSplit":
        """The same where nobody can tell what is an impediment."""
        return replace(self, impediment_seconds=None)


def summed(splits: Iterable[TimeSplit]) -> TimeSplit:
    """All of these times; what impediments took is None where it is of one of them."""
    some = list(splits)
    impeded = [one.impediment_seconds for one in some]
    return TimeSplit(
        sum(one.planned_seconds for one in some),
        None if None in impeded else sum(seconds or 0 for seconds in impeded),
        sum(one.off_plan_seconds for one in some),
    )


@dataclass(frozen=True, slots=True)
class Nature:
    """The impediments of one nature."""

    nature: str
    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Impediments:
    """A sprint's impediments; `by_nature` with most time first.

    All is None, and no nature told, where nobody can tell what is an impediment.
    """

    count: int | None
    opened_count: int | None
    closed_count: int | None
    open_count: int | None
    seconds: int | None
    median_hours_to_close: float | None
    by_nature: tuple[Nature, ...]


@dataclass(frozen=True, slots=True)
class SprintFigures(WorkFigures):
    """The value. `gap` has the exact parts; what is forecast is known of running sprints only."""

    projected_50_on: date | None
    projected_85_on: date | None
    projected_95_on: date | None
    finish_in_time_percent: float | None
    done_by_end_50_points: float | None
    done_by_end_85_points: float | None
    left_by_end_50_points: float | None
    planned_seconds: int
    impediment_seconds: int | None
    off_plan_seconds: int
    impediment_count: int | None
    impediments_opened_count: int | None
    impediments_closed_count: int | None
    impediments_open_count: int | None
    median_seconds_to_close: float | None
    natures: tuple[Nature, ...]
    gap: tuple[Part, ...]

    def without_impediments(self) -> "SprintFigures":
        """The same where nobody can tell what is an impediment."""
        nothing: dict[str, Any] = dict.fromkeys(OF_IMPEDIMENTS)
        return replace(self, natures=(), **nothing)

    @property
    def time(self) -> TimeSplit:
        return TimeSplit(self.planned_seconds, self.impediment_seconds, self.off_plan_seconds)

    @property
    def impediments(self) -> Impediments:
        median = self.median_seconds_to_close
        return Impediments(
            count=self.impediment_count,
            opened_count=self.impediments_opened_count,
            closed_count=self.impediments_closed_count,
            open_count=self.impediments_open_count,
            seconds=self.impediment_seconds,
            median_hours_to_close=None if median is None else median / 3600,
            by_nature=self.natures,
        )


OF_IMPEDIMENTS: Final = (  # the numbers that are none where nobody can tell impediments
    "impediment_seconds",
    "impediment_count",
    "impediments_opened_count",
    "impediments_closed_count",
    "impediments_open_count",
    "median_seconds_to_close",
)
OUTLOOK: Final = {  # the fields of the value that are forecast, by those of `Outlook`
    "projected_50_on": "on_50",
    "projected_85_on": "on_85",
    "projected_95_on": "on_95",
    "finish_in_time_percent": "in_time_percent",
    "done_by_end_50_points": "done_50_points",
    "done_by_end_85_points": "done_85_points",
    "left_by_end_50_points": "left_50_points",
}
NAMES: Final = tuple(field.name for field in fields(SprintFigures))
_OF_WORK: Final = tuple(field.name for field in fields(WorkFigures))


def all_figures(
    work: WorkFigures,
    outlook: Outlook,
    seconds: Mapping[Kind, int],
    lost: ImpedimentFigures,
    gap: tuple[Part, ...],
) -> SprintFigures:
    """The value from its parts; `gap` are the exact parts."""
    return SprintFigures(
        **{name: getattr(work, name) for name in _OF_WORK},
        **{name: getattr(outlook, field) for name, field in OUTLOOK.items()},
        planned_seconds=seconds[Kind.PLANNED],
        impediment_seconds=seconds[Kind.IMPEDIMENT],
        off_plan_seconds=seconds[Kind.OFF_PLAN],
        impediment_count=lost.count,
        impediments_opened_count=lost.opened_count,
        impediments_closed_count=lost.closed_count,
        impediments_open_count=lost.open_count,
        median_seconds_to_close=lost.median_seconds_to_close,
        natures=tuple(Nature(*one) for one in lost.by_nature),
        gap=gap,
    )


def to_stored(figures: SprintFigures) -> dict[str, Any]:
    """The value as a row of numbers, days and JSON values, by field."""
    row = {name: getattr(figures, name) for name in NAMES}
    row["counts"] = dict(figures.counts)
    row["natures"] = [(one.nature, one.count, one.seconds) for one in figures.natures]
    row["gap"] = [(part.cause.value, part.points, part.issue_ids) for part in figures.gap]
    return row


def from_stored(row: Sequence[Any]) -> SprintFigures:
    """The value from the fields that `to_stored` wrote, in the order of `NAMES`."""
    *plain, natures, gap = row
    plain.append(tuple(Nature(*one) for one in natures))
    plain.append(tuple(Part(Cause(cause), points, True, tuple(ids)) for cause, points, ids in gap))
    return SprintFigures(*plain)


@dataclass(frozen=True, slots=True)
class FigureField:
    """A field of the value: its type where it is known, and whether it may be unknown."""

    name: str
    kind: Any
    is_optional: bool

    @property
    def is_number(self) -> bool:
        return self.kind in {int, float}


def figure_fields() -> list[FigureField]:
    """The value's fields in order."""
    hints, found = get_type_hints(SprintFigures), []
    for name in NAMES:
        is_optional = isinstance(hints[name], UnionType)
        kind = get_args(hints[name])[0] if is_optional else hints[name]
        found.append(FigureField(name, kind, is_optional))
    return found
