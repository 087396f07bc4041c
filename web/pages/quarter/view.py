"""What the page of a quarter shows: its sentences, squares, chart, and lines of tables."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median
from urllib.parse import quote
from zoneinfo import ZoneInfo

from telemetry.domain.quarter import Quarter
from telemetry.metrics.forecast import NOTHING
from telemetry.report.quarter.shapes import EpicRow, QuarterReport, QuarterWeek
from telemetry.words import quarter as words
from telemetry.words.days import period, short_day
from telemetry.words.values import Sentence
from web.pages.quarter.chart import burnup
from web.show import bars
from web.show.chart import Figure

MOST_SQUARES = 60  # working days; beyond, bars stand for them
MOST_IMPEDIMENTS = 20  # squares in a week's row
_WORDS = {"good": ("●", "in time"), "watch": ("▲", "close"), "bad": ("■", "late")}


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Squares:
    """Working days by the weeks of the calendar: how many, and how many of them come too late."""

    weeks: tuple[tuple[int, int], ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class EpicLine:
    """An epic with its bar in percent of the largest one, and its range in percent of the scale.

    `range` is left, tick and width; the tick is None where no day is 85 % sure.
    """

    row: EpicRow
    width: float
    done: float
    going: float
    range: tuple[float, float | None, float] | None
    is_late: bool
    is_open: bool  # beyond the scale: no day is 95 % sure

    @property
    def is_done(self) -> bool:
        figures = self.row.figures
        return bool(figures.total_points) and figures.remaining_points <= NOTHING


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
        return self.one.impediments_opened <= MOST_IMPEDIMENTS


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
    before: Choice | None  # None beyond the quarters that there is something of, and the next
    after: Choice | None
    menu: tuple[Choice, ...]
    programs: tuple[str, ...]
    state: tuple[str, str, str] | None  # look, sign, word
    achievable: Sentence
    sure: Sentence
    roadmap: Sentence
    weekly: Sentence
    left: Squares | None
    needed: Squares | None
    chart: Figure | None
    calibration: bars.Calibration | None
    epics: tuple[EpicLine, ...]
    end: float | None  # the quarter's end on the scale of the ranges
    scale: tuple[date, date] | None
    weeks: tuple[WeekLine, ...]
    velocity: tuple[VelocityLine, ...]
    doubles: tuple[EpicRow, ...]


def quarter_view(team_key: str, found: QuarterReport, zone: ZoneInfo) -> QuarterView:
    """The view of a quarter."""
    state = found.predictability.state if found.roadmap.total_points else None
    left, needed = _squares(found)
    lines, end, scale = _epics(found)
    every = sorted({*found.known, found.current, found.current.next(), found.quarter})
    before, after = found.quarter.before(), found.quarter.next()
    programs = sorted({name for row in found.epics for name in row.figures.programs})
    return QuarterView(
        dates=period(found.first, found.last),
        gone=_gone(found),
        before=_choice(team_key, found, before) if before >= min(every) else None,
        after=_choice(team_key, found, after) if after <= max(every) else None,
        menu=tuple(_choice(team_key, found, one) for one in reversed(every)),
        programs=tuple(programs),
        state=None if state is None else (state, *_WORDS[state]),
        achievable=words.achievable(found),
        sure=words.sure(found),
        roadmap=words.epics(found),
        weekly=words.weeks(found),
        left=left,
        needed=needed,
        chart=burnup(found, zone),
        calibration=bars.calibration(found.worth),
        epics=lines,
        end=end,
        scale=scale,
        weeks=_weeks(found),
        velocity=_velocity(team_key, found),
        doubles=tuple(row for row in found.epics if row.figures.also_of),
    )


def _choice(team_key: str, found: QuarterReport, quarter: Quarter) -> Choice:
    label = f"{quarter}, running" if quarter == found.current else str(quarter)
    href = f"/teams/{quote(team_key, safe='')}/quarters/{quarter}"
    return Choice(label, href, quarter == found.quarter)


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


def _epics(
    found: QuarterReport,
) -> tuple[tuple[EpicLine, ...], float | None, tuple[date, date] | None]:
    days = [
        on
        for row in found.epics
        if row.outlook is not None
        for on in row.outlook.dates
        if on is not None
    ]
    scale = (found.today, max(*days, found.last)) if days else None
    most = max((row.figures.total_points for row in found.epics), default=0.0) or 1.0
    lines = tuple(_line(found, row, most, scale) for row in found.epics)
    return lines, _place(found.last, scale) if scale else None, scale


def _place(on: date, scale: tuple[date, date]) -> float:
    whole = (scale[1] - scale[0]).days + 1
    return round(100 * min(1.0, max(0.0, ((on - scale[0]).days + 1) / whole)), 2)


def _line(
    found: QuarterReport, row: EpicRow, most: float, scale: tuple[date, date] | None
) -> EpicLine:
    figures, dates = row.figures, row.outlook.dates if row.outlook else (None, None, None)
    total = figures.total_points or 1.0
    on_50, on_85, on_95 = dates
    place = None
    if on_50 is not None and scale is not None:
        left = _place(on_50, scale)
        right = _place(on_95, scale) if on_95 else 100.0
        tick = _place(on_85, scale) if on_85 else None
        place = (left, tick, max(1.5, round(right - left, 2)))
    return EpicLine(
        row=row,
        width=round(100 * figures.total_points / most, 2),
        done=round(100 * figures.done_points / total, 2),
        going=round(100 * figures.in_progress_points / total, 2),
        range=place,
        is_late=row.outlook is not None and (on_85 is None or on_85 > found.last),
        is_open=on_50 is not None and on_95 is None,
    )


def _weeks(found: QuarterReport) -> tuple[WeekLine, ...]:
    """The weeks, the last one first."""
    whole = [one.impediment_seconds for one in found.weeks if one.week.ends_on < found.today]
    usual = median(whole) if len(whole) > 1 else None
    longest = max([one.impediment_seconds for one in found.weeks] + [usual or 0], default=0) or 1
    return tuple(
        WeekLine(
            one,
            short_day(one.week.ends_on, found.today),
            one.week.ends_on >= found.today,
            round(one.week.progression_percent or 0.0, 2),
            round(100 * one.impediment_seconds / longest, 2),
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
