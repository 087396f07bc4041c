"""Reports that know of some teams alone."""

from dataclasses import replace
from datetime import datetime

from telemetry.report.reports import Reports
from telemetry.report.teams.listed import TeamsList


class OfTeams(Reports):
    """The reports of the teams whose keys are `only` these: no list names another."""

    only: frozenset[str] = frozenset()

    def team_names(self) -> list[tuple[str, str]]:
        """Key and name of each of them."""
        return [(key, name) for key, name in super().team_names() if key in self.only]

    def teams_list(self, now: datetime, before: TeamsList | None = None) -> TeamsList:
        """These teams as the list of them shows them; what was read before is read again."""
        found = super().teams_list(now)
        return replace(found, known=[one for one in found.known if one.team.rules.key in self.only])
