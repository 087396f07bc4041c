"""Random schedules, a part of them in turn; `make soak` runs all, on both databases."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from telemetry.store.engine import open_store
from tests.alerts.schedules import SEEDS, Schedule
from tests.depth import in_turn, is_full

A_DAY = 12


def run(seed, engine, folder):
    schedule = Schedule(seed, engine, folder)
    schedule.run()
    return schedule


@pytest.mark.slow
@pytest.mark.in_turn
def test_in_random_schedules_all_is_told_and_nothing_twice(sqlite_template, tmp_path):
    counts: Counter[str] = Counter()
    failures = {}
    for seed in in_turn(range(SEEDS), A_DAY, "schedules"):
        folder = tmp_path / str(seed)
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "telemetry.db")
        engine = open_store("sqlite:///telemetry.db", base=folder)
        done = run(seed, engine, folder)
        engine.dispose()
        shutil.rmtree(folder)
        counts += done.counts
        if done.failures:
            failures[seed] = done.failures
    assert failures == {}
    assert counts["arrived"] > A_DAY
    if is_full():
        print(dict(counts))


@pytest.mark.slow
def test_a_random_schedule_on_postgresql(postgresql_store, tmp_path: Path):
    [seed] = in_turn(range(SEEDS), 1, "postgresql")[:1]
    assert run(seed, postgresql_store, tmp_path).failures == []
