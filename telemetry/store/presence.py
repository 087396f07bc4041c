"""Which bots are at work on the store, resting ones included; a bot that crashed is not.

Each holds a lock that the system gives back when its process ends: on SQLite one of a few empty
files beside the store, on PostgreSQL an advisory lock that bots share.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from re import escape, fullmatch

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from telemetry.errors import StoreError
from telemetry.store.engine import is_in_memory

KEY = 0x7E1E3E8
"""PostgreSQL's advisory lock of bots: an arbitrary number that is only ours."""
MOST_BOTS = 100


class Presence:
    """That a bot is at work, from its first `keep` to `give_up`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: FileLock | None = None
        self._connection: Connection | None = None

    def keep(self) -> None:
        """Hold the lock; take it again where a restarted server has forgotten it.

        Where none can be had, as on a full disk, a bot works without.
        """
        if self._engine.dialect.name == "postgresql":
            self._keep_session()
        elif self._file is None and not is_in_memory(self._engine):
            self._file = _first_free(Path(str(self._engine.url.database)))

    def give_up(self) -> None:
        """The bot is no longer at work."""
        if self._file is not None:
            self._file.release()
        if self._connection is not None:
            _close(self._connection)
        self._file = self._connection = None

    def _keep_session(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except DBAPIError:
                _close(self._connection)
                self._connection = None
            else:
                return
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": KEY})
        self._connection = connection


@contextmanager
def no_bot(engine: Engine) -> Iterator[None]:
    """Keep bots from the store. Raises StoreError where one is at work, or rests between pulls."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}):
                raise _at_work()
            try:
                yield
            finally:
                with suppress(DBAPIError):  # where the session is over, the lock is, too
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": KEY})
    elif is_in_memory(engine):
        yield
    else:
        held = _all_free(Path(str(engine.url.database)))
        try:
            yield
        finally:
            for lock in held:
                lock.release()


def _first_free(database: Path) -> FileLock | None:
    for number in range(1, MOST_BOTS):
        lock = _lock(database, number)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        except OSError:
            return None
        return lock
    return None


def _all_free(database: Path) -> list[FileLock]:
    """The locks of all bots there ever were, and of the next one."""
    pattern = rf"{escape(database.name)}\.bot(\d+)\.lock"
    files = database.parent.iterdir()
    known = {int(found[1]) for file in files if (found := fullmatch(pattern, file.name))}
    held: list[FileLock] = []
    for number in (*known, next(n for n in count(1) if n not in known)):
        lock = _lock(database, number)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            for other in held:
                other.release()
            raise _at_work() from None
        except OSError:
            continue  # who cannot write here cannot be a bot
        held.append(lock)
    return held


def _lock(database: Path, number: int) -> FileLock:
    file = database.with_name(f"{database.name}.bot{number}.lock")
    return FileLock(file, mode=0o600, thread_local=False)


def _close(connection: Connection) -> None:
    with suppress(DBAPIError):  # the server may be gone
        connection.invalidate()
        connection.close()


def _at_work() -> StoreError:
    return StoreError(
        "a bot is at work on this store, or rests between two pulls: stop it first "
        "(telemetry bot or telemetry up)."
    )
