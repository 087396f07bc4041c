"""The shapes of reviews."""

from dataclasses import dataclass
from datetime import datetime

from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.impediments.lists import Recurring
from telemetry.report.shapes.next_sprint import NextSprint
from telemetry.report.shapes.snapshots import LATE_AFTER
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintChoice, SprintSummary
from telemetry.report.shapes.time import ImpedimentRow


@dataclass(frozen=True, slots=True)
class Frozen:
    """When a review froze: `figures_at` and `taken_at` are Jira's clock at the pulls that wrote.

    The figures are older than the rest where the program learnt of reviews after the close.
    """

    closed_at: datetime
    figures_at: datetime
    taken_at: datetime

    @property
    def is_late(self) -> bool:
        """Whether all of it was written long after the close, from what history then said."""
        return self.figures_at - self.closed_at > LATE_AFTER

    @property
    def has_late_parts(self) -> bool:
        """Whether the figures are those of the close, and the rest was written long after it."""
        return not self.is_late and self.taken_at - self.closed_at > LATE_AFTER


@dataclass(frozen=True, slots=True)
class FlowIssue:
    """An item of the flow; `days` it took, or is in progress; None where it never was."""

    id: int
    key: str
    summary: str | None
    url: str
    points: float | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Ageing:
    """Items that were in progress for longer than 95 of 100 done in the year before took.

    `limit_days` is None where too few were done to tell. The oldest come first.
    """

    limit_days: float | None = None
    issues: tuple[FlowIssue, ...] = ()


NO_AGEING = Ageing()


@dataclass(frozen=True, slots=True)
class Review:
    """All that the review of a sprint shows; `frozen` is None where it is a draft.

    `impediments` were opened or worked on in the sprint, most time first; of a team that logs no
    time those that were open in it. `before` is the sprint closed before it, `ahead` the one that
    follows. `is_gone` tells that Jira, or the team, no longer has the sprint.
    """

    page: SprintPage
    impediments: tuple[ImpedimentRow, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    before: SprintSummary | None = None
    ahead: NextSprint | None = None
    ageing: Ageing = NO_AGEING
    quarter: WatchedQuarter | None = None
    frozen: Frozen | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review as the list of them shows it; `frozen_at` is None where it is a draft."""

    sprint: SprintChoice
    frozen_at: datetime | None
    outcome: str  # yes | partly | no, "" where nobody said so
