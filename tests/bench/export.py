"""Exports' speed: the static site of 50 teams with a year each, a review's PDF, a whole history.

`export_rows()` measures; `python -m tests.bench.export` prints. Each command runs in a process of
its own, as a person starts it, so that its memory and its start count. `BENCH_EXPORT_STORES` names
a folder that keeps the stores for another run.
"""

import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from tests.bench.filling import NOW, Filling

TEAMS = 50
SPRINTS = 26  # a year of two weeks
ISSUES_PER_SPRINT = 40
HISTORY = 20_000  # issues of one team
MEASURE = """
import resource, sys
from telemetry.__main__ import main
try:
    main()
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak {peak}", file=sys.stderr)
"""


def fill(folder: Path, name: str, filling: Filling) -> Path:
    """The configuration of a store with facts of all of it, which is made where it is not there."""
    file = folder / f"{name}.db"
    if not file.exists():
        gc.set_threshold(100_000, 50, 1_000)  # as bot.pull.run does
        engine = open_store(f"sqlite:///{file}", base=folder)
        upgrade(engine)
        filling.write_frame(engine)
        filling.write_issues(engine)
        filling.refresh(engine, NOW, is_first=True)
        engine.dispose()
    config = folder / f"{name}.yml"
    auth = {"kind": "pat", "secret": "env:JIRA_TOKEN"}
    teams = [{"key": one.key, "project": one.project_key} for one in filling.teams]
    jira = {"url": "https://jira.example.com", "auth": auth}
    values = {"jira": jira, "store": {"url": f"sqlite:///{file}"}, "teams": teams}
    config.write_text(yaml.safe_dump(values))
    return config


def run(config: Path, *words: str) -> tuple[float, int]:
    """Seconds that `telemetry export …` takes, and the megabytes of its own process."""
    command = [sys.executable, "-c", MEASURE, "-c", str(config), "export", *words]
    chromium = os.environ.get("TELEMETRY_CHROMIUM", "chromium --no-sandbox")
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    kept = {"PYTHONPYCACHEPREFIX": str(config.parent / "bytecode")}  # as an installation keeps it
    began = time.perf_counter()
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**usual, **kept, "TELEMETRY_CHROMIUM": chromium},
    )
    seconds = time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    return seconds, int(done.stderr.rpartition("peak ")[2])


def _used() -> float:
    """CPU seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def site_rows(config: Path, folder: Path) -> list[tuple[str, str, str]]:
    """The whole site, and again with nothing changed."""
    target = folder / "site"
    before = _used()
    first, memory = run(config, "site", str(target))
    used = _used() - before
    pages = sum(1 for _ in target.rglob("*.html"))
    again, _ = run(config, "site", str(target))
    what = f"static site of {TEAMS} teams with a year each, {pages:,} pages"
    return [
        (what, f"{first:.0f} s", "≤ 60 s"),
        (f"{what}: CPU of all processes", f"{used:.0f} s", ""),
        (f"{what}: peak memory of the first", f"{memory} MB", ""),
        (f"{what}: a second run with nothing changed", f"{again:.1f} s", "≤ 5 s"),
    ]


def pdf_row(config: Path, folder: Path) -> tuple[str, str, str]:
    """A review on paper, from the command to its file."""
    seconds = min(
        run(config, "review", "1020", "--team", "team-1", "-o", str(folder / "review.pdf"))[0]
        for _ in range(3)
    )
    return ("review as PDF", f"{seconds:.1f} s", "≤ 3 s")


def history_rows(config: Path, folder: Path) -> list[tuple[str, str, str]]:
    """All issues of a team with the work logged on them, as a workbook."""
    seconds, memory = run(config, "history", "-o", str(folder / "history.xlsx"))
    what = f"XLSX of a team's whole history, {HISTORY:,} issues"
    return [
        (what, f"{seconds:.1f} s", "≤ 5 s"),
        (f"{what}: peak memory", f"{memory} MB", "≤ 300 MB"),
    ]


def export_rows(wanted: Sequence[str] = ("site", "pdf", "history")) -> list[tuple[str, str, str]]:
    """The rows of the table of `make bench`: what, measured, aim."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="telemetry-bench-export-") as name:
        folder = Path(name)
        stores = Path(os.environ.get("BENCH_EXPORT_STORES") or folder)
        if {"site", "pdf"} & {*wanted}:
            filling = Filling(TEAMS * SPRINTS * ISSUES_PER_SPRINT, TEAMS, ISSUES_PER_SPRINT)
            config = fill(stores, "fifty", filling)
            rows += site_rows(config, folder) if "site" in wanted else []
            rows += [pdf_row(config, folder)] if "pdf" in wanted else []
        if "history" in wanted:
            rows += history_rows(fill(stores, "one", Filling(HISTORY, 1)), folder)
    return rows


if __name__ == "__main__":
    for row in export_rows(sys.argv[1:] or ("site", "pdf", "history")):
        print(*row, sep="\t")
