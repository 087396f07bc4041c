"""What the page of a quarter shows: its sentences, squares, chart, and lines of tables."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from statistics import median
from urllib.parse import quote
from zoneinfo import ZoneInfo

from telemetry.metrics.roadmap_forecast import NO_DATES
from telemetry.metrics.what_if import Change
from telemetry.report.quarter.shapes import ChosenEpics, EpicRow, QuarterReport, QuarterWeek
from telemetry.words import quarter as words
from telemetry.words.days import period, short_day
from telemetry.words.values import Sentence
from web.pages.quarter.drivers import DriverLine, driver_lines
from web.pages.quarter.what_if import EpicWouldBe, WhatIfView, epics_would_be, what_if_view
from web.show import roadmap_cells as cells
from web.show.burnup import Burnup, burnup
from web.show.calibration import Calibration, calibration
from web.show.chart import Figure
from web.show.epic_lines import EpicLine, epic_lines
from web.show.links import quarter_page
from web.show.quarters import Chooser, chooser

MOST_SQUARES = 60  # working days; beyond, bars stand for them
MOST_IMPEDIMENTS = 20  # squares in a week's row
_WORDS = {"good": ("●", "in time"), "watch": ("▲", "close"), "bad": ("■", "late")}


@dataclass(frozen=True, slots=True)
class Squares:
    """Working days by the weeks of the calendar: how many, and how many of them come too late."""

    weeks: tuple[tuple[int, int], ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class WeekLine:
    one: QuarterWeek
    label: str
    is_so_far: bool
    bar: float
    time_bar: float
    usual: float | None

    @property
    def has_squares(self) -> bool:
        """Whether each impediment can be a square of its own."""
        opened = self.one.impediments_opened
        return opened is not None and opened <= MOST_IMPEDIMENTS


@dataclass(frozen=True, slots=True)
class VelocityLine:
    name: str
    href: str
    bar: float
    tick: float
    a_day: float


@dataclass(frozen=True, slots=True)
class QuarterView:
    dates: str
    gone: tuple[int, int]
    chooser: Chooser
    programs: tuple[str, ...]
    state: tuple[str, str, str] | None  # look, sign, word
    achievable: Sentence
    sure: Sentence
    roadmap: Sentence
    weekly: Sentence
    left: Squares | None
    needed: Squares | None
    chart: Figure | None
    calibration: Calibration | None
    epics: tuple[EpicLine, ...]
    scale: cells.Scale | None
    weeks: tuple[WeekLine, ...]
    velocity: tuple[VelocityLine, ...]
    doubles: tuple[EpicRow, ...]
    drivers: tuple[DriverLine, ...]
    what_if: WhatIfView
    would_be: Mapping[int, EpicWouldBe]
    chosen: Figure | None


def quarter_view(
    team_key: str, found: QuarterReport, zone: ZoneInfo, change: Change | None = None
) -> QuarterView:
    """The view of a quarter, and of what a change makes of it."""
    state = found.predictability.state if found.roadmap.total_points else None
    left, needed = _squares(found)
    lines, scale = epic_lines(found.epics, found.today, found.last)
    programs = sorted({name for row in found.epics for name in row.figures.programs})
    return QuarterView(
        dates=period(found.first, found.last),
        gone=_gone(found),
        chooser=chooser(found.quarter, found.current, found.known, quarter_page(team_key)),
        programs=tuple(programs),
        state=None if state is None else (state, *_WORDS[state]),
        achievable=words.achievable(found),
        sure=words.sure(found),
        roadmap=words.epics(found),
        weekly=words.weeks(found),
        left=left,
        needed=needed,
        chart=burnup(burnup_of(found), zone),
        calibration=calibration(found.worth),
        epics=lines,
        scale=scale,
        weeks=_weeks(found),
        velocity=_velocity(team_key, found),
        doubles=tuple(row for row in found.epics if row.figures.also_of),
        drivers=driver_lines(found),
        what_if=what_if_view(found, change),
        would_be=epics_would_be(found, change),
        chosen=None if found.chosen is None else burnup(burnup_of_some(found, found.chosen), zone),
    )


def _gone(found: QuarterReport) -> tuple[int, int]:
    """How many of the quarter's working days are gone, and how many there are."""
    calendar = found.calendar
    whole = calendar.working_days(found.first, found.last)
    yesterday = min(found.today - timedelta(days=1), found.last)
    return calendar.working_days(found.first, yesterday), whole


def _squares(found: QuarterReport) -> tuple[Squares | None, Squares | None]:
    """The working days that are left, and those that the rest needs from today on."""
    known = found.predictability
    if found.is_over or known.days is None or known.days_to_complete is None:
        return None, None
    needed = ceil(known.days_to_complete - 1e-9)
    if max(needed, known.working_days_left) > MOST_SQUARES:
        return None, None
    return _days(found, known.working_days_left), _days(found, needed)


def _days(found: QuarterReport, count: int) -> Squares:
    weeks: dict[tuple[int, int], list[int]] = {}
    one, last, left = found.today, None, count
    while left > 0:
        if found.calendar.is_working_day(one):
            week = weeks.setdefault(one.isocalendar()[:2], [0, 0])
            week[one > found.last] += 1
            left, last = left - 1, one
        one += timedelta(days=1)
    return Squares(tuple((a, b) for a, b in weeks.values()), found.today if count else None, last)


def burnup_of(found: QuarterReport) -> Burnup:
    """What the quarter's burnup shows."""
    roadmap = found.roadmap
    return Burnup(
        found.first,
        found.last,
        found.today,
        None if found.is_over else found.as_of,
        found.calendar,
        roadmap.burnup,
        roadmap.before,
        roadmap.total_points,
        roadmap.done_points,
        found.capacity_limit_points,
        found.outlook.dates,
    )


def burnup_of_some(found: QuarterReport, some: ChosenEpics) -> Burnup:
    """What the burnup of some of the quarter's epics shows."""
    return replace(
        burnup_of(found),
        days=some.burnup,
        before=some.before,
        total_points=some.total_points,
        done_points=some.done_points,
        limit_points=None,
        dates=NO_DATES,
    )


def _weeks(found: QuarterReport) -> tuple[WeekLine, ...]:
    """The weeks, the last one first."""
    taken = [(one.week, one.impediment_seconds or 0) for one in found.weeks]
    whole = [seconds for week, seconds in taken if week.ends_on < found.today]
    usual = median(whole) if len(whole) > 1 and found.impediment_seconds is not None else None
    longest = max([seconds for _, seconds in taken] + [usual or 0], default=0) or 1
    return tuple(
        WeekLine(
            one,
            short_day(one.week.ends_on, found.today),
            one.week.ends_on >= found.today,
            round(one.week.progression_percent or 0.0, 2),
            round(100 * (one.impediment_seconds or 0) / longest, 2),
            None if usual is None else round(100 * usual / longest, 2),
        )
        for one in reversed(found.weeks)
    )


def _velocity(team_key: str, found: QuarterReport) -> tuple[VelocityLine, ...]:
    rows = found.velocity.sprints
    most = max((max(r.committed_points, r.completed_points) for r in rows), default=0.0) or 1.0
    return tuple(
        VelocityLine(
            row.name,
            f"/teams/{quote(team_key, safe='')}/sprints/{row.id}",
            round(100 * row.completed_points / most, 2),
            round(100 * row.committed_points / most, 2),
            row.completed_points / max(1, row.working_days),
        )
        for row in rows
    )
