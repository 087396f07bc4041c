"""How a store stands: whether it answers, how fresh it is, its pulls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from telemetry.errors import StoreError
from telemetry.report.shapes.freshness import Freshness, Pull
from telemetry.report.teams.team import AGE_THAT_IS_STALE, read_configured_teams, read_team
from telemetry.report.titles import hiding
from telemetry.report.versions import LAST_PULLS, read_stamp, read_version
from telemetry.settings import Settings
from telemetry.store import schema as s
from telemetry.store.engine import reading
from telemetry.store.migrate import outdated
from telemetry.store.natures import read_ranks
from telemetry.store.pulls import PullRecord, read_pulls
from telemetry.store.watched import trouble_of

PULLS_MISSED = 3


@dataclass(frozen=True, slots=True)
class TeamFreshness:
    """A team's freshness and time zone: what ages by itself, and what does not.

    `facts` changes with what is shown of the team beside its freshness, `facts_of_all` with what
    is shown of any.
    """

    freshness: Freshness
    zone: ZoneInfo
    facts: str
    facts_of_all: str


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """Whether the store can be used and its data are fresh; `reason` says what is wrong."""

    is_reachable: bool
    is_migrated: bool
    is_fresh: bool
    reason: str | None = None


class StoreState:
    """Answers about one store as a whole. Each method reads one state of it."""

    def __init__(self, engine: Engine, stale_after: timedelta = AGE_THAT_IS_STALE) -> None:
        self._engine = engine
        self._stale_after = stale_after
        self._hides_titles = False

    @classmethod
    def of(cls, settings: Settings, engine: Engine) -> Self:
        """Reports of a configuration."""
        reports = cls(engine)
        reports.follow(settings)
        return reports

    def follow(self, settings: Settings) -> None:
        """Answer by this configuration from now on: data are stale when three pulls are missing."""
        self._stale_after = max(PULLS_MISSED * settings.bot.every, timedelta(minutes=2))
        self._hides_titles = not settings.web.show_summaries

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with reading(self._engine) as connection:
                yield hiding(connection, are_hidden=self._hides_titles)
        except SQLAlchemyError as error:
            raise StoreError(f"the store cannot be read: {type(error).__name__}") from error

    def freshness(self, key: str, now: datetime) -> TeamFreshness:
        """How fresh a team's data are. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, key)
            facts = f"{read_version(connection, key).facts}{self._untitled}"
            every = read_version(connection).facts
        zone = ZoneInfo(team.rules.calendar.timezone)
        if team.as_of is not None:  # a new day is shown though nothing happened in it
            facts = f"{facts}-{team.as_of.astimezone(zone).date()}"
        return TeamFreshness(team.freshness(now, self._stale_after), zone, facts, every)

    def nature_ranks(self) -> dict[str, int]:
        """The rank of each nature, from 1: what has its colour by it keeps it."""
        with self._read() as connection:
            return read_ranks(connection)

    def pulls(self, limit: int, before: int | None = None) -> tuple[list[Pull], int | None]:
        """The newest pulls first, and where the next page begins."""
        with self._read() as connection:
            records = read_pulls(connection, limit + 1, before)
        shown = records[:limit]
        return [_pull(one) for one in shown], shown[-1].id if len(records) > limit else None

    def running_pull(self, team_key: str) -> Pull | None:
        """The pull of the team's site that runs now, None where none does. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            records = read_pulls(connection, LAST_PULLS)
        running = (one for one in records if one.state == "running" and one.site == team.rules.site)
        return next(map(_pull, running), None)

    def version(self, team_key: str | None = None) -> str:
        """Changes when a figure of the team, or of any, may have changed. Raises NotFound.

        So it does with the age from which data are stale, and when titles are hidden or shown.
        """
        with self._read() as connection:
            return self._version(connection, team_key)

    def _version(self, connection: Connection, team_key: str | None = None) -> str:
        return f"{read_version(connection, team_key)}-{self._configured}"

    def stamp(self) -> str:
        """Changes when a version did, or a pull began, came further or ended."""
        with self._read() as connection:
            return f"{read_stamp(connection)}-{self._configured}"

    @property
    def _configured(self) -> str:
        """What answers depend on beside the store."""
        return f"{self._stale_after}{self._untitled}"

    @property
    def _untitled(self) -> str:
        return "-untitled" if self._hides_titles else ""

    def as_of(self, team_key: str | None = None) -> datetime | None:
        """Jira's clock at the last complete pull of the team, or of any."""
        query = select(func.max(s.teams.c.as_of))
        if team_key is not None:
            query = query.where(s.teams.c.key == team_key)
        with self._read() as connection:
            found: datetime | None = connection.scalar(query)
            return found

    def status(self, now: datetime) -> StoreStatus:
        """Whether the store answers, has this version's tables, and holds fresh data."""
        try:
            if (reason := outdated(self._engine)) is not None:
                return StoreStatus(True, False, False, reason)
            if (reason := trouble_of(self._engine)) is not None:
                return StoreStatus(False, False, False, reason)
            with self._read() as connection:
                teams = read_configured_teams(connection)
        except StoreError as error:
            return StoreStatus(False, False, False, str(error))
        except SQLAlchemyError:
            return StoreStatus(False, False, False, "the store does not answer")
        fresh = ((team.rules.key, team.freshness(now, self._stale_after)) for team in teams)
        stale = [key for key, found in fresh if found.is_stale]
        if stale:
            return StoreStatus(True, True, False, f"stale: {', '.join(stale[:10])}")
        return StoreStatus(True, True, True)


def _pull(record: PullRecord) -> Pull:
    values = {one.name: getattr(record, one.name) for one in fields(Pull)}
    return Pull(**values)
