"""The sign-ins that are good, known by heart: no page waits for the store to learn who asks.

What another process ends, as `telemetry sessions --revoke` does, is noticed within seconds.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from telemetry.errors import StoreError
from telemetry.store.engine import reading, writing
from telemetry.store.sessions import Session, end_sessions, read_sessions, write_session

log = structlog.get_logger()

LOOK_SECONDS = 2.0


class Sessions(Protocol):
    """The sign-ins of one web application, by the hash of what the browser holds.

    `ends` grows whenever it is noticed that some were ended.
    """

    ends: int

    def begin(self, session: Session) -> None:
        """Keep a new one."""

    def end(self, identifier: str) -> None:
        """Forget one."""

    def is_good(self, identifier: str) -> bool:
        """Whether it began and was not ended."""

    def is_due(self) -> bool:
        """Whether to look again; says so to one asker at a time."""

    def look(self) -> None:
        """Read what others began and ended."""


class HeldSessions:
    """Sign-ins of this process, where there is no store."""

    def __init__(self) -> None:
        self._good: set[str] = set()
        self.ends = 0

    def begin(self, session: Session) -> None:
        """Keep a new one."""
        self._good.add(session.id)

    def end(self, identifier: str) -> None:
        """Forget one."""
        self._good.discard(identifier)
        self.ends += 1

    def is_good(self, identifier: str) -> bool:
        """Whether it began and was not ended."""
        return identifier in self._good

    def is_due(self) -> bool:
        """Never: nobody else has them."""
        return False

    def look(self) -> None:
        """There is nothing to read."""


class StoredSessions:
    """Sign-ins in the store, read at the start and again every two seconds while somebody asks.

    Where the store cannot be read, what is known goes on.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._good: frozenset[str] = frozenset()
        self.ends = 0
        self._looked_at = 0.0
        self._own_changes = 0

    def begin(self, session: Session) -> None:
        """Keep a new one. Raises SQLAlchemyError where it cannot be written."""
        with writing(self._engine) as connection:
            write_session(connection, session)
        self._own_changes += 1
        self._good |= {session.id}

    def end(self, identifier: str) -> None:
        """Forget one at once, here and in the store. Raises SQLAlchemyError as `begin` does."""
        self._own_changes += 1
        self._good -= {identifier}
        self.ends += 1
        with writing(self._engine) as connection:
            end_sessions(connection, [identifier])

    def is_good(self, identifier: str) -> bool:
        """Whether it began and was not ended, as far as is known."""
        return identifier in self._good

    def is_due(self) -> bool:
        """Whether to look again; says so to one asker at a time."""
        now = time.monotonic()
        is_due = now - self._looked_at >= LOOK_SECONDS
        if is_due:
            self._looked_at = now
        return is_due

    def look(self) -> None:
        """Read what others began and ended, unless we did so meanwhile: then the next look does."""
        before = self._own_changes
        try:
            with reading(self._engine) as connection:
                found = read_sessions(connection, self._clock())
        except (SQLAlchemyError, StoreError) as error:
            log.debug("sessions not read, those known go on", reason=type(error).__name__)
        else:
            if before == self._own_changes:
                before_it, self._good = self._good, frozenset(session.id for session in found)
                self.ends += not before_it <= self._good
