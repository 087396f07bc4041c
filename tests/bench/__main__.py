"""`make bench`: speed and memory as ratios within one run, as a table."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Request, sync_playwright
from rich.console import Console
from rich.table import Table

from bot.simulator.options import Options
from telemetry.context import Context
from telemetry.report.reports import Reports
from tests.bench.alerts import alert_rows
from tests.bench.export import export_rows
from tests.bench.roadmaps import roadmap_rows
from tests.bench.teams import overview_rows
from tests.bench.web import web_pages
from web.service import server as web_server

TOKEN = Options().token
ISSUES = int(os.environ.get("BENCH_ISSUES", "20000"))
LARGE = int(os.environ.get("BENCH_LARGE_ISSUES", "200000"))  # 0 leaves these rows out
ENVIRONMENT = {**os.environ, "BENCH_TOKEN": TOKEN}
Rows = list[tuple[str, str, str]]


class Jira:
    """The simulated Jira of a bench, in its own process."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, issues: int) -> None:
        self._process = process
        self.folder = folder
        self.issues = issues

    def served(self) -> dict[str, Any]:
        """The requests served since the last time."""
        file = self.folder / "served.json"
        self._command(f"served {file}")
        found: dict[str, Any] = json.loads(file.read_text())
        return found

    def change(self, count: int) -> None:
        """Log work on so many issues."""
        self._command(f"change {count}")

    def _command(self, line: str) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        self._process.stdout.readline()


class Bot:
    """A bot that goes on running, in a process of its own, and pulls when it is told."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.first = self._figures()

    def pull(self) -> dict[str, Any]:
        """One more pull."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._figures()

    def _figures(self) -> dict[str, Any]:
        assert self._process.stdout
        figures: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert not figures["failures"], figures
        return figures


@contextmanager
def bot(config: Path) -> Iterator[Bot]:
    """A bot that has pulled once."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.pull", str(config)],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    try:
        yield Bot(process)
    finally:
        process.stdin.close()
        process.wait(timeout=30)


@contextmanager
def simulated(issues: int, teams: int) -> Iterator[Jira]:
    """A simulated Jira with its configuration files in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="telemetry-bench-") as name:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.server", str(issues), str(teams), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        try:
            yield Jira(process, Path(name), int(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def pull(config: Path) -> dict[str, Any]:
    """One pull in a process of its own."""
    with bot(config) as one:
        return one.first


def download(served: dict[str, Any], url: str) -> float:
    """Seconds to download and decode the same pages one after the other with `requests`."""
    session = requests.Session()
    session.auth = (Options().user, TOKEN)
    session.headers["Content-Type"] = "application/json"
    began = time.perf_counter()
    for one in served["served"]:
        session.request(
            one["method"], url + one["target"], data=one["body"].encode() or None
        ).json()
    return time.perf_counter() - began


def first_pull(rows: Rows) -> float:
    """The first pull of many issues against bare downloads, with and without latency.

    Returns what one issue costs, in milliseconds.
    """
    with simulated(ISSUES, 6) as jira:
        pull(jira.folder / "quick.yml")  # prepares the answers
        served = jira.served()
        slow_url = json.loads((jira.folder / "slow.yml").read_text())["jira"]["url"]
        download(served, slow_url)  # prepares the slow one's
        bare, slow_bare = download(served, served["url"]), download(served, slow_url)
        forget(jira.folder, "quick")
        quick = pull(jira.folder / "quick.yml")
        slow = pull(jira.folder / "slow.yml")
        what = f"first pull, {jira.issues:,} issues"
        rows.append((what, f"{quick['seconds']:.1f} s ({quick['requests']} requests)", ""))
        rows.append((f"{what}: bare download", f"{bare:.1f} s", ""))
        rows.append((f"{what}: ratio", f"{quick['seconds'] / bare:.2f}", "≤ 4"))
        rows.append((f"{what}, 50 ms a request", f"{slow['seconds']:.1f} s", ""))
        rows.append((f"{what}, 50 ms: bare download", f"{slow_bare:.1f} s", ""))
        rows.append((f"{what}, 50 ms: ratio", f"{slow['seconds'] / slow_bare:.2f}", "≤ 1.3"))
        rows.append((f"{what}: peak memory", f"{quick['peak_mb']:.0f} MB", "≤ 300 MB"))
        page(rows, jira.folder / "quick.yml", jira.issues)
        return 1000 * float(quick["seconds"]) / jira.issues


def large_pull(rows: Rows, milliseconds_before: float) -> None:
    """The first pull of a large site, against the cost of an issue of a smaller one."""
    with simulated(LARGE, 6) as jira:
        figures = pull(jira.folder / "quick.yml")
        milliseconds = 1000 * figures["seconds"] / jira.issues
        what = f"first pull, {jira.issues:,} issues"
        rows.append((what, f"{figures['seconds']:.0f} s ({milliseconds:.2f} ms an issue)", ""))
        rows.append((f"{what}: peak memory", f"{figures['peak_mb']:.0f} MB", "≤ 400 MB"))
        ratio = milliseconds / milliseconds_before
        rows.append((f"{what}: cost of an issue, against {ISSUES:,}", f"{ratio:.2f}", "≤ 1.2"))


def changed_facts(rows: Rows) -> None:
    """Facts after one changed issue, in a small store and in a large one, of equal sprints."""
    seconds = []
    for issues in (LARGE // 10, LARGE):
        command = [sys.executable, "-m", "tests.bench.filling", str(issues), "6", "320"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds.append(json.loads(done.stdout)["one_seconds"])
        what = f"facts after 1 changed issue of {issues:,}"
        rows.append((what, f"{seconds[-1] * 1000:.0f} ms CPU", ""))
    rows.append((f"{what}: ratio", f"{seconds[1] / seconds[0]:.2f}", "about 1"))


def forget(folder: Path, name: str) -> None:
    """Remove the store of an earlier pull."""
    for file in folder.glob(f"{name}.db*"):
        file.unlink()


def far_pulls(rows: Rows) -> None:
    """A running bot's pulls of 20 teams, 100 ms a request: of nothing, and of ten issues."""
    with simulated(0, 20) as jira, bot(jira.folder / "far.yml") as one:
        one.pull()  # a first pull and the next differ in what they have to look at
        idle = one.pull()
        jira.change(10)
        ten = one.pull()
        config = json.loads((jira.folder / "far.yml").read_text())
        boards = len(config["teams"])
        what = f"idle pull, {boards} teams, {jira.issues:,} issues, 100 ms"
        rows.append((what, f"{idle['seconds']:.2f} s", "≤ 1.5 s"))
        rows.append((f"{what}: CPU", f"{idle['cpu_seconds']:.2f} s", ""))
        rows.append((f"{what}: requests", str(idle["requests"]), f"≤ {boards + 8}"))
        share = 100 * idle["bytes"] / one.first["bytes"]
        rows.append((f"{what}: bytes, of a full pull's", f"{share:.2f} %", "≤ 3 %"))
        what = f"pull of {ten['issues']} changed issues, 100 ms"
        rows.append((what, f"{ten['seconds']:.2f} s ({ten['requests']} requests)", "≤ 2.5 s"))


def page(rows: Rows, config: Path, issues: int) -> None:
    """A sprint page's server time and what a browser gets beside plotly.js."""
    context = Context(config, ENVIRONMENT)
    serving = web_server(
        Reports.of(context.settings, context.engine),
        host="127.0.0.1",
        port=0,
        access_token=None,
        clock=lambda: datetime.now(UTC),
    )
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{serving.servers[0].sockets[0].getsockname()[1]}"
    session = requests.Session()
    path = f"{url}/teams/{context.settings.teams[0].key}"
    times = []
    for _ in range(40):
        began = time.perf_counter()
        answer = session.get(path, headers={"Accept-Encoding": "gzip"})
        times.append(time.perf_counter() - began)
        assert answer.status_code == 200
    size = transferred(session, url, path)
    serving.should_exit = True
    thread.join()
    context.engine.dispose()
    median, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    what = f"sprint page at {issues:,} issues"
    rows.append((f"{what}: median", f"{median * 1000:.0f} ms", "≤ 50 ms"))
    rows.append((f"{what}: p95", f"{high * 1000:.0f} ms", ""))
    rows.append((f"{what}: transferred", f"{size / 1000:.0f} KB", "≤ 500 KB"))


def transferred(session: requests.Session, url: str, path: str) -> int:
    """Bytes of the page and all it loads, compressed, plotly.js left out."""
    sizes: list[int] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-background-networking"],
        )
        tab = browser.new_page()
        answers: list[Request] = []
        tab.on("requestfinished", lambda request: answers.append(request))  # noqa: PLW0108 - playwright marks what it is given
        tab.goto(path, wait_until="networkidle")
        for request in answers:
            if "plotly" not in request.url:
                size = request.sizes()
                sizes.append(size["responseBodySize"] + size["responseHeadersSize"])
        browser.close()
    return sum(sizes)


def help_command(rows: Rows) -> None:
    """CPU seconds of `telemetry --help`."""
    command = [str(Path(sys.executable).with_name("telemetry")), "--help"]
    used = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    rows.append(("telemetry --help, CPU", f"{min(used):.2f} s", "< 0.3 s"))


def measure(rows: Rows) -> None:
    """Add all rows, one after the other."""
    help_command(rows)
    far_pulls(rows)
    milliseconds = first_pull(rows)
    if LARGE:
        large_pull(rows, milliseconds)
        changed_facts(rows)
    rows += overview_rows()
    rows += alert_rows()
    rows += export_rows()
    rows += roadmap_rows()
    web_pages(rows)


def main() -> None:
    """Run all and print the table, of what was measured when something fails, too."""
    rows: Rows = []
    try:
        measure(rows)
    finally:
        table = Table("What", "Measured", "Aim", box=None)
        for row in rows:
            table.add_row(*row)
        Console(width=100).print(table)


if __name__ == "__main__":
    main()
