"""A sprint with its dates and figures, and as one of those to choose from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from telemetry.metrics.estimates import SprintEstimates
from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.forecast import Worth
from telemetry.metrics.gap import Part

NoSprint = Literal["not_pulled", "no_sprints", "not_started", "none_yet"]


@dataclass(frozen=True, slots=True)
class SprintName:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class SprintDates:
    """A sprint as the tracker names it."""

    id: int
    name: str
    state: str  # future | active | closed
    goal: str
    started_at: datetime | None
    planned_end_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of a running sprint's forecast: why there is none, or what such forecasts were worth."""

    why_none: str | None  # few_sprints | unestimated
    worth: Worth | None


@dataclass(frozen=True, slots=True)
class SprintSummary(SprintDates):
    """A sprint with its figures, or the reason why it has none, in one sentence.

    `estimates` are of a sprint with figures that is read with those closed before it, `outlook`
    of a running one. `impediments_unknown` is as in the team's row.
    """

    figures: SprintFigures | None
    no_figures_reason: str | None
    estimates: SprintEstimates | None = None
    outlook: Outlook | None = None
    impediments_unknown: str | None = None

    @property
    def window_end_at(self) -> datetime | None:
        """The actual end, or `as_of` while it runs; None without figures."""
        return None if self.figures is None else self.figures.as_of

    @property
    def gap(self) -> tuple[Part, ...]:
        """Why the gap: the exact parts, and the estimated ones where they are known."""
        exact = () if self.figures is None else self.figures.gap
        return exact if self.estimates is None else exact + self.estimates.gap


@dataclass(frozen=True, slots=True)
class ChoiceFigures:
    """What a sprint committed to and completed."""

    committed_points: float
    completed_points: float


@dataclass(frozen=True, slots=True)
class SprintChoice(SprintDates):
    """A sprint that can be chosen; without figures, none."""

    figures: ChoiceFigures | None
