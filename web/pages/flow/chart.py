"""Charts of a team's flow: how long items took, how many a week, and what lay between."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from telemetry.metrics.flow import FlowDay, Percentiles, Week
from telemetry.report.shapes.flow import FlowItem
from telemetry.words.days import day
from telemetry.words.numbers import NARROW
from web.show.chart import (
    Figure,
    Span,
    base,
    midnight,
    name_mondays,
    note,
)
from web.show.numbers import (
    counted,
    day_of,
    number,
)

DAY_MS = 86_400_000
ROOM = 2.0  # times the 95 % line: what took longer is drawn at the upper edge
PLOT_SHARE = 0.85  # of a chart's height; labels nearer than 14 px in it are not both written
RIGHT = 90  # px beside the plot, for labels


@dataclass(frozen=True, slots=True)
class Scatter:
    """The figure, and how many of its points lie beyond the axis: up to `longest_days`."""

    figure: Figure
    beyond_count: int
    longest_days: float


def flow_span(zone: ZoneInfo, first: date, last: date, today: date) -> Span:
    """The days of a flow chart, with no mark of now and no days off: all days count."""
    return Span(zone, midnight(first, zone), midnight(last, zone), None, None, (), today)


def _layout(span: Span, height: int, name: str) -> Figure:
    layout = base(span, height)
    layout["uirevision"] = name
    name_mondays(layout, span)
    return layout


def scatter(
    items: Sequence[FlowItem],
    days_of: Callable[[FlowItem], float | None],
    known: Percentiles | None,
    span: Span,
    name: str,
    height: int = 330,
) -> Scatter | None:
    """Each item at the moment it was done, over the days it took, with the percentiles' lines.

    None where no item has such days.
    """
    points = [
        (item, days) for item in items if item.done_at and (days := days_of(item)) is not None
    ]
    if not points:
        return None
    longest = max(days for _, days in points)
    bound = longest if known is None else ROOM * max(known.days_95, longest / 100)
    inside = [point for point in points if point[1] <= bound]
    beyond = [point for point in points if point[1] > bound]
    top = max(days for _, days in inside)
    layout = _layout(span, height, name)
    layout["yaxis"] |= {"range": [0, max(top * 1.08, 0.1)]}
    layout["margin"]["r"] = RIGHT
    layout["meta"]["leads"] = True  # a click on a point goes to its issue
    if known is not None:
        layout["shapes"] = [_line(days, dash) for days, dash in _lines(known)]
        layout["annotations"] = _percentile_labels(known, top * 1.08, height)
    data = [_points(inside, span, "circle", None)]
    if beyond:
        data.append(_points(beyond, span, "triangle-up-open", top * 1.04))
    return Scatter({"data": data, "layout": layout}, len(beyond), longest)


def _points(
    points: Sequence[tuple[FlowItem, float]], span: Span, symbol: str, at_height: float | None
) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [span.local(item.done_at) for item, _ in points if item.done_at],
        "y": [round(days, 4) if at_height is None else at_height for _, days in points],
        "text": [_said(item, days, span) for item, days in points],
        "customdata": [item.url for item, _ in points],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "size": 7 if at_height is None else 9,
            "color": "@plan/0.55" if at_height is None else "@plan",
            "line": {"width": 1, "color": "@plan"},
        },
    }


def _said(item: FlowItem, days: float, span: Span) -> str:
    key, kind = html.escape(item.key), html.escape(item.type)
    on = day_of(item.done_at, span.zone, span.today)
    return f"<b>{key}</b> {counted(days, 'day')}<br>{kind}, done {on}"


def _lines(known: Percentiles) -> list[tuple[float, str]]:
    return [(known.days_50, "solid"), (known.days_85, "dash"), (known.days_95, "dot")]


def _line(days: float, dash: str) -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": days,
        "y1": days,
        "line": {"width": 1.25, "dash": dash, "color": "@ink-2"},
    }


def _percentile_labels(known: Percentiles, top: float, height: int) -> list[Figure]:
    pairs = ((95, known.days_95), (85, known.days_85), (50, known.days_50))
    texts = [(days, f"{rank}{NARROW}%: {number(days)}{NARROW}d") for rank, days in pairs]
    return _beside(texts, top, height)


def _beside(texts: Sequence[tuple[float, str]], top: float, height: int) -> list[Figure]:
    """Labels right of the plot, the highest first; one too near to another gives way."""
    labels: list[Figure] = []
    above = float("inf")
    for value, text in texts:
        if above - value < 14 / (PLOT_SHARE * height) * top:
            continue
        above = value
        where = {
            "xref": "paper",
            "xanchor": "left",
            "yanchor": "middle",
            "xshift": 6,
            "font": {"size": 11},
        }
        labels.append({**note("", value, text, **where), "x": 1})
    return labels


def weekly(
    weeks: Sequence[Week],
    hrefs: Sequence[str],
    zone: ZoneInfo,
    mean: float | None,
    today: date,
) -> Figure | None:
    """Items done a week as bars, cut weeks lighter, with the mean of whole weeks; None of nothing.

    A cut week is one of which the days shown hold only a part. A bar leads to its week's address.
    """
    if not any(week.done_count for week in weeks):
        return None
    span = flow_span(zone, weeks[0].start_on, weeks[-1].start_on + timedelta(days=6), today)
    layout = _layout(span, 210, "throughput")
    layout["meta"]["leads"] = True
    highest = max(week.done_count for week in weeks)
    layout["yaxis"] |= {"nticks": 4, "range": [0, highest * 1.15], "tickformat": "d"}
    if mean:
        layout["shapes"] = [_line(mean, "dot")]
    bars = {
        "type": "bar",
        "x": [f"{week.start_on + timedelta(days=3)}T12:00:00" for week in weeks],
        "y": [week.done_count for week in weeks],
        "text": [_week_said(week, today) for week in weeks],
        "customdata": list(hrefs),
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "width": DAY_MS * 7 * 0.64,
        "marker": {
            "color": ["@plan" if week.day_count == 7 else "@plan-mid" for week in weeks],
            "line": {
                "width": 1,
                "color": ["@plan" if week.day_count == 7 else "@line-strong" for week in weeks],
            },
        },
    }
    return {"data": [bars], "layout": layout}


def _week_said(week: Week, today: date) -> str:
    cut = "" if week.day_count == 7 else f", {counted(week.day_count, 'day')} of it"
    of = f"week of {day(week.start_on, today)}"
    return f"<b>{counted(week.done_count, 'item')}</b> done<br>{of}{cut}"


def bands(days: Sequence[FlowDay], zone: ZoneInfo, today: date) -> Figure | None:
    """Done, in progress and to do at each day's end, stacked; None where there is no item."""
    if not any(one.todo_count or one.in_progress_count or one.done_count for one in days):
        return None
    layout = _layout(flow_span(zone, days[0].day, days[-1].day, today), 330, "cumulative")
    layout["hovermode"] = "x unified"
    layout["yaxis"] |= {"tickformat": "d"}
    ends = [*(one.day for one in days), days[-1].day + timedelta(days=1)]
    x = [f"{one}T00:00:00" for one in ends]  # each day's value lies over the day
    looks = (
        ("done", [one.done_count for one in days], "@plan", "@plan"),
        ("in progress", [one.in_progress_count for one in days], "@plan-mid", "@line-strong"),
        ("to do", [one.todo_count for one in days], "@shade", "@line-strong"),
    )
    top = max(one.done_count + one.in_progress_count + one.todo_count for one in days)
    layout["yaxis"]["range"] = [0, top * 1.05]
    layout["margin"]["r"] = RIGHT
    layout["annotations"] = _band_labels(days[-1], top, layout["height"])
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "stackgroup": "items",
            "x": x,
            "y": [*values, values[-1]],
            "line": {"width": 1, "color": outline, "shape": "hv"},
            "fillcolor": fill,
            "hovertemplate": "%{y} " + name + "<extra></extra>",
        }
        for name, values, fill, outline in looks
    ]
    return {"data": data, "layout": layout}


def _band_labels(last: FlowDay, top: int, height: int) -> list[Figure]:
    """The last day's figures beside the middles of the bands that are not empty."""
    lower, texts = 0, []
    for count, name in (
        (last.done_count, "done"),
        (last.in_progress_count, "in progress"),
        (last.todo_count, "to do"),
    ):
        if count:
            texts.append((lower + count / 2, f"{number(count)} {name}"))
        lower += count
    return _beside(texts[::-1], top, height)
