"""Who is signed in to the page: when it began, until when it is good, and by which browser.

What stands here is a hash of what the browser holds, so that a copy of the store opens nothing.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select

from telemetry.store.schema import sessions

MOST = 10_000  # the oldest end, should there be more
LONGEST_AGENT = 100


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in; times are our clock, `agent` is what the browser calls itself."""

    id: str
    began_at: datetime
    ends_at: datetime
    agent: str


def write_session(connection: Connection, session: Session) -> None:
    """Write a sign-in, and forget those that are over."""
    c = sessions.c
    newest = select(c.id).order_by(c.began_at.desc()).limit(MOST - 1)
    over = or_(c.ends_at <= session.began_at, c.id.not_in(newest))
    connection.execute(delete(sessions).where(over))
    connection.execute(insert(sessions).values(asdict(session)))


def read_sessions(connection: Connection, now: datetime) -> tuple[Session, ...]:
    """Those that are good, the newest first."""
    c = sessions.c
    good = select(c.id, c.began_at, c.ends_at, c.agent).where(c.ends_at > now)
    rows = connection.execute(good.order_by(c.began_at.desc(), c.id))
    return tuple(Session(*row) for row in rows)


def end_sessions(connection: Connection, ids: Collection[str]) -> None:
    """End these sign-ins."""
    connection.execute(delete(sessions).where(sessions.c.id.in_(ids)))
