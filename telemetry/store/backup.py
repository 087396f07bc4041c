"""A copy of the store while it is in use."""

import sqlite3
from pathlib import Path

from sqlalchemy import Engine

from telemetry.errors import StoreError


def backup(engine: Engine, file: Path) -> None:
    """Copy the whole store into `file`, which is replaced only by a complete copy.

    Readers and writers go on meanwhile. Raises StoreError on PostgreSQL, which has its own tools.
    """
    if engine.dialect.name == "postgresql":
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"{shown} is PostgreSQL, which brings its own backup; "
            "use: pg_dump --format=custom --file=FILE DATABASE"
        )
    if engine.url.database and file.absolute() == Path(engine.url.database):
        raise StoreError(f"{file} is the store itself; name another file for the backup.")
    partial = file.with_name(f"{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        _copy(engine, partial)
        partial.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The backup {file} cannot be written: {error}.") from None


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
