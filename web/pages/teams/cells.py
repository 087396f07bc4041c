"""The cells of a row in the list of teams, as HTML.

It is put together here and not by a template: a pull may change all of a thousand rows at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from markupsafe import escape

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.teams import ListedFigures, TeamRow, TeamSprint
from telemetry.report.teams.listed import PastSprint
from telemetry.words.numbers import UNKNOWN, plural
from telemetry.words.teams import is_late
from web.show.bars import completion
from web.show.numbers import (
    number,
    percent,
)

SPARK_WIDTH, SPARK_HEIGHT = 100, 20
KEPT_STEP, KEPT_HEIGHT = 8, 20
KEPT_CHARTS = 4096  # closed sprints seldom change: most rows have the charts that they had


@dataclass(frozen=True, slots=True)
class Spark:
    """A line in a box of SPARK_WIDTH by SPARK_HEIGHT, newest last, and its last point."""

    points: str
    last_x: float
    last_y: float


@lru_cache(maxsize=KEPT_CHARTS)  # 17 µs, for each team of a list
def spark(values: tuple[float, ...], top: float) -> Spark | None:
    """The values on a scale from 0 to `top`; None of nothing."""
    if not values:
        return None
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    xs = [_short(n * step) for n in range(len(values))] if len(values) > 1 else [SPARK_WIDTH]
    ys = [_short(SPARK_HEIGHT * (1 - min(value / top, 1))) for value in values]
    points = " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
    return Spark(points, xs[-1], ys[-1])


@lru_cache(maxsize=KEPT_CHARTS)  # 15 µs, for each team of a list
def columns(values: tuple[float | None, ...]) -> tuple[str, str]:
    """Upright lines of 0 to 100, newest last: the path of all but the last, and the last's.

    An unknown value leaves its place empty.
    """
    strokes = [
        "" if value is None else f"M{KEPT_STEP * n + 3} {KEPT_HEIGHT}V{_column_top(value)}"
        for n, value in enumerate(values)
    ]
    return "".join(strokes[:-1]), "".join(strokes[-1:])


def _column_top(value: float) -> float:
    return _short(KEPT_HEIGHT * (1 - min(max(value, 4), 100) / 100))


def _short(value: float) -> float:
    """At most one decimal, and none where it is 0: a thousand rows have many numbers."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


AXIS = 30.0  # where the axis of the column of those behind stands, in percent of its width
LONGEST = 40.0  # and how long a bar beside it may be


def sprint(sprint: TeamSprint, more: int) -> str:
    """The sprint's name and how many run beside it; the cell is left open for the working day."""
    others = f' <span class="soft">and {more} more</span>' if more > 0 else ""
    return f'<td class="sprint-col">{escape(sprint.name)}{others}'


def to_correct(row: TeamRow) -> str:
    """How many settings of the team do not fit the tracker, and where they are told."""
    count, page = len(row.misfits), f"/teams/{quote(row.key, safe='')}/quality#{row.misfit_kind}"
    said = f'<span aria-hidden="true">▲ </span>{count} {plural(count, "setting")} to correct'
    title = escape(row.misfits[0])
    return f'<small class="why" title="{title}"><a href="{page}">{said}</a></small>'


def working_day(row: TeamRow, title: str) -> str:
    """Which working day of the sprint it is; nothing where that is not known."""
    if row.working_day is None:
        return ""
    of = f" of {row.working_days_planned}" if row.working_days_planned else ""
    return f' <span class="soft"{title}>day {row.working_day}{of}</span>'


def bar(figures: SprintFigures | ListedFigures) -> str:
    """Done and in progress of what a running sprint has in scope; nothing without an estimate."""
    found = completion(figures, is_running=True)
    if found is None:
        return ""
    tick = "" if found.tick is None else f'<i class="tick" style="left:{found.tick}%"></i>'
    expected = ""
    if found.expected_points is not None:
        expected = f'<span class="away">, {number(found.expected_points)} expected</span>'
    return (
        '<td class="bar-col"><span class="bar" aria-hidden="true">'
        f'<i class="plan" style="width:{found.done}%"></i>'
        f'<i class="mid" style="width:{found.in_progress}%"></i>{tick}</span> '
        f'<span>{number(figures.done_points)} <span class="soft">of {number(figures.total_points)}'
        f"</span>{expected}</span></td>"
    )


def behind(behind: float | None, scale: float) -> str:
    """Points behind in percent of the scope, as a bar on a scale up to `scale` percent."""
    if behind is None:
        title = "nothing was committed at the start"
        return f'<td class="behind-col phone-hide" title="{title}"><span>{UNKNOWN}</span></td>'
    size = LONGEST * abs(behind) / scale if scale else 0.0
    if behind < 0:
        size *= 0.75
    left = round(AXIS - size if behind < 0 else AXIS, 1)
    shown = round(behind, 1)
    heavy = ' class="heavy"' if is_late(behind) else ""
    said = _behind_text(behind)
    direction = '<span class="phone-only"> behind</span>' if said.endswith("%") else ""
    look = "ink" if shown >= 0 else "plan"
    return (
        '<td class="behind-col"><span class="axis" aria-hidden="true">'
        f'<i class="{look}" style="left:{left}%;width:{round(size, 1)}%">'
        f"</i></span> <span{heavy}>{said}</span>{direction}</td>"
    )


def _behind_text(behind: float) -> str:
    if abs(behind) < 1:
        return "on the line"
    return percent(behind) if behind > 0 else f"{percent(-behind)} ahead"


def impediments(
    last: float | None, shares: tuple[float, ...], top: float, *, has_sprints: bool
) -> str:
    """The share of impediments in the last sprint, and a line of those before it up to `top`."""
    said, drawn = percent(last), spark(shares, top)
    why = "no time was logged" if has_sprints else "told by sprints, and the board has none"
    title = f' title="{why}"' if said == UNKNOWN else ""
    chart = ""
    if drawn:
        chart = (
            '<svg class="spark" viewBox="0 -3 106 26" aria-hidden="true"><path d="M0 20H100"/>'
            f'<polyline points="{drawn.points}"/>'
            f'<circle cx="{drawn.last_x}" cy="{drawn.last_y}" r="2.5"/></svg>'
        )
    return f'<td class="drop-2 spark-col"{title}>{chart}<span>{said}</span></td>'


def kept(past: Sequence[PastSprint], last_kept: float | None) -> str:
    """The commitment kept in the last closed sprint, and columns of those before it."""
    before, last = columns(tuple(one.commitment_kept_percent for one in reversed(past)))
    said, title, chart = percent(last_kept), "", ""
    if said == UNKNOWN:
        title = ' title="no sprint with a commitment has closed in the last half year"'
    if before or last:
        chart = (
            '<svg class="kept" viewBox="0 0 96 20" aria-hidden="true">'
            f'<path d="{before}"/><path class="last" d="{last}"/></svg>'
        )
    return f'<td class="drop-1 kept-col"{title}>{chart}<span>{said}</span></td>'
