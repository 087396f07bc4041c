"""The configuration's blocks as frozen types: every key of `telemetry.yml` and its default."""

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from telemetry.settings.absences import AbsenceSettings
from telemetry.settings.alerting import (
    AdminSettings,
    AlertSettings,
    ChannelSettings,
    QuietHours,
)
from telemetry.settings.block import Block, Text
from telemetry.settings.digesting import Digests
from telemetry.settings.jira_url import JiraUrl
from telemetry.settings.secret import Secret
from telemetry.settings.values import (
    ChannelName,
    Clock,
    Coefficient,
    Country,
    Day,
    Duration,
    Id,
    Jql,
    Label,
    Name,
    Network,
    StoreUrl,
    TeamKey,
    WebUrl,
    Weekday,
    Whole,
    Zone,
)


class AuthSettings(Block):
    """How to sign in to Jira."""

    kind: Annotated[
        Literal["token", "basic", "pat"],
        Field(
            description="`token`: an API token of Jira Cloud; `pat`: a personal access token, "
            "`basic`: a password, both of Data Center"
        ),
    ] = "token"
    user: Annotated[Text | None, Field(description="needed by all kinds but `pat`")] = None
    secret: Annotated[Secret, Field(description="the token or password, as env:NAME or file:PATH")]


class JiraSettings(Block):
    """One Jira. With several, `jira` is a mapping of names to such blocks."""

    url: Annotated[JiraUrl, Field(description="its address, as in the browser")]
    deployment: Annotated[
        Literal["auto", "cloud", "datacenter"], Field(description="`auto` asks Jira")
    ] = "auto"
    auth: AuthSettings
    webhook_secret: Annotated[
        Secret | None, Field(description="with it, Jira's webhooks are listened to (see below)")
    ] = None


class StoreSettings(Block):
    """Where history and figures are kept."""

    url: Annotated[
        StoreUrl,
        Field(
            description="`sqlite:///FILE`, `postgresql+psycopg://…` or, with a password, env:NAME"
        ),
    ] = "sqlite:///telemetry.db"


class PrivacySettings(Block):
    """How people are kept apart without being known."""

    key: Annotated[
        Secret,
        Field(
            description="key of the pseudonyms of people, at least 16 characters; made at the "
            "first start on SQLite, required with PostgreSQL"
        ),
    ] = Secret("file:telemetry.key")


class BotSettings(Block):
    """When the bot asks, and how hard."""

    every: Annotated[Duration, Field(description="between pulls: `30s`, `10m`, `1h30m`")] = (
        timedelta(minutes=10)
    )
    reconcile: Annotated[
        Clock, Field(description="time of day (UTC) at which everything is compared with Jira")
    ] = time(2, 30)
    requests_at_once: Annotated[
        Whole, Field(ge=1, le=32, description="requests to one Jira at the same time, at most")
    ] = 4
    answer_megabytes: Annotated[
        Whole, Field(ge=1, le=1024, description="MB that one answer of Jira may hold, unpacked")
    ] = 64

    @property
    def reconcile_at(self) -> tuple[int, int]:
        """Hour and minute of the daily comparison."""
        return self.reconcile.hour, self.reconcile.minute


class CalendarSettings(Block):
    """Which days are worked. What a team says itself stands over the general calendar."""

    timezone: Annotated[Zone, Field(description="in which days are counted")] = "UTC"
    holidays: Annotated[
        Country | None,
        Field(description="a country's, such as `FR`, or those of a part of it, such as `DE-BY`"),
    ] = None
    working_week: Annotated[
        tuple[Weekday, ...], Field(min_length=1, description="the days of a usual week")
    ] = ("mon", "tue", "wed", "thu", "fri")
    days_off: Annotated[
        tuple[Day, ...], Field(description="further days without work, as YYYY-MM-DD")
    ] = ()
    fiscal_year_start: Annotated[
        Whole, Field(ge=1, le=12, description="the month in which the organisation's year begins")
    ] = 1
    absences: Annotated[
        tuple[AbsenceSettings, ...],
        Field(
            max_length=10_000,
            description="days on which a part of the team is away, or `{file: PATH, of: PEOPLE}`",
        ),
    ] = ()

    def over(self, general: "CalendarSettings") -> "CalendarSettings":
        """The general calendar with what this one says itself in its place."""
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return general.model_copy(update=own)


class ImpedimentSettings(Block):
    """What counts as unexpected, and where its nature stands."""

    labels: Annotated[
        tuple[Label, ...], Field(description="an issue with one of them is an impediment")
    ] = ("impediment",)
    flagged: Annotated[
        bool, Field(description="whether work on an issue that was flagged counts, too")
    ] = False
    flag_field: Annotated[
        Name | None,
        Field(description="name or id of the field that flags, where Jira does not tell which"),
    ] = None
    nature_field: Annotated[
        Name | None,
        Field(description="name or id of the field that says why; else labels `nature:…`"),
    ] = None
    nature_from: Annotated[
        Literal["component", "type"] | None,
        Field(description="what stands for a nature that nobody gave"),
    ] = None


class TeamSettings(Block):
    """One team. It has `board` or `boards` or neither.

    `calendar` is complete: the general one with the team's own keys over it.
    """

    key: Annotated[TeamKey, Field(description="a short name, for addresses and commands")]
    name: Annotated[Text | None, Field(description="by default the key")] = None
    site: Annotated[Text, Field(description="of which Jira, where there are several")] = "default"
    project: Annotated[Name, Field(description="the key of its project in Jira")]
    jql: Annotated[
        Jql | None, Field(description="narrows the project, such as `component = api`")
    ] = None
    board: Annotated[
        Id | None, Field(description="id of its board; by default the project's only scrum board")
    ] = None
    boards: Annotated[
        tuple[Id, ...],
        Field(
            description="ids of its boards, if several; one that is gone counts while another "
            "lists its sprints"
        ),
    ] = ()
    calendar: CalendarSettings = CalendarSettings()
    estimate: Annotated[
        Name,
        Field(
            description="`board` (the board's field), `issue_count`, `original_estimate` (hours), "
            "or a field's name or id"
        ),
    ] = "board"
    done: Annotated[
        Literal["category", "board_column"],
        Field(description="done is the status category, or the board's last column"),
    ] = "category"
    done_statuses: Annotated[
        tuple[Name, ...], Field(description="when given, these statuses alone are done")
    ] = ()
    impediment: ImpedimentSettings = ImpedimentSettings()
    velocity_sprints: Annotated[
        Whole, Field(ge=1, le=100, description="how many closed sprints velocity and means look at")
    ] = 6
    security_coefficient: Annotated[
        Coefficient,
        Field(
            description="part of a quarter's capacity to keep free, from 0 to 1; `auto`: by how "
            "much more than usual is lost in it"
        ),
    ] = "auto"
    _places: dict[str, str] = PrivateAttr(default_factory=dict)

    def place(self, name: str) -> str:
        """Where a key of it is written, or else the team: file and line; "" where nothing tells.

        A key below others or in a list is named with them: `impediment.labels.0`.
        """
        while name not in self._places and name:
            name = name.rpartition(".")[0]
        return self._places.get(name, "")

    @property
    def board_ids(self) -> tuple[int, ...]:
        """The configured boards; empty means the project's only scrum board."""
        return self.boards if self.board is None else (self.board,)

    @property
    def title(self) -> str:
        """The name shown, by default the key."""
        return self.name or self.key


class WebSettings(Block):
    """How the page is reached from outside."""

    url: Annotated[
        WebUrl | None,
        Field(
            description="its address, as in the browser: then only this host name is answered to, "
            "and with https the browser is told to keep to it"
        ),
    ] = None
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Field(
            max_length=64,
            description="addresses or networks of the proxies before it: X-Forwarded-For and "
            "X-Forwarded-Proto are believed of these alone",
        ),
    ] = ()
    show_summaries: Annotated[
        bool,
        Field(
            description="whether issues are named by their titles; false: by their keys alone, on "
            "pages, in files, in the terminal and in messages"
        ),
    ] = True


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
