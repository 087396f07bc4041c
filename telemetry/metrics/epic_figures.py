"""Where epics stand as of any instant. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from telemetry.metrics.epics import OUT, Child, EpicLabels, Step
from telemetry.metrics.field_values import grains
from telemetry.metrics.timeline import points


@dataclass(frozen=True, slots=True)
class Epic:
    """An epic with what its labels say, and all that are or were its children."""

    issue_id: int
    labels: EpicLabels
    children: Sequence[Child]


class Sums(NamedTuple):
    """Points of children, in all and by state, in grains."""

    total: int = 0
    in_progress: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class EpicFigures:
    """Where an epic stands; `slipped_from` is the quarter before, where it was of that, too.

    `also_of` are the other quarters that it has a label of now: it counts in each of them.
    `waiting_points` are those of its dependencies that are not done.
    """

    issue_id: int
    programs: tuple[str, ...]
    total_points: float
    in_progress_points: float
    done_points: float
    unestimated_count: int
    dependency_count: int
    child_count: int
    done_count: int
    slipped_from: str | None = None
    also_of: tuple[str, ...] = ()
    waiting_points: float = 0.0

    @property
    def done_percent(self) -> float | None:
        return 100 * self.done_points / self.total_points if self.total_points else None

    @property
    def remaining_points(self) -> float:
        return max(self.total_points - self.done_points, 0.0)


def in_order(epics: Iterable[EpicFigures]) -> list[EpicFigures]:
    """The epics as they are likely finished: done first, then by how far they are.

    Those without an estimate come last, equal ones in the order of their creation.
    """
    return sorted(
        epics,
        key=lambda one: (one.done_percent is None, -(one.done_percent or 0.0), one.issue_id),
    )


def figures_of_epic(epic: Epic, as_of: datetime) -> EpicFigures:
    """Where an epic stands, whatever its quarters."""
    sums = sums_at(epic.children, as_of)
    found = [(one, step) for one in epic.children if (step := step_at(one, as_of)) is not None]
    waiting = [step for one, step in found if one.is_dependency and step.state != "done"]
    return EpicFigures(
        issue_id=epic.issue_id,
        programs=epic.labels.programs,
        total_points=points(sums.total),
        in_progress_points=points(sums.in_progress),
        done_points=points(sums.done),
        unestimated_count=sum(s.points is None and s.state != "done" for _, s in found),
        dependency_count=sum(one.is_dependency for one, _ in found),
        child_count=len(found),
        done_count=sum(step.state == "done" for _, step in found),
        waiting_points=points(sum(grains(step.points) or 0 for step in waiting)),
    )


def step_at(child: Child, at: datetime) -> Step | None:
    """What the child was at an instant; None while it was none."""
    place = bisect_right(child.steps, at, key=lambda step: step.at) - 1
    if place < 0 or child.steps[place].state == OUT:
        return None
    return child.steps[place]


def sums_at(children: Iterable[Child], at: datetime) -> Sums:
    """What an epic's children came to at an instant."""
    total = in_progress = done = 0
    for one in children:
        step = step_at(one, at)
        if step is not None:
            amount = grains(step.points) or 0
            total += amount
            in_progress += amount if step.state == "in_progress" else 0
            done += amount if step.state == "done" else 0
    return Sums(total, in_progress, done)
