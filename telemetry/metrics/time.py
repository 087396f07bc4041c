"""Logged time in its three classes: planned, impediment, off-plan.

Read by facts, for a sprint and for the team's days. Work counts when it was started, on the
team's local day. The classes share out every second once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import Issue, IssueHistory, Sprint, WorkLog
from telemetry.metrics.impediment import Impediment, nature_at
from telemetry.metrics.state import Timeline
from telemetry.metrics.walk import sprint_window


class Kind(StrEnum):
    PLANNED = "planned"
    IMPEDIMENT = "impediment"
    OFF_PLAN = "off_plan"


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


def sprint_time(
    histories: Iterable[IssueHistory],
    scope: Scope,
    impediments: Mapping[int, Sequence[Impediment]],
    calendar: Calendar,
) -> dict[Slot, int]:
    """Seconds per day, class and nature of the team's work started in one sprint's window.

    `histories` are the team's own issues: its project, or what matches its JQL. Planned is what
    was in scope of this sprint; a sub-task counts with its parent.
    """
    return team_time(histories, [scope], impediments, calendar, (scope.start, scope.end))


def team_time(
    histories: Iterable[IssueHistory],
    scopes: Sequence[Scope],
    impediments: Mapping[int, Sequence[Impediment]],
    calendar: Calendar,
    window: tuple[datetime | None, datetime | None] = (None, None),
    *,
    has_sprints: bool = True,
) -> dict[Slot, int]:
    """Seconds per day, class and nature of all the team's work started in [from, to).

    Planned is what was in scope of one of the team's sprints whose window holds the start of the
    work. A team without sprints has no off-plan time: its other time is all planned.
    """
    seconds: Counter[Slot] = Counter()
    scopes_of: dict[int, list[Scope]] = {}
    for scope in scopes:
        for issue_id in scope.issue_ids:
            scopes_of.setdefault(issue_id, []).append(scope)
    for history in histories:
        spans = impediments.get(history.issue.id, ())
        mine = scopes_of.get(_owner(history.issue), ())
        for log in _logs(history, window):
            nature = nature_at(spans, log.started_at)
            if nature is not None:
                kind = Kind.IMPEDIMENT
            elif not has_sprints or any(s.start <= log.started_at < s.end for s in mine):
                kind = Kind.PLANNED
            else:
                kind = Kind.OFF_PLAN
            slot = Slot(calendar.day_of(log.started_at), kind, nature or "")
            seconds[slot] += log.seconds
    return dict(seconds)


def seconds_by_issue(
    histories: Iterable[IssueHistory], start: datetime, end: datetime
) -> dict[int, int]:
    """Seconds of work started in [start, end) by issue, those of sub-tasks under their parent."""
    seconds: Counter[int] = Counter()
    for history in histories:
        owner = _owner(history.issue)
        for log in _logs(history, (start, end)):
            seconds[owner] += log.seconds
    return dict(seconds)


def impediment_seconds_by_issue(
    histories: Iterable[IssueHistory],
    impediments: Mapping[int, Sequence[Impediment]],
    start: datetime,
    end: datetime,
) -> dict[int, int]:
    """Seconds lost to each impediment by work started in [start, end), by its own issue."""
    seconds: Counter[int] = Counter()
    for history in histories:
        spans = impediments.get(history.issue.id, ())
        if spans:
            for log in _logs(history, (start, end)):
                if nature_at(spans, log.started_at) is not None:
                    seconds[history.issue.id] += log.seconds
    return dict(seconds)


def totals(seconds: Mapping[Slot, int]) -> dict[Kind, int]:
    """Seconds per class."""
    sums = dict.fromkeys(Kind, 0)
    for slot, amount in seconds.items():
        sums[slot.kind] += amount
    return sums


def _logs(
    history: IssueHistory, window: tuple[datetime | None, datetime | None]
) -> Iterator[WorkLog]:
    if history.issue.gone_at is not None:
        return
    start, end = window
    for log in history.work_logs:
        if (start is None or start <= log.started_at) and (end is None or log.started_at < end):
            yield log


def _owner(issue: Issue) -> int:
    """The issue under which work counts: the parent of a sub-task, else itself."""
    return issue.parent_id if issue.is_subtask and issue.parent_id is not None else issue.id
