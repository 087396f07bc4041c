"""Runs many seeds, one after the other, each on stores of its own."""

import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.report import Report, flavour_of, store_of
from tests.soak.running_seed import run_seed
from tests.soak.stores import OwnServer, SqliteStores


def run_all(seeds: Sequence[int], shown: bool) -> list[Report]:
    """Run these seeds in this process, each on its own store."""
    reports = []
    with ExitStack() as stack:
        needs_server = any(store_of(seed) == "postgresql" for seed in seeds)
        postgresql = stack.enter_context(OwnServer()).stores() if needs_server else None
        for seed in seeds:
            with TemporaryDirectory(prefix="telemetry-soak-") as name:
                folder = Path(name)
                sqlite = SqliteStores(folder)
                stores = postgresql if postgresql and store_of(seed) == "postgresql" else sqlite
                try:
                    report = run_seed(seed, stores, folder / "bot")
                except Exception:
                    report = Report(seed, flavour_of(seed), store_of(seed))
                    report.failures.append(traceback.format_exc())
            reports.append(report)
            if shown:
                print(line(report), flush=True)
    return reports


def line(report: Report) -> str:
    """One seed on one line, and what to do where it failed."""
    what = f"seed {report.seed:3} {report.flavour:10} {report.kind:10}"
    if not report.failures:
        return f"{what} converged"
    return f"{what} FAILED: {report.failures[0]}\n  .venv/bin/python -m tests.soak {report.seed}"
