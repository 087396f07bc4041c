"""Reads the impediments of one team in a window, and the work that was lost to them.

Work counts in the window in which it was started; on a flagged issue only what was started while
it was flagged.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, func, select

from telemetry.metrics.impediment import Impediment
from telemetry.metrics.open_time import OpenSpan
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import are_shown
from telemetry.store import schema as s
from telemetry.store.terms import ISSUE_OF_SPAN, SPAN, is_lost, is_open
from telemetry.store.upsert import chunks


class Titled(NamedTuple):
    """A span of an impediment with its issue's key and summary."""

    span: Impediment
    key: str
    summary: str


class Lost(NamedTuple):
    """Work that was lost to an impediment."""

    issue_id: int
    ordinal: int
    started_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class Found:
    """The impediments that were open or worked on in [start, end), oldest first, and that work."""

    start: datetime
    end: datetime
    titled: Sequence[Titled]
    lost: Sequence[Lost]
    are_titles_shown: bool = True

    @property
    def spans(self) -> list[Impediment]:
        return [one.span for one in self.titled]

    def seconds(self, start: datetime, end: datetime) -> Counter[int]:
        """What was lost in [start, end), by issue."""
        found: Counter[int] = Counter()
        for one in self.lost:
            if start <= one.started_at < end:
                found[one.issue_id] += one.seconds
        return found

    def touched(self, start: datetime, end: datetime) -> list[Titled]:
        """The impediments that were opened or worked on in [start, end)."""
        worked = {(one.issue_id, one.ordinal) for one in self.lost if start <= one.started_at < end}
        return [
            one
            for one in self.titled
            if start <= one.span.opened_at < end or (one.span.issue_id, one.span.ordinal) in worked
        ]


def read_found(connection: Connection, team: StoredTeam, start: datetime, end: datetime) -> Found:
    """What the window [start, end) has of the team's impediments."""
    lost = _read_lost(connection, team, start, end)
    titled = _read_titled(connection, team, start, end, {one.issue_id for one in lost})
    return Found(start, end, titled, lost, are_shown(connection))


def _read_lost(
    connection: Connection, team: StoredTeam, start: datetime, end: datetime
) -> list[Lost]:
    """The work lost in the window, that of one issue at one instant together.

    The window stands inside the sum: as a condition it would tempt SQLite to walk all work of the
    site in that window, once for every impediment.
    """
    w = s.work_logs.c
    counts = and_(w.started_at >= start, w.started_at < end, is_lost(w.started_at))
    seconds = func.sum(case((counts, w.seconds), else_=0))
    query = (
        select(SPAN.issue_id, SPAN.ordinal, w.started_at, seconds)
        .join_from(
            s.impediments, s.work_logs, and_(w.site == SPAN.site, w.issue_id == SPAN.issue_id)
        )
        .where(SPAN.team_key == team.rules.key)
        .group_by(SPAN.issue_id, SPAN.ordinal, w.started_at)
        .having(seconds > 0)
    )
    return [Lost(*row[:3], int(row[3])) for row in connection.execute(query)]


def _read_titled(
    connection: Connection,
    team: StoredTeam,
    start: datetime,
    end: datetime,
    worked: Collection[int],
) -> list[Titled]:
    i = s.issues.c
    names = [SPAN[name] for name in Impediment.__slots__]
    every = (
        select(*names, i.key, i.summary)
        .join_from(s.impediments, s.issues, ISSUE_OF_SPAN)
        .where(SPAN.team_key == team.rules.key)
    )
    present = is_open(start, end)
    rows = list(connection.execute(every.where(present)))
    for ids in chunks(sorted(worked)):  # work may be logged before an issue was created
        rows += connection.execute(every.where(~present, SPAN.issue_id.in_(ids)))
    titled = [Titled(Impediment(*row[:-2]), row.key, row.summary) for row in rows]
    return sorted(titled, key=lambda one: (one.span.opened_at, one.key, one.span.ordinal))


def open_spans(team: StoredTeam, spans: Sequence[Impediment], end: datetime) -> list[OpenSpan]:
    """The local days on which the impediments were open, up to `end`."""
    day_of = team.rules.calendar.day_of
    return [
        OpenSpan(span.issue_id, span.nature, day_of(since), day_of(min(until or end, end)))
        for span in spans
        for since, until in span.open_times()
        if since < end
    ]
