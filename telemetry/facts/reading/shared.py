"""What the facts of several teams are computed from, read for all of them at once.

After most pulls little changed, and every team's running sprint is computed again: read team by
team, the questions would cost more than the answers.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Connection, case, func, select, type_coerce

from telemetry.domain.bounds import EARLIEST
from telemetry.domain.models import Field, IssueHistory
from telemetry.facts.affected import Window
from telemetry.metrics.logged_time import (
    EPOCH,
    MILLISECOND,
    Whole,
)
from telemetry.store import schema as s
from telemetry.store.history import read_changed_fields
from telemetry.store.members import read_members
from telemetry.store.terms import ISSUE, ISSUE_OF_WORK, OWNER_ID, WORK, present

REPLAYED = (Field.SPRINT, Field.ESTIMATE, Field.STATUS)  # the changes that make a timeline
MAX_ISSUES = 4_000
LONGEST = timedelta(days=45)  # of a sprint forgotten open, only its own team reads the work
ROWS_AT_ONCE = 10_000
MOST_ROWS = 2_000_000  # 80 MB


@dataclass(frozen=True, slots=True)
class SharedWork:
    """All work of a site started in [start, end): rows of `read_rows` by their start.

    Their last column is the place of the issue's project in `projects`, -1 for other projects.
    """

    start: datetime
    end: datetime
    work: Whole
    projects: Mapping[str, int]

    def covers(self, start: datetime, end: datetime) -> bool:
        return self.start <= start and end <= self.end

    def rows(self, project_key: str, start: datetime, end: datetime) -> Whole:
        """The rows of a project's work started in [start, end)."""
        found = self._started(start, end)
        return found[found[:, 4] == self.projects[project_key], :4]

    def seconds_of(self, issue_ids: Collection[int], start: datetime, end: datetime) -> Whole:
        """Owner and seconds of the work started in [start, end) on these issues' behalf."""
        found = self._started(start, end)
        return found[np.isin(found[:, 1], list(issue_ids))][:, (1, 3)]

    def _started(self, start: datetime, end: datetime) -> Whole:
        bounds = [-((EPOCH - at) // MILLISECOND) for at in (start, end)]
        first, last = np.searchsorted(self.work[:, 2], bounds)
        return self.work[first:last]


@dataclass(frozen=True, slots=True)
class Shared:
    """The members of running sprints, their histories, and work since the first of them began."""

    members: Mapping[int, list[int]] = field(default_factory=dict)
    histories: Mapping[int, IssueHistory] = field(default_factory=dict)
    work: SharedWork | None = None


NOTHING_SHARED = Shared()


def read_shared(
    connection: Connection, site: str, project_keys: Collection[str], running: Collection[Window]
) -> Shared:
    """What the teams of these projects, with these sprints running, read in common."""
    if not running:
        return NOTHING_SHARED
    members = read_members(connection, site, [window.sprint.id for window in running])
    issue_ids = islice(dict.fromkeys(chain.from_iterable(members.values())), MAX_ISSUES)
    histories = read_changed_fields(connection, site, issue_ids, REPLAYED)
    end = max(window.end for window in running)
    start = max(min(window.start for window in running), end - LONGEST)
    return Shared(members, histories, read_work(connection, site, project_keys, start, end))


def read_all_work(
    connection: Connection, site: str, project_keys: Collection[str], end: datetime
) -> Shared:
    """What teams of these projects that are computed whole read in common: work up to `end`.

    Read team by team and batch by batch, each work log came three times: of 20,000 issues 1.1 s of
    15 s. 40 bytes a work log are held; of more than `MOST_ROWS`, each team reads its own.
    """
    count = connection.scalar(select(func.count()).where(WORK.site == site)) or 0
    if count > MOST_ROWS:
        return NOTHING_SHARED
    return Shared(work=read_work(connection, site, project_keys, EARLIEST, end))


def read_work(
    connection: Connection,
    site: str,
    project_keys: Collection[str],
    start: datetime,
    end: datetime,
) -> SharedWork:
    """All work of a site started in [start, end)."""
    projects = {key: place for place, key in enumerate(sorted(project_keys))}
    started = (WORK.started_at >= start, WORK.started_at < end)
    place = case(projects, value=ISSUE.project_key, else_=-1)
    work = read_rows(connection, present(site), *started, last=place)
    return SharedWork(start, end, work[np.argsort(work[:, 2], kind="stable")], projects)


def read_rows(
    connection: Connection, *conditions: ColumnElement[bool], last: ColumnElement[int] | None = None
) -> Whole:
    """Work logs of issues: issue, owner (a sub-task's parent), start (ms), seconds, and `last`."""
    columns = [WORK.issue_id, OWNER_ID, type_coerce(WORK.started_at, BigInteger), WORK.seconds]
    columns += [] if last is None else [last]
    query = select(*columns).join_from(s.work_logs, s.issues, ISSUE_OF_WORK).where(*conditions)
    found = connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    parts = [np.empty((0, len(columns)), dtype=np.int64)]
    for rows in found.partitions():
        values = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * len(columns))
        parts.append(values.reshape(-1, len(columns)))
    return np.concatenate(parts)
