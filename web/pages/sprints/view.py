"""A team's sprints side by side: the velocity chart, the table, and what the last ones say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.report.shapes import SprintSummary, TeamRow
from telemetry.report.sprint.table import (
    IN_THE_CHART,
    SprintTable,
)
from web.pages.sprints.chart import (
    mean_of_completed,
    velocity,
)
from web.show.chart import Figure
from web.show.numbers import (
    counted,
    number,
    percent,
    plural,
    short_day,
    short_period,
)
from web.show.text import (
    Run,
    Sentence,
    figure,
    sentence,
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
    no_chart: tuple[str, str]
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
        lead=lead(found),
        chart=velocity(team.key, shown, ids, found.unit, zone, today),
        no_chart=_no_chart(found),
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


def lead(found: SprintTable) -> Sentence:
    """How far the last sprints ended from what they committed to, and at which velocity."""
    count = len(found.last)
    if not count:
        return sentence(*_none_closed(found))
    if found.kept is None:
        return sentence(
            f"{_last(count)} had no {found.unit}s committed at the start, so nothing says how "
            "commitments are kept.",
            *_velocity(found),
        )
    if count == 1:
        one = found.last[0]
        done = f"{number(one.completed_points)} of {counted(one.committed_points, found.unit)}"
        return sentence(
            "The only closed sprint completed ",
            figure(done),
            f" that it committed to, {percent(found.kept.low)}. A second one will show a spread.",
        )
    return sentence(*_kept(found, count), *_velocity(found))


def _last(count: int) -> str:
    return "The only closed sprint" if count == 1 else f"The last {count} closed sprints"


def _none_closed(found: SprintTable) -> list[Run | str]:
    running = next((one for one in found.recent if one.state == "active"), None)
    start = f"{running.name} is the first sprint" if running else "No sprint has closed yet"
    return [f"{start}; what the team completes of its commitments shows when one has closed."]


def _kept(found: SprintTable, count: int) -> list[Run | str]:
    kept = found.kept
    if kept is None:
        return []
    who = _last(count)
    if kept.count < count:
        who = f"Of the last {count} closed sprints, the {kept.count} with a commitment"
    if kept.count == 1:
        who = f"Of the last {count} closed sprints, the only one with a commitment"
    if kept.low == kept.high:
        return [f"{who} completed ", figure(percent(kept.low)), " of what was committed."]
    spread = figure(f"{percent(kept.low)} to {percent(kept.high)}")
    middle = figure(percent(kept.median))
    return [f"{who} completed ", spread, " of what was committed, the median ", middle, "."]


def _velocity(found: SprintTable) -> list[Run | str]:
    mean, spread = found.velocity_points_per_day, found.velocity_per_day
    if not mean or spread is None:
        return []
    unit = plural(round(mean, 1), found.unit)
    words = figure(f"{number(mean)} {unit}")
    between = f", between {number(spread.low)} and {number(spread.high)}"
    return [" Velocity: ", words, f" a working day{between if spread.count > 1 else ''}."]


def _no_chart(found: SprintTable) -> tuple[str, str]:
    started = len(found.recent)
    if not started:
        return "No sprint has started yet.", "Its bars appear here when one has."
    if started == 1:
        one = found.recent[0]
        return f"{one.name} is the only sprint so far.", "From the second one on they are drawn."
    return (
        f"Fewer than two of these {started} sprints have {found.unit}s.",
        "Estimated issues make bars; impediments and hours are in the table.",
    )
