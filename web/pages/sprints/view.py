"""A team's sprints side by side: the velocity chart, the table, and what the last ones say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.sprint.table import (
    IN_THE_CHART,
    SprintTable,
)
from telemetry.words import sprints as words
from telemetry.words.days import short_day
from telemetry.words.values import Sentence
from web.pages.sprints.chart import (
    mean_of_completed,
    velocity,
)
from web.show.chart import Figure
from web.show.numbers import (
    short_period,
)

PAGE = 50
NO_BREAK = "\u00a0"
_STATES = {"active": "running", "future": "planned"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what it is called, its definition, and where it leaves.

    `shed`: columns of 1 leave first when the screen narrows; 0 never leaves. `order` and
    `reverse_order` are the words for its two directions.
    """

    title: str
    slug: str | None
    shed: int
    order: str
    reverse_order: str


COLUMNS: Mapping[str, Column] = {
    "days": Column("Working days", "working_days", 3, "longest first", "shortest first"),
    "committed": Column(
        "Committed", "committed", 0, "most committed first", "least committed first"
    ),
    "completed": Column(
        "Completed", "completed", 0, "most completed first", "least completed first"
    ),
    "completion": Column(
        "Completion", "completion", 5, "most complete first", "least complete first"
    ),
    "kept": Column("Kept", "commitment_kept", 0, "commitment kept best first", "least kept first"),
    "carried": Column(
        "Carried over", "carried_over", 4, "most carried over first", "least carried over first"
    ),
    "added": Column("Added", "added", 2, "most added first", "least added first"),
    "hours": Column(
        "Impediment hours",
        "impediment_time",
        4,
        "most impediment hours first",
        "fewest impediment hours first",
    ),
    "share": Column(
        "Share",
        "impediment_share",
        0,
        "highest impediment share first",
        "lowest impediment share first",
    ),
    "impediments": Column(
        "Impediments", "impediments", 1, "most impediments first", "fewest impediments first"
    ),
    "unestimated": Column(
        "Unestimated", "unestimated", 1, "most unestimated first", "fewest unestimated first"
    ),
}
SORTS = "^-?(start|name|{})$".format("|".join(COLUMNS))
SHED_NOTE = (
    "On a narrow screen columns leave in this order: impediments and unestimated, added, working "
    "days, carried over and impediment hours, completion and dates. A wider one has them all."
)
_ORDERS = {
    "start": ("newest first", "oldest first"),
    "name": ("by name", "by name, backwards"),
    **{key: (one.order, one.reverse_order) for key, one in COLUMNS.items()},
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sprint of the table; `state` is said where it is not closed."""

    sprint: SprintSummary
    dates: str
    state: str | None


@dataclass(frozen=True, slots=True)
class SprintsView:
    """`no_chart` says in two sentences why there is no chart, and what brings one."""

    lead: Sentence
    chart: Figure | None
    no_chart: tuple[Sentence, Sentence]
    in_chart: tuple[SprintSummary, ...]
    mean: float | None
    mean_of: int
    lines: tuple[Line, ...]
    order: str
    page: int
    pages: int
    first: int


def sprints_view(
    team: TeamRow, found: SprintTable, sort: str, page: int, today: date
) -> SprintsView:
    """The view of one page of the table."""
    zone = ZoneInfo(team.timezone)
    shown = found.recent[-IN_THE_CHART:]
    ids = [one.sprint_id for one in found.last]
    behind = [one.figures for one in found.recent if one.id in set(ids) and one.figures]
    return SprintsView(
        lead=words.lead(found),
        chart=velocity(team.key, shown, ids, found.unit, zone, today),
        no_chart=words.no_chart(found),
        in_chart=shown,
        mean=mean_of_completed(behind) if behind else None,
        mean_of=len(behind),
        lines=tuple(_line(one, zone, today) for one in found.rows),
        order=order_words(sort),
        page=page,
        pages=max(1, -(-found.all_count // PAGE)),
        first=(page - 1) * PAGE,
    )


def order_words(sort: str) -> str:
    """The order in words."""
    return _ORDERS[sort.removeprefix("-")][sort.startswith("-")]


def _line(one: SprintSummary, zone: ZoneInfo, today: date) -> Line:
    start, end = one.started_at, one.completed_at or one.planned_end_at
    first = start.astimezone(zone).date() if start else None
    last = end.astimezone(zone).date() if end else None
    return Line(one, _dates(first, last, today), _STATES.get(one.state))


def _dates(first: date | None, last: date | None, today: date) -> str:
    """The days of a sprint; a narrow column breaks only between them."""
    if first is not None and last is not None:
        text = short_period(first, last, today)
        return text.replace(" ", NO_BREAK).replace(f"–{NO_BREAK}", "– ")
    if first is not None:
        return f"from {short_day(first, today)}".replace(" ", NO_BREAK)
    return "no dates" if last is None else f"to {short_day(last, today)}".replace(" ", NO_BREAK)
