"""Logged time in its three classes: planned, impediment, off-plan.

Read by facts, for a sprint and for the team's days. Work counts when it was started, on the
team's local day. The classes share out every second once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import Issue, IssueHistory, Sprint
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.kind import Kind
from telemetry.metrics.state import Timeline
from telemetry.metrics.walk import sprint_window

Spans = Mapping[int, Sequence[Impediment]]
ONE_DAY = pd.Timedelta(days=1)


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


def work_frame(
    issue_ids: npt.ArrayLike,
    owner_ids: npt.ArrayLike,
    started_at: pd.DatetimeIndex,
    seconds: npt.ArrayLike,
    impediments: Spans,
    calendar: Calendar,
) -> pd.DataFrame:
    """Work logs in the order of their start, each with its local day and what it was lost to.

    Columns: issue_id; owner_id (the issue under which the work counts: the parent of a sub-task,
    else itself); started_at (UTC); seconds; day (days since 1970 of the team's local day); nature
    (a category; none for work that was not lost). `impediments` are those of all these issues.
    """
    local = started_at.tz_convert(calendar.timezone).tz_localize(None).normalize()
    frame = pd.DataFrame(
        {
            "issue_id": np.asarray(issue_ids, dtype=np.int64),
            "owner_id": np.asarray(owner_ids, dtype=np.int64),
            "started_at": started_at,
            "seconds": np.asarray(seconds, dtype=np.int64),
            "day": (local - pd.Timestamp(0)) // ONE_DAY,
        }
    ).sort_values("started_at", ignore_index=True)
    return frame.assign(nature=_natures(frame, impediments))


def _natures(logs: pd.DataFrame, impediments: Spans) -> pd.Categorical:
    """What each log was lost to: on a flagged issue only what was started while it was flagged."""
    natures = sorted({span.nature for span in chain.from_iterable(impediments.values())})
    places = {nature: place for place, nature in enumerate(natures)}
    labelled = {i: places[some[0].nature] for i, some in impediments.items() if not some[0].is_flag}
    codes = np.array(pd.Series(labelled, dtype=np.int64).reindex(logs["issue_id"], fill_value=-1))
    flagged = {i: some for i, some in impediments.items() if some[0].is_flag}
    worked = logs.loc[logs["issue_id"].isin(list(flagged)), ["issue_id", "started_at"]]
    for place, issue_id, started_at in worked.itertuples():
        for span in flagged[issue_id]:
            if span.opened_at <= started_at and not (
                span.closed_at and span.closed_at <= started_at
            ):
                codes[place] = places[span.nature]
    return pd.Categorical.from_codes(codes.tolist(), pd.Index(natures, dtype=object))


def work_logs(
    histories: Iterable[IssueHistory], impediments: Spans, calendar: Calendar
) -> pd.DataFrame:
    """The `work_frame` of these histories; issues that are gone are left out."""
    logs = [
        (history.issue.id, _owner(history.issue), log.started_at, log.seconds)
        for history in histories
        if history.issue.gone_at is None
        for log in history.work_logs
    ]
    issue_ids, owner_ids, started_at, seconds = zip(*logs, strict=True) if logs else ((),) * 4
    return work_frame(
        issue_ids,
        owner_ids,
        pd.DatetimeIndex(pd.to_datetime(list(started_at), utc=True)),
        seconds,
        impediments,
        calendar,
    )


def within(work: pd.DataFrame, start: datetime, end: datetime) -> pd.DataFrame:
    """The rows of a `work_frame` that were started in [start, end)."""
    bounds = [pd.Timestamp(start), pd.Timestamp(end)]
    first, last = pd.DatetimeIndex(work["started_at"]).searchsorted(bounds)
    return work.iloc[first:last]


def team_time(
    work: pd.DataFrame, scopes: Sequence[Scope], *, has_sprints: bool = True
) -> dict[Slot, int]:
    """Seconds per day, class and nature of all the work in a `work_frame`.

    `work` is of the team's own issues: its project, or what matches its JQL. Planned is what was
    in scope of one of the given sprints, all of the team's or the one in question, whose window
    holds the start of the work. A team without sprints has no off-plan time: its other time is
    all planned.
    """
    started_at, owner_ids = pd.DatetimeIndex(work["started_at"]), work["owner_id"]
    is_planned = np.full(len(work), not has_sprints)
    for scope in scopes if has_sprints else ():
        start, end = pd.Timestamp(scope.start), pd.Timestamp(scope.end)
        is_inside = (started_at >= start) & (started_at < end)
        is_planned |= is_inside & owner_ids.isin(scope.issue_ids).to_numpy()
    natures = pd.Categorical(work["nature"])
    kinds = [(Kind.PLANNED, ""), (Kind.OFF_PLAN, "")]
    kinds += [(Kind.IMPEDIMENT, nature) for nature in natures.categories]
    classes = np.where(natures.codes >= 0, natures.codes + 2, np.where(is_planned, 0, 1))
    slots = work["day"].to_numpy() * len(kinds) + classes  # one key: twice as quick as two
    sums = work["seconds"].groupby(slots, sort=False).sum()
    days, numbers = np.divmod(sums.index.to_numpy(), len(kinds))
    return {
        Slot(day, *kinds[number]): seconds
        for day, number, seconds in zip(
            days.astype("datetime64[D]").tolist(), numbers.tolist(), sums.tolist(), strict=True
        )
    }


def seconds_by_issue(
    histories: Iterable[IssueHistory], start: datetime, end: datetime
) -> dict[int, int]:
    """Seconds of work started in [start, end) by issue, those of sub-tasks under their parent."""
    seconds: Counter[int] = Counter()
    for history in histories:
        if history.issue.gone_at is None:
            logs = [log for log in history.work_logs if start <= log.started_at < end]
            if logs:
                seconds[_owner(history.issue)] += sum(log.seconds for log in logs)
    return dict(seconds)


def impediment_seconds_by_issue(work: pd.DataFrame) -> dict[int, int]:
    """Seconds of a `work_frame` that were lost to each impediment, by its own issue."""
    is_lost = pd.Categorical(work["nature"]).codes >= 0
    issue_ids, places = np.unique(work["issue_id"].to_numpy()[is_lost], return_inverse=True)
    sums = np.bincount(places, work["seconds"].to_numpy()[is_lost], len(issue_ids))
    return dict(zip(issue_ids.tolist(), map(int, sums), strict=True))


def totals(seconds: Mapping[Slot, int]) -> dict[Kind, int]:
    """Seconds per class."""
    sums = dict.fromkeys(Kind, 0)
    for slot, amount in seconds.items():
        sums[slot.kind] += amount
    return sums


def _owner(issue: Issue) -> int:
    """The issue under which work counts: the parent of a sub-task, else itself."""
    return issue.parent_id if issue.is_subtask and issue.parent_id is not None else issue.id
