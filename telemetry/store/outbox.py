"""The outbox: what is to be told of an alert in a channel, and how that went."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from telemetry.store.schema import deliveries, digests

WAITING, SENT, FAILED, GIVEN_UP, DROPPED = "waiting", "sent", "failed", "given_up", "dropped"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is told of one alert in one channel.

    `kind` is opened, worsened or resolved; those of one message share its `message_id`;
    `reached` are the channel's addresses that have it already, by their place; `is_begun`
    tells that it is under way, or that nobody knows how it went: it may have arrived.
    """

    id: int
    alert_id: int
    team_key: str
    channel: str
    kind: str
    state: str
    made_at: datetime
    due_at: datetime
    message_id: str | None
    attempts: int
    first_at: datetime | None
    sent_at: datetime | None
    error: str | None
    reached: list[int]
    is_begun: bool = False

    @property
    def is_known(self) -> bool:
        """Whether any of the channel's addresses has it."""
        return self.state == SENT or bool(self.reached)


_COLUMNS = tuple(deliveries.c[name] for name in Delivery.__slots__)


def add_deliveries(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put into the outbox what is to be told."""
    filled = [{"attempts": 0, "reached": [], "error": None} | dict(row) for row in rows]
    if filled:
        connection.execute(insert(deliveries), filled)


def read_due(connection: Connection, now: datetime) -> tuple[Delivery, ...]:
    """What waits to be told by now, the oldest first."""
    c = deliveries.c
    query = select(*_COLUMNS).where(c.state == WAITING, c.due_at <= now)
    return tuple(Delivery(*row) for row in connection.execute(query.order_by(c.due_at, c.id)))


def read_waiting(connection: Connection) -> tuple[Delivery, ...]:
    """All that waits, whenever it is due."""
    query = select(*_COLUMNS).where(deliveries.c.state == WAITING)
    return tuple(Delivery(*row) for row in connection.execute(query.order_by(deliveries.c.id)))


def read_of_alerts(connection: Connection, ids: Collection[int]) -> dict[int, list[Delivery]]:
    """The deliveries of these alerts, in order, by the alert's id."""
    found: dict[int, list[Delivery]] = {}
    query = select(*_COLUMNS).where(deliveries.c.alert_id.in_(list(ids)))
    for row in connection.execute(query.order_by(deliveries.c.id)):
        found.setdefault(row.alert_id, []).append(Delivery(*row))
    return found


def change(connection: Connection, ids: Iterable[int], **values: Any) -> None:
    """Write how these deliveries stand."""
    changing = update(deliveries).where(deliveries.c.id.in_(list(ids)))
    connection.execute(changing.values(**values))


def drop_waiting(connection: Connection, alert_id: int, why: str) -> None:
    """Tell nothing any more of an alert that was not told yet."""
    c = deliveries.c
    waiting = update(deliveries).where(c.alert_id == alert_id, c.state == WAITING)
    connection.execute(waiting.values(state=DROPPED, error=why))


def forget(connection: Connection, ids: Iterable[int]) -> None:
    """Take deliveries back that there is no more reason for."""
    connection.execute(delete(deliveries).where(deliveries.c.id.in_(list(ids))))


def still_waiting(connection: Connection, ids: Collection[int]) -> list[int]:
    """Those of these deliveries that wait yet: none that was dropped meanwhile."""
    c = deliveries.c
    query = select(c.id).where(c.id.in_(list(ids)), c.state == WAITING)
    return list(connection.scalars(query))


def taken_since(connection: Connection, team_key: str, channel: str, since: datetime) -> int:
    """How many messages of a team's alerts a channel got since an instant, or is to get yet.

    Those that were begun and did not arrive go as soon as the channel answers, and those of which
    nobody knows may have arrived. Of those that
    reached some of its addresses alone the last try counts.
    """
    c = deliveries.c
    is_taken = or_(
        c.state == WAITING,
        and_(c.state == SENT, c.sent_at >= since),
        and_(c.reached != [], c.due_at >= since),
        and_(c.is_begun, or_(c.first_at >= since, c.due_at >= since)),
    )
    query = select(func.count(c.message_id.distinct())).where(
        c.team_key == team_key, c.channel == channel, is_taken
    )
    return int(connection.scalar(query) or 0)


def last_sent_at(connection: Connection, channel: str) -> datetime | None:
    """When a channel last got a message, of alerts or a digest."""
    times = [
        connection.scalar(select(func.max(table.c.sent_at)).where(table.c.channel == channel))
        for table in (deliveries, digests)
    ]
    return max((at for at in times if at is not None), default=None)
