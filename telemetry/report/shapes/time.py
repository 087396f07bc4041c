"""Logged time and impediments, by day, week, sprint and nature."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from telemetry.metrics.figures import TimeSplit


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
