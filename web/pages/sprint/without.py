"""What would be left without the time lost, as a second line of the burndown: an estimate."""

from datetime import datetime, timedelta

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.burndown import Burndown
from web.pages.sprint.changes import levels
from web.show.chart import (
    Figure,
    Span,
    midnight,
    note,
)
from web.show.numbers import number

SHOWN_FROM = 0.05  # points: less lost time draws no second line
PLOT_PIXELS = 280
LABEL_PIXELS = 14


def has_line(chart: Burndown) -> bool:
    """Whether the time lost makes a line of its own."""
    return any(loss >= SHOWN_FROM for loss in _losses(chart))


def _losses(chart: Burndown) -> list[float]:
    """Points lost up to each day's end; a loss that is cut off where 0 is left stays."""
    found, most = [], 0.0
    for row in chart.days:
        without = row.remaining_without_impediments_points
        if without is not None:
            most = max(most, row.remaining_points - without)
        found.append(most)
    return found


def without_line(
    span: Span, figures: SprintFigures, chart: Burndown, start: datetime
) -> list[Figure]:
    """The dotted line: the measured one less what was lost, each day's loss at its end."""
    if not has_line(chart):
        return []
    committed, end = figures.committed_points, figures.as_of
    steps = list(zip(chart.events, levels(committed, chart.events), strict=True))
    xs, ys, texts = [span.local(start)], [committed], [""]
    left, lost = committed, 0.0
    for row, loss in zip(chart.days, _losses(chart), strict=True):
        day_end = min(midnight(row.day + timedelta(days=1), span.zone), end)
        while steps and (steps[0][0].at < day_end or day_end == end):
            event, left = steps.pop(0)
            xs.append(span.local(event.at))
            ys.append(round(max(0.0, left - lost), 4))
            texts.append("")
        lost = loss
        xs.append(span.local(day_end))
        ys.append(round(max(0.0, left - lost), 4))
        texts.append(f"≈ {number(ys[-1])} without impediments")
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "without impediments",
            "x": xs,
            "y": ys,
            "text": texts,
            "hoverinfo": "skip",
            "line": {"shape": "hv", "width": 1.5, "dash": "dot", "color": "@imp"},
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "without impediments, at each day's end",
            "showlegend": False,
            "x": [x for x, text in zip(xs, texts, strict=True) if text],
            "y": [y for y, text in zip(ys, texts, strict=True) if text],
            "text": [text for text in texts if text],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": 7, "color": "@imp/0"},
        },
    ]


def without_label(span: Span, figures: SprintFigures, chart: Burndown) -> list[Figure]:
    """Its last value at now, on the side that the measured line's label leaves free."""
    if span.now is None or not has_line(chart):
        return []
    value = chart.days[-1].remaining_without_impediments_points
    if value is None:
        return []
    left = figures.remaining_points
    highest = max([row.scope_points for row in chart.days] + [left, 1.0])
    if (left - value) * PLOT_PIXELS / highest < LABEL_PIXELS:
        return []
    length = (span.end - span.start).total_seconds() or 1.0
    part = (span.now - span.start).total_seconds() / length
    is_left = part > 0.35
    return [
        note(
            span.local(span.now),
            value,
            f"≈ {number(value)} without impediments",
            name="without",
            xanchor="right" if is_left else "left",
            xshift=-8 if is_left else 8,
            yshift=-10 if value * PLOT_PIXELS / highest > 2 * LABEL_PIXELS else 10,
            bgcolor="@paper/0.8",
            font={"size": 12, "color": "@imp"},
        )
    ]
