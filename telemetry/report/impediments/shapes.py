"""The report of what came instead of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from telemetry.metrics.peaks import PeakDay
from telemetry.report.impediments.lists import Recurring
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow, NatureTime, OpenRow, TimeRow


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sprint, or several in a row with what lies between; of it the impediments' figures.

    Their numbers are None where nobody can tell what is an impediment.
    """

    label: str
    parts: int  # sprints, or spans of four weeks of a team without
    start: datetime
    end: datetime
    first_on: date
    last_on: date
    count: int | None
    present_count: int | None
    opened_count: int | None
    closed_count: int | None
    open_count: int | None
    seconds: int | None
    median_hours_to_close: float | None
    by_nature: tuple[NatureTime, ...]

    @property
    def open_days(self) -> int | None:
        """The working days that impediments were open: two open on one day are two."""
        return None if self.count is None else sum(row.open_days for row in self.by_nature)


@dataclass(frozen=True, slots=True)
class ImpedimentReport:
    """`this` is None where nothing is known yet, `before` where nothing was before it.

    `found` are the impediments opened or worked on in all of the time shown, most time first;
    `open` those open at its end, oldest first. Their seconds are of all of that time. `rows` and
    `open_rows` are by day, week or sprint, `sprint_rows` by sprint whatever was
    asked for, `daily` and `open_daily` by day; all oldest first. Where days were asked for, all
    but `before` is of these days alone. `is_past` tells that more is known than its end,
    `impediments_unknown` why nobody can tell what is an impediment, if so.
    """

    sprint: SprintSummary | None
    logs_time: bool
    this: Stretch | None
    before: Stretch | None = None
    open: tuple[ImpedimentRow, ...] = ()
    found: tuple[ImpedimentRow, ...] = ()
    peaks: tuple[PeakDay, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    rows: tuple[TimeRow, ...] = ()
    sprint_rows: tuple[TimeRow, ...] = ()
    open_rows: tuple[OpenRow, ...] = ()
    daily: tuple[TimeRow, ...] = ()
    open_daily: tuple[OpenRow, ...] = ()
    days_off: tuple[date, ...] = field(default=(), repr=False)
    usual_days_to_close: float | None = None  # median working days, of those closed `before`
    means: Mapping[str, float] = field(default_factory=dict)  # of the sprints' own figures before
    is_of_days: bool = False
    is_past: bool = False
    step: str = "sprint"  # what a row is of: day, week or sprint
    impediments_unknown: str | None = None

    def mean_before(self, figure: str) -> float | None:
        """A figure of a sprint, or of four weeks, before; None where nothing is known of it.

        An impediment that lasts over several sprints counts in each, as it does in `this`.
        """
        if figure in self.means:
            return self.means[figure]
        value = None if self.before is None else getattr(self.before, figure)
        return None if value is None or self.before is None else value / self.before.parts
