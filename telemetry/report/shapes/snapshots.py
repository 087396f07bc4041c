"""What was known of a sprint at its start and close."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from telemetry.metrics.later_edits import FigurePair, IssueChange
from telemetry.report.shapes.sprints import SprintSummary

LATE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EditedIssue:
    """An issue that differs; key, title and address are None where it is no longer visible."""

    id: int
    key: str | None
    summary: str | None
    url: str | None
    changes: tuple[IssueChange, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What was known at a start or close, beside what is known now.

    `at` is the start or close then, `now_at` the one of now (None where the sprint runs again or
    is gone). `figures` are all that are compared; their `now` is None where the sprint has no
    figures any more, and `issues`, those that differ, are then not known either.
    """

    moment: str  # start | close
    at: datetime
    now_at: datetime | None
    started_at: datetime | None  # as it was known then
    taken_at: datetime  # Jira's clock at the pull that wrote the record
    has_figures_now: bool
    figures: tuple[FigurePair, ...]
    issues: tuple[EditedIssue, ...]

    @property
    def is_late(self) -> bool:
        """Whether the record was made long after its moment: by the first pull of a past."""
        return self.taken_at - self.at > LATE_AFTER

    @property
    def changed_figures(self) -> tuple[FigurePair, ...]:
        """The figures that differ."""
        return tuple(pair for pair in self.figures if pair.is_changed)

    @property
    def is_edited(self) -> bool:
        """Whether later edits made a figure or an issue differ."""
        return self.has_figures_now and bool(self.issues or self.changed_figures)


@dataclass(frozen=True, slots=True)
class SprintRecords:
    """A sprint's records; `sprint` is None where Jira, or the team, has it no more."""

    sprint_id: int
    sprint: SprintSummary | None
    start: Record | None
    close: Record | None

    @property
    def edited(self) -> Record | None:
        """The record that the page tells of: the close where it differs, else the start."""
        for record in (self.close, self.start):
            if record is not None and record.is_edited:
                return record
        return None
