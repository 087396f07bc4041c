"""Reads in a millisecond whether something that a page shows may have changed."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, bindparam, func, select, type_coerce

from telemetry.report.teams import read_team
from telemetry.store import schema as s

LAST_PULLS = 20  # more sites are hardly pulled at once


def read_version(connection: Connection, team_key: str | None = None) -> str:
    """Changes when a figure of the team, or of any, may have changed.

    A team without figures yet shows how far its first pull is, so that counts, too.
    Raises NotFound.
    """
    if team_key is None:
        return _text(connection.execute(_select_all()).one())
    row = connection.execute(_select_team(), {"team_key": team_key}).one_or_none()
    if row is None:
        read_team(connection, team_key)  # says which teams there are
        return ""
    if row.as_of:
        return _text(row)
    return f"{_text(row)}-{_text(connection.execute(_select_pulls()).one())}"


def read_stamp(connection: Connection) -> str:
    """Changes when the version of any team did, or a pull began, came further or ended."""
    pulls = connection.execute(_select_pulls()).one()
    return f"{read_version(connection)}-{_text(pulls)}"


@cache
def _select_team() -> Select[*tuple[Any, ...]]:
    t = s.teams.c
    stamps = (type_coerce(t[name], BigInteger) for name in ("as_of", "pulled_at", "failed_at"))
    query = select(*stamps, func.length(t.error).label("said"))
    return query.where(t.key == bindparam("team_key"), t.is_configured)


@cache
def _select_all() -> Select[*tuple[Any, ...]]:
    """Sums, not latest instants: they change with every team, even if a clock goes back."""
    t = s.teams.c
    stamps = (t.as_of, t.pulled_at, t.failed_at)
    sums = (func.sum(type_coerce(stamp, BigInteger)) for stamp in stamps)
    said = func.sum(func.length(t.error))
    return select(func.count(), *sums, said).select_from(s.teams).where(t.is_configured)


@cache
def _select_pulls() -> Select[*tuple[Any, ...]]:
    p = s.pulls.c
    newest = select(func.max(p.id) - LAST_PULLS).scalar_subquery()
    return select(
        func.max(p.id), func.count(p.ended_at), func.sum(p.issues_read), func.sum(p.issues_changed)
    ).where(p.id > newest)


def _text(row: Row[*tuple[Any, ...]]) -> str:
    return "-".join(f"{int(part or 0):x}" for part in row)
