"""A team's logged work and its impediments, read in as few and as large spans of time as needed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from telemetry.domain.team import TeamRules
from telemetry.facts.reading.shared import SharedWork, read_rows
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.logged_time import (
    Whole,
    Work,
    within,
    work_of,
)
from telemetry.store import schema as s
from telemetry.store.issues import read_subtask_ids
from telemetry.store.terms import (
    ISSUE,
    ISSUE_OF_WORK,
    OWNER_ID,
    SPAN,
    WORK,
    is_open,
    own_issues,
    present,
)
from telemetry.store.upsert import chunks

Spans = Mapping[int, Sequence[Impediment]]
Interval = tuple[datetime, datetime]

_SUMS = (
    select(OWNER_ID, func.sum(WORK.seconds))
    .join_from(s.issues, s.work_logs, ISSUE_OF_WORK)
    .where(
        present(bindparam("site")),
        ISSUE.id.in_(bindparam("ids", expanding=True)),
        WORK.started_at >= bindparam("start"),
        WORK.started_at < bindparam("end"),
    )
    .group_by(OWNER_ID)
)
_SPANS = (
    select(*(SPAN[name] for name in Impediment.__slots__))
    .where(SPAN.team_key == bindparam("key"), SPAN.site == bindparam("site"))
    .order_by(SPAN.issue_id, SPAN.ordinal)
)


@dataclass(frozen=True, slots=True)
class Block:
    """The work started in [start, end), and the impediments open then or worked on."""

    start: datetime
    end: datetime
    work: Work
    spans: Spans


class TeamWork:
    """Work of one team in these intervals, read where they are first asked for.

    `shared` holds what was read for several teams at once, `spans` all of the team's impediments
    where they are at hand.
    """

    def __init__(
        self,
        connection: Connection,
        rules: TeamRules,
        intervals: Iterable[Interval],
        shared: SharedWork | None = None,
        spans: Spans | None = None,
    ) -> None:
        self._connection = connection
        self._rules = rules
        self._shared = shared
        self._every = spans
        self._intervals = merged(intervals)
        self._blocks: dict[Interval, Block] = {}

    def block(self, start: datetime, end: datetime) -> Block:
        """The work and the impediments of [start, end), which lies in one of the intervals."""
        wide = next((a, b) for a, b in self._intervals if a <= start and end <= b)
        if wide not in self._blocks:
            self._blocks[wide] = self._read(*wide)
        return _part(self._blocks[wide], start, end)

    def seconds_of(
        self, issue_ids: Sequence[int], start: datetime, end: datetime
    ) -> dict[int, int]:
        """Seconds of work started in [start, end) on these issues and their sub-tasks, by issue.

        Whatever team they belong to; those of sub-tasks count under their parent.
        """
        connection, site, shared = self._connection, self._rules.site, self._shared
        found: Counter[int] = Counter()
        if shared is not None and shared.covers(start, end):
            for owner_id, seconds in shared.seconds_of(issue_ids, start, end).tolist():
                found[owner_id] += seconds
            return found
        given = {"site": site, "start": start, "end": end}
        for ids in chunks([*issue_ids, *read_subtask_ids(connection, site, issue_ids)]):
            for owner_id, seconds in connection.execute(_SUMS, {**given, "ids": ids}):
                found[owner_id] += int(seconds)
        return found

    def _read(self, start: datetime, end: datetime) -> Block:
        rows = self._rows(start, end)
        spans = self._impediments(start, end, np.unique(rows[:, 0]).tolist())
        return Block(start, end, work_of(rows, spans, self._rules.calendar), spans)

    def _rows(self, start: datetime, end: datetime) -> Whole:
        rules, shared = self._rules, self._shared
        if shared is not None and shared.covers(start, end) and not rules.is_narrowed:
            return shared.rows(rules.project_key, start, end)
        return rows_of(self._connection, rules, start, end)

    def _impediments(self, start: datetime, end: datetime, worked_ids: Collection[int]) -> Spans:
        """Those open in [start, end) or among the issues worked on, by issue."""
        if self._every is not None:
            return _among(self._every, start, end, worked_ids)
        found = read_spans(self._connection, self._rules, is_open(start, end))
        for ids in chunks(sorted(set(worked_ids) - found.keys())):
            found |= read_spans(self._connection, self._rules, SPAN.issue_id.in_(ids))
        return found


def read_spans(
    connection: Connection, rules: TeamRules, *conditions: ColumnElement[bool]
) -> dict[int, list[Impediment]]:
    """The team's impediments of which this holds, by issue."""
    given = {"key": rules.key, "site": rules.site}
    rows = connection.execute(_SPANS.where(*conditions) if conditions else _SPANS, given)
    found: dict[int, list[Impediment]] = {}
    for one in (Impediment(*row) for row in rows.all()):
        found.setdefault(one.issue_id, []).append(one)
    return found


def _among(
    every: Spans, start: datetime, end: datetime, worked_ids: Collection[int]
) -> dict[int, list[Impediment]]:
    """What `read_spans` finds of those open in [start, end), and of the issues worked on."""
    found: dict[int, list[Impediment]] = {}
    for issue_id, spans in every.items():
        some = [
            one
            for one in spans
            if one.opened_at < end and (one.closed_at is None or one.closed_at >= start)
        ]
        if some:
            found[issue_id] = some
    for issue_id in sorted((set(worked_ids) - found.keys()) & every.keys()):
        found[issue_id] = list(every[issue_id])
    return found


def rows_of(connection: Connection, rules: TeamRules, start: datetime, end: datetime) -> Whole:
    """The team's work started in [start, end), as `read_rows` gives it."""
    return read_rows(connection, own_issues(rules), WORK.started_at >= start, WORK.started_at < end)


def starts_of(connection: Connection, site: str, issue_ids: Iterable[int]) -> set[datetime]:
    """When work was started on these issues."""
    found: set[datetime] = set()
    for ids in chunks(sorted(set(issue_ids))):
        query = select(WORK.started_at).where(WORK.site == site, WORK.issue_id.in_(ids))
        found.update(connection.scalars(query))
    return found


def first_work_at(connection: Connection, rules: TeamRules) -> datetime | None:
    """When the team's first logged work started, None without any."""
    query = select(func.min(WORK.started_at)).join_from(s.issues, s.work_logs, ISSUE_OF_WORK)
    first: datetime | None = connection.scalar(query.where(own_issues(rules)))
    return first


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The intervals, those that meet or overlap made one."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _part(block: Block, start: datetime, end: datetime) -> Block:
    if (start, end) == (block.start, block.end):
        return block
    work = within(block.work, start, end)
    worked_ids = set(work.issue_ids.tolist())
    spans = {
        issue_id: some
        for issue_id, some in block.spans.items()
        if issue_id in worked_ids or any(span.is_open(start, end) for span in some)
    }
    return Block(start, end, work, spans)
