"""Whatever happens, many pulls end where one first pull would: the seeds whose turn it is.

A failing seed is replayed by `.venv/bin/python -m tests.soak SEED`; `make soak` runs 200.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.report import store_of
from tests.soak.running_seed import OPERATIONS, run_seed
from tests.soak.stores import Stores
from tests.soak.turns import chosen


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, id=f"{seed}-{store_of(seed)}") for seed in chosen()]
)
def test_many_pulls_end_where_a_first_pull_would(
    stores_on: Callable[[str], Stores], tmp_path: Path, seed: int
) -> None:
    report = run_seed(seed, stores_on(store_of(seed)), tmp_path / "bot")
    assert report.failures == []
    assert report.acts.total() >= OPERATIONS
