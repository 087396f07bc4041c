"""Stores for seeds and crashes, on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.soak.stores import PostgresqlStores, SqliteStores, Stores

StoresOn = Callable[[str], Stores]


@pytest.fixture
def stores_on(request: pytest.FixtureRequest, tmp_path: Path) -> StoresOn:
    """Gives the stores of a kind: no server is started for files."""

    def of(kind: str) -> Stores:
        if kind == "sqlite":
            return SqliteStores(tmp_path, request.getfixturevalue("sqlite_template"))
        databases: Databases = request.getfixturevalue("postgresql_databases")
        return PostgresqlStores(databases.new, databases.template())

    return of


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, stores_on: StoresOn) -> Stores:
    return stores_on(request.param)
