"""What all routes share: reports, clock, files, access, templates."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment

from telemetry.errors import NotFound, StoreError
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
    _findings: dict[str, tuple[str, int]] = field(default_factory=dict)

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

    def finding_count(self, team_key: str) -> int | None:
        """How much contradicts in a team's data, as last counted; None before that."""
        known = self._findings.get(team_key)
        return known[1] if known else None

    def count_findings(self, team_key: str) -> None:
        """Count anew if the facts changed: after an answer, which need not wait for it."""
        with suppress(StoreError, NotFound):  # nobody waits for it: the next answer tells
            version = self.reports.version(team_key)
            if self._findings.get(team_key, ("", 0))[0] != version:
                self.note_findings(team_key, version, self.reports.quality(team_key).count)

    def note_findings(self, team_key: str, version: str, count: int) -> None:
        """Keep a count for the pages to come."""
        self._findings[team_key] = (version, count)
