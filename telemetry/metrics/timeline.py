"""An issue replayed: its sprints, estimate and status after each moment of its history.

What every sprint figure begins with. The changelog does not tell what was set when an issue was
created: the first value is the `from` of a field's first change, else the present value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from telemetry.domain.models import Field, Issue, IssueHistory
from telemetry.domain.team import Estimate, EstimateKind, TeamRules
from telemetry.metrics.field_values import (
    GRAINS_PER_POINT,
    estimate_field,
    grains,
    grains_per_unit,
    sprint_set,
)
from telemetry.metrics.reconciled import replayed

NO_SPRINTS: frozenset[int] = frozenset()

_SCOPE, _ESTIMATE, _STATUS = 1, 2, 3  # the order inside one history
_RANKS = ((Field.SPRINT, _SCOPE), (Field.ESTIMATE, _ESTIMATE), (Field.STATUS, _STATUS))
_Values = tuple[str | None, str | None]  # from, to
_Row = tuple[datetime, int, int, int, _Values]  # when, history, order, ordinal
_place = itemgetter(0, 1, 2, 3)


class Moment(NamedTuple):
    """What an issue was right after one change; `history_id` is -1 for its creation."""

    at: datetime
    history_id: int
    sprint_ids: frozenset[int]
    estimate: int | None  # grains
    status_id: str
    is_done: bool

    def state(self, rules: TeamRules) -> str:
        """`done`, `in_progress` or `todo`."""
        if self.is_done:
            return "done"
        return "in_progress" if self.status_id in rules.in_progress_status_ids else "todo"


@dataclass(frozen=True, slots=True)
class Timeline:
    """An issue's moments in order, the first being its creation.

    `ever_in` are all sprints that it was ever in. Sub-tasks and epics carry no points and are not
    among a sprint's issues (`is_counted` is False).
    """

    issue: Issue
    moments: tuple[Moment, ...]
    ever_in: frozenset[int]

    @property
    def is_counted(self) -> bool:
        return not (self.issue.is_subtask or self.issue.is_epic)

    def at(self, instant: datetime) -> Moment | None:
        """The state at an instant, changes exactly at it included; None before the creation."""
        found = None
        for moment in self.moments:
            if moment.at > instant:
                break
            found = moment
        return found

    def was_in(self, sprint_id: int, start: datetime, end: datetime) -> bool:
        """Whether the issue was in the sprint at some moment from start to end, both included."""
        if self.is_in(sprint_id, start):
            return True
        return sprint_id in self.ever_in and any(
            start < m.at <= end and sprint_id in m.sprint_ids for m in self.moments
        )

    def is_in(self, sprint_id: int, instant: datetime) -> bool:
        """Whether the issue was in the sprint at an instant."""
        then = self.at(instant) if sprint_id in self.ever_in else None
        return then is not None and sprint_id in then.sprint_ids

    def is_left_over(self, closed_at: Mapping[int, datetime]) -> bool:
        """Whether it was in one of these sprints, which map to their close, when that closed."""
        return any(self.is_in(i, closed_at[i]) for i in self.ever_in & closed_at.keys())

    def done_at(self) -> datetime | None:
        """When the issue became done, if it still is."""
        spans = self.done_spans()
        return spans[-1][0] if spans and spans[-1][1] is None else None

    def done_spans(self) -> tuple[tuple[datetime, datetime | None], ...]:
        """The times in which the issue was done, each to when it was reopened (None: never)."""
        spans: list[tuple[datetime, datetime | None]] = []
        since = None
        for moment in self.moments:
            if moment.is_done and since is None:
                since = moment.at
            elif not moment.is_done and since is not None:
                spans.append((since, moment.at))
                since = None
        if since is not None:
            spans.append((since, None))
        return tuple(spans)


def points(grains: int) -> float:
    """Grains as points, rounded once."""
    return grains / GRAINS_PER_POINT


def timelines(histories: Iterable[IssueHistory], rules: TeamRules) -> dict[int, Timeline]:
    """The timeline of each issue by its id; issues that are gone are left out."""
    return {
        history.issue.id: timeline(history, rules)
        for history in histories
        if history.issue.gone_at is None
    }


def timeline(history: IssueHistory, rules: TeamRules) -> Timeline:
    """An issue's moments: changes by (time, history id), inside one scope, estimate, status.

    The last of them is as the issue stands now: see `telemetry.metrics.reconciled`.

    Source: changelog of Sprint, of the team's estimate field and of Status; the creation date.
    """
    issue = history.issue
    changes = _ordered(history, rules)
    unit, done = grains_per_unit(rules.estimate), rules.done_status_ids
    sprint_ids, estimate, status_id = _first_values(issue, rules.estimate, changes)
    created_at, is_created = issue.created_at, False
    moments: list[Moment] = []
    ever_in = set(sprint_ids)
    for at, history_id, rank, _, value in changes:
        if not is_created and at >= created_at:
            is_created = True
            is_done = status_id in done
            moments.append(Moment(created_at, -1, sprint_ids, estimate, status_id, is_done))
        if rank == _SCOPE:
            sprint_ids = sprint_set(value[1])
            ever_in |= sprint_ids
        elif rank == _ESTIMATE:
            estimate = grains(value[1], unit)
        else:
            status_id = value[1] or ""
        if is_created:
            is_done = status_id in done
            moments.append(Moment(at, history_id, sprint_ids, estimate, status_id, is_done))
    if not is_created:
        is_done = status_id in done
        moments.append(Moment(created_at, -1, sprint_ids, estimate, status_id, is_done))
    return Timeline(issue, tuple(moments), frozenset(ever_in))


def _ordered(history: IssueHistory, rules: TeamRules) -> list[_Row]:
    """The changes that matter, in the order in which they are applied."""
    rows = [
        (one.at, one.history_id, rank, one.ordinal, (one.from_value, one.to_value))
        for field, rank in _RANKS
        for one in replayed(history, field, rules).changes
    ]
    rows.sort(key=_place)
    return rows


def _first_values(
    issue: Issue, estimate: Estimate, rows: Iterable[_Row]
) -> tuple[frozenset[int], int | None, str]:
    """Sprints, estimate and status at the creation."""
    first: dict[int, str | None] = {}
    for row in rows:
        first.setdefault(row[2], row[4][0])
    return (
        sprint_set(first[_SCOPE]) if _SCOPE in first else frozenset(issue.sprint_ids),
        grains(first[_ESTIMATE], grains_per_unit(estimate))
        if _ESTIMATE in first
        else _present_estimate(issue, estimate),
        first.get(_STATUS, issue.status_id) or "",
    )


def _present_estimate(issue: Issue, estimate: Estimate) -> int | None:
    if estimate.kind is EstimateKind.ISSUE_COUNT:
        return GRAINS_PER_POINT
    return grains(issue.estimates.get(estimate_field(estimate) or ""), grains_per_unit(estimate))
