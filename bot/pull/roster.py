"""The teams of one pull: those still going, and why the others failed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.pull.misfits import placed
from bot.pull.team_rules import provisional_rules
from bot.pull.unread import unforeseen
from telemetry.errors import (
    StoreError,
    TelemetryError,
    TrackerError,
)
from telemetry.settings import TeamSettings
from telemetry.store.engine import writing
from telemetry.store.facts import note_recompute
from telemetry.store.teams import mark_failed, read_team, write_team


class Roster:
    """Teams going on; a team's own failure takes it out and is recorded, the others go on."""

    def __init__(
        self, engine: Engine, teams: Iterable[TeamSettings], clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._going = list(teams)
        self._clock = clock
        self.failures: dict[str, str] = {}
        self.failed: list[TeamSettings] = []

    def __iter__(self) -> Iterator[TeamSettings]:
        return iter(tuple(self._going))

    def __bool__(self) -> bool:
        return bool(self._going)

    def of_project(self, project: str) -> list[TeamSettings]:
        """The teams of a project."""
        return [team for team in self if team.project == project]

    def attempt(
        self,
        teams: Iterable[TeamSettings],
        step: Callable[[], object],
    ) -> bool:
        """Do a step for these teams; where it fails, they fail. Whether it was done.

        What concerns the site as a whole is raised.
        """
        failed: Exception
        try:
            step()
        except TrackerError as error:
            if error.is_of_site:
                raise
            failed = error
        except (StoreError, OperationalError, InterfaceError):
            raise
        except Exception as error:
            failed = error
        else:
            return True
        for team in teams:
            if isinstance(failed, TelemetryError):
                self.fail(team, placed(team, failed))
            else:
                self.fail(team, unforeseen(failed))
        return False

    def broke(self, key: str, error: Exception) -> None:
        """Take out the team of which the facts could not be computed, if it is still going."""
        for team in self:
            if team.key == key:
                self.fail(team, unforeseen(error))

    def fail(self, team: TeamSettings, sentence: str) -> None:
        """Take a team out, with the sentence that its page shows."""
        named = f"team '{team.key}'"
        sentence = sentence if sentence.startswith(named) else f"{named}: {sentence}"
        self.failures[team.key] = sentence
        self.failed.append(team)
        self._going.remove(team)
        with writing(self._engine) as connection:
            write_failure(connection, team, self._clock(), sentence)


def write_failure(connection: Connection, team: TeamSettings, at: datetime, sentence: str) -> None:
    """Note that a configured team failed, so that its page says why, also at its first pull."""
    known = read_team(connection, team.key)
    if known is None or not known.is_configured:
        write_team(connection, known.rules if known else provisional_rules(team))
        note_recompute(connection, team.site, team.key, True)
    mark_failed(connection, team.key, at, sentence)
