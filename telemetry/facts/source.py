"""Histories of one team's issues, each read once where memory allows."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from telemetry.domain.models import Issue, IssueHistory, Sprint
from telemetry.domain.team import TeamRules
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.state import Timeline, timeline
from telemetry.metrics.time import within, work_frame
from telemetry.store import schema as s
from telemetry.store.history import read_histories
from telemetry.store.issues import read_matches
from telemetry.store.tracker import read_sprints_by_id
from telemetry.store.upsert import chunks

KEPT_ISSUES = 8_000
WORK = s.work_logs.c
SPANS = s.impediments.c
Spans = dict[int, list[Impediment]]


class Source:
    """What facts of one team are computed from; read in the transaction that writes them."""

    def __init__(self, connection: Connection, rules: TeamRules) -> None:
        self.connection = connection
        self.rules = rules
        self._kept: OrderedDict[int, tuple[IssueHistory, Timeline]] = OrderedDict()
        self._closed: dict[int, datetime | None] = {}
        self._work: pd.DataFrame | None = None
        self._spans: Spans | None = None
        self._matches = (
            read_matches(connection, rules.key, rules.site) if rules.is_narrowed else None
        )

    def read(self, issue_ids: Iterable[int]) -> dict[int, tuple[IssueHistory, Timeline]]:
        """Each issue that is not gone with its timeline, by id."""
        wanted = set(issue_ids)
        found = {}
        for issue_id in wanted & self._kept.keys():
            self._kept.move_to_end(issue_id)
            found[issue_id] = self._kept[issue_id]
        missing = wanted - found.keys()
        for history in read_histories(self.connection, self.rules.site, missing).values():
            if history.issue.gone_at is None:
                pair = (history, timeline(history, self.rules))
                found[history.issue.id] = self._kept[history.issue.id] = pair
        while len(self._kept) > max(KEPT_ISSUES, len(wanted)):
            self._kept.popitem(last=False)
        return found

    def is_own(self, issue: Issue) -> bool:
        """Whether the issue's time and impediments are the team's: its project, or its JQL."""
        return issue.project_key == self.rules.project_key and self.is_matching(issue.id)

    def is_matching(self, issue_id: int) -> bool:
        """Whether the issue counts in the team's sprints: all do, unless JQL narrows the team."""
        return self._matches is None or issue_id in self._matches

    def members(self, sprint_id: int) -> list[int]:
        """The issues that were ever in a sprint and count for this team."""
        c = s.sprint_members.c
        ids = self.connection.scalars(
            select(c.issue_id).where(c.site == self.rules.site, c.sprint_id == sprint_id)
        )
        return [issue_id for issue_id in ids if self.is_matching(issue_id)]

    def _own_issues(self, query: Select[Any]) -> Select[Any]:
        i = s.issues.c
        return query.where(
            i.site == self.rules.site, i.project_key == self.rules.project_key, i.gone_at.is_(None)
        )

    def survey(self) -> datetime | None:
        """Note once who worked when and all impediments: for a team that is computed whole.

        Returns when the team's first logged work started, None without any.
        """
        self._spans = self._read_spans()
        self._work = self._frame(self._read_work(), self._spans)
        if self._work.empty:
            return None
        first: datetime = self._work["started_at"].iloc[0].to_pydatetime()
        return first

    def work(self, start: datetime, end: datetime) -> pd.DataFrame:
        """The team's work started in [start, end), as a `work_frame`."""
        if self._work is not None:
            return within(self._work, start, end)
        rows = self._read_work(WORK.started_at >= start, WORK.started_at < end)
        return self._frame(rows, self.impediments(start, end, {row[0] for row in rows}))

    def _read_work(self, *conditions: ColumnElement[bool]) -> list[Row[Any]]:
        i = s.issues.c
        owner_id = case((i.is_subtask, func.coalesce(i.parent_id, i.id)), else_=i.id)
        started_ms = type_coerce(WORK.started_at, BigInteger)
        joined = (i.site == WORK.site) & (i.id == WORK.issue_id)
        query = select(WORK.issue_id, owner_id, started_ms, WORK.seconds)
        query = self._own_issues(query.join_from(s.work_logs, s.issues, joined)).where(*conditions)
        return [row for row in self.connection.execute(query) if self.is_matching(row[0])]

    def _frame(self, rows: Sequence[Row[Any]], spans: Spans) -> pd.DataFrame:
        values = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 4)
        issue_ids, owner_ids, started_ms, seconds = values.T
        started_at = pd.to_datetime(started_ms, unit="ms", utc=True)
        return work_frame(issue_ids, owner_ids, started_at, seconds, spans, self.rules.calendar)

    def impediments(self, start: datetime, end: datetime, worked_ids: Collection[int]) -> Spans:
        """The team's impediments open in [start, end) or among the issues worked on, by issue."""
        if self._spans is not None:
            return {
                issue_id: spans
                for issue_id, spans in self._spans.items()
                if issue_id in worked_ids or any(is_open(span, start, end) for span in spans)
            }
        open_then = and_(
            SPANS.opened_at < end, or_(SPANS.closed_at.is_(None), SPANS.closed_at >= start)
        )
        found = self._read_spans(open_then)
        for ids in chunks(sorted(set(worked_ids) - found.keys())):
            found |= self._read_spans(SPANS.issue_id.in_(ids))
        return found

    def _read_spans(self, *conditions: ColumnElement[bool]) -> Spans:
        rows = self.connection.execute(
            select(*(SPANS[name] for name in Impediment.__slots__))
            .where(SPANS.team_key == self.rules.key, SPANS.site == self.rules.site, *conditions)
            .order_by(SPANS.issue_id, SPANS.ordinal)
        )
        found: Spans = {}
        for row in rows.all():
            found.setdefault(row.issue_id, []).append(Impediment(*row))
        return found

    def own_ids(self) -> list[int]:
        """All issues of the team that are not gone."""
        ids = self.connection.scalars(self._own_issues(select(s.issues.c.id)))
        return [issue_id for issue_id in ids if self.is_matching(issue_id)]

    def impediment_ids(self) -> set[int]:
        """The issues that are written as the team's impediments."""
        c = s.impediments.c
        return set(
            self.connection.scalars(
                select(c.issue_id).where(c.team_key == self.rules.key, c.site == self.rules.site)
            )
        )

    def days_written(self) -> set[date]:
        """The days that have time written."""
        c = s.team_days.c
        query = select(c.day).distinct().where(c.team_key == self.rules.key)
        return set(self.connection.scalars(query))

    def impediment_candidates(self, issue_ids: Sequence[int]) -> list[int]:
        """Those of the issues that may be impediments: so labelled, a sub-task, ever flagged."""
        i = s.issues.c
        own = (i.site == self.rules.site, i.project_key == self.rules.project_key)
        here = (*own, i.id.in_(issue_ids))
        if self.rules.impediment.is_flagged_counted:
            return list(issue_ids)
        labels = self.rules.impediment.labels
        return [
            row.id
            for row in self.connection.execute(select(i.id, i.labels, i.is_subtask).where(*here))
            if row.is_subtask or any(label.lower() in labels for label in row.labels)
        ]

    def children(self, issue_ids: Iterable[int]) -> list[int]:
        """The sub-tasks of these issues."""
        i = s.issues.c
        found: list[int] = []
        for ids in chunks(sorted(set(issue_ids))):
            query = select(i.id).where(
                i.site == self.rules.site, i.parent_id.in_(ids), i.is_subtask
            )
            found.extend(self.connection.scalars(query))
        return found

    def with_parents(
        self, pairs: dict[int, tuple[IssueHistory, Timeline]]
    ) -> dict[int, tuple[IssueHistory, Timeline]]:
        """The same with the parents of the sub-tasks among them."""
        parents = {
            history.issue.parent_id
            for history, _ in pairs.values()
            if history.issue.is_subtask and history.issue.parent_id is not None
        }
        return pairs | self.read(parents - pairs.keys())

    def closed_at(self, sprint_ids: Iterable[int]) -> dict[int, datetime]:
        """When each of these sprints was closed, of whatever board; open ones are left out."""
        wanted = set(sprint_ids)
        missing = wanted - self._closed.keys()
        if missing:
            known = read_sprints_by_id(self.connection, self.rules.site, missing)
            self._closed |= {i: _closed(known[i]) if i in known else None for i in missing}
        return {i: at for i in wanted if (at := self._closed[i]) is not None}


def is_open(span: Impediment, start: datetime, end: datetime) -> bool:
    """Whether an impediment was open at some moment of [start, end)."""
    return span.opened_at < end and (span.closed_at is None or span.closed_at >= start)


def _closed(sprint: Sprint) -> datetime | None:
    return sprint.completed_at if sprint.state.value == "closed" else None
