"""Databases of PostgreSQL for tests: what one test leaves is emptied for the next.

To make a database takes ten times as long as to empty one, and to remove some hundreds at the end
takes seconds.
"""

import os
from itertools import count
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.engine import make_url

from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from telemetry.store.schema import metadata

USES = 25  # of one database: nobody vacuums it
SEEDED = "facts_shape"  # filled by a migration, and not to be emptied
EMPTY = "; ".join(
    f'DELETE FROM "{table.name}"'
    for table in reversed(metadata.sorted_tables)
    if table.name != SEEDED
)
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
COUNTING = (
    "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences "
    "WHERE last_value IS NOT NULL"
)
SHAPE = f"""
    SELECT (SELECT version_num FROM alembic_version),
        (SELECT string_agg(seeded::text, ' ') FROM {SEEDED} seeded),
        (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
        (SELECT count(*) FROM pg_trigger),
        count(*),
        sum(hashtext(concat_ws(' ', relname, relkind, attname, atttypid, attnotnull, attisdropped)))
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace
"""


class Databases:
    """Databases of one server, whose address is given; `forget` drops them all."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._admin = open_store(server, base=Path())
        self._numbers = count()
        self._made: set[str] = set()
        self._template: str | None = None
        self._shape: object = None
        self._empty: list[str] = []
        self._uses: dict[str, int] = {}

    def new(self, template: str | None = None) -> str:
        """The address of a new database, a copy of the one at that address, or bare."""
        name = self._next_name()
        origin = make_url(template).database if template else "template0"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"')
        self._made.add(name)
        return self._url(name).render_as_string(hide_password=False)

    def template(self) -> str:
        """The address of a migrated, empty database, to be copied."""
        if self._template is None:
            self._template = self.new()
            engine = open_store(self._template, base=Path())
            upgrade(engine)
            with engine.connect() as connection:
                self._shape = _shape(connection)
            engine.dispose()
        return self._template

    def take(self) -> Engine:
        """A migrated, empty store: one that was given back, under another name, or a new one."""
        template = self.template()
        if not self._empty:
            return open_store(self.new(template), base=Path())
        former, name = self._empty.pop(), self._next_name()
        self._run(f'ALTER DATABASE "{former}" RENAME TO "{name}"')  # who stayed finds it no more
        self._made = self._made - {former} | {name}
        self._uses[name] = self._uses.pop(former) + 1
        return open_store(self._url(name).render_as_string(hide_password=False), base=Path())

    def give_back(self, store: Engine) -> None:
        """Empty what was taken, for the next one, unless its schema was changed."""
        store.dispose()
        name = str(store.url.database)
        engine = open_store(store.url.render_as_string(hide_password=False), base=Path())
        with engine.begin() as connection:
            connection.execute(text(OTHERS))
            is_whole = _shape(connection) == self._shape
            if is_whole:
                connection.exec_driver_sql(EMPTY)
                for sequence in connection.scalars(text(COUNTING)):
                    connection.exec_driver_sql(f"ALTER SEQUENCE {sequence} RESTART")
        engine.dispose()
        if is_whole and self._uses.setdefault(name, 1) < USES:
            self._empty.append(name)

    def forget(self) -> None:
        """Drop all of them where the server stays; our own goes with its folder."""
        if os.environ.get("TEST_DATABASE_URL"):
            for name in self._made:
                self._run(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._admin.dispose()

    def _next_name(self) -> str:
        return f"telemetry_{os.getpid()}_{next(self._numbers)}"

    def _url(self, name: str) -> URL:
        return self._server.set(database=name)

    def _run(self, statement: str) -> None:
        with self._admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))


def _shape(connection: Connection) -> object:
    try:
        with connection.begin_nested():
            return tuple(connection.execute(text(SHAPE)).one())
    except Exception:  # a test may leave nothing at all
        return None
