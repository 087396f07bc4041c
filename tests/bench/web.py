"""The pages' speed with 50 teams of two years each: the server's time, and a cold Chromium's.

`rows()` measures; `python -m tests.bench.web` prints. The server runs in a process of its own,
`python -m tests.bench.web serve STORE`, whose clock stands still until it is told to go on: a line
"minute" on its input moves it, and every line is answered with the process's CPU seconds so far.
`BENCH_WEB_STORE` names a store made before (`python -m tests.bench.web fill STORE`).
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from starlette.responses import HTMLResponse, Response

from telemetry.report.reports import Reports
from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from tests.bench.filling import NOW, Filling
from tests.screenshots import launch
from web.http.assets import Assets
from web.service import (
    server,
    spare_collector,
)

TEAMS = 50
SPRINTS = 52  # two years of two weeks
ISSUES_PER_SPRINT = 40
COLD_RUNS = 9
Rows = list[tuple[str, str, str]]

BLANK = """<!doctype html><html lang="en"><head><title>Blank</title>
<script defer src="{plotly}"></script><script defer src="/bench/blank.js"></script></head>
<body></body></html>"""
BLANK_SCRIPT = """
for (let n = 0; n < Number(location.search.slice(1)); n += 1) {
  const box = document.createElement("div");
  box.dataset.chart = "";
  document.body.append(box);
  Plotly.newPlot(box, [{ y: [1, 3, 2] }], { height: 300 }).then(() => {
    box.dataset.drawn = "true";
  });
}
"""
WATCH = """
window.seen = {};
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.seen[one.name || "largest"] = one.startTime;
}).observe({ type: "paint", buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.seen.largest = one.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new MutationObserver(() => {
  const charts = [...document.querySelectorAll("[data-chart]")];
  if (charts.length && charts.every((one) => one.dataset.drawn)) {
    window.seen.charts ??= performance.now();
  }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
"""


def fill(file: Path) -> None:
    """Write the store: histories, and the facts of all of them."""
    gc.set_threshold(100_000, 50, 1_000)  # as bot.pull.run does
    engine = open_store(f"sqlite:///{file}", base=file.parent)
    upgrade(engine)
    filling = Filling(TEAMS * SPRINTS * ISSUES_PER_SPRINT, TEAMS, ISSUES_PER_SPRINT)
    filling.write_frame(engine)
    filling.write_issues(engine)
    filling.refresh(engine, NOW, is_first=True)
    engine.dispose()


def serve(file: Path) -> None:
    """Serve the store, and beside it a page with trivial charts, until the input ends."""
    moment = [NOW]
    engine = open_store(f"sqlite:///{file}", base=file.parent)
    made = server(
        Reports(engine), host="127.0.0.1", port=0, access_token=None, clock=lambda: moment[0]
    )
    app: Any = made.config.app
    blank = BLANK.format(plotly=Assets().plotly_url)
    app.add_route("/bench/blank", lambda _: HTMLResponse(blank))
    app.add_route("/bench/blank.js", lambda _: Response(BLANK_SCRIPT, media_type="text/javascript"))
    spare_collector()
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    while not made.started:
        time.sleep(0.01)
    host, port = made.servers[0].sockets[0].getsockname()[:2]
    print(f"http://{host}:{port}", flush=True)
    for line in sys.stdin:
        moment[0] += timedelta(minutes=line.strip() == "minute")
        print(time.process_time(), flush=True)
    made.should_exit = True
    thread.join()
    engine.dispose()


class Served:
    """The server's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._to, self._from = process.stdin, process.stdout
        self.url = self._from.readline().strip()

    def used(self, then: str = "") -> float:
        """The server's CPU seconds so far; `then` "minute" moves its clock."""
        self._to.write(f"{then}\n")
        self._to.flush()
        return float(self._from.readline())

    def rest(self) -> float:
        """Wait until it works no more: it counts contradictions after an answer."""
        before = -1.0
        while (now := self.used()) - before > 0.002:
            before = now
            time.sleep(0.03)
        return now


@contextmanager
def served() -> Iterator[Served]:
    """The store, served."""
    with tempfile.TemporaryDirectory(prefix="telemetry-bench-web-") as folder:
        file = Path(os.environ.get("BENCH_WEB_STORE") or f"{folder}/telemetry.db")
        if not file.exists():
            subprocess.run([sys.executable, "-m", "tests.bench.web", "fill", str(file)], check=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.web", "serve", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        try:
            yield Served(process)
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def p95(values: Sequence[float]) -> str:
    """Median and 95th percentile of seconds, in milliseconds."""
    high = statistics.quantiles(values, n=20)[-1]
    return f"{high * 1000:.0f} ms (median {statistics.median(values) * 1000:.0f})"


def server_times(site: Served, rows: Rows) -> None:
    """A sprint page computed anew for each team: of facts not seen before, then a minute later."""
    paths = [f"/teams/team-{number}" for number in range(1, TEAMS + 1)]
    asking = HTTPConnection(site.url.removeprefix("http://"))

    def ask(path: str, headers: dict[str, str]) -> tuple[float, int, str]:
        """Seconds to the last byte; status and tag."""
        began = time.perf_counter()
        asking.request("GET", path, headers=headers)
        answer = asking.getresponse()
        answer.read()
        return time.perf_counter() - began, answer.status, answer.headers["ETag"]

    def measure() -> tuple[list[float], list[float], list[str]]:
        walls, used, tags = [], [], []
        for path in paths:
            before = site.rest()
            seconds, status, found = ask(path, {"Accept-Encoding": "gzip"})
            walls.append(seconds)
            used.append(site.used() - before)
            tags.append(found)
            assert status == 200, path
        return walls, used, tags

    ask("/teams/team-1/sprints/1001", {})  # reads templates and statements
    what = f"sprint page, {TEAMS} teams, {SPRINTS} sprints each"
    for when, then in (("of new facts", ""), ("a minute later", "minute")):
        site.used(then)
        walls, used, tags = measure()
        rows.append((f"{what}: p95 {when}", p95(walls), "≤ 40 ms"))
        rows.append((f"{what}: CPU {when}", p95(used), ""))
    known = [
        ask(*pair) for pair in zip(paths, [{"If-None-Match": one} for one in tags], strict=True)
    ]
    assert {status for _, status, _ in known} == {304}
    rows.append((f"{what}: p95 of a 304", p95([seconds for seconds, _, _ in known]), ""))
    asking.close()


def cold(browser: Browser, url: str) -> tuple[dict[str, float], int, int]:
    """What an empty cache sees: moments in ms, bytes beside plotly.js, and how many charts."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    answers: list[Any] = []
    page.on("requestfinished", lambda one: answers.append(one))  # noqa: PLW0108 - it gets marked
    page.goto(url)
    page.wait_for_function("() => window.seen.charts && window.seen.largest", timeout=60_000)
    page.evaluate("new Promise((done) => setTimeout(done, 300))")
    size = 0
    for request in answers:
        if "plotly" not in request.url:
            sizes = request.sizes()
            size += sizes["responseBodySize"] + sizes["responseHeadersSize"]
    seen: dict[str, float] = page.evaluate("window.seen")
    count = page.locator("[data-chart]").count()
    context.close()
    return seen, size, count


def browser_times(site: Served, rows: Rows) -> None:
    """A cold Chromium's paints, charts and bytes, against a page that only draws as many charts."""
    path = f"{site.url}/teams/team-11"  # one with impediments
    with sync_playwright() as playwright:
        browser = launch(playwright)
        _, size, count = cold(browser, path)
        cold(browser, f"{site.url}/bench/blank?{count}")
        ours, blank = [], []
        for _ in range(COLD_RUNS):  # in turns, so that both see the same machine
            ours.append(cold(browser, path)[0])
            blank.append(cold(browser, f"{site.url}/bench/blank?{count}")[0]["charts"])
        browser.close()
    first, largest, charts = (
        statistics.median(one[name] for one in ours)
        for name in ("first-contentful-paint", "largest", "charts")
    )
    what = "cold sprint page"
    rows.append((f"{what}: first contentful paint", f"{first:.0f} ms", "≤ 800 ms"))
    rows.append((f"{what}: all text and figures painted", f"{largest:.0f} ms", "≤ 800 ms"))
    rows.append((f"{what}: charts drawn ({count})", f"{charts:.0f} ms", ""))
    trivial = statistics.median(blank)
    rows.append((f"{what}: as many trivial charts on a blank page", f"{trivial:.0f} ms", ""))
    rows.append((f"{what}: ratio", f"{charts / trivial:.2f}", "≤ 1.3"))
    rows.append((f"{what}: transferred beside plotly.js", f"{size / 1000:.0f} KB", "≤ 450 KB"))


def web_pages(rows: Rows) -> None:
    """Add the rows of the pages' speed."""
    with served() as site:
        server_times(site, rows)
        browser_times(site, rows)


def main() -> None:
    """Fill, serve, or measure and print."""
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]).absolute())
    elif sys.argv[1:2] == ["serve"]:
        serve(Path(sys.argv[2]).absolute())
    else:
        rows: Rows = []
        web_pages(rows)
        print(json.dumps(rows, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
