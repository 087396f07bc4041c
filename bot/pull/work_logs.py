"""Work logs that changed, whichever issue they are of: Jira does not always update the issue."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from telemetry.domain.bounds import bounded
from telemetry.errors import NotInTracker, TrackerError
from telemetry.store.engine import reading
from telemetry.store.issues import issue_ids_of_work_logs, known_among
from telemetry.store.pulls import read_cursor

CURSOR = "work_logs"
MISSING = "missing"  # an old Data Center: a reconciliation there reads everything again
STEADY = timedelta(seconds=10)  # how far two looks at one clock may differ by their way
Answer = tuple[list[int], datetime]


@dataclass(frozen=True, slots=True)
class WorkLogs:
    """The issues whose work logs changed, and where to go on; `next` is the cursor's new value."""

    issue_ids: Collection[int]
    next: Any


class WorkLogReader:
    """Asks for the changed and deleted work logs of a site since it was last asked for them.

    Without `asks_deleted` the deleted ones wait for another pull.
    """

    def __init__(
        self, jira: Jira, engine: Engine, pool: ThreadPoolExecutor, *, asks_deleted: bool
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._pool = pool
        self._lists: tuple[_List, _List | None] | None = None
        with reading(engine) as connection:
            self._cursor = read_cursor(connection, jira.site, CURSOR)
        if self._cursor is not None and not self.is_missing:
            self._lists = self._ask(timedelta(), with_deleted=asks_deleted)

    @property
    def is_missing(self) -> bool:
        """Whether this Jira has no such lists, as far as it was asked."""
        return bool(self._cursor == MISSING)

    def read(
        self, began_at: datetime, *, is_all_read: bool, came_back: timedelta = timedelta()
    ) -> WorkLogs:
        """What changed; where all issues are read anyway nothing, to go on from there.

        Then lists that were missing are asked for again: what a proxy refused once may be back.
        Where Jira's clock came back, the lists are asked for again from that far back.
        """
        if self._lists is not None and came_back > STEADY:
            self._lists = self._ask(came_back, with_deleted=True)
        if self._lists is None:
            now = began_at.isoformat()
            is_back = self._cursor is None or (is_all_read and self._has_lists(began_at))
            return WorkLogs((), {"updated": now, "deleted": now} if is_back else MISSING)
        try:
            changed, gone = self._lists
            updated, updated_until = changed.new()
            deleted, deleted_until = gone.new() if gone else ([], self._cursor["deleted"])
            issue_ids = set(self._jira.work_log_issues(updated).values()) if updated else set()
        except NotInTracker:
            return WorkLogs((), MISSING)
        except TrackerError as error:
            if error.is_of_site:
                raise
            return WorkLogs((), self._cursor)  # issues carry their work logs; it is asked again
        known: frozenset[int] = frozenset()
        if updated or deleted:
            with reading(self._engine) as connection:
                known = known_among(connection, self._jira.site, issue_ids)
                # one that moved is no longer where we know it, and nothing else may tell that
                known |= issue_ids_of_work_logs(connection, self._jira.site, [*updated, *deleted])
        return WorkLogs(known, {"updated": updated_until, "deleted": deleted_until})

    def _ask(self, earlier: timedelta, *, with_deleted: bool) -> "tuple[_List, _List | None]":
        jira, cursor = self._jira, self._cursor
        changed = _List(self._pool, jira.work_logs_updated, cursor["updated"], earlier)
        if not with_deleted:
            return changed, None
        return changed, _List(self._pool, jira.work_logs_deleted, cursor["deleted"], earlier)

    def _has_lists(self, at: datetime) -> bool:
        try:
            self._jira.work_logs_updated(at)
        except NotInTracker:
            return False
        except TrackerError as error:
            if error.is_of_site:
                raise
        return True


class _List:
    """One of the two lists, asked for since an instant (ISO 8601)."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        question: Callable[[datetime], Answer],
        since: str,
        earlier: timedelta,
    ) -> None:
        self._since = bounded(bounded(datetime.fromisoformat(since)) - earlier)
        self._answer = pool.submit(question, self._since)

    def new(self) -> tuple[list[int], str]:
        """The ids, and where to go on.

        Those at the very instant that was read up to come again and again: they were read.
        """
        ids, until = self._answer.result()
        return (ids if until > self._since else []), until.isoformat()
