"""The configuration's blocks as frozen types: every key of `telemetry.yml` and its default."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from telemetry.settings.secret import Secret
from telemetry.settings.values import (
    Clock,
    Coefficient,
    Country,
    Duration,
    JiraUrl,
    StoreUrl,
    TeamKey,
    Weekday,
    WeeklyTime,
    Zone,
)

Text = Annotated[str, Field(min_length=1)]
Rule = Literal[
    "data_stale",
    "impediment_share",
    "impediment_time",
    "quarter_late",
    "scope_change",
    "sprint_behind",
]


class Block(BaseModel):
    """A mapping of the configuration: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, hide_input_in_errors=True
    )


class AuthSettings(Block):
    """How to sign in to Jira. All kinds but pat need `user`."""

    kind: Literal["token", "basic", "pat"] = "token"
    user: Text | None = None
    secret: Secret


class JiraSettings(Block):
    url: JiraUrl
    deployment: Literal["auto", "cloud", "datacenter"] = "auto"
    auth: AuthSettings
    webhook_secret: Secret | None = None


class StoreSettings(Block):
    url: StoreUrl = "sqlite:///telemetry.db"


class PrivacySettings(Block):
    key: Secret = Secret("file:telemetry.key")


class BotSettings(Block):
    """`every` between incremental pulls; each day at `reconcile` (UTC) one compares everything."""

    every: Duration = timedelta(minutes=10)
    reconcile: Clock = time(2, 30)
    requests_at_once: Annotated[int, Field(ge=1, le=32)] = 4

    @property
    def reconcile_at(self) -> tuple[int, int]:
        """Hour and minute of the daily comparison."""
        return self.reconcile.hour, self.reconcile.minute


class CalendarSettings(Block):
    timezone: Zone = "UTC"
    holidays: Country | None = None
    working_week: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    days_off: tuple[date, ...] = ()
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1

    def over(self, general: "CalendarSettings") -> "CalendarSettings":
        """The general calendar with what this one says itself in its place."""
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return general.model_copy(update=own)


class ImpedimentSettings(Block):
    labels: tuple[Text, ...] = ("impediment",)
    flagged: bool = False
    nature_field: Text | None = None
    nature_from: Literal["component", "type"] | None = None


class TeamSettings(Block):
    """One team, with `board` or `boards` or neither.

    `calendar` is complete: the general one with the team's own keys over it.
    """

    key: TeamKey
    name: Text | None = None
    site: Text = "default"
    project: Text
    jql: Text | None = None
    board: int | None = None
    boards: tuple[int, ...] = ()
    calendar: CalendarSettings = CalendarSettings()
    estimate: Text = "board"
    done: Literal["category", "board_column"] = "category"
    done_statuses: tuple[Text, ...] = ()
    impediment: ImpedimentSettings = ImpedimentSettings()
    velocity_sprints: Annotated[int, Field(ge=1, le=100)] = 6
    security_coefficient: Coefficient = None

    @property
    def board_ids(self) -> tuple[int, ...]:
        """The configured boards; empty means the project's only scrum board."""
        return self.boards if self.board is None else (self.board,)

    @property
    def title(self) -> str:
        """The name shown, by default the key."""
        return self.name or self.key


class ChannelSettings(Block):
    url: Secret


class AlertSettings(Block):
    """A rule over some teams, by default all, told to some channels."""

    rule: Rule
    threshold_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    teams: tuple[str, ...] = ()
    channels: Annotated[tuple[str, ...], Field(min_length=1)]


class DigestSettings(Block):
    """The weekly review of some teams, by default all, sent at a time in their zone."""

    teams: tuple[str, ...] = ()
    at: WeeklyTime
    channels: Annotated[tuple[str, ...], Field(min_length=1)]


class Settings(Block):
    """The whole configuration. `jira` maps site names to blocks; a single one is "default"."""

    jira: Mapping[str, JiraSettings]
    store: StoreSettings = StoreSettings()
    privacy: PrivacySettings = PrivacySettings()
    bot: BotSettings = BotSettings()
    calendar: CalendarSettings = CalendarSettings()
    teams: Annotated[tuple[TeamSettings, ...], Field(min_length=1)]
    channels: Mapping[str, ChannelSettings] = Field(default_factory=dict)
    alerts: tuple[AlertSettings, ...] = ()
    digests: tuple[DigestSettings, ...] = ()
    _base: Path = PrivateAttr(default_factory=Path)
    _places: Mapping[tuple[str | int, ...], str] = PrivateAttr(default_factory=dict)

    @property
    def base(self) -> Path:
        """The folder of the configuration file: relative paths stand in it."""
        return self._base

    def place(self, *path: str | int) -> str:
        """Where a value is written, for messages: its file and line, and its key."""
        return self._places.get(path, ".".join(map(str, path)))

    def at(
        self, base: Path, places: Mapping[tuple[str | int, ...], str] | None = None
    ) -> "Settings":
        """The same settings for files in `base`, with every team's calendar made complete.

        `places` say where values are written, as `place` gives them.
        """
        teams = tuple(
            team.model_copy(update={"calendar": team.calendar.over(self.calendar)})
            for team in self.teams
        )
        complete = self.model_copy(update={"teams": teams})
        complete._base = base
        complete._places = places or {}
        return complete

    def store_url(self, environ: Mapping[str, str]) -> str:
        """The store's address, read from the environment where the file says so.

        Raises ConfigurationError when that variable is not set.
        """
        if self.store.url.startswith("env:"):
            return Secret(self.store.url).resolve(environ, self.base, "store.url")
        return self.store.url

    def is_sqlite(self, environ: Mapping[str, str]) -> bool:
        """Whether the store is a file on this machine."""
        return self.store_url(environ).startswith("sqlite")

    def team(self, key: str) -> TeamSettings | None:
        """The team of that key."""
        return next((team for team in self.teams if team.key == key), None)
