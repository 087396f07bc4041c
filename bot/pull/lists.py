"""What Jira lists of a whole site, and what its refusal costs: nothing that is known already."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull.site_fields import FieldReader
from bot.pull.statuses import StatusReader
from bot.translate.fields import FieldRoles
from telemetry.errors import TrackerError
from telemetry.store.engine import reading, writing
from telemetry.store.unread import About, Unread, read_unread, settle_unread

_NAMES = {1: "Jira's list of fields", 2: "Jira's list of statuses"}  # as the store numbers them


class SiteLists:
    """The fields and statuses of one site, during one pull; `at` is our clock.

    `roles` are those of the fields as they were known, `has_statuses` tells whether some were.
    """

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        pool: ThreadPoolExecutor,
        at: datetime,
        roles: FieldRoles | None,
        *,
        has_statuses: bool,
    ) -> None:
        self._site = jira.site
        self._engine = engine
        self._at = at
        self._has_asked_fields = False
        self.fields = FieldReader(jira, engine, pool, roles)
        self.statuses = StatusReader(jira, engine, pool, at, is_known=has_statuses)

    def ask(self, *, with_fields: bool) -> None:
        """Ask for them in passing."""
        self.statuses.ask()
        if with_fields:
            self.fields.ask()
        self._has_asked_fields = with_fields

    def take(self) -> None:
        """Read what was asked in passing."""
        self.statuses.read()
        if self._has_asked_fields:
            self.read_fields()

    def read_fields(self) -> None:
        """Read the site's fields where nothing needs them now: a refusal of these is no matter."""
        try:
            self.fields.read()
        except TrackerError as error:
            if error.is_of_site:
                raise

    def fields_or_why(self) -> tuple[list[dict[str, Any]], TrackerError | None]:
        """The site's fields; none, and why, where Jira refuses them and they were never read."""
        try:
            return self.fields.read(), None
        except TrackerError as error:
            if error.is_of_site:
                raise
            return [], error

    def sentences(self) -> list[str]:
        """Why other lists stand for those that were refused."""
        return [f"{_NAMES[number]}: {why}" for number, why in self._refused().items()]

    def note(self) -> None:
        """Note which of the lists that were asked for were refused, and which are told again."""
        refused = self._refused()
        asked = {number for number, one in self._every() if one.was_asked}
        with reading(self._engine) as connection:
            noted = {
                one.about_id: one.what
                for one in read_unread(connection, self._site)
                if one.kind is About.LIST and one.about_id in asked
            }
        if noted == refused:
            return
        found = [
            Unread(self._site, About.LIST, number, _NAMES[number], "", why, False, self._at)
            for number, why in refused.items()
        ]
        with writing(self._engine) as connection:
            settle_unread(connection, self._site, About.LIST, asked, found)

    def _every(self) -> tuple[tuple[int, FieldReader | StatusReader], ...]:
        return (1, self.fields), (2, self.statuses)

    def _refused(self) -> dict[int, str]:
        return {number: one.refusal for number, one in self._every() if one.refusal is not None}
