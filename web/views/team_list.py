"""The rows of the list of teams: what each shows, which pass a filter, and their order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telemetry.report.overview import OverviewRow
from telemetry.report.shapes import SprintSummary, TeamRow
from web.numbers import UNKNOWN, age, day_of, number, percent
from web.team_sentences import behind_percent, is_late, nothing_running
from web.views.bars import Completion, completion
from web.views.small_charts import Spark, columns, spark

AXIS = 30.0  # where the axis of the column of those behind stands, in percent of its width


@dataclass(frozen=True, slots=True)
class Cells:
    """What a row shows of a version of the facts: equal cells are rendered once."""

    key: str
    name: str
    reason: str | None  # in place of the figures where no sprint runs
    sprint_name: str
    more_sprints: int
    planned_end: str | None
    bar: Completion | None
    done: str
    total: str
    behind: float | None
    behind_text: str
    behind_left: float
    behind_width: float
    spark: Spark | None
    impediment_percent: str
    kept: tuple[str, str]
    kept_percent: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The cells of a team with the values that it is sorted and filtered by; None is unknown."""

    cells: Cells
    done_percent: float | None
    behind: float | None
    impediment_percent: float | None
    kept_percent: float | None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One row at a moment: the figures, and what of it changes with time alone."""

    row: TeamRow
    figures: Figures
    age: str

    @property
    def gone_percent(self) -> float | None:
        """The share of the planned working days that is over."""
        if self.row.working_day is None or not self.row.working_days_planned:
            return None
        return 100 * self.row.working_day / self.row.working_days_planned

    @property
    def moment(self) -> tuple[int | None, int | None, str | None]:
        """The working day, of how many, and why the data are stale, where they are."""
        fresh = self.row.freshness
        reason = fresh.reason if fresh.is_stale else None
        return self.row.working_day, self.row.working_days_planned, reason


def figures(rows: Sequence[OverviewRow]) -> list[Figures]:
    """What the rows show of the facts, in their order; the scales are those of all of them."""
    late = [value for row in rows if (value := _behind(row.team)) is not None]
    scale = max((abs(value) for value in late), default=0)
    top = top_share(rows)
    return [_figures(row, scale, top) for row in rows]


def line(row: TeamRow, found: Figures, now: datetime) -> TeamLine:
    """A team's line as it is now."""
    at = row.freshness.pulled_at
    return TeamLine(row, found, age(at, now) if at else UNKNOWN)


def _seconds_old(line: TeamLine) -> float | None:
    at = line.row.freshness.pulled_at
    return None if at is None else -at.timestamp()


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by: the value, and what its first and its reverse order are called."""

    value: Callable[[TeamLine], float | None]
    words: str
    reverse_words: str


ORDERS: Mapping[str, Order] = {
    "behind": Order(lambda line: line.figures.behind, "most behind first", "most ahead first"),
    "sprint": Order(
        lambda line: line.gone_percent, "sprints nearest their end first", "newest sprints first"
    ),
    "done": Order(lambda line: line.figures.done_percent, "most done first", "least done first"),
    "impediments": Order(
        lambda line: line.figures.impediment_percent,
        "most impediment time first",
        "least impediment time first",
    ),
    "kept": Order(
        lambda line: line.figures.kept_percent,
        "commitment kept best first",
        "commitment kept least first",
    ),
    "age": Order(_seconds_old, "oldest data first", "newest data first"),
}
SORTS = "^-?(team|{})$".format("|".join(ORDERS))


def ordered(lines: Sequence[TeamLine], sort: str) -> list[TeamLine]:
    """The lines by a column, `-` before its name reverses; without a value last, then by name."""
    by_name = sorted(lines, key=lambda line: (line.row.name.casefold(), line.row.key))
    column, sign = sort.removeprefix("-"), 1 if sort.startswith("-") else -1
    if column == "team":
        return by_name if sign < 0 else by_name[::-1]
    value = ORDERS[column].value
    return sorted(by_name, key=lambda line: (value(line) is None, sign * (value(line) or 0.0)))


def order_words(sort: str) -> str:
    """The order in words."""
    column, is_reverse = sort.removeprefix("-"), sort.startswith("-")
    if column == "team":
        return "by name, backwards" if is_reverse else "by name"
    return ORDERS[column].reverse_words if is_reverse else ORDERS[column].words


def _running(row: TeamRow) -> SprintSummary | None:
    return row.sprint if row.sprint is not None and row.sprint.state == "active" else None


def _behind(row: TeamRow) -> float | None:
    return behind_percent(row) if _running(row) else None


def _share(sprint: SprintSummary | None) -> float | None:
    return sprint.time.impediment_share_percent if sprint and sprint.time else None


def _shares(row: OverviewRow) -> tuple[float, ...]:
    """The share of impediments in the closed sprints and the running one, newest last."""
    past = [one.impediment_share_percent for one in reversed(row.past[:11])]
    return tuple(value for value in (*past, _share(_running(row.team))) if value is not None)


def _last_share(row: OverviewRow) -> float | None:
    """The share in the running sprint, or in the last one where none runs."""
    if (running := _running(row.team)) is not None:
        return _share(running)
    return row.past[0].impediment_share_percent if row.past else None


def top_share(rows: Sequence[OverviewRow]) -> float:
    """The top of the scale that all sparklines of impediments share, in percent."""
    top = max((share for row in rows for share in _shares(row)), default=0)
    return max(20.0, 10 * -(-top // 10))


def _figures(row: OverviewRow, scale: float, top: float) -> Figures:
    team, behind, running = row.team, _behind(row.team), _running(row.team)
    share = _last_share(row)
    kept = tuple(one.commitment_kept_percent for one in reversed(row.past))
    last_kept = kept[-1] if kept else None
    size = 40 * abs(behind or 0) / scale if scale else 0
    is_ahead = (behind or 0) < 0
    cells = Cells(
        key=team.key,
        name=team.name,
        reason=None if running is not None and running.total_points else _reason(team),
        sprint_name=running.name if running else "",
        more_sprints=max(len(team.active_sprints) - 1, 0),
        planned_end=_planned_end(team, running),
        bar=completion(running) if running else None,
        done=number(running.done_points) if running else UNKNOWN,
        total=number(running.total_points) if running else UNKNOWN,
        behind=behind if behind is None else round(behind, 1),
        behind_text=_behind_text(behind),
        behind_left=round(AXIS - size * 0.75 if is_ahead else AXIS, 1),
        behind_width=round(size * 0.75 if is_ahead else size, 1),
        spark=spark(_shares(row), top),
        impediment_percent=percent(share),
        kept=columns(kept),
        kept_percent=percent(last_kept),
    )
    done = running.completion_percent if running else None
    return Figures(cells, done, behind, share, last_kept)


def _planned_end(row: TeamRow, sprint: SprintSummary | None) -> str | None:
    if sprint is None or sprint.planned_end_at is None:
        return None
    return day_of(sprint.planned_end_at, ZoneInfo(row.timezone))


def _behind_text(behind: float | None) -> str:
    if behind is None:
        return UNKNOWN
    if abs(behind) < 1:
        return "on the line"
    return percent(behind) if behind > 0 else f"{percent(-behind)} ahead"


def _reason(row: TeamRow) -> str:
    sprint = row.sprint
    if not row.has_sprints:
        return "The board has no sprints (kanban): time and impediments only."
    if row.freshness.as_of is None:
        return "Nothing is read yet: the first pull has not ended."
    if sprint is None:
        return "This team has no sprint yet."
    if sprint.state == "active":
        count = sprint.unestimated_count
        if count is None:
            return f"The figures of {sprint.name} are not computed yet."
        return f"No issue of {sprint.name} has an estimate ({number(count)} open)."
    return str(nothing_running(sprint, ZoneInfo(row.timezone)))


def is_wanted(line: TeamLine, q: str, only: str) -> bool:
    """Whether a line passes the filters: a part of the name; behind by 10 % or stale alone."""
    words = q.strip().casefold()
    if words and words not in line.row.name.casefold() and words not in line.row.key.casefold():
        return False
    return not only or line.row.freshness.is_stale or is_late(line.figures.behind)


def the_one(teams: Sequence[tuple[str, str]], q: str) -> str | None:
    """The key of the only team that the words name, of key and name of all; None: none or many."""
    words = q.strip().casefold()
    same = [key for key, name in teams if words in (key.casefold(), name.casefold())]
    part = [key for key, name in teams if words and words in f"{key} {name}".casefold()]
    found = same or part
    return found[0] if len(found) == 1 else None
