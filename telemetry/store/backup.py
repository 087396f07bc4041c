"""A copy of the store while it is in use, and the way back."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from telemetry.errors import StoreError
from telemetry.store.address import shown_address
from telemetry.store.migrate import head


def backup(engine: Engine, file: Path, *, is_forced: bool = False) -> None:
    """Copy the whole store into `file`, which only its user can read.

    One that is there is replaced where that is forced, and only by a complete copy. Readers and
    writers go on meanwhile. Raises StoreError on PostgreSQL, which has its own tools.
    """
    _refuse_postgresql(engine, "pg_dump --format=custom --file=FILE DATABASE")
    if engine.url.database and file.absolute() == Path(engine.url.database):
        raise StoreError(f"{file} is the store itself; name another file for the backup.")
    if file.exists() and not is_forced:
        raise StoreError(f"{file} is there already; name another file, or add --force.")
    partial = file.with_name(f"{file.name}.partial")
    try:
        _remove(partial)
        partial.touch(mode=0o600)
        _copy(engine, partial)
        partial.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The backup {file} cannot be written: {error}; make room, or name a file elsewhere."
        ) from None
    finally:
        _remove(partial)


def restore(engine: Engine, file: Path) -> None:
    """Make the store what a backup holds: all of it or, where that fails, nothing.

    It is written through the store itself, so that nothing of before is played over it. Raises
    StoreError for what is no whole backup of a store, and on PostgreSQL.
    """
    _refuse_postgresql(engine, "pg_restore --clean --if-exists --dbname=DATABASE FILE")
    if not file.is_file():
        raise StoreError(f"There is no backup at {file}.")
    target = engine.raw_connection()
    try:
        source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            [(verdict,)] = source.execute("PRAGMA quick_check(1)").fetchall()
            versions = source.execute("SELECT version_num FROM alembic_version").fetchall()
            if any(version > head() for (version,) in versions):
                raise StoreError(
                    f"{file} is the backup of a newer version than this, which knows only schema "
                    f"{head()}; install that version again. Nothing is changed."
                )
            if verdict != "ok":
                raise StoreError(f"{file} is damaged ({verdict}); take another backup.")
            driver = target.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                raise StoreError(f"{engine.url.drivername} has no online backup.")
            source.backup(driver)
        finally:
            source.close()
    except sqlite3.Error as error:
        raise StoreError(f"{file} is no backup of a store: {error}.") from None
    finally:
        target.close()


def _remove(partial: Path) -> None:
    """Leave nothing of a copy that was broken off, nor of what SQLite wrote beside it."""
    for end in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            partial.with_name(f"{partial.name}{end}").unlink(missing_ok=True)


def _refuse_postgresql(engine: Engine, tool: str) -> None:
    if engine.dialect.name == "postgresql":
        shown = shown_address(engine.url)
        raise StoreError(f"{shown} is PostgreSQL, which brings its own backup; use: {tool}")


def _copy(engine: Engine, file: Path) -> None:
    source = engine.raw_connection()
    target = sqlite3.connect(file)
    try:
        driver = source.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise StoreError(f"{engine.url.drivername} has no online backup.")
        driver.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
        source.close()
