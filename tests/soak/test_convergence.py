"""Whatever happens, many pulls end where one first pull would: 20 of the seeds of `make soak`.

A failing seed is replayed by `.venv/bin/python -m tests.soak SEED`.
"""

from pathlib import Path

import pytest

from tests.soak.report import store_of
from tests.soak.running_seed import OPERATIONS, run_seed
from tests.soak.stores import PostgresqlStores, SqliteStores, Stores


@pytest.mark.parametrize("seed", range(20))
def test_many_pulls_end_where_a_first_pull_would(
    request: pytest.FixtureRequest, tmp_path: Path, seed: int
) -> None:
    stores: Stores
    if store_of(seed) == "sqlite":
        stores = SqliteStores(tmp_path)
    else:
        new = request.getfixturevalue("postgresql_databases")
        stores = PostgresqlStores(new, request.getfixturevalue("postgresql_template"))
    report = run_seed(seed, stores, tmp_path / "bot")
    assert report.failures == []
    assert report.acts.total() >= OPERATIONS
