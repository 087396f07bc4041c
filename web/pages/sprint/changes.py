"""The changes of a burndown as what stands under the pointer, and as marks of the scope's ones."""

import html
from collections.abc import Sequence
from itertools import groupby

from telemetry.report.shapes.burndown import BurndownEvent
from telemetry.words import numbers as words
from telemetry.words.numbers import digits_apart, plural
from web.show.chart import (
    Figure,
    Span,
)
from web.show.numbers import (
    clock,
    day_of,
    number,
    signed,
)

SYMBOLS = {
    "added": ("triangle-up", "added"),
    "removed": ("triangle-down", "removed"),
    "reestimated": ("diamond", "re-estimated"),
    "reopened": ("circle", "reopened"),
}
NAMED = 6  # changes of one moment that are named under the pointer
LETTERS = 60


def levels(committed_points: float, events: Sequence[BurndownEvent]) -> list[float]:
    """What remains after each change."""
    values, left = [], committed_points
    for event in events:
        left += event.points
        values.append(round(left, 6))
    return values


def moment(span: Span, event: BurndownEvent) -> str:
    """The local minute of a change, which is what is shown and linked of its time."""
    return span.local(event.at)[:16]


def texts(span: Span, committed: float, events: Sequence[BurndownEvent]) -> list[str]:
    """What stands under the pointer at each change: all changes of the same minute."""
    said: list[str] = []
    values = levels(committed, events)
    before = committed
    pairs = list(zip(events, values, strict=True))
    for _, group in groupby(pairs, key=lambda pair: moment(span, pair[0])):
        some = list(group)
        after = some[-1][1]
        together = [event for event, _ in some]
        text = _one(together[0]) if len(together) == 1 else _many(together)
        digits = digits_apart(before, after)
        change = words.signed(number(after - before, digits))
        path = f"{number(before, digits)} to {number(after, digits)}"
        points = f"<b>{change}</b> {plural(after - before, 'point')}, {path}"
        when = _when(span, together[0])
        said += [f"{text}<br>{points}<br>{when}"] * len(together)
        before = after
    return said


def _when(span: Span, event: BurndownEvent) -> str:
    at, zone = event.at, span.zone
    return f"{day_of(at, zone, span.today)}, {clock(at, zone)}"


def _kind(event: BurndownEvent) -> str:
    return {"reestimated": "re-estimated"}.get(event.kind, event.kind)


def _one(event: BurndownEvent) -> str:
    said = f"<b>{html.escape(event.issue_key)}</b> {_kind(event)}"
    if event.summary is None:
        return said
    short = event.summary if len(event.summary) < LETTERS else event.summary[: LETTERS - 1] + "…"
    return f"{said}<br>{html.escape(short)}"


def _many(events: Sequence[BurndownEvent]) -> str:
    lines = [
        f"{html.escape(event.issue_key)} {_kind(event)} {signed(event.points)}"
        for event in events[:NAMED]
    ]
    if len(events) > NAMED:
        lines.append(f"and {len(events) - NAMED} more, which a click lists")
    return "<br>".join([f"<b>{len(events)} changes</b>", *lines])


def marks(
    span: Span, committed: float, events: Sequence[BurndownEvent], said: Sequence[str]
) -> list[Figure]:
    """One trace a kind of change of scope, with its `texts`; those of one minute are one mark."""
    values = levels(committed, events)
    traces = []
    for kind, (symbol, name) in SYMBOLS.items():
        found = {
            moment(span, event): (event, value, text)
            for event, value, text in zip(events, values, said, strict=True)
            if event.kind == kind
        }
        if found:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [span.local(event.at) for event, _, _ in found.values()],
                    "y": [value for _, value, _ in found.values()],
                    "text": [text for _, _, text in found.values()],
                    "customdata": [f"at:{minute}" for minute in found],
                    "hovertemplate": "%{text}<extra></extra>",
                    "cliponaxis": False,
                    "marker": {
                        "symbol": symbol,
                        "size": 9,
                        "color": "@paper",
                        "line": {"width": 1.5, "color": "@ink"},
                    },
                }
            )
    return traces
