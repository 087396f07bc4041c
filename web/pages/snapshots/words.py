"""What differs between then and now in words: one line for each figure and each change."""

from collections.abc import Mapping
from dataclasses import dataclass

from telemetry.metrics.later_edits import FigurePair, IssueChange, Value
from telemetry.metrics.registry import by_slug
from web.show.issue_rows import (
    OUTCOMES,
    STATES,
)
from web.show.numbers import (
    UNKNOWN,
    counted,
    hours,
    hours_number,
    number,
    percent,
    signed,
)

SHORT: Mapping[str, str] = {
    "scope": "scope",
    "outcome": "outcome",
    "state": "status",
    "initial_points": "estimate at the start",
    "points": "estimate",
    "seconds": "time logged",
    "is_done_before": "status at the start",
    "is_carried_over": "carried over",
    "is_impediment": "impediment",
}
LABELS: Mapping[str, str] = {**SHORT, "points": "estimate at the end"}
SCOPES: Mapping[Value, str] = {
    "start": "in from the start",
    "added": "added after the start",
    "removed": "taken out",
    None: "not in the sprint",
}


@dataclass(frozen=True, slots=True)
class FigureLine:
    label: str
    slug: str
    then: str
    now: str
    difference: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    label: str
    then: str
    now: str
    difference: str


def figure_line(pair: FigurePair) -> FigureLine:
    """A figure as text; its difference only where it has one."""
    label = by_slug()[pair.slug].title
    if pair.nature is not None:
        label = f"{pair.nature}, {'time' if pair.unit == 'seconds' else 'count'}"
    difference = ""
    if pair.is_changed:
        difference = _signed(pair.unit, pair.difference)
    then, now = _text(pair.unit, pair.then), _text(pair.unit, pair.now)
    return FigureLine(label, pair.slug, then, now, difference, pair.is_changed)


def _text(unit: str, value: float | None) -> str:
    if unit == "seconds":
        return hours(value)
    if unit == "hours":
        return hours(None if value is None else value * 3600)
    return percent(value) if unit == "%" else number(value)


def _signed(unit: str, value: float | None) -> str:
    if value is None:
        return UNKNOWN
    if unit in ("seconds", "hours"):
        text = hours_number(value if unit == "seconds" else value * 3600)
        return text if value < 0 else f"+{text}"
    return signed(value)


def change_line(change: IssueChange) -> ChangeLine:
    """A change of an issue as text."""
    unit = "seconds" if change.kind == "seconds" else "points"
    difference = change.difference
    return ChangeLine(
        LABELS[change.kind],
        _value(change.kind, change.then),
        _value(change.kind, change.now),
        "" if difference is None else _signed(unit, difference),
    )


def _value(kind: str, value: Value) -> str:
    if kind == "scope":
        return SCOPES[value]
    if isinstance(value, str):
        return {**OUTCOMES, **STATES}[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "no estimate"
    return hours(float(value)) if kind == "seconds" else counted(float(value), "point")
