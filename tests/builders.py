"""Issues, sprints and teams for tests: each call says only what matters to the test.

Instants are texts in UTC: "2026-03-04" is that day's noon, "2026-03-04 09:30" that minute.
Statuses are "todo", "doing" and "done"; the estimate field is "points".
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import Change, Field, Issue, IssueHistory, Sprint, SprintState, WorkLog
from telemetry.domain.team import Estimate, EstimateKind, ImpedimentRules, TeamRules

SITE = "jira"
POINTS = "points"


def at(text: str) -> datetime:
    """An instant in UTC; a day alone is its noon."""
    is_day = len(text) == 10
    return datetime.fromisoformat(f"{text} 12:00" if is_day else text).replace(tzinfo=UTC)


def a_team(
    *,
    estimate: Estimate | None = None,
    impediment: ImpedimentRules | None = None,
    done: Iterable[str] = ("done",),
    in_progress: Iterable[str] = ("doing",),
    has_sprints: bool = True,
    **calendar: object,
) -> TeamRules:
    """A team's rules; further arguments are its calendar's."""
    return TeamRules(
        key="k8s",
        name="Kubernetes",
        site=SITE,
        project_key="K8S",
        is_narrowed=False,
        board_ids=(1,),
        has_sprints=has_sprints,
        calendar=Calendar(**calendar),  # type: ignore[arg-type]
        estimate=estimate or Estimate(EstimateKind.FIELD, POINTS),
        done_status_ids=frozenset(done),
        in_progress_status_ids=frozenset(in_progress),
        impediment=impediment or ImpedimentRules(),
    )


def a_sprint(
    number: int = 1,
    *,
    start: str | None = "2026-03-02 09:00",
    planned_end: str | None = "2026-03-13 17:00",
    closed: str | None = None,
    state: SprintState | None = None,
) -> Sprint:
    """A sprint of two weeks, active unless it was closed or has another state."""
    return Sprint(
        site=SITE,
        id=number,
        name=f"Sprint {number}",
        state=state or (SprintState.CLOSED if closed else SprintState.ACTIVE),
        board_id=1,
        started_at=at(start) if start else None,
        planned_end_at=at(planned_end) if planned_end else None,
        completed_at=at(closed) if closed else None,
    )


def in_sprint(when: str, before: str, after: str) -> Change:
    """The Sprint field changed, as in "38" to "38,40"."""
    return _change(when, Field.SPRINT, before, after)


def estimated(when: str, before: float | None, after: float | None, field: str = POINTS) -> Change:
    values = [None if value is None else str(value) for value in (before, after)]
    return _change(when, Field.ESTIMATE, *values)._replace(field_id=field)


def moved(when: str, before: str, after: str) -> Change:
    """The status changed."""
    return _change(when, Field.STATUS, before, after)


def flagged(when: str, *, on: bool) -> Change:
    return _change(when, Field.FLAGGED, "" if on else "1", "1" if on else "")


def logged(started: str, hours: float = 1) -> WorkLog:
    return WorkLog(id=0, started_at=at(started), seconds=round(hours * 3600))


def an_issue(
    number: int = 1,
    *,
    points: float | None = None,
    sprints: Iterable[int] = (1,),
    status: str = "todo",
    created: str = "2026-01-05",
    done: str | None = None,
    changes: Iterable[Change] = (),
    logs: Iterable[WorkLog] = (),
    labels: Iterable[str] = (),
    subtask_of: int | None = None,
    natures: Mapping[str, tuple[str, ...]] | None = None,
    **fields: object,
) -> IssueHistory:
    """An issue as it is now, with what happened to it; `done` is when it went from todo to done.

    `points`, `sprints` and `status` are the present values; each change is a history of its own,
    unless it has an id already.
    """
    every = [*changes, *([moved(done, "todo", "done")] if done else [])]
    issue = Issue(
        site=SITE,
        id=number,
        key=f"K8S-{number}",
        project_key="K8S",
        summary=f"Issue {number}",
        type_name="Sub-task" if subtask_of else "Story",
        is_subtask=subtask_of is not None,
        is_epic=False,
        status_id="done" if done else status,
        created_at=at(created),
        updated_at=max([at(created), *(change.at for change in every)]),
        parent_id=subtask_of,
        labels=tuple(labels),
        estimates={POINTS: points},
        natures=natures or {},
        sprint_ids=tuple(sprints),
    )
    issue = replace(issue, **fields)  # type: ignore[arg-type]
    return IssueHistory(
        issue,
        tuple(
            change if change.history_id else change._replace(history_id=number * 1000 + place)
            for place, change in enumerate(every, 1)
        ),
        tuple(log._replace(id=number * 1000 + place) for place, log in enumerate(logs, 1)),
    )


def _change(when: str, field: Field, before: str | None, after: str | None) -> Change:
    return Change(
        history_id=0,
        ordinal=0,
        at=at(when),
        field=field,
        field_id=None,
        from_value=before,
        to_value=after,
    )
