"""A sprint's figures that come from its issues, and the part each issue has in them.

Read by facts; the definitions are the section "Sprint" of definitions.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from telemetry.domain.team import TeamRules
from telemetry.metrics.burndown import ideal_grains
from telemetry.metrics.sprint_walk import (
    IssueWalk,
    Movement,
    SprintWalk,
)
from telemetry.metrics.timeline import points


class Outcome(StrEnum):
    """What became of an issue in a sprint."""

    COMPLETED_ELSEWHERE = "completed_elsewhere"
    REMOVED = "removed"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """The figures of a sprint that come from its issues: a part of `figures.SprintFigures`.

    `as_of` is the end of the window. `counts` are numbers of issues: by movement, by state at the
    end (total, todo, in_progress, done, remaining, unestimated), committed, carried_over and by
    outcome (completed, not_completed, completed_elsewhere, left).
    """

    as_of: datetime
    committed_points: float
    added_points: float
    removed_points: float
    reestimated_points: float
    burned_points: float
    reopened_points: float
    remaining_points: float
    completed_points: float
    in_progress_points: float
    done_points: float
    total_points: float
    completion_percent: float | None
    commitment_kept_percent: float | None
    carried_over_points: float
    unestimated_count: int
    expected_remaining_points: float | None
    behind_points: float | None
    working_days: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class IssueFigures:
    """One issue in one sprint; names as in the table sprint_issues, points None if unestimated."""

    issue_id: int
    outcome: Outcome
    is_added: bool
    is_committed: bool
    is_carried_over: bool
    state: str  # todo | in_progress | done, at the end
    initial_points: float | None
    final_points: float | None


def outcome_of(issue: IssueWalk) -> Outcome:
    """What became of an issue: the first definition that fits."""
    if issue.before is not None and issue.before.is_done and not issue.was_reopened:
        return Outcome.COMPLETED_ELSEWHERE
    if not issue.is_in_at_end:
        return Outcome.REMOVED
    return Outcome.COMPLETED if issue.is_done_at_end else Outcome.NOT_COMPLETED


def state_of(issue: IssueWalk, rules: TeamRules) -> str:
    """`done`, `in_progress` or `todo`, at the end of the sprint."""
    return issue.after.state(rules) if issue.after else "todo"


def carried_over_ids(walk: SprintWalk, closed_at: Mapping[int, datetime]) -> frozenset[int]:
    """The committed issues that were in scope of an earlier sprint at its close.

    `closed_at` maps every closed sprint to its actual end; those ended by this one's start count.
    """
    earlier = {i: at for i, at in closed_at.items() if i != walk.sprint.id and at <= walk.start}
    return frozenset(
        issue.issue_id
        for issue in walk.issues
        if issue.is_committed and issue.timeline.is_left_over(earlier)
    )


def sprint_issues(
    walk: SprintWalk, rules: TeamRules, closed_at: Mapping[int, datetime]
) -> tuple[IssueFigures, ...]:
    """Every issue that was in the sprint at some moment, by id."""
    carried = carried_over_ids(walk, closed_at)
    return tuple(
        IssueFigures(
            issue_id=issue.issue_id,
            outcome=outcome_of(issue),
            is_added=not issue.is_in_at_start,
            is_committed=issue.is_committed,
            is_carried_over=issue.issue_id in carried,
            state=state_of(issue, rules),
            initial_points=None if issue.initial is None else points(issue.initial),
            final_points=None if issue.final is None else points(issue.final),
        )
        for issue in walk.issues
    )


def sprint_figures(
    walk: SprintWalk, rules: TeamRules, closed_at: Mapping[int, datetime]
) -> WorkFigures:
    """The figures of a walked sprint; `closed_at` as for `carried_over_ids`."""
    carried = carried_over_ids(walk, closed_at)
    at_end = [issue for issue in walk.issues if issue.is_in_at_end]
    finished = [issue for issue in walk.issues if outcome_of(issue) is Outcome.COMPLETED]
    committed, remaining, total = walk.committed, walk.remaining, _final(at_end)
    kept = sum(issue.initial or 0 for issue in finished if issue.is_committed)
    ideal = ideal_grains(walk, rules.calendar, walk.end)
    calendar = rules.calendar
    days = calendar.working_days(calendar.day_of(walk.start), calendar.day_of(walk.end))
    return WorkFigures(
        as_of=walk.end,
        committed_points=points(committed),
        added_points=points(walk.moved(Movement.ADDED)),
        removed_points=points(-walk.moved(Movement.REMOVED)),
        reestimated_points=points(walk.moved(Movement.REESTIMATED)),
        burned_points=points(-walk.moved(Movement.BURNED)),
        reopened_points=points(walk.moved(Movement.REOPENED)),
        completed_points=points(_final(finished)),
        remaining_points=points(remaining),
        in_progress_points=points(
            _final(issue for issue in at_end if state_of(issue, rules) == "in_progress")
        ),
        done_points=points(total - remaining),
        total_points=points(total),
        carried_over_points=points(
            sum(issue.initial or 0 for issue in walk.issues if issue.issue_id in carried)
        ),
        completion_percent=100 * (total - remaining) / total if total else None,
        commitment_kept_percent=100 * kept / committed if committed else None,
        unestimated_count=sum(issue.final is None and not issue.is_done_at_end for issue in at_end),
        expected_remaining_points=None if ideal is None else points(ideal),
        behind_points=None if ideal is None else points(remaining - ideal),
        working_days=max(1, days),
        counts=_counts(walk, rules, carried),
    )


def _final(issues: Iterable[IssueWalk]) -> int:
    return sum(issue.final or 0 for issue in issues)


def _counts(walk: SprintWalk, rules: TeamRules, carried: frozenset[int]) -> dict[str, int]:
    counts = {
        kind.value: len({step.issue_id for step in walk.steps if step.kind is kind})
        for kind in Movement
    }
    outcomes = [outcome_of(issue) for issue in walk.issues]
    for outcome in Outcome:
        name = "left" if outcome is Outcome.REMOVED else outcome.value
        counts[name] = outcomes.count(outcome)
    at_end = [issue for issue in walk.issues if issue.is_in_at_end]
    states = [state_of(issue, rules) for issue in at_end]
    counts |= {state: states.count(state) for state in ("todo", "in_progress", "done")}
    counts["total"] = len(at_end)
    counts["remaining"] = counts["total"] - counts["done"]
    counts["unestimated"] = sum(
        issue.final is None and not issue.is_done_at_end for issue in at_end
    )
    counts["committed"] = sum(issue.is_committed for issue in walk.issues)
    counts["carried_over"] = len(carried)
    return counts
