"""Epics and their children as they were at each moment, from their histories. Pure.

What the figures of quarters and programs are summed from.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple, TypeVar

from telemetry.domain.models import Field, IssueHistory
from telemetry.domain.quarter import (
    Quarter,
    odd_quarters,
    programs_in,
    quarters_in,
    read_quarter,
)
from telemetry.domain.team import TeamRules
from telemetry.metrics.reconciled import replayed
from telemetry.metrics.timeline import Timeline, points

DEPENDENCY = "dependency"
OUT = "out"
T = TypeVar("T", Quarter, str)


class Step(NamedTuple):
    """What a child was to its epic from an instant on.

    `state` is todo, in_progress, done, or out where it was no child of it.
    """

    at: datetime
    state: str
    points: float | None


class Child(NamedTuple):
    """An issue that is or was a child of an epic."""

    issue_id: int
    is_dependency: bool
    steps: tuple[Step, ...]


class Spell(NamedTuple):
    """A time in which an epic had a quarter's label; `until` is None where it has it now."""

    quarter: str
    since: datetime
    until: datetime | None


class ProgramSpell(NamedTuple):
    """A time in which an epic was of a program; `until` is None where it is of it now."""

    program: str
    since: datetime
    until: datetime | None


class EpicLabels(NamedTuple):
    """What an epic's labels say: the quarters and programs it is of now, and when it was of which.

    `odd` are labels that look like a quarter and are none.
    """

    quarters: tuple[str, ...]
    programs: tuple[str, ...]
    odd: tuple[str, ...]
    spells: tuple[Spell, ...]
    program_spells: tuple[ProgramSpell, ...] = ()


def epic_labels(history: IssueHistory, rules: TeamRules) -> EpicLabels:
    """What the labels of an epic say, with the changes of them."""
    issue = history.issue
    changes = replayed(history, Field.LABELS, rules).changes
    first = _labels(changes[0].from_value) if changes else issue.labels
    states = [(issue.created_at, first)]
    states += ((max(one.at, issue.created_at), _labels(one.to_value)) for one in changes)
    quarters = _spells((at, set(quarters_in(labels))) for at, labels in states)
    programs = _spells((at, set(programs_in(labels))) for at, labels in states)
    return EpicLabels(
        tuple(map(str, quarters_in(issue.labels))),
        programs_in(issue.labels),
        odd_quarters(issue.labels),
        tuple(
            sorted((Spell(str(one), since, until) for one, since, until in quarters), key=_by_start)
        ),
        tuple(sorted((ProgramSpell(*one) for one in programs), key=_by_start)),
    )


def _labels(value: str | None) -> list[str]:
    return (value or "").split()


def _spells(
    states: Iterable[tuple[datetime, AbstractSet[T]]],
) -> Iterator[tuple[T, datetime, datetime | None]]:
    since: dict[T, datetime] = {}
    for at, labels in states:
        gone = since.keys() - labels
        yield from ((one, since.pop(one), at) for one in gone)
        since |= dict.fromkeys(labels - since.keys(), at)
    yield from ((one, at, None) for one, at in since.items())


def _by_start(one: Spell | ProgramSpell) -> tuple[datetime, str]:
    return one.since, one[0]


def epics_of(history: IssueHistory, rules: TeamRules) -> list[tuple[datetime, int | None]]:
    """To which epic an issue belonged since when, the first entry being its creation."""
    issue = history.issue
    changes = replayed(history, Field.EPIC, rules).changes
    first = _epic_id(changes[0].from_value) if changes else issue.epic_id
    found = [(issue.created_at, first)]
    found += ((max(one.at, issue.created_at), _epic_id(one.to_value)) for one in changes)
    return found


def _epic_id(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() else None


def child(
    timeline: Timeline, epics: Iterable[tuple[datetime, int | None]], epic_id: int, rules: TeamRules
) -> Child | None:
    """What an issue was to an epic; None where it never was a child that counts.

    Sub-tasks and epics carry no points.
    """
    if not timeline.is_counted:
        return None
    places = [(at, found == epic_id) for at, found in epics]
    instants = sorted({at for at, _ in places} | {moment.at for moment in timeline.moments})
    steps: list[Step] = []
    for at in instants:
        now = timeline.at(at)
        if now is None:
            continue
        step = Step(at, OUT, None)
        if _last(places, at):
            estimate = None if now.estimate is None else points(now.estimate)
            step = Step(at, now.state(rules), estimate)
        if not steps or steps[-1][1:] != step[1:]:
            steps.append(step)
    if all(step.state == OUT for step in steps):
        return None
    labels = {label.casefold() for label in timeline.issue.labels}
    return Child(timeline.issue.id, DEPENDENCY in labels, tuple(steps))


def _last(places: Sequence[tuple[datetime, bool]], at: datetime) -> bool:
    """Whether the issue was the epic's child at an instant."""
    return next((is_in for since, is_in in reversed(places) if since <= at), False)


def has_spell(labels: EpicLabels, quarter: Quarter) -> bool:
    """Whether the epic is or ever was of a quarter."""
    return any(read_quarter(one.quarter) == quarter for one in labels.spells)
