"""What is told of quarters and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter
from telemetry.metrics.burnup import BurnupDay, Week
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.forecast import Worth
from telemetry.metrics.programs import Part, amounts_of, critical, together
from telemetry.metrics.quarter import Predictability
from telemetry.metrics.roadmap import Roadmap
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook
from telemetry.metrics.standing import Amounts
from telemetry.metrics.what_if import Usual, WhatIf
from telemetry.report.shapes.freshness import Freshness
from telemetry.report.shapes.velocity import Velocity


@dataclass(frozen=True, slots=True)
class EpicRow:
    """An epic with what the tracker says of it now; `status` is its own, whatever its children."""

    key: str
    summary: str | None
    url: str
    status: str
    figures: EpicFigures
    team_key: str = ""
    outlook: EpicOutlook | None = None


@dataclass(frozen=True, slots=True)
class QuarterWeek:
    """A week of the quarter with what came instead in it."""

    week: Week
    impediments_opened: int | None
    impediment_seconds: int | None


@dataclass(frozen=True, slots=True)
class ChosenEpics:
    """Some of a quarter's epics day by day; `before` is the end of the day before the first."""

    keys: tuple[str, ...]
    burnup: tuple[BurnupDay, ...]
    before: BurnupDay | None
    total_points: float
    done_points: float


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """A team's quarter. `as_of` is None before the first complete pull: then nothing is known.

    `usual` is what a change of the running one starts from, `what_if` what one that was asked for
    makes of it; `chosen` are epics of it that were asked for by their keys.
    """

    quarter: Quarter
    unit: str  # point, or issue or hour
    has_sprints: bool
    first: date
    last: date
    today: date
    current: Quarter
    as_of: datetime | None
    calendar: Calendar
    roadmap: Roadmap
    epics: tuple[EpicRow, ...]
    weeks: tuple[QuarterWeek, ...]
    velocity: Velocity
    velocity_points_per_day: float | None
    predictability: Predictability
    capacity_limit_points: float | None
    security_coefficient: float
    impediment_seconds: int | None
    known: Sequence[Quarter]  # those that any of the team's epics is or was of
    outlook: RoadmapOutlook
    worth: Worth | None
    usual: Usual | None = None  # None: of what does not run there is nothing to change
    what_if: WhatIf | None = None
    chosen: ChosenEpics | None = None
    impediments_unknown: str | None = None

    @property
    def days_away(self) -> float:
        """How many of its working days absences take."""
        return self.calendar.days_away(self.first, self.last)

    @property
    def is_over(self) -> bool:
        return self.today > self.last

    @property
    def is_to_come(self) -> bool:
        return self.today < self.first


@dataclass(frozen=True, slots=True)
class ProgramName:
    """A program with the quarters that its epics are of now."""

    name: str
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True, slots=True)
class ProgramQuarter:
    """What a program has in a quarter; None: in none."""

    quarter: Quarter | None
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class ProgramReport:
    """A program's epics of a quarter across teams; `as_of` is that of the team furthest behind.

    Days are those of the latest team, as is `worth`, what its forecasts of past quarters were
    worth. `quarters` are all that the program has epics in.
    """

    name: str
    quarter: Quarter
    current: Quarter
    first: date
    last: date
    today: date
    calendar: Calendar
    as_of: datetime | None
    epics: tuple[EpicRow, ...]
    teams: tuple[Part, ...]
    amounts: Amounts
    burnup: tuple[BurnupDay, ...]
    before: BurnupDay | None
    quarters: tuple[ProgramQuarter, ...]
    worth: Worth | None

    @property
    def critical(self) -> Part | None:
        return critical(self.teams)

    @property
    def outlook(self) -> EpicOutlook | None:
        return together(self.teams)

    @property
    def units(self) -> tuple[str, ...]:
        """In what its teams estimate; of several, the sums mix them."""
        return tuple(sorted({one.unit for one in self.teams}))

    @property
    def is_over(self) -> bool:
        return self.today > self.last

    @property
    def is_to_come(self) -> bool:
        return self.today < self.first


@dataclass(frozen=True, slots=True)
class PortfolioTeam:
    """A team's line of a quarter. Nothing is known where its data are of no time yet.

    `slipped_count` of its epics were of the quarter before, `double_count` are of several.
    """

    key: str
    name: str
    unit: str
    freshness: Freshness
    first: date
    last: date
    today: date
    amounts: Amounts
    before_points: float | None
    at_end: BurnupDay | None
    velocity_points_per_day: float | None
    predictability: Predictability
    outlook: EpicOutlook | None
    programs: tuple[str, ...]
    slipped_count: int
    double_count: int

    @property
    def state(self) -> str | None:
        """That of its predictability, where it has something estimated."""
        return self.predictability.state if self.amounts.total_points else None

    @property
    def is_over(self) -> bool:
        return self.today > self.last

    @property
    def growth_percent(self) -> float | None:
        """By how much the scope grew from the quarter's first day to now, or to its end."""
        if not self.before_points:
            return None
        total = (self.at_end or self.amounts).total_points
        return 100 * (total - self.before_points) / self.before_points


@dataclass(frozen=True, slots=True)
class PortfolioProgram:
    """A program's line of a quarter: what its teams have together."""

    name: str
    amounts: Amounts
    teams: tuple[Part, ...]
    critical: Part | None
    outlook: EpicOutlook | None


def program_of(name: str, parts: Sequence[Part]) -> PortfolioProgram:
    """The program with these parts."""
    every = amounts_of(one.amounts for one in parts)
    return PortfolioProgram(name, every, tuple(parts), critical(parts), together(parts))


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A quarter of all teams; its days are those of most. `named` are all that epics are of."""

    quarter: Quarter
    current: Quarter
    timezone: str
    first: date
    last: date
    today: date
    working_days: int
    working_days_left: int
    as_of: datetime | None
    teams: tuple[PortfolioTeam, ...]
    programs: tuple[PortfolioProgram, ...]
    named: tuple[Quarter, ...]

    @property
    def is_over(self) -> bool:
        return self.today > self.last

    @property
    def is_to_come(self) -> bool:
        return self.today < self.first
