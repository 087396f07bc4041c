"""The burndown of the wall: one server-made SVG, legible from four metres, in a box of 1000."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words.days import short_day
from web.pages.sprint.burndown_chart import projection, span_of
from web.show.chart import (
    Span,
    midnight,
)
from web.show.numbers import (
    number,
)

WIDTH, HEIGHT = 1000.0, 500.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 990.0, 48.0, 448.0
LABEL_ROOM = 130.0  # between two labels of the time axis
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    text: str
    anchor: str  # start | middle | end


@dataclass(frozen=True, slots=True)
class WallChart:
    """Places in the box; lines are the points of a polyline."""

    title: str
    grid: tuple[tuple[float, str], ...]
    days_off: tuple[tuple[float, float], ...]  # x and width
    dates: tuple[Label, ...]
    remaining: str
    ideal: str
    forecast: str  # the line of the likelier date, "" where there is none
    band: str  # between the dates of 50 and 85 %
    now: Label | None
    end: Label | None
    last: tuple[float, float]
    left: Label
    left_y: float


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime
    top: float

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return round(LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0), 1)

    def y(self, points: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * min(max(points / self.top, 0.0), 1.0), 1)

    def line(self, points: Sequence[tuple[datetime, float]]) -> str:
        return " ".join(f"{self.x(at)},{self.y(value)}" for at, value in points)


def wall_chart(
    sprint: SprintSummary, chart: Burndown, zone: ZoneInfo, today: date
) -> WallChart | None:
    """The chart, or None where the sprint has no points to draw."""
    span = span_of(sprint, chart, zone, today)
    steps = _steps(sprint, chart)
    figures = sprint.figures
    if figures is None or span is None or not chart.days or not any(value for _, value in steps):
        return None
    highest = max(value for _, value in (*steps, *((p.at, p.points) for p in chart.ideal)))
    step = next((one for one in STEPS if highest / one <= 4.5), highest)
    last_day = span.days()[-1] + timedelta(days=1)
    scale = _Scale(
        midnight(span.days()[0], zone), midnight(last_day, zone), max(highest * 1.08, step)
    )
    x, y = scale.x(steps[-1][0]), scale.y(steps[-1][1])
    is_late = x > 0.72 * WIDTH
    likely, band = _forecast(figures, span, scale)
    return WallChart(
        title=f"Points remaining of {sprint.name}: {number(figures.remaining_points)} left",
        grid=tuple((scale.y(n * step), number(n * step)) for n in range(int(scale.top / step) + 1)),
        days_off=tuple(_days_off(span, scale)),
        dates=_dates(span, scale),
        remaining=_stairs(steps, scale),
        ideal=scale.line([(point.at, point.points) for point in chart.ideal]),
        forecast=likely,
        band=band,
        now=None if span.now is None else _mark(scale, span.now, "now"),
        end=_end(span, scale),
        last=(x, y),
        left=Label(
            x - 16 if is_late else x + 18,
            f"{number(figures.remaining_points)} left",
            "end" if is_late else "start",
        ),
        left_y=max(y - 22, TOP + 34),
    )


def _steps(sprint: SprintSummary, chart: Burndown) -> list[tuple[datetime, float]]:
    """What remains after each change, from the start to the end of what is known."""
    if sprint.started_at is None or sprint.figures is None:
        return []
    left = sprint.figures.committed_points
    steps = [(sprint.started_at, left)]
    for event in chart.events:
        left = round(left + event.points, 6)
        steps.append((event.at, left))
    return [*steps, (sprint.figures.as_of, left)]


def _stairs(steps: Sequence[tuple[datetime, float]], scale: _Scale) -> str:
    corners = [steps[0]]
    for at, value in steps[1:]:
        corners += [(at, corners[-1][1]), (at, value)]
    return scale.line(corners)


def _forecast(figures: SprintFigures, span: Span, scale: _Scale) -> tuple[str, str]:
    """The line to the date of 50 %, and the area from it to that of 85 %."""
    lines = []
    for trace in projection(figures, span)[:2]:
        moments = [datetime.fromisoformat(x).replace(tzinfo=span.zone) for x in trace["x"]]
        lines.append(list(zip(moments, trace["y"], strict=True)))
    if not lines:
        return "", ""
    area = scale.line([*lines[0], *reversed(lines[1])]) if len(lines) == 2 else ""
    return scale.line(lines[0]), area


def _days_off(span: Span, scale: _Scale) -> list[tuple[float, float]]:
    places: list[tuple[float, float]] = []
    for one in sorted(set(span.days()).intersection(span.days_off)):
        x = scale.x(midnight(one, span.zone))
        end = scale.x(midnight(one + timedelta(days=1), span.zone))
        if places and abs(sum(places[-1]) - x) < 0.2:
            places[-1] = (places[-1][0], round(end - places[-1][0], 1))
        else:
            places.append((x, round(end - x, 1)))
    return places


def _dates(span: Span, scale: _Scale) -> tuple[Label, ...]:
    """Three dates: the first day, the planned end, and a Monday between where there is room."""
    days = span.days()
    end = days[-1] if span.planned_end is None else span.planned_end.astimezone(span.zone).date()
    chosen = [days[0]]
    middle = days[0] + (end - days[0]) / 2
    mondays = sorted((d for d in days if d.weekday() == 0), key=lambda d: abs(d - middle))
    between = [d for d in mondays if days[0] < d < end][:1]
    for one in (end, *between):
        at = _noon(scale, one, span)
        if all(abs(at - _noon(scale, other, span)) >= LABEL_ROOM for other in chosen):
            chosen.append(one)
    return tuple(_at(_noon(scale, one, span), short_day(one, span.today)) for one in sorted(chosen))


def _noon(scale: _Scale, day: date, span: Span) -> float:
    return scale.x(midnight(day, span.zone) + timedelta(hours=12))


def _end(span: Span, scale: _Scale) -> Label | None:
    """The planned end, without its word where it would stand on that of now."""
    if span.planned_end is None or span.planned_end > span.end:
        return None
    x = scale.x(span.planned_end)
    is_near = span.now is not None and abs(x - scale.x(span.now)) < LABEL_ROOM
    return _at(x, "" if is_near else "end")


def _mark(scale: _Scale, at: datetime, text: str) -> Label:
    return _at(scale.x(at), text)


def _at(x: float, text: str) -> Label:
    anchor = "start" if x < LEFT + 40 else ("end" if x > RIGHT - 40 else "middle")
    return Label(x, text, anchor)
