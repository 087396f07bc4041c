"""Random schedules of alerts, on SQLite and PostgreSQL at once, or one with all its acts.

`.venv/bin/python -m tests.alerts` runs 1,000 on each; `.venv/bin/python -m tests.alerts SEED`
replays one.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.alerts.many import STORES, ground_on, quietly, run_many
from tests.alerts.schedules import SEEDS, Schedule


def _replay(seed: int, store: str) -> int:
    quietly()
    with ground_on(store) as ground:
        schedule = Schedule(seed, ground)
        schedule.run()
    print("\n".join(schedule.told))
    print("\n".join(schedule.failures) or "all holds")
    return bool(schedule.failures)


def main() -> int:
    """Run what the command line says; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="tests.alerts", description=__doc__.splitlines()[0])
    parser.add_argument("seed", type=int, nargs="?", help="replay this one, with all its acts")
    parser.add_argument("--store", choices=STORES, default="sqlite", help="to replay it on")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many to run")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    asked = parser.parse_args()
    if asked.seed is not None:
        return _replay(asked.seed, asked.store)
    began, failed = time.monotonic(), False
    with ProcessPoolExecutor(len(STORES), mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(run_many, store, asked.first, asked.seeds) for store in STORES]
        for store, run in zip(STORES, runs, strict=True):
            counts, failures = run.result()
            failed |= bool(failures)
            print(f"{store}: {asked.seeds} schedules, {len(failures)} failed")
            print("  " + ", ".join(f"{what} {count}" for what, count in counts.most_common()))
            for seed, some in failures.items():
                print(f"  {seed}: " + "\n    ".join(some))
                print(f"    .venv/bin/python -m tests.alerts {seed} --store {store}")
    print(f"{time.monotonic() - began:.0f} s")
    return failed


if __name__ == "__main__":
    sys.exit(main())
