"""The sprint to come, against what the team can do."""

from dataclasses import dataclass, field
from datetime import date

from telemetry.domain.calendar import DayOff
from telemetry.metrics.capacity import Capacity
from telemetry.metrics.rhythm import PlannedDays
from telemetry.report.shapes.sprints import SprintName, SprintSummary


@dataclass(frozen=True, slots=True)
class NextIssue:
    """An issue of a sprint to come, as it is now.

    `is_carried_over`: it was in an earlier sprint when that one closed.
    """

    id: int
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    state: str  # todo | in_progress | done
    points: float | None
    is_carried_over: bool

    @property
    def is_done(self) -> bool:
        return self.state == "done"


@dataclass(frozen=True, slots=True)
class Coming:
    """What may come over from the running sprint when it ends; an estimate.

    `points` is None where too few sprints have closed to tell; then, and where the sprint has no
    planned end, only what remains now is known.
    """

    sprint: SprintName
    remaining_points: float
    planned_end_on: date | None
    working_days_left: int | None
    points: float | None


@dataclass(frozen=True, slots=True)
class TypeRow:
    """The open issues of one type."""

    type: str
    count: int
    points: float
    unestimated_count: int


@dataclass(frozen=True, slots=True)
class NextSprint:
    """A sprint to come. Without one `sprint` is None, and its days are those of a usual one.

    `points` and the counts are of its open issues; `capacity` is None without planned days or a
    closed sprint. Absences take `days_away` of its working days. `others` are the sprints planned
    beside it, in turn.
    """

    unit: str  # point | issue | hour
    has_sprints: bool
    sprint: SprintSummary | None
    days: PlannedDays | None
    usual_length_days: int | None
    working_days: int | None
    days_away: float = field(default=0.0, kw_only=True)  # reviews that froze before have none
    days_off: tuple[DayOff, ...]
    velocity_points_per_day: float | None
    velocity_sprints: int  # how many closed sprints are behind it
    capacity: Capacity | None
    issues: tuple[NextIssue, ...]
    types: tuple[TypeRow, ...]
    points: float
    carried_over_points: float
    carried_over_count: int
    coming: Coming | None
    running: SprintName | None
    others: tuple[SprintName, ...]

    @property
    def open_issues(self) -> list[NextIssue]:
        return [one for one in self.issues if not one.is_done]

    @property
    def unestimated_count(self) -> int:
        return sum(one.points is None for one in self.open_issues)
