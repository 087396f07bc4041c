"""A team's logged work and its impediments, read in as few and as large spans of time as needed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import ColumnElement, func, select

from telemetry.facts.reading.shared import (
    SharedWork,
    read_rows,
)
from telemetry.facts.reading.source import Source
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.logged_time import (
    Whole,
    Work,
    within,
    work_of,
)
from telemetry.store import schema as s
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


@dataclass(frozen=True, slots=True)
class Block:
    """The work started in [start, end), and the impediments open then or worked on."""

    start: datetime
    end: datetime
    work: Work
    spans: Spans


class TeamWork:
    """Work of one team by time. `shared` holds what was read for several teams at once."""

    def __init__(self, source: Source, shared: SharedWork | None = None) -> None:
        self._source = source
        self._shared = shared
        self._expected: list[Interval] = []
        self._blocks: list[Block] = []

    def expect(self, intervals: Iterable[Interval]) -> None:
        """Forget what was read; what is asked for next lies in these intervals."""
        self._blocks = []
        self._expected = merged(intervals)

    def block(self, start: datetime, end: datetime) -> Block:
        """The work and the impediments of [start, end)."""
        for block in self._blocks:
            if block.start <= start and end <= block.end:
                return _part(block, start, end)
        wide = [(a, b) for a, b in self._expected if a <= start and end <= b]
        block = self._read(*(wide or [(start, end)])[0])
        self._blocks.append(block)
        return _part(block, start, end)

    def seconds_of(
        self, issue_ids: Sequence[int], start: datetime, end: datetime
    ) -> dict[int, int]:
        """Seconds of work started in [start, end) on these issues and their sub-tasks, by issue.

        Whatever team they belong to; those of sub-tasks count under their parent.
        """
        source, shared = self._source, self._shared
        found: Counter[int] = Counter()
        if shared is not None and shared.covers(start, end):
            for owner_id, seconds in shared.seconds_of(issue_ids, start, end).tolist():
                found[owner_id] += seconds
            return found
        sums = select(OWNER_ID, func.sum(WORK.seconds)).join_from(
            s.issues, s.work_logs, ISSUE_OF_WORK
        )
        for ids in chunks([*issue_ids, *source.children(issue_ids)]):
            query = sums.where(
                present(source.rules.site),
                ISSUE.id.in_(ids),
                WORK.started_at >= start,
                WORK.started_at < end,
            )
            for owner_id, seconds in source.connection.execute(query.group_by(OWNER_ID)):
                found[owner_id] += int(seconds)
        return found

    def starts(self, issue_ids: Iterable[int]) -> set[datetime]:
        """When work was started on these issues."""
        found: set[datetime] = set()
        for ids in chunks(sorted(set(issue_ids))):
            query = select(WORK.started_at).where(
                WORK.site == self._source.rules.site, WORK.issue_id.in_(ids)
            )
            found.update(self._source.connection.scalars(query))
        return found

    def worked_ids(self, start: datetime, end: datetime) -> set[int]:
        """The team's issues on which work was started in [start, end)."""
        return set(self._rows(start, end)[:, 0].tolist())

    def first_at(self) -> datetime | None:
        """When the team's first logged work started, None without any."""
        query = select(func.min(WORK.started_at)).join_from(s.issues, s.work_logs, ISSUE_OF_WORK)
        own = own_issues(self._source.rules)
        first: datetime | None = self._source.connection.scalar(query.where(own))
        return first

    def _read(self, start: datetime, end: datetime) -> Block:
        rows = self._rows(start, end)
        spans = self._impediments(start, end, np.unique(rows[:, 0]).tolist())
        return Block(start, end, work_of(rows, spans, self._source.rules.calendar), spans)

    def _rows(self, start: datetime, end: datetime) -> Whole:
        source, shared = self._source, self._shared
        if shared is not None and shared.covers(start, end) and not source.rules.is_narrowed:
            return shared.rows(source.rules.project_key, start, end)
        window = (WORK.started_at >= start, WORK.started_at < end)
        return read_rows(source.connection, own_issues(source.rules), *window)

    def _impediments(self, start: datetime, end: datetime, worked_ids: Collection[int]) -> Spans:
        """Those open in [start, end) or among the issues worked on, by issue."""
        found = self._spans(is_open(start, end))
        for ids in chunks(sorted(set(worked_ids) - found.keys())):
            found |= self._spans(SPAN.issue_id.in_(ids))
        return found

    def _spans(self, condition: ColumnElement[bool]) -> dict[int, list[Impediment]]:
        rules = self._source.rules
        rows = self._source.connection.execute(
            select(*(SPAN[name] for name in Impediment.__slots__))
            .where(SPAN.team_key == rules.key, SPAN.site == rules.site, condition)
            .order_by(SPAN.issue_id, SPAN.ordinal)
        )
        found: dict[int, list[Impediment]] = {}
        for row in rows.all():
            found.setdefault(row.issue_id, []).append(Impediment(*row))
        return found


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
