"""A quarter's figures over its epics, as of any instant. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from telemetry.metrics.burnup import BurnupDay, Week, burnup, weeks_of
from telemetry.metrics.epic_figures import (
    Epic,
    EpicFigures,
    Sums,
    figures_of_epic,
    in_order,
    step_at,
    sums_at,
)
from telemetry.metrics.epics import has_spell
from telemetry.metrics.quarter import Term
from telemetry.metrics.timeline import points


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The figures of a quarter as of an instant; of one to come there are no days yet.

    `before` is the end of the day before the first. `at_end` is None until the quarter is over.
    """

    epics: tuple[EpicFigures, ...]
    total_points: float
    in_progress_points: float
    done_points: float
    burnup: tuple[BurnupDay, ...]
    weeks: tuple[Week, ...]
    before: BurnupDay | None
    at_end: BurnupDay | None

    @property
    def remaining_points(self) -> float:
        return max(self.total_points - self.done_points, 0.0)

    @property
    def progression_percent(self) -> float | None:
        return 100 * self.done_points / self.total_points if self.total_points else None


def roadmap(term: Term, epics: Iterable[Epic], as_of: datetime) -> Roadmap:
    """The quarter's figures over the epics that have its label now, as of an instant."""
    every = list(epics)
    now = [one for one in every if str(term.quarter) in one.labels.quarters]
    ordered = in_order([_figures(one, term, as_of) for one in now])
    sums = _added(sums_at(one.children, as_of) for one in now)
    days = burnup(term, every, as_of)
    end = term.calendar.day_end(term.last)
    return Roadmap(
        epics=tuple(ordered),
        total_points=points(sums.total),
        in_progress_points=points(sums.in_progress),
        done_points=points(sums.done),
        burnup=tuple(days[1:]),
        weeks=tuple(weeks_of(term, days)),
        before=days[0] if days else None,
        at_end=days[-1] if as_of >= end else None,
    )


def _figures(epic: Epic, term: Term, as_of: datetime) -> EpicFigures:
    quarter = str(term.quarter)
    return replace(
        figures_of_epic(epic, as_of),
        slipped_from=_slipped_from(epic, term, as_of),
        also_of=tuple(one for one in epic.labels.quarters if one != quarter),
    )


def _slipped_from(epic: Epic, term: Term, as_of: datetime) -> str | None:
    """The quarter before, where the epic was of it and was not done at its end."""
    before = term.quarter.before()
    end = min(term.calendar.day_start(term.first), as_of)
    if not has_spell(epic.labels, before):
        return None
    states = [step.state for one in epic.children if (step := step_at(one, end)) is not None]
    is_done = bool(states) and all(state == "done" for state in states)
    return None if is_done else str(before)


def _added(sums: Iterable[Sums]) -> Sums:
    parts = list(zip(*sums, strict=True))
    return Sums(*map(sum, parts)) if parts else Sums()
