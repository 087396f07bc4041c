"""Logged time in its three classes: planned, impediment, off-plan.

Read by facts, for a sprint and for the team's days. Work counts when it was started, on the
team's local day. The classes share out every second once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import IssueHistory, Sprint
from telemetry.metrics.impediment import Impediment, nature_at
from telemetry.metrics.kind import Kind
from telemetry.metrics.sprint_walk import sprint_window
from telemetry.metrics.timeline import Timeline

Spans = Mapping[int, Sequence[Impediment]]
Whole = npt.NDArray[np.int64]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MILLISECONDS_PER_DAY = 86_400_000


class Slot(NamedTuple):
    """A day, a class and, of impediments, a nature ("" otherwise)."""

    day: date
    kind: Kind
    nature: str


@dataclass(frozen=True, slots=True)
class Scope:
    """A sprint's window [start, end) and all issues that were in scope at some moment of it."""

    start: datetime
    end: datetime
    issue_ids: frozenset[int]


def sprint_scope(sprint: Sprint, timelines: Iterable[Timeline], as_of: datetime) -> Scope:
    """A sprint's window with the issues that were ever in its scope, estimated or not.

    Raises SprintNotStarted.
    """
    start, end = sprint_window(sprint, as_of)
    return Scope(
        start,
        end,
        frozenset(t.issue.id for t in timelines if t.was_in(sprint.id, start, end)),
    )


@dataclass(frozen=True, slots=True)
class Work:
    """Work logs in the order of their start, a column each.

    `owner_ids` are the issues under which the work counts: the parent of a sub-task, else the
    issue itself. `started_ms` and `days` count from 1970; a day is the team's local one.
    `lost_to` is the place in `natures` of what the work was lost to, -1 for work not lost.
    """

    issue_ids: Whole
    owner_ids: Whole
    started_ms: Whole
    seconds: Whole
    days: Whole
    lost_to: Whole
    natures: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.seconds)

    def place_of(self, instant: datetime) -> int:
        """How many were started before an instant."""
        return int(np.searchsorted(self.started_ms, -((EPOCH - instant) // MILLISECOND)))

    def between(self, first: int, last: int) -> "Work":
        """Those from one place to before another."""
        part = slice(first, last)
        return Work(
            self.issue_ids[part],
            self.owner_ids[part],
            self.started_ms[part],
            self.seconds[part],
            self.days[part],
            self.lost_to[part],
            self.natures,
        )


def work_of(rows: Whole, impediments: Spans, calendar: Calendar) -> Work:
    """The work in rows of issue, owner, start (ms) and seconds, in any order.

    `impediments` are those of all these issues.
    """
    ordered = rows[rows[:, 2].argsort(kind="stable")]
    issue_ids, owner_ids, started_ms, seconds = ordered.T
    natures = tuple(sorted({span.nature for span in chain.from_iterable(impediments.values())}))
    lost_to = _lost_to(issue_ids, started_ms, impediments, natures)
    days = _days(started_ms, calendar)
    return Work(issue_ids, owner_ids, started_ms, seconds, days, lost_to, natures)


def _days(started_ms: Whole, calendar: Calendar) -> Whole:
    """The local days: the day of UTC or, by the zone's midnight, the one before or after."""
    days, places = np.unique(started_ms // MILLISECONDS_PER_DAY, return_inverse=True)
    dates: list[date] = days.astype("datetime64[D]").tolist()
    bounds = [(calendar.day_start(day), calendar.day_end(day)) for day in dates]
    bounds_ms = np.array(
        [[(at - EPOCH) // MILLISECOND for at in pair] for pair in bounds], dtype=np.int64
    ).reshape(-1, 2)
    starts, ends = bounds_ms[places].T
    local: Whole = days[places] - (started_ms < starts) + (started_ms >= ends)
    return local


def _lost_to(
    issue_ids: Whole, started_ms: Whole, impediments: Spans, natures: Sequence[str]
) -> Whole:
    """What each log was lost to: on a flagged issue only what was started while it was flagged."""
    if not impediments:
        return np.full(len(issue_ids), -1, dtype=np.int64)
    places = {nature: place for place, nature in enumerate(natures)}
    labelled = {i: places[some[0].nature] for i, some in impediments.items() if not some[0].is_flag}
    codes = np.array([labelled.get(i, -1) for i in issue_ids.tolist()], dtype=np.int64)
    flagged = {i: some for i, some in impediments.items() if some[0].is_flag}
    if flagged:
        for row in np.flatnonzero(np.isin(issue_ids, list(flagged))).tolist():
            started_at = EPOCH + int(started_ms[row]) * MILLISECOND
            nature = nature_at(flagged[int(issue_ids[row])], started_at)
            if nature is not None:
                codes[row] = places[nature]
    return codes


def work_logs(histories: Iterable[IssueHistory], impediments: Spans, calendar: Calendar) -> Work:
    """The work in these histories; issues that are gone are left out."""
    logs = [
        (
            history.issue.id,
            history.issue.owner_id,
            (log.started_at - EPOCH) // MILLISECOND,
            log.seconds,
        )
        for history in histories
        if history.issue.gone_at is None
        for log in history.work_logs
    ]
    rows = np.array(logs, dtype=np.int64).reshape(-1, 4)
    return work_of(rows, impediments, calendar)


def within(work: Work, start: datetime, end: datetime) -> Work:
    """The work that was started in [start, end)."""
    return work.between(work.place_of(start), work.place_of(end))


def team_time(work: Work, scopes: Sequence[Scope], *, has_sprints: bool = True) -> dict[Slot, int]:
    """Seconds per day, class and nature.

    `work` is of the team's own issues: its project, or what matches its JQL. Planned is what was
    in scope of one of the given sprints, all of the team's or the one in question, whose window
    holds the start of the work. A team without sprints has no off-plan time: its other time is
    all planned.
    """
    is_planned = np.full(len(work), not has_sprints)
    for scope in scopes if has_sprints else ():
        first, last = work.place_of(scope.start), work.place_of(scope.end)
        inside = (i in scope.issue_ids for i in work.owner_ids[first:last].tolist())
        is_planned[first:last] |= np.fromiter(inside, bool, last - first)
    kinds = [(Kind.PLANNED, ""), (Kind.OFF_PLAN, "")]
    kinds += [(Kind.IMPEDIMENT, nature) for nature in work.natures]
    classes = np.where(work.lost_to >= 0, work.lost_to + 2, np.where(is_planned, 0, 1))
    slots, places = np.unique(work.days * len(kinds) + classes, return_inverse=True)
    days, numbers = np.divmod(slots, len(kinds))
    return {
        Slot(day, *kinds[number]): seconds
        for day, number, seconds in zip(
            days.astype("datetime64[D]").tolist(),
            numbers.tolist(),
            _sums(places, work.seconds, len(slots)),
            strict=True,
        )
    }


def _sums(places: npt.NDArray[np.intp], seconds: Whole, length: int) -> list[int]:
    """Seconds summed by place; exact, as they stay far below what a float holds whole."""
    return [round(amount) for amount in np.bincount(places, seconds, length).tolist()]


def impediment_seconds_by_issue(work: Work) -> dict[int, int]:
    """Seconds that were lost to each impediment, by its own issue."""
    is_lost = work.lost_to >= 0
    issue_ids, places = np.unique(work.issue_ids[is_lost], return_inverse=True)
    sums = _sums(places, work.seconds[is_lost], len(issue_ids))
    return dict(zip(issue_ids.tolist(), sums, strict=True))


def totals(seconds: Mapping[Slot, int]) -> dict[Kind, int]:
    """Seconds per class."""
    sums = dict.fromkeys(Kind, 0)
    for slot, amount in seconds.items():
        sums[slot.kind] += amount
    return sums
