"""What is told of quarters and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter
from telemetry.metrics.forecast import NOTHING, Worth
from telemetry.metrics.quarter import (
    BurnupDay,
    EpicFigures,
    Predictability,
    Roadmap,
    Week,
)
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook
from telemetry.report.shapes import Velocity


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
    impediments_opened: int
    impediment_seconds: int


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """A team's quarter. `as_of` is None before the first complete pull: then nothing is known."""

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
    impediment_seconds: int
    known: Sequence[Quarter]  # those that any of the team's epics is or was of
    outlook: RoadmapOutlook
    worth: Worth | None

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
class ProgramTeam:
    """A team's part of a program in a quarter."""

    key: str
    name: str
    roadmap: Roadmap
    outlook: EpicOutlook | None


@dataclass(frozen=True, slots=True)
class ProgramReport:
    """A program's epics of a quarter across teams; `as_of` is that of the team furthest behind."""

    name: str
    quarter: Quarter
    as_of: datetime | None
    epics: tuple[EpicRow, ...]
    teams: tuple[ProgramTeam, ...]
    total_points: float
    in_progress_points: float
    done_points: float
    burnup: tuple[BurnupDay, ...]

    @property
    def critical(self) -> ProgramTeam | None:
        """The team whose date moves the program's: the latest; None where none is known."""
        open_ = [one for one in self.teams if one.roadmap.remaining_points > NOTHING]
        known = [one for one in open_ if one.outlook is not None]
        return max(known, key=_latest) if known else None

    @property
    def outlook(self) -> EpicOutlook | None:
        """That of the latest team; None where a team that is not done has none."""
        open_ = [one for one in self.teams if one.roadmap.remaining_points > NOTHING]
        if any(one.outlook is None for one in open_):
            return None
        return self.critical.outlook if self.critical else None

    @property
    def remaining_points(self) -> float:
        return max(self.total_points - self.done_points, 0.0)

    @property
    def progression_percent(self) -> float | None:
        return 100 * self.done_points / self.total_points if self.total_points else None


def _latest(team: ProgramTeam) -> tuple[date, ...]:
    """What orders teams by their dates: 85 % first; one that has none comes after all."""
    first, second, third = team.outlook.dates if team.outlook else (None, None, None)
    return tuple(date.max if day is None else day for day in (second, third, first))
