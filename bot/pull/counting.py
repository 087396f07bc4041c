"""Whether the number of issues that Jira has is the number that we hold: one cheap question.

A deleted, hidden or moved issue leaves no other trace between two reconciliations.
"""

from collections.abc import Collection

from sqlalchemy import Connection, Engine

from bot.jira.client import Jira
from bot.pull import queries
from bot.pull.asking import Asking
from bot.pull.state import digest_of
from telemetry.store.cursors import read_cursor, write_cursor
from telemetry.store.engine import reading
from telemetry.store.issues import count_issues


class Count:
    """The count of the projects' issues, asked for when this is made.

    Jira Cloud counts approximately: a difference that a comparison could not explain is
    remembered, and only another one is looked at again.
    """

    def __init__(
        self, jira: Jira, engine: Engine, asking: Asking, projects: Collection[str]
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._projects = sorted(projects)
        self._cursor = f"difference:{digest_of(self._projects)}"
        self._jql = queries.all_of(self._projects)
        self._answer = asking(jira.count, self._jql)
        self._settled: int | None = None

    def is_off(self) -> bool:
        """Whether the numbers differ otherwise than they did; call it when all is written."""
        difference = self._difference(self._answer.result())
        with reading(self._engine) as connection:
            known = read_cursor(connection, self._jira.site, self._cursor) or 0
        return difference is not None and difference != known

    def settle(self) -> None:
        """Count again after a comparison: what differs still is Jira's imprecision."""
        self._settled = self._difference(self._jira.count(self._jql))

    def write(self, connection: Connection) -> None:
        """Remember what was settled."""
        if self._settled is not None:
            write_cursor(connection, self._jira.site, self._cursor, self._settled)

    def _difference(self, counted: int | None) -> int | None:
        if counted is None:
            return None
        with reading(self._engine) as connection:
            known = count_issues(connection, self._jira.site, self._projects)
        return counted - sum(known.values())
