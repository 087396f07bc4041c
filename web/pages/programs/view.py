"""What the pages of programs show: their sentences, rows, and a program's burnup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from telemetry.metrics.programs import Part
from telemetry.metrics.roadmap_forecast import NO_DATES
from telemetry.report.quarter.shapes import EpicRow, Portfolio, ProgramName, ProgramReport
from telemetry.words import programs as words
from telemetry.words.days import period
from telemetry.words.values import Sentence
from web.show import program_rows
from web.show import roadmap_cells as cells
from web.show.burnup import Burnup, burnup
from web.show.calibration import Calibration, calibration
from web.show.chart import Figure
from web.show.epic_lines import EpicLine, epic_lines
from web.show.links import program_page, programs_page, quarter_page
from web.show.orders import order_words
from web.show.quarters import Chooser, chooser


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A program without epics of the quarter shown, and where it has some."""

    name: str
    href: str
    quarters: tuple[tuple[str, str], ...]  # name and address


@dataclass(frozen=True, slots=True)
class ProgramsView:
    zone: ZoneInfo
    dates: str
    chooser: Chooser
    lead: Sentence
    programs: Markup
    program_count: int
    program_scale: cells.Scale | None
    program_order: str
    others: tuple[Elsewhere, ...]


def programs_view(found: Portfolio, every: Sequence[ProgramName], by: str) -> ProgramsView:
    """The view of all programs of a quarter; `every` are those of any."""
    shown = program_rows.ordered_programs(found.programs, by)
    is_ahead = not found.is_over and not found.is_to_come
    scale = None
    if is_ahead:
        scale = cells.scale_of(found.today, found.last, (one.outlook for one in shown))
    here = {one.name for one in shown}
    named = {found.quarter, *(quarter for one in every for quarter in one.quarters)}
    return ProgramsView(
        zone=ZoneInfo(found.timezone),
        dates=period(found.first, found.last),
        chooser=chooser(found.quarter, found.current, named, programs_page),
        lead=words.programs(found),
        programs=program_rows.program_rows(shown, found.quarter, scale),
        program_count=len(shown),
        program_scale=scale,
        program_order=order_words(by, program_rows.ORDERS),
        others=tuple(_elsewhere(one) for one in every if one.name not in here),
    )


def _elsewhere(one: ProgramName) -> Elsewhere:
    quarters = tuple((str(q), program_page(one.name, q)) for q in reversed(one.quarters))
    return Elsewhere(one.name, program_page(one.name), quarters)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team's part of the program."""

    part: Part
    href: str
    work: Markup
    forecast: Markup | None
    is_critical: bool


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """What the program has in a quarter, None: in none."""

    label: str
    href: str | None
    epic_count: int
    done_count: int
    percent: float | None
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ProgramView:
    zone: ZoneInfo
    dates: str
    gone: tuple[int, int]
    chooser: Chooser
    lead: Sentence
    sure: Sentence
    chart: Figure | None
    calibration: Calibration | None
    epics: tuple[EpicLine, ...]
    scale: cells.Scale | None
    teams: tuple[TeamLine, ...]
    team_scale: cells.Scale | None
    quarters: tuple[QuarterLine, ...]
    team_names: Mapping[str, str]
    doubles: tuple[tuple[EpicRow, tuple[str, ...]], ...]  # epics with what else they count in


def program_view(found: ProgramReport) -> ProgramView:
    """The view of a program in a quarter."""
    zone = ZoneInfo(found.calendar.timezone)
    lines, scale = epic_lines(found.epics, found.today, found.last)
    team_scale = cells.scale_of(found.today, found.last, (one.outlook for one in found.teams))
    named = [one.quarter for one in found.quarters if one.quarter is not None]
    return ProgramView(
        zone=zone,
        dates=period(found.first, found.last),
        gone=_gone(found),
        chooser=chooser(
            found.quarter, found.current, named, lambda quarter: program_page(found.name, quarter)
        ),
        lead=words.program(found),
        sure=words.sure(found),
        chart=burnup(burnup_of(found), zone),
        calibration=calibration(found.worth),
        epics=lines,
        scale=scale,
        teams=_teams(found, team_scale),
        team_scale=team_scale,
        quarters=_quarters(found),
        team_names={one.key: one.name for one in found.teams},
        doubles=tuple(
            (row, others)
            for row in found.epics
            if (
                others := (
                    *(name for name in row.figures.programs if name != found.name),
                    *row.figures.also_of,
                )
            )
        ),
    )


def _gone(found: ProgramReport) -> tuple[int, int]:
    """How many of the quarter's working days are gone, and how many there are."""
    calendar = found.calendar
    yesterday = min(found.today - timedelta(days=1), found.last)
    whole = calendar.working_days(found.first, found.last)
    return calendar.working_days(found.first, yesterday), whole


def burnup_of(found: ProgramReport) -> Burnup:
    """What the program's burnup shows."""
    outlook = found.outlook
    return Burnup(
        found.first,
        found.last,
        found.today,
        None if found.is_over else found.as_of,
        found.calendar,
        found.burnup,
        found.before,
        found.amounts.total_points,
        found.amounts.done_points,
        dates=outlook.dates if outlook else NO_DATES,
    )


def _teams(found: ProgramReport, scale: cells.Scale | None) -> tuple[TeamLine, ...]:
    """The teams, the latest first, those that are done last."""
    most = max((one.amounts.total_points for one in found.teams), default=0.0)
    latest = found.critical
    every = sorted(found.teams, key=lambda one: (one is not latest, not one.is_open, one.name))
    return tuple(
        TeamLine(
            one,
            quarter_page(one.key)(found.quarter),
            cells.bar(one.amounts, most),
            cells.forecast(one.amounts, one.outlook, scale, one.last, "no forecast")
            if scale
            else None,
            one is latest and len(found.teams) > 1,
        )
        for one in every
    )


def _quarters(found: ProgramReport) -> tuple[QuarterLine, ...]:
    return tuple(
        QuarterLine(
            "no quarter" if one.quarter is None else str(one.quarter),
            None if one.quarter is None else program_page(found.name, one.quarter),
            one.amounts.epic_count,
            one.amounts.done_count,
            one.amounts.progression_percent,
            one.quarter == found.quarter,
        )
        for one in found.quarters
    )
