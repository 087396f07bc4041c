"""Whether what the store holds can be read: a quick look at all of a SQLite file."""

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from telemetry.errors import StoreError
from telemetry.store.engine import reading, reason_of
from telemetry.store.schema import teams

_REMEDY = (
    "stop the service and bring a backup back with 'telemetry db restore FILE', or move the file "
    "away and let the next pull read everything again"
)


def check_soundness(engine: Engine) -> None:
    """Raises StoreError where the store does not answer, or where SQLite finds it damaged.

    The quick check reads the whole file once: about a second for each gigabyte on a fast disk.
    """
    try:
        with reading(engine) as connection:
            connection.execute(select(teams.c.key).limit(1)).all()
            if engine.dialect.name != "sqlite":
                return
            verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except DBAPIError as error:
        raise StoreError(f"The store cannot be read: {reason_of(error)}; {_REMEDY}.") from None
    if verdict != "ok":
        raise StoreError(f"The store {engine.url.database} is damaged ({verdict}); {_REMEDY}.")
