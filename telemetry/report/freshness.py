"""How a store stands: whether it answers, its versions, how fresh it is, its pulls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    ScalarSelect,
    Select,
    bindparam,
    func,
    select,
    type_coerce,
)
from sqlalchemy.exc import SQLAlchemyError

from telemetry.errors import StoreError
from telemetry.report.shapes.freshness import Freshness, Pull
from telemetry.report.teams.team import (
    AGE_THAT_IS_STALE,
    read_configured_teams,
    read_team,
)
from telemetry.report.titles import hiding
from telemetry.settings import Settings
from telemetry.store import schema as s
from telemetry.store.engine import reading
from telemetry.store.migrate import outdated
from telemetry.store.natures import read_ranks
from telemetry.store.pulls import PullRecord, read_pulls
from telemetry.store.watched import trouble_of

LAST_PULLS = 20  # more sites are hardly pulled at once


@dataclass(frozen=True, slots=True)
class Version:
    """What has changed if it has: the generation of facts, and how fresh they are.

    Pages, streams and whatever is kept depend on these and on nothing else; what shows no age
    depends on `facts` alone.
    """

    facts: str
    freshness: str

    def __str__(self) -> str:
        return f"{self.facts}-{self.freshness}"


def read_version(connection: Connection, team_key: str | None = None) -> Version:
    """The version of what is shown of the team, or of all.

    A team without figures yet shows how far its first pull is, so that counts, too.
    Raises NotFound.
    """
    if team_key is None:
        count, generation, *stamps = connection.execute(_select_all()).one()
        return Version(_text(count, generation), _text(*stamps))
    row = connection.execute(_select_team(), {"team_key": team_key}).one_or_none()
    if row is None:
        read_team(connection, team_key)  # says which teams there are
        return Version("", "")
    generation, *stamps = row
    if row.as_of:
        return Version(_text(generation), _text(*stamps))
    pulls = connection.execute(_select_pulls()).one()
    return Version(_text(generation, *pulls), _text(*stamps))


def read_stamp(connection: Connection) -> str:
    """Changes when the version of any team did, or a pull began, came further or ended."""
    pulls = connection.execute(_select_pulls()).one()
    return f"{read_version(connection)}-{_text(*pulls)}"


# each built once, as every answer asks one: `telemetry/report/sprint/statements.py` has the figures


@cache
def _select_team() -> Select[*tuple[Any, ...]]:
    t = s.teams.c
    stamps = (type_coerce(t[name], BigInteger) for name in ("as_of", "pulled_at", "failed_at"))
    query = select(t.facts_version, *stamps, func.length(t.error).label("said"), _open_alerts())
    return query.where(t.key == bindparam("team_key"), t.is_configured)


def _open_alerts() -> ScalarSelect[int]:
    """Their number, which the head of every page tells."""
    return select(func.count()).where(s.alerts.c.open_key.is_not(None)).scalar_subquery()


@cache
def _select_all() -> Select[*tuple[Any, ...]]:
    """Sums, not latest instants: they change with every team, even if a clock goes back.

    The generations of teams that are configured no more count, too: so their sum only grows.
    """
    t = s.teams.c
    generations = select(func.sum(t.facts_version)).scalar_subquery()
    stamps = (t.as_of, t.pulled_at, t.failed_at)
    sums = (func.sum(type_coerce(stamp, BigInteger)) for stamp in stamps)
    said = func.sum(func.length(t.error))
    query = select(func.count(), generations, *sums, said, _open_alerts())
    return query.select_from(s.teams).where(t.is_configured)


@cache
def _select_pulls() -> Select[*tuple[Any, ...]]:
    p = s.pulls.c
    newest = select(func.max(p.id) - LAST_PULLS).scalar_subquery()
    return select(
        func.max(p.id), func.count(p.ended_at), func.sum(p.issues_read), func.sum(p.issues_changed)
    ).where(p.id > newest)


def _text(*parts: Any) -> str:
    return "-".join(f"{int(part or 0):x}" for part in parts)


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
