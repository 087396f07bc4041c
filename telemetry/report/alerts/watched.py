"""The shapes that alert rules look at: a team's facts, and how its pulls went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from telemetry.domain.calendar import Calendar
from telemetry.report.shapes.burndown import BurndownDay
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import TimeRow

RECENT = timedelta(days=7)  # what happened before is no news


@dataclass(frozen=True, slots=True)
class WatchedIssue:
    """An open impediment, or an issue in progress; `age_days` as its rule counts them.

    `seconds` are those lost to it in the running sprint.
    """

    id: int
    key: str
    url: str
    age_days: float
    seconds: int = 0
    is_in_sprint: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """The chance that all is done by the planned end, and what will likely be left then."""

    chance_percent: float
    left_points: float


@dataclass(frozen=True, slots=True)
class WatchedSprint:
    """A sprint that runs, or was closed in the last days.

    `days` are its burndown, `gone_share` how much of its working time is over (None without a
    planned end), `usual_impediment_seconds` what is usual by now, `costly` its impediments with
    most time first.
    """

    summary: SprintSummary
    days: tuple[BurndownDay, ...] = ()
    gone_share: float | None = None
    outlook: Outlook | None = None
    usual_impediment_seconds: float | None = None
    costly: tuple[WatchedIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchedQuarter:
    """The running quarter of a team's epics; what is not known is None.

    `late_days` are the working days that are missing, negative where some are to spare;
    `chance_before_percent` is the highest chance told in the five working days before;
    `furthest` are the epics with most left, which is `furthest_points`.
    """

    name: str
    last_on: date
    unit: str
    remaining_points: float
    working_days_left: int
    days_to_complete: float | None
    late_days: float | None
    velocity_points_per_day: float | None = None
    chance_percent: float | None = None
    chance_before_percent: float | None = None
    likely_on: date | None = None
    furthest: tuple[WatchedIssue, ...] = ()
    furthest_points: float = 0.0

    @property
    def points_too_many(self) -> float | None:
        """What does not fit into the working days that are left."""
        if self.late_days is None or self.velocity_points_per_day is None:
            return None
        return max(0.0, self.late_days * self.velocity_points_per_day)


@dataclass(frozen=True, slots=True)
class WatchedTeam:
    """One team as its rules look at it, at `now`.

    `days` has one row for each of the last local days that are known whole, the newest last;
    `usual_week_seconds` is the median of the last sprints' impediment time in 5 working days;
    `closing_days` are the working days that each impediment closed in the past year was open;
    `in_progress` are only read for the rule that asks for them, `cycle_days` with them, and
    `quarter` for its own; `impediments_unknown` says why nobody can tell impediments, if so.
    """

    key: str
    name: str
    site: str
    calendar: Calendar
    has_sprints: bool
    as_of: datetime
    now: datetime
    running: tuple[WatchedSprint, ...] = ()
    closed: tuple[WatchedSprint, ...] = ()
    days: tuple[TimeRow, ...] = ()
    usual_week_seconds: float | None = None
    usual_completion_percent: float | None = None
    open_impediments: tuple[WatchedIssue, ...] = ()
    closing_days: Sequence[int] = ()
    in_progress: tuple[WatchedIssue, ...] = ()
    cycle_days: float | None = None
    quarter: WatchedQuarter | None = None
    impediments_unknown: str | None = None

    @property
    def today(self) -> date:
        """The team's local day."""
        return self.calendar.day_of(self.now)

    @property
    def known_day(self) -> date:
        """The local day up to which its data reach."""
        return min(self.today, self.calendar.day_of(self.as_of))

    @property
    def working_rows(self) -> list[TimeRow]:
        """The rows of working days."""
        return [row for row in self.days if self.calendar.is_working_day(row.start_on)]


@dataclass(frozen=True, slots=True)
class EndedPull:
    ended_at: datetime
    is_failed: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class WatchedSite:
    """How a Jira's pulls went: the last ones, the newest first, and what its teams say.

    `complete_at` is our clock at the last complete pull of any of its teams, None before the
    first.
    """

    name: str
    complete_at: datetime | None
    pulls: tuple[EndedPull, ...]
    teams: tuple["WatchedPulls", ...]


@dataclass(frozen=True, slots=True)
class WatchedPulls:
    """How one team's pulls go: since when they fail, and why."""

    key: str
    name: str
    failed_at: datetime | None
    error: str | None
