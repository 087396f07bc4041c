"""Contradictions of issues: estimates, sprints and statuses that cannot be meant."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from telemetry.domain.models import Change, Field, IssueHistory, Status
from telemetry.domain.team import EstimateKind, TeamRules
from telemetry.metrics.contradictions import (
    Contradiction,
    Finding,
)
from telemetry.metrics.quality_work import done_since
from telemetry.metrics.reconciled import REPLAYED, has_lost_status, mended_fields
from telemetry.metrics.sprint_walk import SprintWalk
from telemetry.metrics.timeline import (
    Timeline,
    points,
)

CREATION = "creation"
NOTHING_RENAMED: Mapping[int, Collection[Field]] = MappingProxyType({})


def unestimated(running: Iterable[SprintWalk]) -> list[Finding]:
    """Issues in scope of a running sprint that are neither done nor estimated."""
    sprints: defaultdict[int, list[int]] = defaultdict(list)
    for walk in running:
        for issue in walk.issues:
            if issue.is_in_at_end and not issue.is_done_at_end and issue.final is None:
                sprints[issue.issue_id].append(walk.sprint.id)
    return [
        Finding(Contradiction.UNESTIMATED, issue_id=issue_id, sprint_ids=tuple(ids))
        for issue_id, ids in sorted(sprints.items())
    ]


def in_two_active_sprints(
    timelines: Iterable[Timeline], active_ids: Collection[int], as_of: datetime
) -> list[Finding]:
    """Issues that are in several active sprints at `as_of`, whosever they are."""
    found = []
    for timeline in timelines:
        now = timeline.at(as_of)
        both = now.sprint_ids & frozenset(active_ids) if now and timeline.is_counted else ()
        if len(both) > 1:
            kind, issue_id = Contradiction.TWO_ACTIVE_SPRINTS, timeline.issue.id
            found.append(Finding(kind, issue_id=issue_id, sprint_ids=tuple(sorted(both))))
    return found


def estimated_subtasks(
    timelines: Iterable[Timeline], rules: TeamRules, as_of: datetime
) -> list[Finding]:
    """Sub-tasks with an estimate other than 0 at `as_of`, by the team's estimate field."""
    if rules.estimate.kind is EstimateKind.ISSUE_COUNT:
        return []
    return [
        Finding(
            Contradiction.SUBTASK_ESTIMATE,
            issue_id=timeline.issue.id,
            after=points(now.estimate),
        )
        for timeline in timelines
        if timeline.issue.is_subtask and (now := timeline.at(as_of)) and now.estimate
    ]


def estimates_after_done(
    timelines: Iterable[Timeline], start: datetime, as_of: datetime
) -> list[Finding]:
    """Issues whose estimate was changed in (start, as_of] while they were done.

    An estimate given in the very edit that made an issue done is none, nor is one given in the
    edit that reopened it, nor one that was put back.
    """
    found = []
    for timeline in timelines:
        left_done = {(m.at, m.history_id): m.is_done for m in timeline.moments}
        late = [
            (before, after)
            for before, after in zip(timeline.moments, timeline.moments[1:], strict=False)
            if before.is_done and after.is_done and before.estimate != after.estimate
            if left_done[after.at, after.history_id]
            if start < after.at <= as_of
        ]
        if not timeline.is_counted or not late or late[0][0].estimate == late[-1][1].estimate:
            continue
        first, last = late[0][0].estimate, late[-1][1].estimate
        found.append(
            Finding(
                Contradiction.ESTIMATE_AFTER_DONE,
                issue_id=timeline.issue.id,
                at=late[-1][1].at,
                against_at=done_since(timeline, late[-1][1].at),
                count=len(late),
                before=None if first is None else points(first),
                after=None if last is None else points(last),
            )
        )
    return found


def future_changes(histories: Iterable[IssueHistory], as_of: datetime) -> list[Finding]:
    """Issues with changes after `as_of`, or created then: `at` is the last, `count` how many."""
    found = []
    for history in histories:
        issue = history.issue
        late = [(one.at, one.field.value) for one in history.changes if one.at > as_of]
        if issue.created_at > as_of:
            late.append((issue.created_at, CREATION))
        if late:
            found.append(
                Finding(
                    Contradiction.FUTURE_CHANGE,
                    issue_id=issue.id,
                    at=max(at for at, _ in late),
                    count=len(late),
                    field_names=tuple(sorted({name for _, name in late})),
                )
            )
    return found


def mended(
    histories: Iterable[IssueHistory],
    rules: TeamRules,
    renamed: Mapping[int, Collection[Field]] = NOTHING_RENAMED,
) -> list[Finding]:
    """Issues of which a replayed field was held against the present and mended.

    Or of which no change tells how they became done.

    `renamed` are the fields, by issue, of which names decided against ids. `at` is the last
    change of these fields, as the tracker tells it, or the resolution where it tells none.
    """
    found = []
    for history in histories:
        fields = {*mended_fields(history, rules), *renamed.get(history.issue.id, ())}
        if has_lost_status(history, rules.done_status_ids):
            fields.add(Field.STATUS)
        names = tuple(field for field in REPLAYED if field in fields)
        if names:
            told = (one.at for one in history.changes if one.field in names)
            last = max(told, default=history.issue.resolved_at)
            kind, issue_id = Contradiction.MENDED_HISTORY, history.issue.id
            found.append(Finding(kind, issue_id=issue_id, at=last, field_names=names))
    return found


def migrations(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The status changes that share their history with a change of workflow."""
    every = tuple(changes)
    by_migration = {one.history_id for one in every if one.field is Field.WORKFLOW}
    return tuple(
        one for one in every if one.field is Field.STATUS and one.history_id in by_migration
    )


def migrated(
    pairs: Iterable[tuple[IssueHistory, Timeline]],
    rules: TeamRules,
    start: datetime,
    as_of: datetime,
) -> list[Finding]:
    """Issues whose status a workflow migration changed in (start, as_of].

    `before` and `after` are the status ids around all of it; those that it made done, or no
    longer done, come first.
    """
    done = rules.done_status_ids
    found: list[Finding] = []
    for history, timeline in pairs:
        jumps = [one for one in migrations(history.changes) if start < one.at <= as_of]
        if not jumps or not timeline.is_counted:
            continue
        finding = Finding(
            Contradiction.MIGRATED_STATUS,
            issue_id=history.issue.id,
            at=jumps[-1].at,
            count=len(jumps),
            before=jumps[0].from_value,
            after=jumps[-1].to_value,
            crosses_done=any((one.from_value in done) != (one.to_value in done) for one in jumps),
        )
        found.append(finding)
    return crossing_first(found)


def crossing_first(found: Iterable[Finding]) -> list[Finding]:
    """Migrations that made an issue done, or no longer done, before the others."""
    return sorted(found, key=lambda one: not one.crosses_done)


def unlisted_statuses(
    timelines: Iterable[Timeline], statuses: Mapping[str, Status], start: datetime
) -> list[Finding]:
    """Statuses that issues had at some moment since `start` and that are no longer listed.

    `count` is the number of issues; those of most issues come first.
    """
    counts: Counter[str] = Counter()
    for timeline in timelines:
        ends = [moment.at for moment in timeline.moments[1:]]
        recent = [
            moment.status_id
            for moment, end in zip(timeline.moments, [*ends, None], strict=True)
            if end is None or end > start
        ]
        counts.update({one for one in recent if one in statuses and not statuses[one].is_listed})
    return [
        Finding(Contradiction.UNLISTED_STATUS, status_id=status_id, count=count)
        for status_id, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
