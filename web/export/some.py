"""Reports for an export: of a store taken to stand still meanwhile, and of some teams alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from telemetry.report.freshness import TeamFreshness
from telemetry.report.reports import Reports
from telemetry.report.shapes import ImpedimentRow, SprintName, TeamRow
from telemetry.report.sprint.time import Which
from telemetry.report.teams.listed import TeamsList
from telemetry.report.teams.team import AGE_THAT_IS_STALE, StoredTeam

T = TypeVar("T")


class Still(Reports):
    """What each page of a team asks again is read once, as of when it was first asked for.

    It takes a quarter of the statements off an export. Of one run: it never hears of a change.
    """

    def __init__(self, engine: Engine, stale_after: timedelta = AGE_THAT_IS_STALE) -> None:
        super().__init__(engine, stale_after)
        self._once: dict[object, Any] = {}

    def _kept(self, make: Callable[[], T], *key: object) -> T:
        if key not in self._once:
            self._once[key] = make()
        found: T = self._once[key]
        return found

    def version(self, team_key: str | None = None) -> str:
        """Changes with no change."""
        return self._kept(lambda: super(Still, self).version(team_key), "version", team_key)

    def freshness(self, key: str, now: datetime) -> TeamFreshness:
        """How fresh a team's data are. Raises NotFound."""
        return self._kept(lambda: super(Still, self).freshness(key, now), "freshness", key, now)

    def team_names(self) -> list[tuple[str, str]]:
        """Key and name of each configured team, by name."""
        return self._kept(super().team_names, "names")

    def team(self, key: str, now: datetime) -> TeamRow:
        """One team. Raises NotFound."""
        return self._kept(lambda: super(Still, self).team(key, now), "team", key, now)

    def sprint_impediments(
        self, team_key: str, sprint_id: int, which: Which
    ) -> list[ImpedimentRow]:
        """The impediments behind a sprint's figures; none before its start. Raises NotFound."""

        def read() -> list[ImpedimentRow]:
            return super(Still, self).sprint_impediments(team_key, sprint_id, which)

        return self._kept(read, "impediments", team_key, sprint_id, which)

    def _beside(
        self, connection: Connection, team: StoredTeam
    ) -> tuple[tuple[SprintName, ...], int | None]:
        return self._kept(
            lambda: super(Still, self)._beside(connection, team), "beside", team.rules.key
        )


class OfTeams(Still):
    """The reports of the teams whose keys are `only` these: no list names another."""

    only: frozenset[str] = frozenset()

    def team_names(self) -> list[tuple[str, str]]:
        """Key and name of each of them."""
        return [(key, name) for key, name in super().team_names() if key in self.only]

    def teams_list(self, now: datetime, before: TeamsList | None = None) -> TeamsList:
        """These teams as the list of them shows them; what was read before is read again."""
        found = super().teams_list(now)
        return replace(found, known=[one for one in found.known if one.team.rules.key in self.only])
