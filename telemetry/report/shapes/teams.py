"""The list of teams: a row each, with the current sprint."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from telemetry.metrics.figures import TimeSplit
from telemetry.report.shapes.freshness import Freshness
from telemetry.report.shapes.sprints import SprintDates, SprintName, SprintSummary


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One line of the list of teams. `sprint` is the current sprint, None if there is none.

    The working days are those of an active sprint: today's, and how many it was planned to have.
    `finding_count` is how much contradicts in its data, None where that is not known or not asked.
    `misfits` are its settings that do not fit the tracker, each a sentence; `misfit_kind` is a
    kind of contradiction under which they are told. `impediments_unknown` says in one sentence
    why nobody can tell what is an impediment, if so.
    """

    key: str
    name: str
    timezone: str
    has_sprints: bool
    freshness: Freshness
    active_sprints: tuple[SprintName, ...] = ()
    sprint: "TeamSprint | None" = None
    working_day: int | None = None
    working_days_planned: int | None = None
    finding_count: int | None = None
    misfits: tuple[str, ...] = ()
    misfit_kind: str = ""
    impediments_unknown: str | None = None


@dataclass(frozen=True, slots=True)
class ListedFigures:
    """The figures of a sprint that the list of teams shows, named as in `SprintFigures`."""

    as_of: datetime
    committed_points: float
    remaining_points: float
    in_progress_points: float
    done_points: float
    total_points: float
    completion_percent: float | None
    unestimated_count: int
    expected_remaining_points: float | None
    behind_points: float | None
    projected_85_on: date | None
    planned_seconds: int
    impediment_seconds: int | None
    off_plan_seconds: int

    def without_impediments(self) -> "ListedFigures":
        """As of a sprint's figures."""
        return replace(self, impediment_seconds=None)

    @property
    def time(self) -> TimeSplit:
        return TimeSplit(self.planned_seconds, self.impediment_seconds, self.off_plan_seconds)


@dataclass(frozen=True, slots=True)
class ListedSprint(SprintDates):
    """A sprint of the list of teams; the figures of a closed one are not read."""

    figures: ListedFigures | None

    @property
    def window_end_at(self) -> datetime | None:
        """As of a sprint's summary."""
        return None if self.figures is None else self.figures.as_of


TeamSprint = SprintSummary | ListedSprint
