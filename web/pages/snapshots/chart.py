"""The burndown as it was known at the close, dashed, beside the one of now."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.report.shapes.burndown import Burndown, BurndownEvent
from web.show.chart import (
    Figure,
    Span,
    base,
    note,
)
from web.show.numbers import (
    number,
    signed,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two burndowns: its window, its commitment and its steps."""

    start: datetime
    end: datetime
    committed_points: float
    chart: Burndown

    @property
    def left(self) -> float:
        """The points that remain at the end."""
        return round(self.committed_points + sum(e.points for e in self.chart.events), 6)


@dataclass(frozen=True, slots=True)
class DayPair:
    """What remained at a day's end, as known then and as known now; None: not in the window."""

    day: date
    then: float | None
    now: float | None

    @property
    def difference(self) -> float | None:
        """Now less then; None where one of them is unknown."""
        return None if self.then is None or self.now is None else self.now - self.then


def then_and_now(
    then: Side,
    now: Side,
    planned_end: datetime | None,
    days_off: tuple[date, ...],
    zone: ZoneInfo,
    today: date,
) -> Figure | None:
    """The figure, or None where neither has a point to draw."""
    sides = (then, now)
    if not any(side.committed_points or side.chart.events for side in sides):
        return None
    ends = [side.end for side in sides]
    if planned_end is not None:
        ends.append(planned_end)
    first = min(side.start for side in sides)
    span = Span(zone, first, max(ends), None, planned_end, days_off, today)
    layout = base(span, 330)
    dashed = {"width": 1.75, "dash": "7px,4px", "color": "@watch"}
    data = [
        _line(span, then, "as known at the close", dashed),
        _line(span, now, "now", {"width": 2.25, "color": "@ink"}),
    ]
    layout["annotations"] = [*_planned_end(span), *_last_values(span, then, now)]
    return {"data": data, "layout": layout}


def _planned_end(span: Span) -> list[Figure]:
    end = span.planned_end
    if end is None:
        return []
    is_late = (span.end - end) < 0.1 * (span.end - span.start)
    side = "right" if is_late else "center"
    return [note(span.local(end), 1, "planned end", xanchor=side, yref="paper", yanchor="bottom")]


def _last_values(span: Span, then: Side, now: Side) -> list[Figure]:
    """What was left at the end of each line, above the upper and below the lower one."""
    sides = [(then, "left, as known then", "@watch"), (now, "left now", "@ink")]
    values = [side.left for side, _, _ in sides]
    if values[0] == values[1]:
        sides, values = sides[1:], values[1:]
    return [
        note(
            span.local(side.end),
            side.left,
            f"<b>{number(side.left)}</b> {text}",
            xanchor="right",
            xshift=-6,
            yshift=-12 if side.left == min(values) < max(values) else 12,
            bgcolor="@paper/0.8",
            font={"size": 12, "color": colour},
        )
        for side, text, colour in sides
    ]


def day_pairs(
    then: Sequence[tuple[date, float]], now: Sequence[tuple[date, float]]
) -> list[DayPair]:
    """The days of either burndown with what remained at their end."""
    old, new = dict(then), dict(now)
    return [DayPair(day, old.get(day), new.get(day)) for day in sorted(old.keys() | new.keys())]


def _line(span: Span, side: Side, name: str, look: Figure) -> Figure:
    left = side.committed_points
    xs, ys = [span.local(side.start)], [left]
    texts = [f"{name}: {number(left)} points committed"]
    for event in side.chart.events:
        left = round(left + event.points, 6)
        xs.append(span.local(event.at))
        ys.append(left)
        texts.append(_said(name, event, left))
    xs.append(span.local(side.end))
    ys.append(left)
    texts.append(f"{name}: {number(left)} left")
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": xs,
        "y": ys,
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"shape": "hv", **look},
    }


def _said(name: str, event: BurndownEvent, value: float) -> str:
    kind = {"reestimated": "re-estimated"}.get(event.kind, event.kind)
    return (
        f"{name}: <b>{html.escape(event.issue_key)}</b> {kind}, "
        f"<b>{signed(event.points)}</b> to {number(value)}"
    )
