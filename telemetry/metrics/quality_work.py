"""Contradictions of logged time: in the future, after done, too long, or missing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import Issue, IssueHistory, WorkLog
from telemetry.metrics.contradictions import (
    WORK_WINDOW,
    Contradiction,
    Finding,
    grace_ends_at,
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


def doubled_work(issue_id: int, logs: Sequence[WorkLog]) -> Finding:
    """An issue that shows work logs which count under another one."""
    last = max(log.started_at for log in logs)
    seconds = sum(log.seconds for log in logs)
    return Finding(Contradiction.DOUBLED_WORK, issue_id, at=last, seconds=seconds, count=len(logs))


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
            done_at = _late_since(timeline, log, calendar)
            if done_at is not None:
                late.append(log)
                since = done_at
        if late:
            finding = _finding(Contradiction.WORK_AFTER_DONE, history, late)
            found.append(replace(finding, against_at=since))
    return found


def _late_since(timeline: Timeline, log: WorkLog, calendar: Calendar) -> datetime | None:
    """Since when an issue was done for too long when work started; None where it was not."""
    since = done_since(timeline, log.started_at)
    is_late = since is not None and is_past_grace(calendar, since, log.started_at)
    return since if is_late else None


def work_due_at(
    history: IssueHistory, timeline: Timeline, calendar: Calendar
) -> Iterator[datetime]:
    """When an issue's work is to be judged anew though nothing changes.

    Future work begins, and work that contradicts becomes too old to be looked at.
    """
    for log in history.work_logs:
        yield log.started_at
        is_long = log.seconds > LONGEST.total_seconds()
        if is_long or _late_since(timeline, log, calendar) is not None:
            yield log.started_at + WORK_WINDOW


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

    Those of `spans` that are not in `issues` only tell that their sub-tasks are parts of them.

    `worked_ids` are issues with work on themselves or their sub-tasks. Left out are flags (work
    stops while an issue is flagged), sub-tasks of impediments (their parent stands for them), and
    those opened, or closed, no longer ago than the working day that is allowed for.
    """
    labelled = {span.issue_id: span for span in spans if not span.is_flag}
    found = []
    for issue_id, span in sorted(labelled.items()):
        issue = issues.get(issue_id)
        if issue is None or issue_id in worked_ids or _is_part(issue, labelled):
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


def impediment_due_at(
    issue: Issue, spans: Mapping[int, Impediment], calendar: Calendar
) -> Iterator[datetime]:
    """When an impediment without time is to be judged anew though nothing changes.

    `spans` are those by label, that of a sub-task's parent among them.
    """
    own, parents = spans.get(issue.id), spans.get(issue.owner_id)
    if own is None:
        return
    yield grace_ends_at(calendar, own.closed_at or own.opened_at)
    for span in (own, parents):
        if span is not None and span.closed_at is not None:
            yield span.closed_at + WORK_WINDOW


def _is_part(issue: Issue, labelled: Collection[int]) -> bool:
    return issue.owner_id != issue.id and issue.owner_id in labelled


def _finding(kind: Contradiction, history: IssueHistory, logs: Sequence[WorkLog]) -> Finding:
    """Some work logs of one issue: when the last of them started, their seconds and number."""
    return Finding(
        kind,
        issue_id=history.issue.id,
        at=max(log.started_at for log in logs),
        seconds=sum(log.seconds for log in logs),
        count=len(logs),
    )
