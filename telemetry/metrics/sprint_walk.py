"""A sprint walked from its start to its end: the steps that change what remains.

Second step of every sprint figure: timelines in, movements out. Amounts are whole grains.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter, itemgetter
from typing import NamedTuple

from telemetry.domain.models import Sprint, SprintState
from telemetry.errors import SprintNotStarted
from telemetry.metrics.timeline import (
    NO_SPRINTS,
    Moment,
    Timeline,
)


class Movement(StrEnum):
    """The ways in which what remains of a sprint changes."""

    ADDED = "added"
    REMOVED = "removed"
    REESTIMATED = "reestimated"
    BURNED = "burned"
    REOPENED = "reopened"


class Step(NamedTuple):
    """One change of one issue inside the sprint.

    `delta` is the signed change of what remains, `scope_delta` of all that is in scope; both can
    be 0, as when an unestimated issue is added.
    """

    at: datetime
    history_id: int
    issue_id: int
    kind: Movement
    delta: int
    scope_delta: int


class IssueWalk(NamedTuple):
    """One issue in one sprint; estimates are grains, None without one.

    `before` and `after` are its states at the sprint's start and end (None: not yet created).
    `initial` is its estimate at the start, or when it was added; `final` the one at the end, even
    if it was removed before. `is_committed`: in scope and not done at the start.
    `was_reopened` tells whether it left done in between, wherever it was then.
    """

    issue_id: int
    timeline: Timeline
    before: Moment | None
    after: Moment | None
    is_in_at_start: bool
    is_in_at_end: bool
    is_committed: bool
    is_done_at_end: bool
    initial: int | None
    final: int | None
    was_reopened: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SprintWalk:
    """A sprint's issues by id and its steps by (time, history id), over (start, end].

    `committed` is what was in scope and not done at the start, `remaining` what is so at the end,
    both in grains.
    """

    sprint: Sprint
    start: datetime
    end: datetime
    issues: tuple[IssueWalk, ...]
    steps: tuple[Step, ...]
    committed: int
    remaining: int

    def moved(self, kind: Movement) -> int:
        """The signed change of what remains by all steps of one kind, in grains."""
        return sum(step.delta for step in self.steps if step.kind is kind)


def sprint_window(sprint: Sprint, as_of: datetime) -> tuple[datetime, datetime]:
    """The actual start and end of a sprint; the end is `as_of` while it is active, at most that.

    Raises SprintNotStarted for a future sprint and for one without a start.
    """
    if sprint.started_at is None or sprint.state is SprintState.FUTURE:
        raise SprintNotStarted(f"sprint {sprint.name!r} ({sprint.id}) has not started yet")
    end = as_of
    if sprint.state is SprintState.CLOSED:
        end = min(sprint.completed_at or sprint.planned_end_at or as_of, as_of)
    return sprint.started_at, max(sprint.started_at, end)


def has_window(sprint: Sprint, as_of: datetime) -> bool:
    """Whether a sprint has started by `as_of`, and did not end at or before its start."""
    start, end = sprint.started_at, sprint.completed_at or sprint.planned_end_at
    if start is None or sprint.state is SprintState.FUTURE or start > as_of:
        return False
    return sprint.state is not SprintState.CLOSED or end is None or start < end


def walk_sprint(sprint: Sprint, timelines: Iterable[Timeline], as_of: datetime) -> SprintWalk:
    """The issues that were in the sprint at some moment, and all steps inside it.

    Timelines of other issues, of sub-tasks and of epics are passed over.
    Raises SprintNotStarted.
    """
    start, end = sprint_window(sprint, as_of)
    walks = []
    for timeline in timelines:
        if sprint.id in timeline.ever_in and timeline.is_counted:
            walk = _walk_issue(timeline, sprint.id, start, end)
            if walk.is_in_at_start or walk.steps:
                walks.append(walk)
    walks.sort(key=attrgetter("issue_id"))
    steps = [step for walk in walks for step in walk.steps]
    steps.sort(key=itemgetter(0, 1))
    open_at_end = (w.final or 0 for w in walks if w.is_in_at_end and not w.is_done_at_end)
    committed = sum(walk.initial or 0 for walk in walks if walk.is_committed)
    return SprintWalk(sprint, start, end, tuple(walks), tuple(steps), committed, sum(open_at_end))


def _walk_issue(timeline: Timeline, sprint_id: int, start: datetime, end: datetime) -> IssueWalk:
    issue_id = timeline.issue.id
    before: Moment | None = None
    is_in_at_start = is_in = was_reopened = was_added = False
    initial = None
    last: Moment | None = None
    steps: list[Step] = []
    for moment in timeline.moments:
        if moment.at <= start:
            before = last = moment
            is_in_at_start = is_in = sprint_id in moment.sprint_ids
            initial = moment.estimate if is_in else None
            continue
        if moment.at > end:
            break
        if last is not None and last.is_done and not moment.is_done:
            was_reopened = True
        step = _step(issue_id, sprint_id, last, moment)
        if step is not None:
            steps.append(step)
            is_in = sprint_id in moment.sprint_ids
            if is_in and not is_in_at_start and not was_added:
                was_added, initial = True, moment.estimate
        last = moment
    return IssueWalk(
        issue_id=issue_id,
        timeline=timeline,
        before=before,
        after=last,
        is_in_at_start=is_in_at_start,
        is_in_at_end=is_in,
        is_committed=is_in_at_start and before is not None and not before.is_done,
        is_done_at_end=last is not None and last.is_done,
        initial=initial,
        final=last.estimate if last else None,
        was_reopened=was_reopened,
        steps=tuple(steps),
    )


def _step(issue_id: int, sprint_id: int, last: Moment | None, moment: Moment) -> Step | None:
    """What one moment does to the sprint; None if it does nothing.

    A moment changes one field; creation into the sprint counts as being added.
    """
    was_in = sprint_id in (last.sprint_ids if last else NO_SPRINTS)
    is_in = sprint_id in moment.sprint_ids
    if was_in != is_in:
        kind = Movement.ADDED if is_in else Movement.REMOVED
    elif not is_in or last is None:
        return None
    elif last.estimate != moment.estimate:
        kind = Movement.REESTIMATED
    elif last.is_done != moment.is_done:
        kind = Movement.BURNED if moment.is_done else Movement.REOPENED
    else:
        return None
    old = (last.estimate or 0) if last and was_in else 0
    new = (moment.estimate or 0) if is_in else 0
    old_remaining = 0 if last is None or last.is_done else old
    new_remaining = 0 if moment.is_done else new
    return Step(
        moment.at, moment.history_id, issue_id, kind, new_remaining - old_remaining, new - old
    )
