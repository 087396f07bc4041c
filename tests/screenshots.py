"""Takes pictures of every page, light and dark, wide and narrow.

`python -m tests.screenshots OUT_DIR [--url URL]`; without a URL of a demo that it starts and ends.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.odd_sprints import odd_site

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
FIXED = [
    ("teams", "/"),
    ("portfolio", "/portfolio"),
    ("calibration", "/calibration"),
    ("programs", "/programs"),
    ("definitions", "/definitions"),
    ("alerts", "/alerts"),
    ("record", "/alerts/record"),
    ("runs", "/runs"),
    ("api", "/api/docs"),
    ("wall", "/wall"),
]

TABS = ("next", "sprints", "quarters/current", "impediments", "flow", "quality")  # of the first


def launch(playwright) -> Browser:
    """The system's Chromium; raises RuntimeError where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise RuntimeError("no Chromium on this machine: install the package 'chromium'")
    return playwright.chromium.launch(executable_path=found, args=FLAGS)


def wait_for_charts(page: Page) -> None:
    """Waits until every chart of the page is drawn."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-chart]')].every(one => one.dataset.drawn)"
    )


@contextmanager
def demo() -> Iterator[str]:
    """The URL of a demo on a free port that ends with the block."""
    command = [str(Path(sys.executable).with_name("telemetry")), "demo", "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        try:
            for line in started.stdout:
                if found := re.search(r"http://localhost:\d+", line):
                    yield found[0]
                    return
            raise RuntimeError("the demo ended before its page answered")
        finally:
            started.terminate()


def paths_of(page: Page, url: str) -> list[tuple[str, str]]:
    """Names and paths of all pages: the fixed ones, each team's, and the first one's sprints."""
    page.goto(url)
    teams = page.eval_on_selector_all(
        "table.teams th[scope=row] a", "all => all.map(one => one.getAttribute('href'))"
    )
    named = [("team-" + path.rpartition("/")[2], path) for path in teams]
    page.goto(url + teams[0])
    sprints = page.eval_on_selector_all(
        ".sprints a", "all => all.slice(0, 4).map(one => one.getAttribute('href'))"
    )
    sprints += [f"{path}/snapshots" for path in sprints[-1:]]
    named += [(path.strip("/").replace("/", "-"), path) for path in sprints]
    key = teams[0].rpartition("/")[2]
    named += [(f"{one.partition('/')[0]}-{key}", f"{teams[0]}/{one}") for one in TABS]
    page.goto(url + "/programs")
    programs = page.eval_on_selector_all(
        "table.programs th[scope=row] a", "all => all.map(one => one.getAttribute('href'))"
    )
    named += [("program", path) for path in programs[:1]]
    return [*FIXED, *named]


def odd_paths(page: Page, url: str) -> list[tuple[str, str]]:
    """Names and paths of the odd sprints' pages."""
    page.goto(url)
    teams = page.eval_on_selector_all(
        "table.teams th[scope=row] a", "all => all.map(one => one.getAttribute('href'))"
    )
    return [("odd-" + path.rpartition("/")[2], path) for path in teams]


def take_pictures(
    url: str, folder: Path, find: Callable[[Page, str], list[tuple[str, str]]]
) -> None:
    """The pages that `find` finds on a running server, in each scheme and size."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        paths = find(browser.new_page(), url)
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                for name, path in paths:
                    page.goto(url + path)
                    wait_for_charts(page)
                    target = folder / f"{name}-{scheme}-{size}.png"
                    page.screenshot(path=target, full_page=True)
                    print(target)
                context.close()
        browser.close()


def main() -> None:
    """Reads the arguments and takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", help="a running server, instead of a demo")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.url:
        take_pictures(given.url.rstrip("/"), given.folder, paths_of)
        return
    with demo() as url:
        take_pictures(url, given.folder, paths_of)
    with odd_site() as url:
        take_pictures(url, given.folder, odd_paths)


if __name__ == "__main__":
    main()
