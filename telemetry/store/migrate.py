"""The schema's versions: which one a store has, and the way from one to the next.

A change of `telemetry.store.schema` needs a revision, unless it is one of facts, which
`telemetry.store.facts` notices by itself. It is written against an empty store with
`python -m telemetry.store.migrate revision "what changes"`, formatted with ruff, then
read and mended by hand.
`… migrate first` writes the first revision anew, which is right only until a store is in use.
Alembic is slow to import, so only a migration does; a look at the version does not.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from telemetry.errors import StoreError
from telemetry.store.engine import open_store, reading, reason_of, writing
from telemetry.store.facts import has_our_facts, renew_facts

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x7E1E3E7
"""PostgreSQL's advisory lock of migrations: an arbitrary number that is only ours."""


def head() -> str:
    """The newest revision, by the files' numbers."""
    return max(file.name for file in (FOLDER / "versions").glob("[0-9]*.py"))[:4]


def current(engine: Engine) -> str | None:
    """The store's revision, None when it was never migrated."""
    with reading(engine) as connection:
        return _current(connection)


def is_current(engine: Engine) -> bool:
    """Whether the store has the schema that this program needs, facts included."""
    with reading(engine) as connection:
        return _current(connection) == head() and has_our_facts(connection)


def outdated(engine: Engine) -> str | None:
    """Why this program cannot work with the store's schema, None where it can."""
    with reading(engine) as connection:
        revision = _current(connection)
        if revision == head() and has_our_facts(connection):
            return None
    if revision is not None and revision > head():
        return _newer(revision)
    return "the store is not at this version's schema: telemetry db upgrade"


def _newer(revision: str) -> str:
    return (
        f"The store has schema {revision}, this program knows only {head()}; "
        "install the newer version again."
    )


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say in one sentence why the database could not be changed, as on a full disk."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(
            f"The store cannot be {what}: {reason_of(error)}. It is as it was before; make room "
            "or give access, and start again."
        ) from None


def upgrade(engine: Engine) -> None:
    """Bring the store to the newest revision; does nothing when it has it.

    Facts of another shape or format are thrown away, to be computed anew from history.
    Two processes may do so at once: the second waits and finds nothing left to do.
    Raises StoreError when the store was written by a newer version of this program.
    """
    if not is_current(engine):
        with _told("brought to this version's schema"), writing(engine) as connection:
            _lock(connection)
            revision = _current(connection)
            if revision is not None and revision > head():
                raise StoreError(_newer(revision))
            if revision != head():
                _run(connection, "upgrade", "head")
            if not has_our_facts(connection):
                renew_facts(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the store back to a revision, "base" for none; what it cannot hold is lost.

    Raises StoreError when there is no such revision.
    """
    known = sorted(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))
    if revision != "base" and revision not in known:
        raise StoreError(
            f"There is no schema revision {revision!r}; use one of base, {', '.join(known)}."
        )
    with _told("taken back to an older schema"), writing(engine) as connection:
        _lock(connection)
        found = _current(connection)
        if found is not None and found > head():
            raise StoreError(_newer(found))
        _run(connection, "downgrade", revision)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _lock(connection: Connection) -> None:
    """Let one process at a time migrate; SQLite's writers wait for each other already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _config(connection: Connection | None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 (slow to load, needed by migrations only)

    config = Config(stdout=StringIO())
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _run(connection: Connection, direction: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 (as above)

    getattr(command, direction)(_config(connection), revision)


def _write_revision(message: str, number: str) -> Path:
    """Write the revision that takes an upgraded empty store to `telemetry.store.schema`."""
    from alembic import command  # noqa: PLC0415 (as above)

    engine = open_store("sqlite://", base=Path())
    if list((FOLDER / "versions").glob("[0-9]*.py")):
        upgrade(engine)
    with writing(engine) as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    (file,) = (FOLDER / "versions").glob(f"{number}_*.py")
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "# ###" not in line))
    return file


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")


def _main(arguments: list[str]) -> int:
    match arguments:
        case ["first"]:
            for file in (FOLDER / "versions").glob("[0-9]*.py"):
                file.unlink()
            _say(_write_revision("The first tables", "0001"))
        case ["revision", message]:
            _say(_write_revision(message, f"{int(head()) + 1:04}"))
        case _:
            _say('usage: python -m telemetry.store.migrate (first | revision "MESSAGE")')
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
