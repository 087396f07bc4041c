"""A quarter's figures as of any instant: epics, burnup, weeks, predictability. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from telemetry.domain.calendar import Calendar, days_between
from telemetry.domain.quarter import Quarter
from telemetry.metrics.epics import OUT, Child, EpicLabels, Step, has_spell
from telemetry.metrics.field_values import grains
from telemetry.metrics.timeline import points

ONE_DAY = timedelta(days=1)
GREEN, RED = 2, -1  # working days of predictability


@dataclass(frozen=True, slots=True)
class Epic:
    """An epic with what its labels say, and all that are or were its children."""

    issue_id: int
    labels: EpicLabels
    children: Sequence[Child]


@dataclass(frozen=True, slots=True)
class Term:
    """A quarter with its first and last day, and the team's calendar."""

    quarter: Quarter
    first: date
    last: date
    calendar: Calendar

    def working_days(self) -> int:
        return self.calendar.working_days(self.first, self.last)

    def staffed_days(self) -> float:
        """The working days without what absences take of them."""
        return self.working_days() - self.calendar.days_away(self.first, self.last)

    def is_over(self, today: date) -> bool:
        return today > self.last


def term_of(quarter: Quarter, calendar: Calendar) -> Term:
    """The quarter by the team's fiscal year."""
    month = calendar.fiscal_year_start
    return Term(quarter, quarter.first_day(month), quarter.last_day(month), calendar)


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


@dataclass(frozen=True, slots=True)
class BurnupDay:
    """The scope and what of it is done at a day's end."""

    day: date
    total_points: float
    done_points: float

    @property
    def progression_percent(self) -> float | None:
        return 100 * self.done_points / self.total_points if self.total_points else None


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the quarter up to its last day that is known; it ends on a Sunday, or with it."""

    starts_on: date
    ends_on: date
    progression_percent: float | None
    done_points: float  # became done in it, less what was reopened or left the roadmap
    scope_change_points: float


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
    sums = _added(_sums(one.children, as_of) for one in now)
    days = burnup(term, every, as_of)
    end = term.calendar.day_end(term.last)
    return Roadmap(
        epics=tuple(ordered),
        total_points=points(sums.total),
        in_progress_points=points(sums.in_progress),
        done_points=points(sums.done),
        burnup=tuple(days[1:]),
        weeks=tuple(_weeks(term, days)),
        before=days[0] if days else None,
        at_end=days[-1] if as_of >= end else None,
    )


def in_order(epics: Iterable[EpicFigures]) -> list[EpicFigures]:
    """The epics as they are likely finished: done first, then by how far they are.

    Those without an estimate come last, equal ones in the order of their creation.
    """
    return sorted(
        epics,
        key=lambda one: (one.done_percent is None, -(one.done_percent or 0.0), one.issue_id),
    )


def _figures(epic: Epic, term: Term, as_of: datetime) -> EpicFigures:
    quarter = str(term.quarter)
    return replace(
        figures_of_epic(epic, as_of),
        slipped_from=_slipped_from(epic, term, as_of),
        also_of=tuple(one for one in epic.labels.quarters if one != quarter),
    )


def figures_of_epic(epic: Epic, as_of: datetime) -> EpicFigures:
    """Where an epic stands, whatever its quarters."""
    sums = _sums(epic.children, as_of)
    found = [(one, step) for one in epic.children if (step := _step_at(one, as_of)) is not None]
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


def _slipped_from(epic: Epic, term: Term, as_of: datetime) -> str | None:
    """The quarter before, where the epic was of it and was not done at its end."""
    before = term.quarter.before()
    end = min(term.calendar.day_start(term.first), as_of)
    if not has_spell(epic.labels, before):
        return None
    states = [step.state for one in epic.children if (step := _step_at(one, end)) is not None]
    is_done = bool(states) and all(state == "done" for state in states)
    return None if is_done else str(before)


def _step_at(child: Child, at: datetime) -> Step | None:
    """What the child was at an instant; None while it was none."""
    place = bisect_right(child.steps, at, key=lambda step: step.at) - 1
    if place < 0 or child.steps[place].state == OUT:
        return None
    return child.steps[place]


def _sums(children: Iterable[Child], at: datetime) -> Sums:
    total = in_progress = done = 0
    for one in children:
        step = _step_at(one, at)
        if step is not None:
            amount = grains(step.points) or 0
            total += amount
            in_progress += amount if step.state == "in_progress" else 0
            done += amount if step.state == "done" else 0
    return Sums(total, in_progress, done)


def _added(sums: Iterable[Sums]) -> Sums:
    parts = list(zip(*sums, strict=True))
    return Sums(*map(sum, parts)) if parts else Sums()


def burnup(term: Term, epics: Iterable[Epic], as_of: datetime) -> list[BurnupDay]:
    """Scope and done at each day's end, from the day before the quarter to its last or `as_of`'s.

    Of the epics that had the label then, with the children, estimates and states of then. None
    before the quarter has begun.
    """
    calendar = term.calendar
    last = min(term.last, calendar.day_of(as_of))
    if last < term.first:
        return []
    days = days_between(term.first - ONE_DAY, last)
    ends = [calendar.day_end(day) for day in days]
    changes = ([0] * (len(days) + 1), [0] * (len(days) + 1))
    for epic in epics:
        for since, until in _labelled(epic.labels, term.quarter):
            for one in epic.children:
                _note(changes, ends, one.steps, since, until, as_of)
    totals, dones = (list(accumulate(some)) for some in changes)
    return [
        BurnupDay(day, points(totals[place]), points(dones[place]))
        for place, day in enumerate(days)
    ]


def _labelled(labels: EpicLabels, quarter: Quarter) -> Iterable[tuple[datetime, datetime | None]]:
    name = str(quarter)
    return ((one.since, one.until) for one in labels.spells if one.quarter == name)


def _note(
    changes: tuple[list[int], list[int]],
    ends: Sequence[datetime],
    steps: Sequence[Step],
    since: datetime,
    until: datetime | None,
    as_of: datetime,
) -> None:
    """Note on which days a child's points came and went while its epic had the label."""
    totals, dones = changes
    following = [step.at for step in steps[1:]]
    for step, end in zip(steps, [*following, None], strict=True):
        amount = grains(step.points)
        if not amount or step.state == OUT:
            continue
        start = max(step.at, since)
        stops = [at for at in (end, until) if at is not None]
        stop = min(stops) if stops else None
        if start > as_of or (stop is not None and stop <= start):
            continue
        first = bisect_right(ends, start)
        rest = len(ends) if stop is None or stop > as_of else bisect_right(ends, stop)
        for some in (totals, dones) if step.state == "done" else (totals,):
            some[first] += amount
            some[rest] -= amount


def _weeks(term: Term, days: Sequence[BurnupDay]) -> list[Week]:
    """The weeks that have begun, each up to the last of its days that is known."""
    if not days:
        return []
    found = []
    last_day = days[-1].day
    start = term.first
    at: Mapping[date, BurnupDay] = {one.day: one for one in days}
    before = days[0]
    while start <= last_day:
        end = min(start + timedelta(days=6 - start.weekday()), term.last)
        now = at[min(end, last_day)]
        change = (
            _less(now.done_points, before.done_points),
            _less(now.total_points, before.total_points),
        )
        found.append(Week(start, end, now.progression_percent, *change))
        before, start = now, end + ONE_DAY
    return found


def _less(after: float, before: float) -> float:
    """A difference of points without what floats add to it."""
    return points((grains(after) or 0) - (grains(before) or 0))


@dataclass(frozen=True, slots=True)
class Share:
    """Hours of a time: those lost to impediments and off-plan work, and all."""

    lost_seconds: int
    all_seconds: int

    @property
    def part(self) -> float | None:
        return self.lost_seconds / self.all_seconds if self.all_seconds else None


def security_coefficient(given: float | None, quarter: Share, sprints: Share) -> float:
    """The number that the team gave, or by how much more than usual is lost in the quarter.

    Where no hours tell, nothing is taken off.
    """
    if given is not None:
        return given
    if quarter.part is None or sprints.part is None:
        return 0.0
    return max(0.0, quarter.part - sprints.part)


def capacity_limit(velocity: float | None, term: Term, coefficient: float) -> float | None:
    """The points that the quarter holds; None without velocity."""
    return None if velocity is None else velocity * term.staffed_days() * (1 - coefficient)


@dataclass(frozen=True, slots=True)
class Predictability:
    """Working days left and days to complete; `days` is None once the quarter is over."""

    working_days_left: int
    days_to_complete: float | None
    days: float | None

    @property
    def state(self) -> str | None:
        """`good`, `watch` or `bad`; None where it is unknown."""
        if self.days is None:
            return None
        if self.days >= GREEN:
            return "good"
        return "bad" if self.days < RED else "watch"


def predictability(
    term: Term, remaining_points: float, velocity: float | None, today: date
) -> Predictability:
    """Whether what remains fits into the working days from today on."""
    left = term.calendar.working_days(today, term.last)
    if remaining_points <= 0:
        needed: float | None = 0.0
    else:
        needed = remaining_points / velocity if velocity else None
    is_known = needed is not None and not term.is_over(today)
    return Predictability(left, needed, left - needed if is_known and needed is not None else None)
