"""Runs many random schedules, one after the other, on ground of their own."""

import logging
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tests.alerts.ground import Ground
from tests.alerts.schedules import Schedule
from tests.compiled_once import share_compiled_statements
from tests.soak.stores import OwnServer, SqliteStores

STORES = ("sqlite", "postgresql")
Outcome = tuple[Counter[str], dict[int, list[str]]]


@contextmanager
def ground_on(store: str) -> Iterator[Ground]:
    """Ground on a store of this kind, of its own."""
    with TemporaryDirectory(prefix="telemetry-alerts-") as name:
        folder = Path(name)
        if store == "postgresql":
            with OwnServer() as server, _left(Ground(server.stores().empty(), folder)) as ground:
                yield ground
        else:
            with _left(Ground(SqliteStores(folder).empty(), folder)) as ground:
                yield ground


@contextmanager
def _left(ground: Ground) -> Iterator[Ground]:
    try:
        yield ground
    finally:
        ground.leave()


def run_all(seeds: Iterable[int], ground: Ground) -> Outcome:
    """What happened in these schedules, counted, and what did not hold, by seed."""
    counts: Counter[str] = Counter()
    failures = {}
    for seed in seeds:
        schedule = Schedule(seed, ground)
        try:
            schedule.run()
        except Exception:
            schedule.failures.append(traceback.format_exc())
        counts += schedule.counts
        counts["arrived"] += schedule.holding.arrived
        if schedule.failures:
            failures[seed] = list(dict.fromkeys(schedule.failures))
    return counts, failures


def run_many(store: str, first: int, count: int) -> Outcome:
    """So many schedules on a store of this kind, in a process of its own."""
    quietly()
    with ground_on(store) as ground:
        return run_all(range(first, first + count), ground)


def quietly() -> None:
    """What bots log is no matter here; what is compiled for one engine serves all."""
    share_compiled_statements()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
