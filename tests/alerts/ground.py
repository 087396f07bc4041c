"""What random schedules run on: a store that is made as it was for each, and two bots of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from telemetry.context import Context
from telemetry.store import schema as s
from telemetry.store.engine import open_store, reading, writing
from tests.bench.teams import fill
from tests.pulled import a_team, configure, url_of

URL = "https://jira.example.com"
TEAMS = (1, 2)
SPRINTS = 4
ADDRESSES = {"chat": "json://chat", "mail": "json://mail\njson://post"}
FILLED = (s.sites, s.teams, s.sprints, s.sprint_facts)
WRITTEN = (s.alerts, s.alert_teams, s.mutes, s.deliveries, s.evaluations, s.digests)


class Killed(BaseException):
    """What ends a bot between two steps."""


class Ground:
    """A migrated, empty store, filled with two teams; rows are made anew faster than a file.

    `at_commit` is called before each transaction ends. What was once configured is read once.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self._folder = folder
        self.engines = tuple(open_store(url, base=folder) for _ in TEAMS)
        self.at_commit: Callable[[], None] | None = None
        self._known: dict[str, tuple[Context, ...]] = {}
        fill(self.engine, len(TEAMS), SPRINTS)
        with reading(self.engine) as connection:
            self._rows = {
                table: [dict(row._mapping) for row in connection.execute(table.select())]
                for table in FILLED
            }
        for engine in self.engines:
            event.listen(engine, "commit", self._committing)

    @property
    def engine(self) -> Engine:
        return self.engines[0]

    def renew(self) -> None:
        """Make the store as it was at first."""
        self.at_commit = None
        with writing(self.engine) as connection:
            for table in (*WRITTEN, *reversed(FILLED)):
                connection.execute(table.delete())
            for table, rows in self._rows.items():
                connection.execute(table.insert(), rows)

    def leave(self) -> None:
        """Let the store go."""
        for engine in self.engines:
            engine.dispose()

    def contexts(self, settings: Mapping[str, Any]) -> tuple[Context, ...]:
        """A context for each of the bots, with these settings."""
        key = repr(sorted(settings.items()))
        if key not in self._known:
            self._known[key] = self._made(settings)
        return self._known[key]

    def _made(self, settings: Mapping[str, Any]) -> tuple[Context, ...]:
        teams = [
            a_team(f"team-{n}", f"T{n}", site="jira", calendar={"timezone": "UTC"}) for n in TEAMS
        ]
        auth = {"kind": "token", "user": "bot@example.com", "secret": "env:JIRA_TOKEN"}
        jira = {"jira": {"url": URL, "auth": auth}}
        made = configure(self._folder, URL, url_of(self.engine), teams, jira=jira, **settings)
        secrets = {name.upper(): ADDRESSES[name] for name in settings["channels"]}
        contexts = tuple(Context(made.path, made.environ | secrets) for _ in self.engines)
        for context, engine in zip(contexts, self.engines, strict=True):
            context.settings = made.settings  # read now: the file is written again
            context.engine = engine
        return contexts

    def _committing(self, _connection: Connection) -> None:
        if self.at_commit is not None:
            self.at_commit()
