"""The rows of the list of teams, most behind first unless another column is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telemetry.report.shapes import SprintSummary, TeamRow
from web.numbers import UNKNOWN, age, number, percent
from web.team_sentences import behind_percent, nothing_running
from web.views.bars import Completion, completion

SPARK_WIDTH, SPARK_HEIGHT = 100, 20


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One line; `reason` stands in place of the figures where no sprint runs."""

    row: TeamRow
    zone: ZoneInfo
    sprint: SprintSummary | None
    bar: Completion | None
    behind: float | None
    behind_text: str
    behind_left: float
    behind_width: float
    spark: str
    spark_last: tuple[float, float] | None
    impediment_percent: float | None
    kept: tuple[tuple[float, bool], ...]
    kept_percent: float | None
    reason: str | None
    age: str


def lines(
    rows: Sequence[TeamRow], past: Mapping[str, Sequence[SprintSummary]], now: datetime
) -> list[TeamLine]:
    """The teams, in the order of the rows."""
    late = [value for row in rows if (value := _behind(row)) is not None]
    scale = max((abs(value) for value in late), default=0)
    top = _top_share(rows, past)
    return [_line(row, past.get(row.key, ()), now, scale, top) for row in rows]


def _share_done(line: TeamLine) -> float | None:
    return line.sprint.completion_percent if line.sprint else None


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
    "behind": Order(lambda line: line.behind, "most behind first", "most ahead first"),
    "done": Order(_share_done, "most done first", "least done first"),
    "impediments": Order(
        lambda line: line.impediment_percent,
        "most impediment time first",
        "least impediment time first",
    ),
    "kept": Order(
        lambda line: line.kept_percent, "commitment kept best first", "commitment kept least first"
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


def _share(sprint: SprintSummary) -> float | None:
    return sprint.time.impediment_share_percent if sprint.time else None


def _top_share(rows: Sequence[TeamRow], past: Mapping[str, Sequence[SprintSummary]]) -> float:
    every = [*(one for sprints in past.values() for one in sprints)]
    every += [row.sprint for row in rows if row.sprint]
    top = max((_share(one) or 0 for one in every), default=0)
    return max(20.0, 10 * -(-top // 10))


def share_scale(rows: Sequence[TeamRow], past: Mapping[str, Sequence[SprintSummary]]) -> str:
    """The scale of the impediment sparklines, for the head of their column."""
    return f"0–{percent(_top_share(rows, past))}"


def _line(
    row: TeamRow, past: Sequence[SprintSummary], now: datetime, scale: float, top: float
) -> TeamLine:
    running, behind = _running(row), _behind(row)
    shown = running or (past[0] if past else row.sprint)
    recent = [*reversed(past[:11]), *([running] if running else [])]
    values = [value for one in recent if (value := _share(one)) is not None]
    spark, last = _spark(values, top)
    kept = [one.commitment_kept_percent for one in reversed(past[:12])]
    size = 40 * abs(behind or 0) / scale if scale else 0
    fresh = row.freshness
    return TeamLine(
        row=row,
        zone=ZoneInfo(row.timezone),
        sprint=running,
        bar=completion(running) if running else None,
        behind=behind,
        behind_text=_behind_text(behind),
        behind_left=round(30 if (behind or 0) >= 0 else 30 - size * 0.75, 2),
        behind_width=round(size if (behind or 0) >= 0 else size * 0.75, 2),
        spark=spark,
        spark_last=last,
        impediment_percent=_share(shown) if shown else None,
        kept=tuple((min(value or 0, 100), n == len(kept) - 1) for n, value in enumerate(kept)),
        kept_percent=kept[-1] if kept else None,
        reason=_reason(row) if running is None or not running.total_points else None,
        age=age(fresh.pulled_at, now) if fresh.pulled_at else UNKNOWN,
    )


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
        count = sprint.unestimated_count or 0
        return f"No issue of {sprint.name} has an estimate ({number(count)} open)."
    return str(nothing_running(sprint, ZoneInfo(row.timezone)))


def _spark(values: Sequence[float], top: float) -> tuple[str, tuple[float, float] | None]:
    """Points of a line in a box of SPARK_WIDTH by SPARK_HEIGHT, and its last point."""
    if not values:
        return "", None
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    dots = [
        (
            round(n * step if len(values) > 1 else SPARK_WIDTH, 1),
            round(SPARK_HEIGHT * (1 - min(value / top, 1)), 1),
        )
        for n, value in enumerate(values)
    ]
    return " ".join(f"{x},{y}" for x, y in dots), dots[-1]


def is_wanted(line: TeamLine, q: str, only: str) -> bool:
    """Whether a line passes the filters: a part of the name; behind by 10 % or stale alone."""
    words = q.strip().casefold()
    if words and words not in line.row.name.casefold() and words not in line.row.key.casefold():
        return False
    return not only or line.row.freshness.is_stale or (line.behind or 0) > 10


def the_one(teams: Sequence[tuple[str, str]], q: str) -> str | None:
    """The key of the only team that the words name, of key and name of all; None: none or many."""
    words = q.strip().casefold()
    same = [key for key, name in teams if words in (key.casefold(), name.casefold())]
    part = [key for key, name in teams if words and words in f"{key} {name}".casefold()]
    found = same or part
    return found[0] if len(found) == 1 else None
