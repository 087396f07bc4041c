"""Reports for an export: of a store taken to stand still meanwhile, and of some teams alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from telemetry.domain.week import Week
from telemetry.report.freshness import TeamFreshness
from telemetry.report.once import OfOneTeam, keeping
from telemetry.report.reports import Reports
from telemetry.report.reviews.weeks import Beside, read_beside, read_week_rows
from telemetry.report.shapes.sprints import SprintName
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.time import ImpedimentRow
from telemetry.report.sprint.time import Which
from telemetry.report.teams.listed import TeamsList
from telemetry.report.teams.team import AGE_THAT_IS_STALE, StoredTeam
from telemetry.store.reviews import Notes, read_noted

T = TypeVar("T")


class Still(Reports):
    """What each page of a team asks again is read once, as of when it was first asked for.

    It takes a quarter of the statements off an export. Of one run: it never hears of a change.
    """

    def __init__(self, engine: Engine, stale_after: timedelta = AGE_THAT_IS_STALE) -> None:
        super().__init__(engine, stale_after)
        self._once: dict[object, Any] = {}
        self._of_team = OfOneTeam()

    def _kept(self, make: Callable[[], T], *key: object) -> T:
        if key not in self._once:
            self._once[key] = make()
        found: T = self._once[key]
        return found

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with super()._read() as connection:
            yield keeping(connection, self._of_team)

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

    def notes(self, team_key: str, review: str, version: int | None = None) -> Notes:
        """What the team typed on a review; most have nothing, which is read once."""

        def read() -> frozenset[str]:
            with self._read() as connection:
                return read_noted(connection, team_key)

        if review not in self._of_team.get(team_key, "noted", read):
            return Notes(0, {})
        return super().notes(team_key, review, version)

    def _weeks_beside(self, connection: Connection, team: StoredTeam, week: Week) -> Beside | None:
        """Of all weeks that its list names: a third of the time that one by one would take."""

        def read() -> Beside | None:
            if team.as_of is None:
                return None
            weeks = [one.week for one in read_week_rows(connection, team)] or [week]
            return read_beside(connection, team, min(weeks), max(weeks), team.as_of)

        return self._of_team.get(team.rules.key, "weeks", read)

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
