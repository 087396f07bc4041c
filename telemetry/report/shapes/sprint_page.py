"""All that the page of one sprint shows."""

from dataclasses import dataclass
from datetime import date

from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.snapshots import SprintRecords
from telemetry.report.shapes.sprints import NoSprint, SprintChoice, SprintSummary
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.time import ImpedimentRow, OpenTime, TimeRow


@dataclass(frozen=True, slots=True)
class SprintPage:
    """All that the page of one sprint shows.

    `sprint` is None where the team has no sprint to show; `no_sprint_reason` then says why.
    `choices` are all sprints of the team, newest first.
    """

    team: TeamRow
    today: date
    sprint: SprintSummary | None
    no_sprint_reason: NoSprint | None
    choices: tuple[SprintChoice, ...]
    burndown: Burndown | None = None
    issues: tuple[SprintIssue, ...] = ()
    daily: tuple[TimeRow, ...] = ()  # one row a local day of the sprint, days of zero too
    open_impediments: tuple[ImpedimentRow, ...] = ()
    shares: tuple[TimeRow, ...] = ()  # this sprint and up to five before it, newest first
    usual_daily_impediment_seconds: float | None = None  # median sprint's mean per working day
    usual_days_to_close: float | None = None  # median working days of closed impediments
    working_day: int | None = None  # the sprint's how-manyeth working day today is
    working_days_planned: int | None = None
    open_time: OpenTime | None = None  # where no time was logged in all of `shares`
    records: SprintRecords | None = None  # what was known of the sprint at its start and close
    days_a_row: int = 1  # how many days a row of `burndown.days` and of `daily` stands for
