"""Reads the fields of a site; where it refuses to list them, those of last time stand."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine

from bot.jira.client import Jira
from bot.translate.fields import FieldRoles, known_fields, with_former_names
from telemetry.errors import TrackerError, UnexpectedAnswer
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.words import configuration as words

Raw = dict[str, Any]
_CURSOR = "fields"
_KEPT = ("id", "name", "untranslatedName", "custom", "schema")


class FieldReader:
    """The fields of one site, read once a pull; settings find those that `roles` knew by name.

    `listed` is None while they are not known; `refusal` says what counts in their place, and `why`.
    """

    def __init__(
        self, jira: Jira, engine: Engine, pool: ThreadPoolExecutor, roles: FieldRoles | None
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._pool = pool
        self._roles = roles
        self._asked: Future[list[Raw]] | None = None
        self.listed: list[Raw] | None = None
        self.was_asked = False
        self.refusal: str | None = None
        self.why = ""

    def ask(self) -> None:
        """Ask for them in passing."""
        self._asked = self._pool.submit(asked_fields, self._jira)

    def read(self) -> list[Raw]:
        """The fields; raises TrackerError where Jira refuses them and they were never read."""
        if self.listed is None:
            self.listed = with_former_names(self._read(), self._roles)
        return self.listed

    def _read(self) -> list[Raw]:
        with reading(self._engine) as connection:
            known = fields_of_last_time(connection, self._jira.site)
        self.was_asked = True
        try:
            found = self._asked.result() if self._asked else asked_fields(self._jira)
        except TrackerError as error:
            if error.is_of_site:
                raise
            self.why = str(error)
            if not known:
                self.refusal = words.until_told(self.why)
                raise
            self.refusal = words.as_last_known(self.why)
            return known
        if (kept := _kept(found)) != known:
            with writing(self._engine) as connection:
                write_cursor(connection, self._jira.site, _CURSOR, kept)
        return found


def asked_fields(jira: Jira) -> list[Raw]:
    """The fields that Jira lists; it always has some, so an answer without any is none."""
    found = known_fields(jira.fields())
    if not found:
        raise UnexpectedAnswer(words.no_entry(jira.url, "field", "fields"))
    return found


def fields_of_last_time(connection: Connection, site: str) -> list[Raw]:
    """The site's fields as they were last listed; none where they never were."""
    return list(read_cursor(connection, site, _CURSOR) or ())


def _kept(fields: Iterable[Raw]) -> list[Raw]:
    """What is ever looked at of each field."""
    return [{name: raw[name] for name in _KEPT if name in raw} for raw in fields]
