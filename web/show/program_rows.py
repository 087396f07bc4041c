"""The rows of programs, on their own page and on that of the portfolio, and their orders."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from telemetry.domain.quarter import Quarter
from telemetry.report.quarter.shapes import PortfolioProgram
from telemetry.words.numbers import UNKNOWN, plural
from web.show import roadmap_cells as cells
from web.show.links import portfolio_page, program_page, quarter_page
from web.show.numbers import number, percent
from web.show.orders import Order, last_day, ordered
from web.show.saved import sort_values

ORDERS: Mapping[str, Order[PortfolioProgram]] = {
    "date": Order(lambda one: last_day(one.outlook), "latest date first", "earliest date first"),
    "done": Order(
        lambda one: one.amounts.progression_percent, "most done first", "least done first"
    ),
    "chance": Order(
        lambda one: _less(one.outlook.probability_percent if one.outlook else None),
        "least chance first",
        "most chance first",
    ),
    "teams": Order(lambda one: len(one.teams), "most teams first", "fewest teams first"),
    "open": Order(
        lambda one: one.amounts.unestimated_count,
        "most unestimated first",
        "least unestimated first",
    ),
}
SORTS = "^-?(program|{})$".format("|".join(ORDERS))


def _less(value: float | None) -> float | None:
    return None if value is None else -value


def ordered_programs(programs: Iterable[PortfolioProgram], sort: str) -> list[PortfolioProgram]:
    """The programs by a column; those without a value last, then by name."""
    return ordered(programs, sort, ORDERS, lambda one: (one.name.casefold(), one.name))


def program_rows(
    programs: Sequence[PortfolioProgram], quarter: Quarter, scale: cells.Scale | None
) -> Markup:
    """The body of the table."""
    most = max((one.amounts.total_points for one in programs), default=0.0)
    return Markup("\n").join(_row(one, quarter, most, scale) for one in programs)


def _row(one: PortfolioProgram, quarter: Quarter, most: float, scale: cells.Scale | None) -> Markup:
    every, latest = one.amounts, one.critical
    values = sort_values({name: order.value(one) for name, order in ORDERS.items()})
    teams = f'<a href="{escape(portfolio_page(quarter, "teams", program=one.name))}">'
    forecast = ""
    if scale is not None:
        critical = UNKNOWN
        if latest is not None:
            href = escape(quarter_page(latest.key)(quarter))
            critical = f'<a href="{href}">{escape(latest.name)}</a>'
        last = max((part.last for part in one.teams), default=scale.end)
        chance = one.outlook.probability_percent if one.outlook else None
        forecast = (
            f'<td class="shed-b latest">{critical}</td>'
            f"{cells.forecast(every, one.outlook, scale, last, 'not known of all teams')}"
            f'<td class="num shed-c">{percent(chance)}</td>'
        )
    units = {part.unit for part in one.teams}
    mixed = f' title="{" and ".join(sorted(units))}s are mixed"' if len(units) > 1 else ""
    return Markup(  # noqa: S704 - escaped
        f'<tr{values}><th scope="row" class="title">'
        f'<a href="{escape(program_page(one.name, quarter))}">{escape(one.name)}</a></th>'
        f'<td class="num count-col" data-label="{plural(len(one.teams), "team")}">'
        f"{teams}{len(one.teams)}</a></td>"
        f'<td class="num count-col" data-label="epics done">{every.done_count} of '
        f"{every.epic_count}</td>"
        f'<td class="work"{mixed}>{cells.bar(every, most) if every.total_points else _BLANK}</td>'
        f'<td class="num">{percent(every.progression_percent)}</td>'
        f"{forecast}"
        f'<td class="num shed-a">{number(every.unestimated_count)}</td>'
        f'<td class="num shed-a">{number(every.dependency_count)}</td></tr>'
    )


_BLANK = '<span class="soft">nothing estimated</span>'
