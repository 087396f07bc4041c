"""What all routes share: reports, clock, files, access, templates."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from jinja2 import Environment

from telemetry.errors import NotFound, StoreError
from web.access import AccessGate
from web.files import Assets
from web.natures import NatureSlots
from web.remembered import Remembered
from web.views.then_view import Note, note

if TYPE_CHECKING:
    from telemetry.report.reports import Reports

PAGES_KEPT = 200  # the same page is asked for by all who hear that it changed
EDITS_KEPT = 1000


@dataclass
class Site:
    """One web application; `trigger_pull` is None where no bot runs beside it."""

    reports: "Reports"
    clock: Callable[[], datetime]
    gate: AccessGate
    assets: Assets
    templates: Environment
    trigger_pull: Callable[[], bool] | None = None
    _names: tuple[str, list[tuple[str, str]]] = ("", [])
    rendered: Remembered[bytes] = field(default_factory=lambda: Remembered(PAGES_KEPT))
    _edits: Remembered[Note | None] = field(default_factory=lambda: Remembered(EDITS_KEPT))
    _findings: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._natures = NatureSlots(self.reports.nature_ranks)

    def render(self, template: str, **values: object) -> bytes:
        """A page as UTF-8."""
        return self.templates.get_template(template).render(site=self, **values).encode()

    def slots(self, names: list[str]) -> dict[str, str]:
        """The colour slot of each nature."""
        return self._natures.slots(names)

    def team_names(self) -> list[tuple[str, str]]:
        """Key and name of each team, read again when facts change."""
        version = self.reports.version(None)
        if self._names[0] != version:
            self._names = (version, self.reports.team_names())
        return self._names[1]

    def later_edits(self, team_key: str, sprint_id: int, version: str) -> Note | None:
        """What a sprint's page says of later edits, compared once for each version of the facts."""
        asked = (team_key, sprint_id)
        return self._edits.get((*asked, version), lambda: note(self.reports.snapshots(*asked)))

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
