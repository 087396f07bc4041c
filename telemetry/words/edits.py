"""What differs between then and now in words: one line for each figure and each change."""

from collections.abc import Mapping
from dataclasses import dataclass

from telemetry.metrics.later_edits import FigurePair, IssueChange, Value
from telemetry.metrics.registry import by_slug
from telemetry.words.numbers import UNKNOWN, hours_digits
from telemetry.words.values import (
    NOTHING,
    Number,
    Sentence,
    hours,
    percent,
    points,
    sentence,
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
OUTCOMES = {
    "completed": "completed",
    "not_completed": "not completed",
    "removed": "taken out",
    "completed_elsewhere": "completed before",
}
STATES = {"todo": "to do", "in_progress": "in progress", "done": "done"}


@dataclass(frozen=True, slots=True)
class FigureLine:
    label: str
    slug: str
    then: Sentence
    now: Sentence
    difference: Sentence
    is_changed: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    label: str
    then: Sentence
    now: Sentence
    difference: Sentence


def figure_line(pair: FigurePair) -> FigureLine:
    """A figure then and now; its difference only where it has one."""
    label = by_slug()[pair.slug].title
    if pair.nature is not None:
        label = f"{pair.nature}, {'time' if pair.unit == 'seconds' else 'count'}"
    difference = _signed(pair.unit, pair.difference) if pair.is_changed else NOTHING
    then, now = _amount(pair.unit, pair.then), _amount(pair.unit, pair.now)
    return FigureLine(label, pair.slug, then, now, difference, pair.is_changed)


def _amount(unit: str, value: float | None) -> Sentence:
    if unit == "seconds":
        return sentence(hours(value))
    if unit == "hours":
        return sentence(hours(None if value is None else value * 3600))
    return sentence(percent(value) if unit == "%" else Number(value))


def _signed(unit: str, value: float | None) -> Sentence:
    if value is None:
        return sentence(UNKNOWN)
    if unit not in ("seconds", "hours"):
        return sentence(Number(value, is_signed=True))
    spent = value / 3600 if unit == "seconds" else value
    return sentence("" if spent < 0 else "+", Number(spent, digits=hours_digits(spent)))


def change_line(change: IssueChange) -> ChangeLine:
    """A change of an issue."""
    unit = "seconds" if change.kind == "seconds" else "points"
    difference = change.difference
    return ChangeLine(
        LABELS[change.kind],
        _value(change.kind, change.then),
        _value(change.kind, change.now),
        NOTHING if difference is None else _signed(unit, difference),
    )


def _value(kind: str, value: Value) -> Sentence:
    if kind == "scope":
        return sentence(SCOPES[value])
    if isinstance(value, str):
        return sentence({**OUTCOMES, **STATES}[value])
    if isinstance(value, bool):
        return sentence("yes" if value else "no")
    if value is None:
        return sentence("no estimate")
    return sentence(hours(float(value)) if kind == "seconds" else points(float(value)))
