"""Statements that SQLAlchemy compiled for one store serve the next one of the same kind.

An engine keeps them for itself, which is right in a process with one store. Tests open a thousand,
each of which would compile the same statements anew: a sixth of their time.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event


class _Compiled(dict[Any, Any]):
    """A cache of compiled statements in which dialects of one kind and driver are the same."""

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_of_kind(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)


def _of_kind(key: Any) -> Any:
    dialect, *statement = key
    return (dialect.name, dialect.driver, *statement)


def share_compiled_statements() -> None:
    """Let all engines of this process share what they compile."""
    compiled = _Compiled()

    @event.listens_for(Engine, "engine_connect")
    def _connected(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)
