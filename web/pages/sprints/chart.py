"""Committed and completed points of the last sprints, with the impediment share aligned below."""

import html
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words.days import short_day
from web.show.chart import (
    Figure,
    note,
)
from web.show.links import (
    sprint_impediments,
    sprint_list,
)
from web.show.numbers import (
    axis_days,
    counted,
    number,
    percent,
)

Drawn = Sequence[tuple[SprintSummary, SprintFigures]]
TICKS, TICKS_NARROW = 9, 4
BAR, INNER = 0.66, 0.66


def velocity(
    team_key: str,
    sprints: Sequence[SprintSummary],
    mean_of: Sequence[int],
    unit: str,
    zone: ZoneInfo,
    today: date,
) -> Figure | None:
    """The figure of sprints in order, oldest first; None where no two of them have points.

    The dashed line is the mean of what the sprints with the ids `mean_of` completed. A bar leads
    to the sprint's page, to the list of what it counts.
    """
    drawn = [(one, one.figures) for one in sprints if one.figures is not None]
    if sum(bool(f.committed_points or f.completed_points) for _, f in drawn) < 2:
        return None
    words = [_said(*pair, unit, zone, today) for pair in drawn]
    data = [
        _outlines(team_key, drawn, words),
        _fills(team_key, drawn, words),
        _shares(team_key, drawn),
    ]
    layout = _layout(drawn, zone, today)
    places = [n for n, (one, _) in enumerate(drawn) if one.id in set(mean_of)]
    if places:
        data.append(_mean_line(places, [drawn[n][1] for n in places], unit))
    layout["annotations"].append(
        note("0", 0.2, "<b>Impediments</b>, % of the hours logged", **_BELOW)
    )
    return {"data": data, "layout": layout}


_BELOW: dict[str, Any] = {
    "xref": "paper",
    "yref": "paper",
    "xanchor": "left",
    "yanchor": "bottom",
    "font": {"size": 12, "color": "@ink-2"},
}


def ended_on(sprint: SprintSummary, zone: ZoneInfo) -> date | None:
    """The local day on which a sprint ended, or is planned to."""
    at = sprint.completed_at or sprint.planned_end_at or sprint.window_end_at
    return at.astimezone(zone).date() if at else None


def _outlines(team_key: str, drawn: Drawn, words: Sequence[str]) -> Figure:
    return {
        "type": "bar",
        "name": "committed",
        "x": list(range(len(drawn))),
        "y": [figures.committed_points for _, figures in drawn],
        "width": BAR,
        "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 1.25, "color": "@line-strong"}},
        "text": list(words),
        "customdata": [sprint_list(team_key, one.id, "committed") for one, _ in drawn],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _fills(team_key: str, drawn: Drawn, words: Sequence[str]) -> Figure:
    return {
        "type": "bar",
        "name": "completed",
        "x": list(range(len(drawn))),
        "y": [figures.completed_points for _, figures in drawn],
        "width": BAR * INNER,
        "marker": {
            "color": ["@plan-mid" if one.state == "active" else "@plan" for one, _ in drawn],
            "line": {
                "width": [1 if one.state == "active" else 0 for one, _ in drawn],
                "color": "@line-strong",
            },
        },
        "text": list(words),
        "customdata": [sprint_list(team_key, one.id, "completed") for one, _ in drawn],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _said(
    one: SprintSummary, figures: SprintFigures, unit: str, zone: ZoneInfo, today: date
) -> str:
    done = f"{number(figures.completed_points)} of {counted(figures.committed_points, unit)}"
    end = ended_on(one, zone)
    when = "" if end is None else f", {'until' if one.state == 'active' else 'ended'} "
    when += short_day(end, today) if end else ""
    so_far = " completed so far" if one.state == "active" else " completed"
    return f"<b>{html.escape(one.name)}</b>{when}<br>{done}{so_far}"


def _shares(team_key: str, drawn: Drawn) -> Figure:
    values = [figures.time.impediment_share_percent for _, figures in drawn]
    return {
        "type": "bar",
        "name": "impediments",
        "x": list(range(len(drawn))),
        "y": values,
        "yaxis": "y2",
        "width": BAR,
        "marker": {"color": "@imp"},
        "text": [
            f"<b>{html.escape(one.name)}</b><br>"
            + ("no time logged" if value is None else f"{percent(value)} on impediments")
            for (one, _), value in zip(drawn, values, strict=True)
        ],
        "customdata": [sprint_impediments(team_key, one.id) for one, _ in drawn],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def mean_of_completed(behind: Sequence[SprintFigures]) -> float:
    """The mean of what some sprints completed."""
    return sum(figures.completed_points for figures in behind) / len(behind)


def _mean_line(places: Sequence[int], behind: Sequence[SprintFigures], unit: str) -> Figure:
    mean = mean_of_completed(behind)
    text = f"mean of {len(behind)}: {counted(round(mean, 1), unit)}"
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "mean",
        "x": [places[0] - 0.5, places[-1] + 0.5],
        "y": [mean, mean],
        "text": [text, text],
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"width": 1.5, "dash": "dash", "color": "@ink"},
    }


def _layout(drawn: Drawn, zone: ZoneInfo, today: date) -> Figure:
    values, texts, short = _ticks([one for one, _ in drawn], zone, today)
    top = max(max(f.committed_points, f.completed_points) for _, f in drawn)
    shares = [f.time.impediment_share_percent or 0 for _, f in drawn]
    axis = {"gridcolor": "@line", "zeroline": False, "fixedrange": True}
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "barmode": "overlay",
        "height": 330,
        "uirevision": "velocity",
        "font": {"family": "Inter, system-ui, sans-serif", "size": 12, "color": "@ink-2"},
        "margin": {"l": 40, "r": 8, "t": 12, "b": 26},
        "xaxis": {
            "range": [-0.6, len(drawn) - 0.4],
            "anchor": "y2",
            "showgrid": False,
            "zeroline": False,
            "linecolor": "@line-strong",
            "tickcolor": "@line-strong",
            "ticks": "outside",
            "ticklen": 5,
            "tickangle": 0,
            "tickvals": values,
            "ticktext": texts,
            "fixedrange": True,
        },
        "yaxis": {**axis, "domain": [0.34, 1], "range": [0, top * 1.06], "nticks": 5},
        "yaxis2": {
            **axis,
            "domain": [0, 0.18],
            "range": [0, max([*shares, 20]) * 1.05],
            "nticks": 3,
            "ticksuffix": "\u202f%",
        },
        "hoverlabel": {
            "bgcolor": "@raised",
            "bordercolor": "@line-strong",
            "align": "left",
            "font": {"color": "@ink"},
        },
        "shapes": [_floor()],
        "annotations": [],
        "meta": {"ticktext_narrow": short, "leads": True},
    }


def _floor() -> Figure:
    """The line on which the upper bars stand."""
    line = {"width": 1, "color": "@line-strong"}
    ends = {"x0": 0, "x1": 1, "y0": 0.34, "y1": 0.34}
    return {"type": "line", "xref": "paper", "yref": "paper", **ends, "line": line}


def _ticks(
    sprints: Sequence[SprintSummary], zone: ZoneInfo, today: date
) -> tuple[list[int], list[str], list[str]]:
    """The days on which sprints ended, as many as fit, counted from the last one."""
    every = -(-len(sprints) // TICKS)
    values = list(range(len(sprints) - 1, -1, -every))[::-1]
    days = {n: on for n in values if (on := ended_on(sprints[n], zone)) is not None}
    skip = -(-len(values) // TICKS_NARROW)
    few = set(values[::-skip])
    return values, _named(days, values, today), _named(days, values, today, few)


def _named(
    days: Mapping[int, date], values: Sequence[int], today: date, few: Collection[int] | None = None
) -> list[str]:
    """A text for each place: its day, `–` where that is unknown; none for those not among `few`."""
    shown = [n for n in values if few is None or n in few]
    known = [n for n in shown if n in days]
    texts = dict(zip(known, axis_days([days[n] for n in known], today), strict=True))
    return [texts.get(n, "–") if n in shown else "" for n in values]
