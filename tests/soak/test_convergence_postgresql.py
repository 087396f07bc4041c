"""Whatever happens, many pulls end where one first pull would: half of 20 seeds, on PostgreSQL.

A file of its own, so that two workers share the seeds.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.soak.report import store_of
from tests.soak.running_seed import OPERATIONS, run_seed
from tests.soak.stores import PostgresqlStores

SEEDS = [seed for seed in range(20) if store_of(seed) == "postgresql"]


@pytest.mark.parametrize("seed", SEEDS)
def test_many_pulls_end_where_a_first_pull_would(
    postgresql_databases: Any, postgresql_template: Any, tmp_path: Path, seed: int
) -> None:
    stores = PostgresqlStores(postgresql_databases, postgresql_template)
    report = run_seed(seed, stores, tmp_path / "bot")
    assert report.failures == []
    assert report.acts.total() >= OPERATIONS
