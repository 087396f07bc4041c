"""What the page of the portfolio shows: sentences, counts, rows, and the choices of its address."""

from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from telemetry.metrics.programs import amounts_of
from telemetry.metrics.standing import Amounts
from telemetry.report.quarter.shapes import Portfolio
from telemetry.words import portfolio as words
from telemetry.words import programs as of_programs
from telemetry.words.days import period
from telemetry.words.values import Sentence
from web.pages.portfolio import rows
from web.show import program_rows
from web.show import roadmap_cells as cells
from web.show.links import portfolio_page
from web.show.orders import order_words, ordered
from web.show.quarters import Chooser, chooser

DEFAULTS = {"sort": "risk", "by": "date"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the address asks for."""

    quarter: str = ""
    q: str = ""
    program: str = ""
    only: str = ""
    sort: str = "risk"
    by: str = "date"

    @property
    def chosen(self) -> dict[str, object]:
        """What a link on the page keeps: all that is not as it is anyway."""
        return {
            name: value for name, value in asdict(self).items() if value != DEFAULTS.get(name, "")
        }


@dataclass(frozen=True, slots=True)
class State:
    """A state, its sign and word, and how many teams are in it."""

    look: str
    sign: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """All that its template says; `teams` and `programs` are the bodies of their tables."""

    zone: ZoneInfo
    sort: str
    by: str
    dates: str
    chooser: Chooser
    lead: Sentence
    programs_lead: Sentence
    states: tuple[State, ...]
    amounts: tuple[tuple[str, Amounts], ...]  # by unit
    velocities: tuple[tuple[str, float], ...]
    scale: cells.Scale | None
    teams: Markup
    team_count: int
    order: str
    programs: Markup
    program_count: int
    program_scale: cells.Scale | None
    program_order: str
    stale_count: int
    double_count: int
    slipped_count: int
    has_any: bool  # whether any epic of any team has the label of any quarter


def portfolio_view(found: Portfolio, choices: Choices) -> PortfolioView:
    """The view of a quarter of all teams."""
    wanted = [
        team
        for team in found.teams
        if rows.is_wanted(team, choices.q, choices.program, choices.only)
    ]
    shown = ordered(wanted, _sort(found, choices), rows.ORDERS, rows.name_of)
    programs = program_rows.ordered_programs(
        [
            one
            for one in found.programs
            if choices.q.strip().casefold() in one.name.casefold()
            and (not choices.only or of_programs.is_late(one))
        ],
        choices.by,
    )
    is_ahead = not found.is_over and not found.is_to_come
    scale = cells.scale_of(found.today, found.last, (team.outlook for team in found.teams))
    of_program = cells.scale_of(found.today, found.last, (one.outlook for one in found.programs))
    having = [team for team in found.teams if team.amounts.epic_count]
    units = sorted({team.unit for team in having})
    return PortfolioView(
        zone=ZoneInfo(found.timezone),
        sort=_sort(found, choices),
        by=choices.by,
        dates=period(found.first, found.last),
        chooser=chooser(found.quarter, found.current, found.named, portfolio_page),
        lead=words.portfolio(found),
        programs_lead=of_programs.programs(found),
        states=_states(found) if is_ahead else (),
        amounts=tuple(
            (unit, amounts_of(team.amounts for team in having if team.unit == unit))
            for unit in units
        ),
        velocities=tuple(
            (unit, sum(team.velocity_points_per_day or 0.0 for team in having if team.unit == unit))
            for unit in units
        ),
        scale=scale if is_ahead else None,
        teams=rows.team_rows(found, shown, scale if is_ahead else None),
        team_count=len(shown),
        order=order_words(_sort(found, choices), rows.ORDERS),
        programs=program_rows.program_rows(
            programs, found.quarter, of_program if is_ahead else None
        ),
        program_count=len(programs),
        program_scale=of_program if is_ahead else None,
        program_order=order_words(choices.by, program_rows.ORDERS),
        stale_count=sum(team.freshness.is_stale for team in found.teams),
        double_count=sum(team.double_count for team in found.teams),
        slipped_count=sum(team.slipped_count for team in found.teams),
        has_any=bool(found.named),
    )


def _sort(found: Portfolio, choices: Choices) -> str:
    """By how it ended where that is known, and nothing is late any more."""
    return "-end" if found.is_over and choices.sort == "risk" else choices.sort


def _states(found: Portfolio) -> tuple[State, ...]:
    having = [team.state for team in found.teams if team.amounts.epic_count]
    states = [
        State(look, sign, word, having.count(look)) for look, (sign, word) in rows.STATES.items()
    ]
    return (*states, State("unknown", "–", "not known", having.count(None)))
