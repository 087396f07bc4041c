"""What all routes share: reports, clock, files, access, templates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment

from telemetry.errors import StoreError
from web.http.access import AccessGate
from web.http.answers import Answers
from web.http.assets import Assets
from web.http.reach import Reach
from web.show.natures import NatureSlots
from web.show.saved import IS_SAVED

if TYPE_CHECKING:
    from telemetry.report.reports import Reports
    from telemetry.report.shapes.teams import TeamRow


@dataclass(frozen=True, slots=True)
class Frame:
    """What each page of a team stands in: the team, its zone and its day."""

    team: "TeamRow"
    team_names: list[tuple[str, str]]
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The team's day."""
        return self.now.astimezone(self.zone).date()

    @property
    def values(self) -> dict[str, object]:
        """The names that the templates of a team's pages share."""
        return {
            "team": self.team,
            "team_names": self.team_names,
            "zone": self.zone,
            "now": self.now,
        }


@dataclass
class Site:
    """One web application; `trigger_pull` is None where no bot runs beside it."""

    reports: "Reports"
    clock: Callable[[], datetime]
    gate: AccessGate
    reach: Reach
    assets: Assets
    templates: Environment
    trigger_pull: Callable[[], bool] | None = None
    has_demo: bool = False  # a chat and a mailbox of its own
    can_print: bool = False  # pages, as PDF
    _names: tuple[str, list[tuple[str, str]]] = ("", [])

    def __post_init__(self) -> None:
        self.answers = Answers(self.reports.version, self.clock, self.assets.digest)
        self._natures = NatureSlots(self.reports.nature_ranks)

    def render(self, template: str, **values: object) -> bytes:
        """A page as UTF-8."""
        return self.templates.get_template(template).render(site=self, **values).encode()

    def frame(self, team_key: str, now: datetime) -> Frame:
        """What each page of the team stands in. Raises NotFound."""
        team = self.reports.team(team_key, now)
        return Frame(team, self.team_names(), ZoneInfo(team.timezone), now)

    @property
    def open_alerts(self) -> int:
        """How many alerts are open, as the head of every page tells; 0 where the store is out.

        A saved page tells none: they come and go while its team's facts stay.
        """
        if IS_SAVED.get():
            return 0
        try:
            return self.reports.open_alert_count()
        except StoreError:
            return 0

    def slots(self, names: list[str]) -> dict[str, str]:
        """The colour slot of each nature."""
        return self._natures.slots(names)

    def team_names(self, version: str | None = None) -> list[tuple[str, str]]:
        """Key and name of each team, read again when facts change: the `version` of all teams."""
        version = version or self.reports.version(None)
        if self._names[0] != version:
            self._names = (version, self.reports.team_names())
        return self._names[1]
