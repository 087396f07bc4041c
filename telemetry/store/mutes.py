"""Mutes: of which team's alerts nobody wants to hear for a while, who said so, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from telemetry.store.schema import mutes


@dataclass(frozen=True, slots=True)
class Mute:
    """One mute; `rule` is None where it is of all rules."""

    id: int
    team_key: str
    rule: str | None
    until: datetime
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    ended_by: str | None


def is_muted(found: Iterable[Mute], team_key: str, rule: str) -> bool:
    """Whether one of the mutes is of that team and rule."""
    return any(one.team_key == team_key and one.rule in (None, rule) for one in found)


def read_mutes(connection: Connection, now: datetime) -> tuple[Mute, ...]:
    """The mutes in force."""
    columns = [mutes.c[name] for name in Mute.__slots__]
    query = select(*columns).where(mutes.c.until > now, mutes.c.ended_at.is_(None))
    return tuple(Mute(*row) for row in connection.execute(query.order_by(mutes.c.id)))


def add_mute(
    connection: Connection, team_key: str, rule: str | None, until: datetime, at: datetime, by: str
) -> int:
    """Mute a team's alerts of a rule, or all; the id."""
    row = {"team_key": team_key, "rule": rule, "until": until, "made_at": at, "made_by": by}
    adding = insert(mutes).values(row).returning(mutes.c.id)
    return int(connection.execute(adding).scalar_one())


def prune_mutes(connection: Connection, before: datetime) -> None:
    """Forget the mutes that were over before an instant."""
    connection.execute(delete(mutes).where(mutes.c.until < before))


def end_mute(connection: Connection, mute_id: int, at: datetime, by: str) -> bool:
    """End a mute before its time; whether it was in force."""
    ending = update(mutes).where(mutes.c.id == mute_id, mutes.c.ended_at.is_(None))
    ending = ending.where(mutes.c.until > at)
    return connection.execute(ending.values(ended_at=at, ended_by=by)).rowcount > 0
