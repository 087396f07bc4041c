"""Pages as a reader's browser shows them, and what must be true of every one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, cast

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.screenshots import wait_for_charts

Scheme = Literal["light", "dark"]

VIEWS: list[tuple[Scheme, int]] = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
NARROW, WIDE = 360, 3840
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# what is drawn in a plot is one picture to axe, whose name is that of its figure
LOOK_FOR_VIOLATIONS = """() => axe.run({exclude: ["[data-plot] > *"]}, {
    resultTypes: ["violations"]
}).then(found => found.violations.map(one => [one.id, ...one.nodes.map(node => node.html)]))"""

# what stands beyond the window, outside of what scrolls by itself
CUT = """() => [...document.querySelectorAll('header *, main *')].filter(one => {
    const isApart = one.closest('[data-plot], .away, .scroll, .pop, svg');
    if (isApart || !one.checkVisibility()) return false;
    const { left, right, width } = one.getBoundingClientRect();
    return width > 0 && (left < -1 || right > innerWidth + 1);
}).map(one => [one.tagName, one.className, one.textContent.trim().slice(0, 40)])"""


class Watched(Page):
    """A page; `wrong` collects errors of its console, `hosts` whom it asked."""

    wrong: list[str]
    hosts: set[str]


@contextmanager
def a_page(browser: Browser, scheme="light", width=1440, **options) -> Iterator[Watched]:
    """An empty page that nothing was done in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **options
    )
    page = cast("Watched", context.new_page())
    page.wrong, page.hosts = [], set()
    page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("request", lambda asked: page.hosts.add(asked.url.split("/")[2]))
    try:
        yield page
    finally:
        context.close()


def wiped(page: Watched, url: str) -> Watched:
    """The page as a new one, if nothing was kept in its browser by what was done in it.

    A short page of the same host follows: for an empty page the browser would start a new process,
    which compiles the charts' library anew, and where none names an icon it looks for one.
    """
    page.goto(url + "/runs")
    page.emulate_media(color_scheme="light", media="screen")
    as_wide_as_new(page).wrong.clear()
    page.hosts.clear()
    return page


def as_wide_as_new(page: Watched) -> Watched:
    """The page in a window as `a_page` opens it."""
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


def open_page(page: Page, url: str) -> None:
    """Opens the page and waits until its charts are drawn."""
    page.goto(url)
    wait_for_charts(page)


def turn_to(page: Page, scheme: Scheme, width: int) -> None:
    """Shows the open page in another scheme and width."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(TWO_FRAMES)
    wait_for_charts(page)


def cut(page: Page) -> list[object]:
    """What stands beyond the window."""
    found: list[object] = page.evaluate(CUT)
    return found


def faults(page: Page) -> list[object]:
    """What axe objects to, and a page wider than its window."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [*page.evaluate(LOOK_FOR_VIOLATIONS), *too_wide(page)]


def too_wide(page: Page) -> list[str]:
    """That the page is wider than its window, if it is."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    width = page.viewport_size["width"]
    return [] if wide <= width else [f"{wide} wide in {width}"]
