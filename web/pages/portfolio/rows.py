"""The rows of teams in the portfolio: which pass a filter, their order, and their HTML."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from telemetry.report.quarter.shapes import Portfolio, PortfolioTeam
from telemetry.words.numbers import UNKNOWN
from telemetry.words.portfolio import is_at_risk
from web.show import roadmap_cells as cells
from web.show.links import quarter_page
from web.show.numbers import number, percent, signed
from web.show.orders import Order, last_day
from web.show.saved import sort_values

STATES: Mapping[str, tuple[str, str]] = {
    "bad": ("■", "late"),
    "watch": ("▲", "close"),
    "good": ("●", "in time"),
}
ORDERS: Mapping[str, Order[PortfolioTeam]] = {
    "risk": Order(
        lambda one: _less(one.predictability.days if one.state else None),
        "most late first",
        "most in time first",
    ),
    "done": Order(
        lambda one: one.amounts.progression_percent, "most done first", "least done first"
    ),
    "end": Order(
        lambda one: one.at_end.progression_percent if one.at_end else None,
        "most done at its end first",
        "least done at its end first",
    ),
    "date": Order(lambda one: last_day(one.outlook), "latest date first", "earliest date first"),
    "chance": Order(
        lambda one: _less(one.outlook.probability_percent if one.outlook else None),
        "least chance first",
        "most chance first",
    ),
    "growth": Order(
        lambda one: one.growth_percent, "most grown scope first", "least grown scope first"
    ),
    "open": Order(
        lambda one: one.amounts.unestimated_count if one.amounts.epic_count else None,
        "most unestimated first",
        "least unestimated first",
    ),
}
SORTS = "^-?(team|{})$".format("|".join(ORDERS))


def _less(value: float | None) -> float | None:
    return None if value is None else -value


def name_of(team: PortfolioTeam) -> tuple[str, str]:
    """What teams are ordered by beside their figures."""
    return team.name.casefold(), team.key


def is_wanted(team: PortfolioTeam, q: str, program: str, only: str) -> bool:
    """Whether a team passes the filters: a part of its name or of a program's; a program; risk."""
    words = q.strip().casefold()
    names = (team.name, team.key, *team.programs)
    if words and not any(words in name.casefold() for name in names):
        return False
    if program and program not in team.programs:
        return False
    return not only or is_at_risk(team)


def team_rows(
    found: Portfolio, teams: Sequence[PortfolioTeam], scale: cells.Scale | None
) -> Markup:
    """The body of the table."""
    most: dict[str, float] = {}
    for team in teams:
        most[team.unit] = max(most.get(team.unit, 0.0), team.amounts.total_points)
    return Markup("\n").join(_row(found, team, most[team.unit], scale) for team in teams)


def _row(found: Portfolio, team: PortfolioTeam, most: float, scale: cells.Scale | None) -> Markup:
    href = escape(quarter_page(team.key)(found.quarter))
    values = sort_values({name: order.value(team) for name, order in ORDERS.items()})
    head = (
        f'<tr{values}><th scope="row" class="title"><a href="{href}">{escape(team.name)}</a>'
        f"{_UNITS[team.unit]}{_stale(team)}</th>"
    )
    every = team.amounts
    if not every.epic_count:
        why = f"no epic of {found.quarter}"
        if team.freshness.as_of is None:
            why = "nothing is known yet: its first pull has not ended"
        return Markup(f'{head}<td class="soft reason" colspan="9">{why}</td></tr>')  # noqa: S704
    bar = cells.bar(every, most) if every.total_points else _BLANK
    return Markup(  # noqa: S704 - escaped
        f'{head}<td class="work">{bar}</td>'
        f'<td class="num">{percent(every.progression_percent)}</td>'
        f"{_end(team) if found.is_over else _ahead(team, scale)}"
        f'<td class="num shed-a">{_growth(team)}</td>'
        f'<td class="num shed-a">{every.unestimated_count}</td></tr>'
    )


_UNITS = {
    "point": "",
    "issue": ' <span class="soft unit">in issues</span>',
    "hour": ' <span class="soft unit">in hours</span>',
}
_BLANK = '<span class="soft">nothing estimated</span>'


def _stale(team: PortfolioTeam) -> str:
    if not team.freshness.is_stale or team.freshness.as_of is None:
        return ""
    return (
        f' <span class="stale" title="{escape(team.freshness.reason or "")}">'
        '<span class="sign" aria-hidden="true">▲</span> stale</span>'
    )


def _end(team: PortfolioTeam) -> str:
    end = team.at_end
    if end is None:
        return f'<td class="num" colspan="2">{UNKNOWN}</td>'
    return (
        f'<td class="num" data-label="at its end">{number(end.done_points)} of '
        f"{number(end.total_points)}</td>"
        f'<td class="num">{percent(end.progression_percent)}</td>'
    )


def _ahead(team: PortfolioTeam, scale: cells.Scale | None) -> str:
    """Predictability and velocity, and where the quarter runs what is forecast."""
    days, state = UNKNOWN, ""
    if team.state is not None:
        sign, word = STATES[team.state]
        days = number(round(team.predictability.days or 0.0))
        sign = f'<span aria-hidden="true">{sign} </span>'
        state = f' <span class="badge {team.state}">{sign}{word}</span>'
    forecast, chance = "", ""
    if scale is not None:
        forecast = cells.forecast(team.amounts, team.outlook, scale, team.last, "no forecast")
        known = team.outlook.probability_percent if team.outlook else None
        chance = f'<td class="num shed-c">{percent(known)}</td>'
    return (
        f'<td class="num state-col" data-label="days">{days}{state}</td>'
        f'<td class="num shed-b">{number(team.velocity_points_per_day)}</td>{forecast}{chance}'
    )


def _growth(team: PortfolioTeam) -> str:
    value = team.growth_percent
    if value is None:
        return UNKNOWN
    return f"{signed(round(value))}\u202f%"
