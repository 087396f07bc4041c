"""How far a pull came: named JSON values of a site."""

from typing import Any

from sqlalchemy import Connection, delete, select

from telemetry.store.schema import cursors
from telemetry.store.upsert import upsert


def read_cursor(connection: Connection, site: str, name: str) -> Any:
    """The cursor's JSON value, None when it was never written."""
    return connection.scalar(
        select(cursors.c.value).where(cursors.c.site == site, cursors.c.name == name)
    )


def write_cursor(connection: Connection, site: str, name: str, value: Any) -> None:
    """Set the cursor to a JSON value."""
    upsert(connection, cursors, [{"site": site, "name": name, "value": value}])


def delete_cursor(connection: Connection, site: str, name: str) -> None:
    """Forget the cursor, if there is one."""
    connection.execute(delete(cursors).where(cursors.c.site == site, cursors.c.name == name))
