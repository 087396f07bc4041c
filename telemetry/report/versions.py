"""What has changed since somebody looked, told by a few sums."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ScalarSelect,
    Select,
    bindparam,
    func,
    select,
    type_coerce,
)

from telemetry.report.teams.team import read_team
from telemetry.store import schema as s

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
