"""Digests that were due, a row for each channel: so each is sent once, whoever restarts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from telemetry.settings.digesting import DigestKind
from telemetry.store import schema as s
from telemetry.store.outbox import WAITING


@dataclass(frozen=True, slots=True)
class DigestRow:
    """One digest in one channel.

    `told_at` is the hour that it was due at, `due_at` when it is tried; `team_key` is "" where it
    is of several teams, which `team_keys` name ([]: all); `reached` are the channel's addresses
    that have it already, by their place.
    """

    id: int
    key: str
    channel: str
    kind: DigestKind
    team_key: str
    team_keys: list[str]
    sprint_id: int | None
    told_at: datetime
    state: str
    made_at: datetime
    due_at: datetime
    message_id: str
    attempts: int
    first_at: datetime | None
    sent_at: datetime | None
    error: str | None
    reached: list[int]


_COLUMNS = tuple(s.digests.c[name] for name in DigestRow.__slots__)


@dataclass(frozen=True, slots=True)
class Closed:
    """A sprint that a team closed."""

    team_key: str
    sprint_id: int
    at: datetime


def read_known(connection: Connection, since: datetime) -> set[tuple[str, str]]:
    """Key and channel of the digests that were due since an instant."""
    c = s.digests.c
    query = select(c.key, c.channel).where(c.told_at >= since)
    return {(row.key, row.channel) for row in connection.execute(query)}


def add_digests(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put digests into the outbox."""
    filled = [
        {"attempts": 0, "reached": [], "state": WAITING, "error": None} | dict(row) for row in rows
    ]
    if filled:
        connection.execute(insert(s.digests), filled)


def read_due_digests(connection: Connection, now: datetime) -> tuple[DigestRow, ...]:
    """The digests that wait to be sent by now, the oldest first."""
    c = s.digests.c
    query = select(*_COLUMNS).where(c.state == WAITING, c.due_at <= now).order_by(c.due_at, c.id)
    return tuple(DigestRow(*row) for row in connection.execute(query))


def read_digests(connection: Connection, key: str) -> tuple[DigestRow, ...]:
    """A digest in each of its channels."""
    query = select(*_COLUMNS).where(s.digests.c.key == key).order_by(s.digests.c.id)
    return tuple(DigestRow(*row) for row in connection.execute(query))


def change_digests(connection: Connection, ids: Iterable[int], **values: Any) -> None:
    """Write how these digests stand."""
    changing = update(s.digests).where(s.digests.c.id.in_(list(ids)))
    connection.execute(changing.values(**values))


def prune_digests(connection: Connection, before: datetime) -> None:
    """Forget the digests that were due before an instant."""
    connection.execute(delete(s.digests).where(s.digests.c.told_at < before))


def read_closed(connection: Connection, since: datetime) -> list[Closed]:
    """The sprints of configured teams that were closed since an instant, with figures."""
    f, p, t = s.sprint_facts.c, s.sprints.c, s.teams.c
    same = (p.site == f.site) & (p.id == f.sprint_id)
    query = (
        select(f.team_key, p.id, p.completed_at)
        .join_from(s.sprint_facts, s.sprints, same)
        .join(s.teams, t.key == f.team_key)
        .where(t.is_configured, p.state == "closed", p.completed_at >= since)
        .order_by(p.completed_at, f.team_key)
    )
    return [Closed(*row) for row in connection.execute(query)]
