"""Random schedules, other ones each day; `make soak` runs 1,000 of them on both databases."""

from pathlib import Path

import pytest

from tests.alerts.ground import Ground
from tests.alerts.many import run_all
from tests.alerts.schedules import SEEDS
from tests.databases import Databases
from tests.depth import in_turn

A_DAY, PARTS, ON_POSTGRESQL = 45, 3, 5


def holds(url: str, folder: Path, seeds: list[int]) -> None:
    ground = Ground(url, folder)
    counts, failures = run_all(seeds, ground)
    ground.leave()
    assert failures == {}, "python -m tests.alerts SEED replays one"
    assert counts["arrived"] > len(seeds)
    assert counts["digests"] > len(seeds)
    assert counts["killed"] > len(seeds) / 3


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_in_random_schedules_all_is_told_and_nothing_twice(other_store_url, tmp_path, part):
    seeds = in_turn(range(SEEDS), A_DAY, "schedules")
    holds(other_store_url("telemetry"), tmp_path, seeds[part::PARTS])


@pytest.mark.slow
def test_in_random_schedules_on_postgresql_too(
    postgresql_databases: Databases, tmp_path: Path
) -> None:
    seeds = in_turn(range(SEEDS), ON_POSTGRESQL, "postgresql")
    holds(postgresql_databases.new(postgresql_databases.template()), tmp_path, seeds)
