"""Reads the statuses of a site: one that it lists no more is known as such from then on."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.translate import translate_statuses
from telemetry.errors import TrackerError
from telemetry.store.engine import writing
from telemetry.store.named import mark_statuses
from telemetry.store.tracker import read_statuses, write_statuses


class StatusReader:
    """The statuses of one site; `is_known` tells whether any were read before this pull."""

    def __init__(self, jira: Jira, engine: Engine, pool: ThreadPoolExecutor, *, is_known: bool):
        self._jira = jira
        self._engine = engine
        self._pool = pool
        self._is_known = is_known
        self._asked: Future[Any] | None = None

    def ask(self) -> None:
        """Ask for them in passing."""
        self._asked = self._pool.submit(self._jira.statuses)

    def read(self) -> None:
        """Read and write the site's statuses; where Jira refuses them, the known ones stay."""
        asked, self._asked = self._asked, None
        try:
            raw_statuses = asked.result() if asked else self._jira.statuses()
        except TrackerError as error:
            if error.is_of_site or not self._is_known:
                raise
        else:
            self._write(raw_statuses)

    def _write(self, raw_statuses: list[dict[str, Any]]) -> None:
        listed = translate_statuses(self._jira.site, raw_statuses)
        with writing(self._engine) as connection:
            known = read_statuses(connection, self._jira.site)
            ids = {status.id for status in listed}
            dropped = [
                replace(status, is_listed=False)
                for status in known.values()
                if listed and status.is_listed and status.id not in ids
            ]
            write_statuses(connection, [*listed, *dropped])
            now = read_statuses(connection, self._jira.site)
            mark_statuses(connection, self._jira.site, known, now)
