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
from telemetry.errors import TrackerError, UnexpectedAnswer
from telemetry.store.engine import writing
from telemetry.store.named import mark_statuses
from telemetry.store.recategorized import note_recategorized
from telemetry.store.tracker import read_statuses, write_statuses
from telemetry.words import configuration as words


class StatusReader:
    """The statuses of one site; `is_known` tells whether any were read before this pull.

    `refusal` says why others stand for them, `was_asked` tells whether that is known of this pull.
    """

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
        self.was_asked = False
        self.refusal: str | None = None

    def ask(self) -> None:
        """Ask for them in passing."""
        self._asked = self._pool.submit(asked_statuses, self._jira)

    def read(self, projects: Collection[str] = ()) -> None:
        """Read and write the site's statuses; where Jira refuses them, the known ones stay.

        Where none are known, those of the projects stand for them; raises TrackerError without any.
        """
        asked, self._asked = self._asked, None
        self.was_asked = True
        try:
            raw_statuses = asked.result() if asked else asked_statuses(self._jira)
        except TrackerError as error:
            if error.is_of_site:
                raise
            if self._is_known:
                self.refusal = words.as_last_known(str(error))
                return
            raw_statuses = statuses_of(self._jira, projects)
            if not raw_statuses:
                raise
            self.refusal = words.by_projects(str(error))
        else:
            self.refusal = None
        self._write(raw_statuses)
        self._is_known = True

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


def asked_statuses(jira: Jira) -> list[dict[str, Any]]:
    """The statuses that Jira lists; it always has some, so an answer without any is none."""
    found = jira.statuses()
    if not translate_statuses(jira.site, found):
        raise UnexpectedAnswer(words.no_entry(jira.url, "status", "statuses"))
    return found


def statuses_of(jira: Jira, projects: Collection[str]) -> list[dict[str, Any]]:
    """The statuses that issues of the projects can have, as far as Jira tells them."""
    found: dict[str, dict[str, Any]] = {}
    for project in projects:
        with suppress(TrackerError):
            found |= {str(raw["id"]): raw for raw in jira.project_statuses(project)}
    return list(found.values())
