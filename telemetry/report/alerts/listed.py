"""Alerts as pages, the API and commands list them, with how they were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select

from telemetry.store import schema as s
from telemetry.store.alerts import AlertRecord, read_alerts
from telemetry.store.outbox import Delivery, read_of_alerts

State = Literal["open", "resolved"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One alert with its team's name ("" of a site) and time zone, and how it was told."""

    alert: AlertRecord
    team_name: str
    timezone: str
    deliveries: Sequence[Delivery]

    @property
    def state(self) -> State:
        return "open" if self.alert.is_open else "resolved"


def read_listed(
    connection: Connection,
    team_key: str | None,
    state: State | None,
    limit: int,
    first: int = 0,
) -> list[Listed]:
    """The alerts of a team, or of all, those opened last first."""
    a = s.alerts.c
    query = select(a.id).order_by(a.opened_at.desc(), a.id.desc()).limit(limit).offset(first)
    if team_key is not None:
        query = query.where(a.team_key == team_key)
    if state is not None:
        is_over = a.resolved_at.is_not(None)
        query = query.where(is_over if state == "resolved" else ~is_over)
    ids = list(connection.scalars(query))
    return _listed(connection, ids)


def _listed(connection: Connection, ids: Sequence[int]) -> list[Listed]:
    records = read_alerts(connection, list(ids))
    told = read_of_alerts(connection, ids)
    t = s.teams.c
    teams = {row.key: row for row in connection.execute(select(t.key, t.name, t.rules))}
    found = []
    for alert_id in ids:
        record = records[alert_id]
        team = teams.get(record.team_key)
        name = record.team_key if team is None else team.name
        zone = "UTC" if team is None else team.rules["calendar"]["timezone"]
        found.append(Listed(record, name, zone, told.get(alert_id, [])))
    return found


def open_count(connection: Connection) -> int:
    """How many alerts are open."""
    query = select(func.count()).where(s.alerts.c.resolved_at.is_(None))
    return int(connection.scalar(query) or 0)
