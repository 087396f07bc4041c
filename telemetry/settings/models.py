"""The whole configuration as one frozen type: the blocks of `telemetry.yml`."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr

from telemetry.settings.alerting import AdminSettings, AlertSettings, ChannelSettings, QuietHours
from telemetry.settings.block import Block
from telemetry.settings.calendar import CalendarSettings
from telemetry.settings.digesting import Digests
from telemetry.settings.running import BotSettings, PrivacySettings, StoreSettings, WebSettings
from telemetry.settings.secret import Secret
from telemetry.settings.sites import JiraSettings
from telemetry.settings.teams import TeamSettings
from telemetry.settings.values import ChannelName


class Settings(Block):
    """The whole configuration. `jira` maps site names to blocks; a single one is "default"."""

    jira: Mapping[str, JiraSettings]
    store: StoreSettings = StoreSettings()
    privacy: PrivacySettings = PrivacySettings()
    bot: BotSettings = BotSettings()
    calendar: CalendarSettings = CalendarSettings()
    teams: Annotated[tuple[TeamSettings, ...], Field(min_length=1)]
    channels: Mapping[ChannelName, ChannelSettings] = {}
    alerts: tuple[AlertSettings, ...] | None = None
    digests: Digests = ()
    quiet_hours: QuietHours | None = QuietHours(start=time(19), end=time(8))
    admin: AdminSettings = AdminSettings()
    web: WebSettings = WebSettings()
    _base: Path = PrivateAttr(default_factory=Path)
    _places: Mapping[tuple[str | int, ...], str] = PrivateAttr(default_factory=dict)
    _files: tuple[Path, ...] = PrivateAttr(default=())

    @property
    def files(self) -> tuple[Path, ...]:
        """The files beside the configuration's own whose content is part of it."""
        return self._files

    @property
    def base(self) -> Path:
        """The folder of the configuration file: relative paths stand in it."""
        return self._base

    def place(self, *path: str | int) -> str:
        """Where a value is written, for messages: its file and line, and its key."""
        return self._places.get(path, ".".join(map(str, path)))

    def at(
        self,
        base: Path,
        places: Mapping[tuple[str | int, ...], str] | None = None,
        files: tuple[Path, ...] = (),
    ) -> "Settings":
        """The same settings for files in `base`, with every team's calendar made complete.

        `places` say where values are written, as `place` gives them; `files` hold some of them.
        """
        teams = tuple(
            team.model_copy(update={"calendar": team.calendar.over(self.calendar)})
            for team in self.teams
        )
        for team in teams:
            team._places = {}
        complete = self.model_copy(update={"teams": teams})
        complete._base = base
        complete._files = files
        complete._places = places or {}
        for path, place in complete._places.items():
            if len(path) > 1 and path[0] == "teams" and isinstance(path[1], int):
                teams[path[1]]._places[".".join(map(str, path[2:]))] = place
        return complete

    def store_url(self, environ: Mapping[str, str]) -> str:
        """The store's address, read from the environment where the file says so.

        Raises ConfigurationError when that variable is not set.
        """
        if self.store.url.startswith("env:"):
            return Secret(self.store.url).read(environ, self.base, "store.url")
        return self.store.url

    def is_sqlite(self, environ: Mapping[str, str]) -> bool:
        """Whether the store is a file on this machine."""
        return self.store_url(environ).startswith("sqlite")

    def team(self, key: str) -> TeamSettings | None:
        """The team of that key."""
        return next((team for team in self.teams if team.key == key), None)
