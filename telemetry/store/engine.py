"""Opening the store: one SQLite file, or PostgreSQL; every failure is one clear sentence.

Reads go through `reading`, writes through `writing`. On SQLite a writer begins with BEGIN
IMMEDIATE: it waits its turn at the start, so that two processes that first read and then write
cannot dead-lock; readers never wait (write-ahead log). Everything runs inside one transaction and
sees one state of the store.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.pool import StaticPool

from telemetry.errors import StoreError
from telemetry.secrecy import redacted, said
from telemetry.store.address import passwords_of, read_address, shown_address
from telemetry.store.watched import watch

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
MOST_AT_ONCE = 40  # connections, of readers of pages and of a thread or two for each site
CACHE_KIB = 16 * 1024
LEAST_FREE = 256 * 1024  # bytes that SQLite wants beside the file


def open_store(url: str, *, base: Path) -> Engine:
    """The engine of the store at `url`; a relative SQLite path is relative to `base`.

    A SQLite file is created when absent, its folder is not. Nothing is migrated here.
    Raises StoreError when the store cannot be used.
    """
    parsed = read_address(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, base)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise StoreError(
        f"store.url begins with {parsed.drivername!r}, which is no store; "
        "use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE."
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the store and never makes a writer wait."""
    options: dict[str, Any] = {"is_reading": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is committed at the end, rolled back on an error."""
    with engine.begin() as connection:
        yield connection


def reason_of(error: DBAPIError) -> str:
    """Why the database failed, without the values that it was given."""
    if not isinstance(error, OperationalError | InterfaceError):
        return type(error.orig).__name__
    return redacted(str(error.orig).partition("\n")[0].strip())


def is_in_memory(engine: Engine) -> bool:
    """Whether the store is gone with this process."""
    return engine.dialect.name == "sqlite" and not engine.url.database


def _open_sqlite(url: URL, base: Path) -> Engine:
    if not url.database or url.database == ":memory:":
        engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
        _prepare_sqlite(engine)
        return engine
    file = (base / url.database).absolute()
    if not file.parent.is_dir():
        raise StoreError(
            f"The store's folder {file.parent} does not exist; create it or change store.url."
        )
    if file.exists() and not file.is_file():
        raise StoreError(f"The store {file} is no file; change store.url.")
    with suppress(OSError):  # what is wrong with the place is told below
        file.touch(mode=0o600)  # whatever the umask; what SQLite puts beside it follows
    engine = create_engine(
        url.set(database=str(file)),
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,
        max_overflow=MOST_AT_ONCE,
    )
    _prepare_sqlite(engine)
    try:
        with reading(engine) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DBAPIError as error:
        engine.dispose()
        raise StoreError(_sqlite_sentence(file, str(error.orig))) from None
    watch(engine, file)
    return engine


def _sqlite_sentence(file: Path, reason: str) -> str:
    if "not a database" in reason or "malformed" in reason:
        return (
            f"The store {file} is not a SQLite database, or is damaged; "
            "restore a backup or change store.url."
        )
    if "unable to open" in reason or "readonly" in reason:
        return (
            f"The store {file} cannot be opened for writing ({reason}); "
            "give this user write access to the file and its folder."
        )
    return f"The store {file} cannot be used: {reason}{_remedy(file, reason)}."


def _remedy(file: Path, reason: str) -> str:
    """What helps; SQLite does not always say that it is the disk that is full."""
    if "locked" in reason:
        return "; another program holds it, end that one"
    if "full" in reason or shutil.disk_usage(file.parent).free < LEAST_FREE:
        return "; its disk is full, make room there"
    return ""


def _prepare_sqlite(engine: Engine) -> None:
    """Take transactions into our own hands: the driver's start too late and leave out DDL."""

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        _set_wal(cursor)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_reading = connection.get_execution_options().get("is_reading", False)
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _set_wal(cursor: sqlite3.Cursor) -> None:
    """Switch to the write-ahead log; SQLite does not wait for others that switch just now."""
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(0.02)
        else:
            return


def _open_postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS},
            hide_parameters=True,
            max_overflow=MOST_AT_ONCE,
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            "The driver of PostgreSQL is not installed; "
            "install it with: pip install 'agile-telemetry[postgres]'"
        ) from None
    try:
        with reading(engine) as connection:
            connection.exec_driver_sql("SELECT 1")
    except DBAPIError as error:
        engine.dispose()
        raise StoreError(_postgresql_sentence(url, str(error.orig))) from None
    return engine


def _postgresql_sentence(url: URL, reason: str) -> str:
    shown, line = shown_address(url), said(" ".join(reason.split()), passwords_of(url))
    if "password" in line or "authentication" in line:
        remedy = (
            "check the user and the password in store.url, of which signs such as @ / : # % stand "
            "plainly or all as %XX"
        )
    elif "does not exist" in line:
        remedy = "create it, or change store.url"
    else:
        remedy = "check that the server runs and that host and port in store.url are right"
    return f"The store {shown} does not let us in: {line}; {remedy}."
