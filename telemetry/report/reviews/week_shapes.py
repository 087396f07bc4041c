"""The shapes of a week's review."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.domain.calendar import Calendar
from telemetry.domain.week import Week
from telemetry.metrics.figures import Nature, TimeSplit
from telemetry.metrics.flow import Percentiles
from telemetry.report.impediments.lists import Recurring
from telemetry.report.reviews.shapes import NO_AGEING, Ageing, FlowIssue, Frozen
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.time import ImpedimentRow, OpenTime, TimeRow

NO_TIME = TimeSplit(0, 0, 0)
IMPEDIMENT_COUNTS = ("impediment_count", "opened_count", "closed_count", "open_count")


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """What is told of any week; `cycle_days` is what half of the items done took at most.

    The counts of impediments are None where nobody could tell what is one.
    """

    done_count: int = 0
    done_points: float | None = None
    cycle_days: float | None = None
    came_count: int = 0
    begun_count: int = 0
    reopened_count: int = 0
    in_progress_count: int = 0
    time: TimeSplit = NO_TIME
    impediment_count: int | None = 0  # opened or worked on
    opened_count: int | None = 0
    closed_count: int | None = 0
    open_count: int | None = 0  # at its end


@dataclass(frozen=True, slots=True)
class WeekUsual:
    """What is usual: medians of the `weeks` before, and what items of the year before took."""

    weeks: int = 0
    done_count: float | None = None
    impediment_seconds: float | None = None
    cycle: Percentiles | None = None
    days_to_close: float | None = None
    natures: Mapping[str, float] = field(default_factory=dict)  # impediment seconds of all of them


@dataclass(frozen=True, slots=True)
class WeekSprint:
    """What moved in a sprint on the days of a week, from what was left before to what is left."""

    id: int
    name: str
    before_points: float
    added_points: float
    removed_points: float
    reestimated_points: float
    burned_points: float
    reopened_points: float
    left_points: float


@dataclass(frozen=True, slots=True)
class WeekKept:
    """What is kept of a week when it is over; lists hold ids, titles are looked up.

    A field that is added needs a default: reviews that froze before are read with it. `has_time`
    tells whether any time was logged in the week or those that make the usual,
    `impediments_unknown` why nobody could tell what is an impediment, if so.
    """

    figures: WeekFigures = WeekFigures()
    before: WeekFigures | None = None
    usual: WeekUsual = WeekUsual()
    daily: tuple[TimeRow, ...] = ()
    natures: tuple[Nature, ...] = ()
    done: tuple[FlowIssue, ...] = ()
    in_progress: tuple[FlowIssue, ...] = ()
    impediments: tuple[ImpedimentRow, ...] = ()
    open_impediments: tuple[ImpedimentRow, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    sprints: tuple[WeekSprint, ...] = ()
    ageing: Ageing = NO_AGEING
    open_time: OpenTime | None = None
    has_time: bool = True
    impediments_unknown: str | None = None


@dataclass(frozen=True, slots=True)
class WeekEdits:
    """What differs by now from a week as it froze."""

    then: WeekFigures
    now: WeekFigures

    @property
    def is_edited(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class WeekReview:
    """A week as a team looks back on it; `frozen` is None of one that runs or was not kept.

    `until` is the last day that is known of it, `reviewed` are the sprints that have a review.
    """

    team: TeamRow
    week: Week
    calendar: Calendar
    unit: str
    today: date
    as_of: datetime
    until: date
    kept: WeekKept
    is_over: bool
    frozen: Frozen | None = None
    edits: WeekEdits | None = None
    reviewed: frozenset[int] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        """In which its days are."""
        return ZoneInfo(self.calendar.timezone)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week as the list of reviews shows it; `frozen_at` is None where it was not kept."""

    week: Week
    is_over: bool
    frozen_at: datetime | None = None
    outcome: str = field(default="", compare=False)
