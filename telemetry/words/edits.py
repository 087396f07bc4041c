"""What differs between then and now in words: one line for each figure and each change."""

from collections.abc import Mapping
from dataclasses import dataclass

from telemetry.metrics.later_edits import FigurePair, IssueChange, Value
from telemetry.metrics.registry import by_slug
from telemetry.words.numbers import UNKNOWN, digits_apart
from telemetry.words.values import (
    HOUR,
    NOTHING,
    PERCENT,
    Number,
    Sentence,
    Unit,
    hours,
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
_UNITS: Mapping[str, Unit] = {"seconds": HOUR, "hours": HOUR, "%": PERCENT}
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
    if not pair.is_changed:
        alike = _amount(pair.unit, pair.then)
        return FigureLine(label, pair.slug, alike, alike, NOTHING, False)
    then, now, difference = _three(pair.unit, pair.then, pair.now)
    return FigureLine(label, pair.slug, then, now, difference, True)


def _amount(unit: str, value: float | None, digits: int | None = None) -> Sentence:
    if unit not in _UNITS:
        return sentence(Number(value, digits=digits))
    shown = value / 3600 if unit == "seconds" and value is not None else value
    return sentence(Number(shown, _UNITS[unit], digits))


def _three(unit: str, then: float | None, now: float | None) -> tuple[Sentence, Sentence, Sentence]:
    """Then, now and their difference, with as many decimals as let them add up in sight."""
    if then is None or now is None:
        return _amount(unit, then), _amount(unit, now), sentence(UNKNOWN)
    part = 3600 if unit == "seconds" else 1
    before, after = then / part, now / part
    digits = digits_apart(before, after)
    change = round(after, digits) - round(before, digits)
    difference = sentence(Number(change, digits=digits, is_signed=True))
    return _amount(unit, then, digits), _amount(unit, now, digits), difference


def change_line(change: IssueChange) -> ChangeLine:
    """A change of an issue."""
    difference = change.difference
    then, now = _value(change.kind, change.then), _value(change.kind, change.now)
    told = NOTHING
    if difference is not None:
        unit = "seconds" if change.kind == "seconds" else "points"
        _, _, told = _three(unit, float(change.then or 0), float(change.now or 0))
    return ChangeLine(LABELS[change.kind], then, now, told)


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
