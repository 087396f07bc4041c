from contextlib import contextmanager

import pytest

from telemetry.store.schema import metadata


@pytest.fixture
def fresh(store):
    """A transaction on an empty store that leaves nothing behind: one for each example."""

    @contextmanager
    def transaction():
        with store.connect() as connection, connection.begin() as began:
            yield connection
            began.rollback()

    return transaction


@pytest.fixture
def contents():
    """All rows of the tables named, comparable."""

    def rows(connection, *names):
        return {
            name: sorted(map(repr, connection.execute(metadata.tables[name].select())))
            for name in names
        }

    return rows
