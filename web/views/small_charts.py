"""Charts of one row as the numbers of their SVG: server-made, one scale per column."""

from dataclasses import dataclass
from functools import lru_cache

SPARK_WIDTH, SPARK_HEIGHT = 100, 20
KEPT_STEP, KEPT_HEIGHT = 8, 20
KEPT_CHARTS = 4096  # closed sprints seldom change: most rows have the charts that they had


@dataclass(frozen=True, slots=True)
class Spark:
    """A line in a box of SPARK_WIDTH by SPARK_HEIGHT, newest last, and its last point."""

    points: str
    last_x: float
    last_y: float


@lru_cache(maxsize=KEPT_CHARTS)
def spark(values: tuple[float, ...], top: float) -> Spark | None:
    """The values on a scale from 0 to `top`; None of nothing."""
    if not values:
        return None
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    xs = [_short(n * step) for n in range(len(values))] if len(values) > 1 else [SPARK_WIDTH]
    ys = [_short(SPARK_HEIGHT * (1 - min(value / top, 1))) for value in values]
    points = " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
    return Spark(points, xs[-1], ys[-1])


@lru_cache(maxsize=KEPT_CHARTS)
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
