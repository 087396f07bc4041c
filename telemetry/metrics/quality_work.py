"""Contradictions of logged time: in the future, after done, too long, or missing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import Issue, IssueHistory, WorkLog
from telemetry.metrics.contradictions import (
    WORK_WINDOW,
    Contradiction,
    Finding,
    is_past_grace,
)
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.timeline import Timeline

LONGEST = timedelta(hours=24)


def future_work(histories: Iterable[IssueHistory], as_of: datetime) -> list[Finding]:
    """Issues with work that starts after `as_of`; work that starts exactly then is none."""
    return [
        _finding(Contradiction.FUTURE_WORK, history, logs)
        for history in histories
        if (logs := [log for log in history.work_logs if log.started_at > as_of])
    ]


def long_work_logs(histories: Iterable[IssueHistory], as_of: datetime) -> list[Finding]:
    """Issues with work logs of the last 90 days that are longer than 24 hours."""
    start, seconds = as_of - WORK_WINDOW, LONGEST.total_seconds()
    return [
        _finding(Contradiction.LONG_WORK_LOG, history, logs)
        for history in histories
        if (
            logs := [
                log for log in history.work_logs if log.seconds > seconds and log.started_at > start
            ]
        )
    ]


def work_after_done(
    pairs: Iterable[tuple[IssueHistory, Timeline]], calendar: Calendar, as_of: datetime
) -> list[Finding]:
    """Issues with work of the last 90 days that started when they had been done for a while.

    Allowed is work up to the end of the working day after the one on which an issue became done.
    An issue that was reopened before the work started was not done then.
    """
    found = []
    for history, timeline in pairs:
        late: list[WorkLog] = []
        since: datetime | None = None
        for log in sorted(history.work_logs, key=attrgetter("started_at")):
            if not as_of - WORK_WINDOW < log.started_at <= as_of:
                continue
            done_at = done_since(timeline, log.started_at)
            if done_at is not None and is_past_grace(calendar, done_at, log.started_at):
                late.append(log)
                since = done_at
        if late:
            finding = _finding(Contradiction.WORK_AFTER_DONE, history, late)
            found.append(replace(finding, against_at=since))
    return found


def done_since(timeline: Timeline, instant: datetime) -> datetime | None:
    """Since when the issue was done at an instant; None if it was not, or not yet created."""
    since = None
    for moment in timeline.moments:
        if moment.at > instant:
            break
        if not moment.is_done:
            since = None
        elif since is None:
            since = moment.at
    return since


def impediments_without_time(
    spans: Iterable[Impediment],
    issues: Mapping[int, Issue],
    worked_ids: Collection[int],
    calendar: Calendar,
    as_of: datetime,
) -> list[Finding]:
    """Impediments, open or closed in the last 90 days, on which nobody ever logged work.

    `worked_ids` are issues with work on themselves or their sub-tasks. Left out are flags (work
    stops while an issue is flagged), sub-tasks of impediments (their parent stands for them), and
    those opened, or closed, no longer ago than the working day that is allowed for.
    """
    labelled = {span.issue_id: span for span in spans if not span.is_flag}
    found = []
    for issue_id, span in sorted(labelled.items()):
        issue = issues.get(issue_id)
        if issue is None or issue_id in worked_ids or _is_part_of(issue, labelled):
            continue
        is_old = span.closed_at is not None and span.closed_at <= as_of - WORK_WINDOW
        if not is_old and is_past_grace(calendar, span.closed_at or span.opened_at, as_of):
            found.append(
                Finding(
                    Contradiction.IMPEDIMENT_WITHOUT_TIME,
                    issue_id=issue_id,
                    at=span.opened_at,
                    against_at=span.closed_at,
                )
            )
    return found


def _is_part_of(issue: Issue, labelled: Collection[int]) -> bool:
    return issue.is_subtask and issue.parent_id in labelled


def _finding(kind: Contradiction, history: IssueHistory, logs: Sequence[WorkLog]) -> Finding:
    """Some work logs of one issue: when the last of them started, their seconds and number."""
    return Finding(
        kind,
        issue_id=history.issue.id,
        at=max(log.started_at for log in logs),
        seconds=sum(log.seconds for log in logs),
        count=len(logs),
    )
