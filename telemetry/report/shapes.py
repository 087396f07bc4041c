"""The shapes of reports. Units are in the names; None is unknown, never 0."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from telemetry.metrics.estimates import SprintEstimates
from telemetry.metrics.figures import SprintFigures, TimeSplit
from telemetry.metrics.forecast import Worth
from telemetry.metrics.gap import Part
from telemetry.metrics.later_edits import FigurePair, IssueChange

NoSprint = Literal["not_pulled", "no_sprints", "not_started", "none_yet"]
LATE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a team's data are. `reason` says in one sentence why it is stale, if it is."""

    as_of: datetime | None  # Jira's clock at the last complete pull; None before the first
    pulled_at: datetime | None  # our clock then
    is_stale: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SprintName:
    id: int
    name: str


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


@dataclass(frozen=True, slots=True)
class ChoiceFigures:
    """What a sprint committed to and completed."""

    committed_points: float
    completed_points: float


@dataclass(frozen=True, slots=True)
class SprintChoice(SprintDates):
    """A sprint that can be chosen; without figures, none."""

    figures: ChoiceFigures | None


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


@dataclass(frozen=True, slots=True)
class SprintIssue:
    id: int
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    state: str  # todo | in_progress | done
    points: float | None
    initial_points: float | None
    outcome: str  # completed_elsewhere | removed | completed | not_completed
    is_added: bool
    is_committed: bool
    is_carried_over: bool
    is_impediment: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class OffPlanIssue:
    """An issue on which a team worked in a sprint off-plan: its time counts with sub-tasks'."""

    key: str
    summary: str | None
    url: str
    type: str
    status: str
    seconds: int


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Time in one day, week or sprint; `natures` maps a nature to its impediment seconds."""

    start_on: date
    time: TimeSplit
    natures: Mapping[str, int]
    label: str = ""  # the sprint's name, for rows by sprint
    sprint_id: int | None = None  # for rows by sprint


@dataclass(frozen=True, slots=True)
class OpenRow:
    """Working days that impediments were open in one day, week or sprint, by nature."""

    start_on: date
    natures: Mapping[str, int]
    label: str = ""  # the sprint's name, for rows by sprint


@dataclass(frozen=True, slots=True)
class NatureTime:
    """`count` are those opened or worked on, `present_count` those open at some moment.

    `open_days` are the working days that they were open, in the time shown.
    """

    nature: str
    count: int
    present_count: int
    seconds: int
    open_days: int


@dataclass(frozen=True, slots=True)
class OpenTime:
    """How long impediments were open, instead of hours: of a team that logs no time.

    `daily` has one row a local day, `present_count` are those that were open at some moment;
    they are the `impediments`, oldest first.
    """

    present_count: int
    by_nature: tuple[NatureTime, ...]
    daily: tuple[OpenRow, ...]
    impediments: tuple["ImpedimentRow", ...] = ()


@dataclass(frozen=True, slots=True)
class ImpedimentRow:
    key: str
    summary: str | None
    url: str
    nature: str
    opened_at: datetime
    closed_at: datetime | None
    seconds: int  # in the window asked for
    age_working_days: int | None = None  # from opened to closed or as_of
    id: int = field(default=0, compare=False)  # of its issue


@dataclass(frozen=True, slots=True)
class VelocityRow:
    id: int
    name: str
    committed_points: float
    completed_points: float
    working_days: int
    impediment_seconds: int | None


@dataclass(frozen=True, slots=True)
class Velocity:
    velocity_points_per_day: float | None
    average_completion_percent: float | None
    average_impediment_seconds: float | None
    sprints: tuple[VelocityRow, ...]  # the last N closed, newest first
    impediments_unknown: str | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    started_at: datetime
    ended_at: datetime | None
    state: str  # running | done | failed
    issues_changed: int
    work_logs_changed: int
    requests: int
    error: str | None
    site: str
    kind: str  # first | incremental | full | reconcile
    issues_read: int | None = None  # how far a running pull is
    issues_total: int | None = None  # of about how many
    found: Mapping[str, int] | None = None  # what a comparison with Jira found, by its name


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
    records: "SprintRecords | None" = None  # what was known of the sprint at its start and close
    days_a_row: int = 1  # how many days a row of `burndown.days` and of `daily` stands for


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
