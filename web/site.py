"""What all routes share: reports, clock, files, access, templates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment

from telemetry.report.shapes import SprintSummary, TeamRow
from web.access import AccessGate
from web.files import Assets
from web.natures import NatureSlots

if TYPE_CHECKING:
    from telemetry.report.reports import Reports

YEAR = timedelta(days=365)


@dataclass
class Site:
    """One web application; `trigger_pull` is None where no bot runs beside it."""

    reports: "Reports"
    clock: Callable[[], datetime]
    gate: AccessGate
    assets: Assets
    templates: Environment
    trigger_pull: Callable[[], bool] | None = None
    natures: NatureSlots = field(default_factory=NatureSlots)
    _names: tuple[str, list[tuple[str, str]]] = ("", [])
    _past: tuple[str, dict[str, list[SprintSummary]]] = ("", {})

    def render(self, template: str, **values: object) -> bytes:
        """A page as UTF-8."""
        return self.templates.get_template(template).render(site=self, **values).encode()

    def slots(self, names: list[str]) -> dict[str, str]:
        """The colour slot of each nature, learnt from a year of all teams when first asked."""
        if self.natures.is_empty and any(name != "unknown" for name in names):
            self.natures.learn(self._year_of_natures())
        if any(slot == "other" for slot in self.natures.slots(names).values()):
            self.natures.learn(dict.fromkeys(names, 0))
        return self.natures.slots(names)

    def _year_of_natures(self) -> dict[str, int]:
        now, totals = self.clock(), dict[str, int]()
        for team in self.reports.teams(now):
            today = now.astimezone(ZoneInfo(team.timezone)).date()
            for row in self.reports.time(team.key, today - YEAR, today, "week"):
                for nature, seconds in row.natures.items():
                    totals[nature] = totals.get(nature, 0) + seconds
        return totals

    def team_names(self) -> list[tuple[str, str]]:
        """Key and name of each team, read again when facts change."""
        version = self.reports.version(None)
        if self._names[0] != version:
            rows = self.reports.teams(self.clock())
            self._names = (version, [(row.key, row.name) for row in rows])
        return self._names[1]

    def past_sprints(self, teams: list[TeamRow]) -> dict[str, list[SprintSummary]]:
        """The closed sprints of each team, newest first, read again when facts change."""
        version = self.reports.version(None)
        if self._past[0] != version or any(team.key not in self._past[1] for team in teams):
            found = {team.key: self.reports.sprints(team.key, "closed")[:12] for team in teams}
            self._past = (version, found)
        return self._past[1]
