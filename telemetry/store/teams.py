"""The teams as the last pull found them: their rules, and how fresh their data are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, literal, select, update

from telemetry.domain.team import TeamRules
from telemetry.store.schema import teams
from telemetry.store.upsert import upsert
from telemetry.store.values import Instant

_ONE = select(teams).where(teams.c.key == bindparam("key"))
_BY_KEY = {
    is_configured: select(teams)
    .where(teams.c.is_configured.is_(is_configured))
    .order_by(teams.c.key)
    for is_configured in (True, False)
}


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """A team's rules with its freshness.

    `as_of` is Jira's clock at the last complete pull and `pulled_at` ours then; `failed_at` is
    ours at the first failure since, with its sentence in `error`.
    """

    rules: TeamRules
    is_configured: bool
    as_of: datetime | None
    pulled_at: datetime | None
    failed_at: datetime | None
    error: str | None


def rules_to_json(rules: TeamRules) -> Any:
    """The rules as a JSON value, sets sorted, so that equal rules are equal values."""
    return orjson.loads(orjson.dumps(rules, default=sorted))


def rules_from_json(value: Any) -> TeamRules:
    """The rules that `rules_to_json` wrote."""
    return _adapter().validate_python(value)


def write_team(connection: Connection, rules: TeamRules) -> bool:
    """Write a configured team's rules; whether they changed. Its freshness stays."""
    row = {
        "key": rules.key,
        "site": rules.site,
        "name": rules.name,
        "rules": rules_to_json(rules),
        "is_configured": True,
    }
    is_changed = upsert(connection, teams, [row]) > 0
    if is_changed:
        # a team that comes back after a purge begins beyond what it ever was
        newest = select(func.max(teams.c.facts_version)).scalar_subquery()
        setting = update(teams).where(teams.c.key == rules.key)
        connection.execute(setting.values(facts_version=newest + 1))
    return is_changed


def raise_facts_version(connection: Connection, *keys: str) -> None:
    """Begin a new generation of what pages show of these teams, with the change that it is for."""
    _raise(connection, teams.c.key.in_(keys))


def raise_facts_version_of_site(connection: Connection, site: str) -> None:
    """Begin a new generation for all teams of a site."""
    _raise(connection, teams.c.site == site)


def _raise(connection: Connection, wanted: ColumnElement[bool]) -> None:
    raised = {"facts_version": teams.c.facts_version + 1}
    connection.execute(update(teams).where(wanted).values(**raised))


def keep_teams(connection: Connection, keys: Iterable[str]) -> int:
    """Note that only these teams are configured; the number that no longer are.

    The others keep their rows, so that they come back with their history.
    """
    statement = update(teams).where(teams.c.is_configured, teams.c.key.not_in(list(keys)))
    left = {"is_configured": False, "facts_version": teams.c.facts_version + 1}
    return connection.execute(statement.values(**left)).rowcount


def read_teams(connection: Connection, *, is_configured: bool = True) -> tuple[TeamRecord, ...]:
    """The configured teams, or those that were once, by key."""
    rows = connection.execute(_BY_KEY[is_configured])
    return tuple(_team(row) for row in rows)


def read_team(connection: Connection, team_key: str) -> TeamRecord | None:
    """The team, configured or not; None when it was never pulled."""
    row = connection.execute(_ONE, {"key": team_key}).one_or_none()
    return None if row is None else _team(row)


def mark_pulled(connection: Connection, team_key: str, as_of: datetime, at: datetime) -> None:
    """Note a complete pull: Jira's clock `as_of` and ours; failures are over."""
    connection.execute(
        update(teams)
        .where(teams.c.key == team_key)
        .values(as_of=as_of, pulled_at=at, failed_at=None, error=None)
    )


def mark_failed(connection: Connection, team_key: str, at: datetime, error: str) -> None:
    """Note a failed pull: the last sentence, and when failing began."""
    connection.execute(
        update(teams)
        .where(teams.c.key == team_key)
        .values(failed_at=func.coalesce(teams.c.failed_at, literal(at, Instant)), error=error)
    )


@cache  # 1.1 ms, for each team that is read
def _adapter() -> TypeAdapter[TeamRules]:
    return TypeAdapter(TeamRules)


def _team(row: Row[Any]) -> TeamRecord:
    return TeamRecord(
        rules=rules_from_json(row.rules),
        is_configured=row.is_configured,
        as_of=row.as_of,
        pulled_at=row.pulled_at,
        failed_at=row.failed_at,
        error=row.error,
    )
