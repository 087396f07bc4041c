"""Bars of what is done, of natures and of a team's sprints, as widths in percent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telemetry.metrics.figures import Nature, SprintFigures
from telemetry.report.shapes.sprints import ChoiceFigures, SprintChoice
from telemetry.report.shapes.teams import ListedFigures
from web.show.numbers import shares

SQUARES_UP_TO = 20  # impediments; from one more on, bars replace squares


@dataclass(frozen=True, slots=True)
class Completion:
    """A bar of done, in progress and to do with the tick of what was expected; percentages."""

    done: float
    in_progress: float
    tick: float | None
    expected_points: float | None
    todo_points: float


def completion(
    figures: SprintFigures | ListedFigures | None, *, is_running: bool
) -> Completion | None:
    """The completion bar, or None where nothing is in scope with an estimate."""
    if figures is None or not figures.total_points:
        return None
    total = figures.total_points
    done, going = figures.done_points, figures.in_progress_points
    expected = None
    has_line = is_running and bool(figures.committed_points)
    if has_line and figures.expected_remaining_points is not None:
        expected = max(total - figures.expected_remaining_points, 0.0)
    return Completion(
        done=_part(done, total),
        in_progress=_part(going, total),
        tick=None if expected is None else _part(expected, total),
        expected_points=expected,
        todo_points=max(total - done - going, 0.0),
    )


def _part(value: float, whole: float) -> float:
    return round(min(max(100 * value / whole, 0), 100), 2) if whole else 0.0


@dataclass(frozen=True, slots=True)
class NatureLine:
    nature: str
    slot: str
    count: int
    seconds: int
    usual_seconds: float | None
    bar: float
    tick: float | None
    count_bar: float
    share: int | None


@dataclass(frozen=True, slots=True)
class NatureTable:
    """Natures with most time first; strips are whole percentages that add up to 100."""

    lines: tuple[NatureLine, ...]
    count_strip: tuple[tuple[str, str, int], ...]
    time_strip: tuple[tuple[str, str, int], ...]
    has_squares: bool
    has_time: bool


def natures(
    rows: Sequence[Nature], slots: Mapping[str, str], usual: Mapping[str, float] | None = None
) -> NatureTable | None:
    """The table of natures with its two strips, or None without impediments.

    `usual` are the usual seconds of each nature that had some, None where nothing is usual yet.
    """
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: (-row.seconds, -row.count, row.nature))
    ticks = [None if usual is None else usual.get(row.nature, 0.0) for row in ordered]
    longest = max(max(row.seconds, tick or 0) for row, tick in zip(ordered, ticks, strict=True))
    most = max(row.count for row in ordered)
    of_time = shares([row.seconds for row in ordered])
    of_count = shares([row.count for row in ordered])
    lines = tuple(
        NatureLine(
            row.nature,
            slots.get(row.nature, "other"),
            row.count,
            row.seconds,
            ticks[n],
            _part(row.seconds, longest),
            None if (tick := ticks[n]) is None else _part(tick, longest),
            _part(row.count, most),
            of_time[n] if of_time else None,
        )
        for n, row in enumerate(ordered)
    )
    return NatureTable(
        lines,
        _strip(lines, of_count),
        _strip(lines, of_time),
        has_squares=sum(row.count for row in ordered) <= SQUARES_UP_TO,
        has_time=of_time is not None,
    )


def _strip(
    lines: Sequence[NatureLine], parts: Sequence[int] | None
) -> tuple[tuple[str, str, int], ...]:
    if parts is None:
        return ()
    return tuple(
        (line.nature, line.slot, part) for line, part in zip(lines, parts, strict=True) if part
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One sprint in the strip of past sprints: heights of 100."""

    sprint: SprintChoice
    figures: ChoiceFigures
    committed: float
    done: float
    is_shown: bool


def strip(choices: Sequence[SprintChoice], shown: int, length: int = 13) -> list[Column]:
    """The last sprints, oldest first: outline committed, fill completed, on one scale."""
    started = [(one, one.figures) for one in choices if one.figures is not None][:length]
    tallest = max(
        (max(points.committed_points, points.completed_points) for _, points in started), default=0
    )
    return [
        Column(
            one,
            points,
            _part(points.committed_points, tallest),
            _part(points.completed_points, tallest),
            one.id == shown,
        )
        for one, points in reversed(started)
    ]
