"""What a command stands on: the configuration it was given and the store it names."""

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from telemetry.ending import Ending
from telemetry.errors import ConfigurationError
from telemetry.secrecy import Hidden

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from telemetry.settings import Settings


class Context:
    """The configuration file of a command, read when first asked for."""

    def __init__(self, path: Path | None, environ: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.environ = dict(os.environ if environ is None else environ)
        self.ending = Ending()
        self.listens_at: str | None = None  # where the web of this process answers

    @cached_property
    def settings(self) -> "Settings":
        """The checked configuration. Raises ConfigurationError naming every error."""
        from telemetry.settings import load

        return load(self.path, self.environ)

    @property
    def base_url(self) -> str | None:
        """Where links of messages lead: `web.url`, or what the web of this process listens on."""
        return self.settings.web.url or self.listens_at

    @property
    def folder(self) -> Path:
        """The folder that relative paths of the configuration stand in."""
        return self.path.resolve().parent if self.path else Path.cwd()

    @cached_property
    def engine(self) -> "Engine":
        """The store, opened and migrated to the newest schema. Raises StoreError."""
        from telemetry.store.engine import open_store
        from telemetry.store.migrate import upgrade

        engine = open_store(self.settings.store_url(self.environ), base=self.folder)
        upgrade(engine)
        return engine

    def renewed(self) -> "Context":
        """The same file read again, with the store that is open.

        Raises ConfigurationError where it is wrong, or names another store.
        """
        renewed = Context(self.path, self.environ)
        mine, other = (one.settings.store_url(one.environ) for one in (self, renewed))
        if mine != other:
            raise ConfigurationError(
                "store.url has changed, but a running process keeps its store: restart it to use "
                "the other one, or set store.url back"
            )
        renewed.engine, renewed.ending = self.engine, self.ending
        renewed.listens_at = self.listens_at
        return renewed

    def jira_secrets(self, sites: Iterable[str]) -> dict[str, Hidden]:
        """The credential of each of these sites.

        Raises ConfigurationError naming the variable or file that is missing, and the line.
        """
        settings = self.settings
        return {
            site: settings.jira[site].auth.secret.resolve(
                self.environ, settings.base, settings.place("jira", site, "auth", "secret")
            )
            for site in sites
        }

    def channel_secret(self, channel: str) -> Hidden:
        """The addresses of a channel, one a line, which hold secrets.

        Raises ConfigurationError naming the variable or file that is missing, and the line.
        """
        settings = self.settings
        place = settings.place("channels", channel, "url")
        url = settings.channels[channel].url
        return url.resolve(self.environ, settings.base, place, is_line=False)

    def webhook_secrets(self) -> dict[str, Hidden | None]:
        """Each site's `webhook_secret`, None where it has none; raises as `jira_secrets` does."""
        settings = self.settings
        found: dict[str, Hidden | None] = {}
        for site, block in settings.jira.items():
            place = settings.place("jira", site, "webhook_secret")
            secret = block.webhook_secret
            found[site] = (
                None if secret is None else secret.resolve(self.environ, settings.base, place)
            )
        return found
