"""Alerts as they stand, and what their rules remember of each team."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from telemetry.store.outbox import WAITING
from telemetry.store.schema import alert_teams, alerts, deliveries, evaluations, teams
from telemetry.store.upsert import upsert

SITE = ""  # the team of what is of a site


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """One alert; `said` is JSON as `telemetry.words.stored` writes it.

    `opened_value` is what `value` was when it opened; `is_silent`: it was true before anybody
    looked, so it is shown and not told.
    """

    id: int
    rule: str
    team_key: str
    subject_kind: str
    subject_id: str
    subject_name: str
    severity: str
    is_silent: bool
    opened_at: datetime
    worsened_at: datetime | None
    resolved_at: datetime | None
    resolved_because: str | None
    value: float
    opened_value: float
    threshold: float
    said: Any
    issue_ids: list[int]

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


_COLUMNS = tuple(alerts.c[name] for name in AlertRecord.__slots__)


def _record(row: Row[Any]) -> AlertRecord:
    return AlertRecord(**row._mapping)


def open_key(rule: str, team_key: str, subject_id: str) -> str:
    """What is one for each open alert."""
    return f"{rule} {team_key} {subject_id}"[:255]


def read_open(connection: Connection, team_key: str) -> tuple[AlertRecord, ...]:
    """The open alerts of a team, or of the sites."""
    return tuple(map(_record, connection.execute(_select_open(), {"team_key": team_key})))


@cache  # as `telemetry/report/sprint/statements.py` says of statements
def _select_open() -> Select[Any]:
    mine = alerts.c.team_key == bindparam("team_key"), alerts.c.resolved_at.is_(None)
    return select(*_COLUMNS).where(*mine).order_by(alerts.c.id)


def read_all_open(connection: Connection) -> tuple[AlertRecord, ...]:
    """All open alerts."""
    query = select(*_COLUMNS).where(alerts.c.resolved_at.is_(None)).order_by(alerts.c.id)
    return tuple(map(_record, connection.execute(query)))


def read_alerts(connection: Connection, ids: list[int]) -> dict[int, AlertRecord]:
    """These alerts by id."""
    query = select(*_COLUMNS).where(alerts.c.id.in_(ids))
    return {row.id: _record(row) for row in connection.execute(query)}


def lock_alerts(connection: Connection, ids: Collection[int]) -> None:
    """Keep these alerts, and how they are told, as they are for all others until we commit.

    Whoever writes of alerts or how they are told locks all that are concerned first, at once and
    by id: nobody then misses what another is about to write, and no two wait for each other.
    """
    _lock(connection, select(alerts.c.id).where(alerts.c.id.in_(ids)))


def lock_open(connection: Connection, team_keys: Iterable[str]) -> None:
    """Keep the open alerts of teams, as `lock_alerts` does."""
    mine = alerts.c.team_key.in_(list(team_keys)), alerts.c.resolved_at.is_(None)
    _lock(connection, select(alerts.c.id).where(*mine))


def _lock(connection: Connection, query: Select[tuple[int]]) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        connection.execute(query.order_by(alerts.c.id).with_for_update())


def add_alert(connection: Connection, values: Mapping[str, Any], *, is_open: bool) -> int:
    """Write a new alert; its id."""
    key = open_key(values["rule"], values["team_key"], values["subject_id"])
    row = {"worsened_at": None, "resolved_at": None, "resolved_because": None} | dict(values)
    row["open_key"] = key if is_open else None
    return int(connection.execute(insert(alerts).values(row).returning(alerts.c.id)).scalar_one())


def change_alert(connection: Connection, alert_id: int, values: Mapping[str, Any]) -> bool:
    """Write how an alert stands now; whether anything of it is different."""
    same = [alerts.c[name].is_not_distinct_from(value) for name, value in values.items()]
    differing = update(alerts).where(alerts.c.id == alert_id)
    for one in same[1:]:
        same[0] = same[0] & one
    return connection.execute(differing.where(~same[0]).values(**values)).rowcount > 0


def resolve_alert(connection: Connection, alert_id: int, at: datetime, because: str) -> None:
    """Note that an alert is over, and why."""
    over = {"resolved_at": at, "resolved_because": because, "open_key": None}
    connection.execute(update(alerts).where(alerts.c.id == alert_id).values(**over))


@dataclass(frozen=True, slots=True)
class TeamLook:
    """When a team was last looked at, and what its rules remember, by rule."""

    facts_version: int
    evaluated_on: date
    configured: str
    rules: Any


@dataclass(frozen=True, slots=True)
class TeamState:
    """A configured team that can be looked at, and when it last was.

    `seen_version` is that of its facts then, `configured` a digest of the rules that were on; all
    three are None before the first look.
    """

    key: str
    facts_version: int
    seen_version: int | None
    evaluated_on: date | None
    configured: str | None


def read_team_states(connection: Connection) -> list[TeamState]:
    """The configured teams that have been pulled."""
    return [TeamState(*row) for row in connection.execute(_select_states())]


@cache
def _select_states() -> Select[Any]:
    t, a = teams.c, alert_teams.c
    return (
        select(t.key, t.facts_version, a.facts_version, a.evaluated_on, a.configured)
        .join_from(teams, alert_teams, a.team_key == t.key, isouter=True)
        .where(t.is_configured, t.as_of.is_not(None))
        .order_by(t.key)
    )


def read_look(connection: Connection, team_key: str) -> TeamLook | None:
    """The last look at a team, or at the sites."""
    row = connection.execute(_select_look(), {"team_key": team_key}).first()
    return None if row is None else TeamLook(*row)


@cache
def _select_look() -> Select[Any]:
    columns = [alert_teams.c[name] for name in TeamLook.__slots__]
    return select(*columns).where(alert_teams.c.team_key == bindparam("team_key"))


def write_look(connection: Connection, team_key: str, look: TeamLook) -> None:
    """Note a look at a team."""
    values = {name: getattr(look, name) for name in TeamLook.__slots__}
    upsert(connection, alert_teams, [{"team_key": team_key} | values])


def add_evaluation(connection: Connection, values: Mapping[str, Any]) -> None:
    """Note a look at teams, for the page of runs."""
    connection.execute(insert(evaluations).values(dict(values)))


def prune_alerts(connection: Connection, before: datetime, most: int) -> int:
    """Forget at most so many alerts that were over before an instant, and how they were told.

    What still waits to be told of one keeps it.
    """
    waits = exists().where(deliveries.c.alert_id == alerts.c.id, deliveries.c.state == WAITING)
    over = select(alerts.c.id).where(alerts.c.resolved_at < before, ~waits)
    ids = list(connection.scalars(over.order_by(alerts.c.id).limit(most)))
    if ids:
        connection.execute(delete(deliveries).where(deliveries.c.alert_id.in_(ids)))
        connection.execute(delete(alerts).where(alerts.c.id.in_(ids)))
    return len(ids)


def last_evaluated_at(connection: Connection) -> datetime | None:
    """When teams were looked at last."""
    found: datetime | None = connection.scalar(select(func.max(evaluations.c.at)))
    return found


def prune_evaluations(connection: Connection, before: datetime) -> None:
    """Forget the looks before an instant."""
    connection.execute(delete(evaluations).where(evaluations.c.at < before))
