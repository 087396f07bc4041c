"""Whatever happens, many pulls end where one first pull would: half of 20 seeds, on SQLite.

A failing seed is replayed by `.venv/bin/python -m tests.soak SEED`; `make soak` runs 200.
"""

from pathlib import Path

import pytest

from tests.soak.report import store_of
from tests.soak.running_seed import OPERATIONS, run_seed
from tests.soak.stores import SqliteStores

SEEDS = [seed for seed in range(20) if store_of(seed) == "sqlite"]


@pytest.mark.parametrize("seed", SEEDS)
def test_many_pulls_end_where_a_first_pull_would(
    tmp_path: Path, sqlite_template: Path, seed: int
) -> None:
    report = run_seed(seed, SqliteStores(tmp_path, sqlite_template), tmp_path / "bot")
    assert report.failures == []
    assert report.acts.total() >= OPERATIONS
