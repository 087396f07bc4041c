"""Impediment hours by day or week, stacked by nature."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from telemetry.report.shapes.time import TimeRow
from telemetry.words.days import day
from web.show.chart import (
    Figure,
    Span,
    base,
    note,
)
from web.show.numbers import (
    hours,
    number,
)

DAY_MS = 86_400_000


def impediment_time(
    rows: Sequence[TimeRow],
    span: Span,
    slots: Mapping[str, str],
    usual_seconds: float | None = None,
    days_in_bar: int = 1,
    height: int = 210,
    *,
    lists: bool = False,
) -> Figure | None:
    """The figure, or None where no time was logged on impediments.

    `slots` maps each nature to its colour slot; natures of slot `other` are one trace. `lists`:
    the page lists the impediments of the day on which is clicked.
    """
    if not any(row.time.impediment_seconds for row in rows):
        return None
    layout = base(span, height)
    layout["uirevision"] = "impediments"
    layout["barmode"] = "stack"
    layout["yaxis"] |= {"ticksuffix": "\u202fh", "nticks": 4 if height < 300 else 6}
    if lists:
        layout["meta"]["list"] = "impediments"
    layout["annotations"] = [_peak(rows, span, days_in_bar)]
    data = [
        _bars(rows, name, natures, slot, days_in_bar, span.today)
        for name, natures, slot in stacks([row.natures for row in rows], slots)
    ]
    if usual_seconds:
        layout["shapes"] = [*layout["shapes"], _usual(span, usual_seconds)]
        layout["annotations"] += _usual_label(span, usual_seconds)
    highest = max(row.time.impediment_seconds or 0 for row in rows) / 3600
    layout["yaxis"]["range"] = [0, max(highest * 1.12, (usual_seconds or 0) / 3600 * 1.3, 1)]
    return {"data": data, "layout": layout}


def stacks(
    rows: Sequence[Mapping[str, int]], slots: Mapping[str, str]
) -> list[tuple[str, tuple[str, ...], str]]:
    """Traces from the lowest up: the nature with most time first, others and unknown last."""
    totals: dict[str, int] = {}
    for natures in rows:
        for nature, seconds in natures.items():
            totals[nature] = totals.get(nature, 0) + seconds
    ranked = sorted((n for n, s in totals.items() if s), key=lambda n: (-totals[n], n))
    own = [n for n in ranked if slots.get(n, "other") not in ("other", "unknown")]
    others = tuple(n for n in ranked if slots.get(n, "other") == "other")
    unknown = [n for n in ranked if slots.get(n) == "unknown"]
    made: list[tuple[str, tuple[str, ...], str]] = [(n, (n,), slots[n]) for n in own]
    if others:
        made.append((others[0] if len(others) == 1 else "other", others, "other"))
    return made + [(n, (n,), "unknown") for n in unknown]


def _bars(
    rows: Sequence[TimeRow],
    name: str,
    natures: Sequence[str],
    slot: str,
    days_in_bar: int,
    today: date,
) -> Figure:
    values = [sum(row.natures.get(n, 0) for n in natures) / 3600 for row in rows]
    unit = "week of " if days_in_bar > 1 else ""
    safe = name.replace("&", "&amp;").replace("<", "&lt;")
    outline = "@line-strong" if slot == "unknown" else "@paper"
    return {
        "type": "bar",
        "name": safe,
        "x": [_middle(row, days_in_bar) for row in rows],
        "y": [round(value, 4) or None for value in values],  # a bar of nothing has no outline
        "text": [
            f"<b>{safe}</b> {number(value)}\u202fh<br>{unit}{day(row.start_on, today)}"
            for row, value in zip(rows, values, strict=True)
        ],
        "customdata": [f"day:{row.start_on}" for row in rows],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "width": DAY_MS * days_in_bar * 0.64,
        "marker": {"color": f"@nature-{slot}", "line": {"width": 1, "color": outline}},
    }


def _middle(row: TimeRow, days_in_bar: int) -> str:
    hours_to_middle = 12 * days_in_bar
    days, rest = divmod(hours_to_middle, 24)
    return f"{row.start_on + timedelta(days=days)}T{rest:02d}:00:00"


def _peak(rows: Sequence[TimeRow], span: Span, days_in_bar: int) -> Figure:
    peak = max(rows, key=lambda row: row.time.impediment_seconds or 0)
    seconds = peak.time.impediment_seconds or 0
    days = span.days()
    place = (peak.start_on - days[0]).days / max(len(days) - 1, 1)
    side = "left" if place < 0.2 else ("right" if place > 0.8 else "center")
    unit = "week of " if days_in_bar > 1 else ""
    on = day(peak.start_on, span.today)
    text = f"<b>{unit}{on}, {hours(seconds)}</b>"
    return note(
        _middle(peak, days_in_bar),
        seconds / 3600,
        text,
        xanchor=side,
        yanchor="bottom",
        font={"size": 12, "color": "@ink"},
    )


def _usual(span: Span, seconds: float) -> Figure:
    return {
        "type": "line",
        "x0": span.local(span.start),
        "x1": span.local(span.now or span.end),
        "y0": seconds / 3600,
        "y1": seconds / 3600,
        "line": {"width": 1.5, "dash": "dot", "color": "@ink"},
    }


def _usual_label(span: Span, seconds: float) -> list[Figure]:
    if span.now is None or (span.end - span.now) < (span.end - span.start) * 0.25:
        return []
    text = f"usual: {hours(seconds)} a day"
    at = span.now + timedelta(hours=14)
    return [note(span.local(at), seconds / 3600, text, xanchor="left", yanchor="middle")]
