"""Reads the statuses of a site: one that it lists no more is known as such from then on."""

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.translate import translate_statuses
from telemetry.errors import TrackerError
from telemetry.store.engine import writing
from telemetry.store.named import mark_statuses
from telemetry.store.recategorized import note_recategorized
from telemetry.store.tracker import read_statuses, write_statuses


class StatusReader:
    """The statuses of one site; `is_known` tells whether any were read before this pull."""

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        pool: ThreadPoolExecutor,
        at: datetime,
        *,
        is_known: bool,
    ) -> None:
        self._at = at
        self._jira = jira
        self._engine = engine
        self._pool = pool
        self._is_known = is_known
        self._asked: Future[Any] | None = None

    def ask(self) -> None:
        """Ask for them in passing."""
        self._asked = self._pool.submit(self._jira.statuses)

    def read(self, projects: Collection[str] = ()) -> None:
        """Read and write the site's statuses; where Jira refuses them, the known ones stay.

        Where none are known, those of the projects stand for them; raises TrackerError without any.
        """
        asked, self._asked = self._asked, None
        try:
            raw_statuses = asked.result() if asked else self._jira.statuses()
        except TrackerError as error:
            if error.is_of_site:
                raise
            if self._is_known:
                return
            raw_statuses = self._of_projects(projects)
            if not raw_statuses:
                raise
        self._write(raw_statuses)
        self._is_known = True

    def _of_projects(self, projects: Collection[str]) -> list[dict[str, Any]]:
        """The statuses that issues of the projects can have, as far as Jira tells them."""
        found: dict[str, dict[str, Any]] = {}
        for project in projects:
            with suppress(TrackerError):
                found |= {str(raw["id"]): raw for raw in self._jira.project_statuses(project)}
        return list(found.values())

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
            note_recategorized(connection, self._jira.site, known, listed, self._at)
            write_statuses(connection, [*listed, *dropped])
            now = read_statuses(connection, self._jira.site)
            mark_statuses(connection, self._jira.site, known, now)
