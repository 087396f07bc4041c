"""Every page from the narrowest phone to the widest screen, in each typeface: all can be read."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.browser.looking import TWO_FRAMES, a_page
from tests.depth import in_turn, parametrize_in_turn
from tests.served import served
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW

NARROWEST = 320
WIDER = (360, 768, 1440, 390, 834, 1920, 480, 900, 2200, 600, 1024, 3000, 720, 1100, 3840, 1280)
WIDTHS = (NARROWEST, *in_turn(WIDER, 3))
SOME_WIDTHS = (NARROWEST, *in_turn((768, 1024, 1440), 1))
FACES = ("DejaVu Sans", "Liberation Sans")  # beside Inter: one wide, one narrow
SCREENS = ((1366, 768), (1440, 900), (1920, 1080), (1080, 1920))
PATHS = [
    "/",
    *(f"/teams/{key}" for key in ("k8s", "security", "registry", "metal", "support", "empty")),
    *(f"/teams/k8s/{tab}" for tab in ("next", "sprints", "impediments", "flow", "quality")),
    "/teams/k8s/sprints/26/snapshots",
    "/alerts",
    "/portfolio",
    "/calibration",
    "/programs/Sovereign",
    "/runs",
    "/definitions",
    "/api/docs",
    "/nowhere",
]
WORD = "Donaudampfschifffahrt" * 5 + "selektrizitäten"  # 120 letters

# A page's texts as they stand: words broken inside, texts cut, beyond their box or over another
UNREADABLE = r"""() => {
  const isApart = "[data-plot], .away, .pop, svg, .skip, option, input, kbd";
  const seen = one => one.checkVisibility({ visibilityProperty: true }) && !one.closest(isApart);
  const said = (kind, one, text) =>
    `${kind}: ${one.tagName.toLowerCase()}.${one.className} “${text.trim().slice(0, 60)}”`;
  const found = [], placed = [], range = document.createRange();
  const lines = () => [...range.getClientRects()].filter(one => one.width > 0.5);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !seen(parent)) continue;
    range.selectNodeContents(node);
    const rects = lines();
    let box = parent;
    while (getComputedStyle(box).display === "inline") box = box.parentElement;
    const { left, right } = box.getBoundingClientRect();
    if (rects.some(one => one.left < left - 1.5 || one.right > right + 1.5))
      found.push(said("beyond its box", parent, node.data));
    const isScrolled = parent.closest(".scroll, .panel, .prose table");
    if (!isScrolled) placed.push(...rects.map(rect => ({ rect, node })));
    if (rects.length < 2) continue;
    for (const word of node.data.matchAll(/[\p{Script=Latin}\p{N}]+/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set(lines().map(one => Math.round(one.top))).size > 1)
        found.push(said("broken", parent, word[0]));
    }
  }
  placed.sort((one, other) => one.rect.top - other.rect.top);
  placed.forEach(({ rect, node }, index) => {
    for (const next of placed.slice(index + 1)) {
      if (next.rect.top > rect.bottom - 3) break;
      const isOver = next.rect.left < rect.right - 2 && rect.left < next.rect.right - 2;
      if (next.node !== node && isOver && next.rect.bottom > rect.top + 3)
        found.push(said("over another", node.parentElement, `${node.data} | ${next.node.data}`));
    }
  });
  for (const one of document.querySelectorAll("body *")) {
    const { overflowX, overflowY } = getComputedStyle(one);
    const isHiding = /hidden|clip/.test(overflowX + overflowY);
    if (isHiding && seen(one)
      && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2))
      found.push(said("cut", one, one.textContent));
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`${scrollWidth} wide`);
  return [...new Set(found)];
}"""


def set_in(page: Page, face: str) -> None:
    page.evaluate("face => document.documentElement.style.setProperty('--font', face)", f'"{face}"')


def unreadable(page: Page, widths) -> Iterator[tuple[int, list[str]]]:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(TWO_FRAMES)
        if found := page.evaluate(UNREADABLE):
            yield width, found


@pytest.fixture(scope="module")
def page_of_texts(browser) -> Iterator[Page]:
    """A page for texts alone: what a plot holds is another test's."""
    with a_page(browser) as page:
        page.route("**/plotly.js", lambda asked: asked.abort())
        yield page


class LongNames(FakeReports):
    """Teams and sprints whose names are whole sentences."""

    def _teams(self):
        name = "{} and everything that belongs to it, Roubaix and Gravelines"
        return {
            key: (
                replace(row, name=name.format(row.name)),
                tuple(
                    replace(
                        one,
                        name=f"{one.name}: registry and storage, calendar week {one.id} of 2026",
                    )
                    for one in sprints
                ),
            )
            for key, (row, sprints) in super()._teams().items()
        }


class LongWords(FakeReports):
    """Teams, sprints, natures and issues whose names are one word of 120 letters."""

    def _teams(self):
        return {
            key: (
                replace(row, name=WORD, sprint=row.sprint and replace(row.sprint, name=WORD)),
                tuple(replace(sprint, name=WORD) for sprint in sprints),
            )
            for key, (row, sprints) in super()._teams().items()
        }

    def issues(self, team_key, sprint_id):
        return [replace(one, summary=WORD) for one in super().issues(team_key, sprint_id)]

    def impediments(self, team_key, first, last, which="listed"):
        found = super().impediments(team_key, first, last, which)
        return [replace(one, summary=WORD, nature=one.nature and WORD) for one in found]


@pytest.fixture(scope="module")
def long_words():
    with served(LongWords(), lambda: NOW) as url:
        yield url


@pytest.fixture(scope="module")
def long_names():
    with served(LongNames(), lambda: NOW) as url:
        yield url


@pytest.mark.in_turn
@pytest.mark.parametrize("path", PATHS)
def test_every_page_can_be_read_at_every_width(page_of_texts, running, path):
    page_of_texts.goto(running.url + path)
    assert dict(unreadable(page_of_texts, WIDTHS)) == {}
    for face in in_turn(FACES, 1):
        set_in(page_of_texts, face)
        assert dict(unreadable(page_of_texts, SOME_WIDTHS)) == {}, face


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.startswith("/teams") or path == "/"]
)
def test_a_word_of_120_letters_moves_nothing_out_of_its_place(page_of_texts, long_words, path):
    page_of_texts.goto(long_words + path)
    for width, found in unreadable(page_of_texts, SOME_WIDTHS):
        assert [one for one in found if WORD[:40] not in one or "broken" not in one] == [], width


@parametrize_in_turn("face", ["Inter", *FACES], 1)
def test_the_wall_shows_long_names_whole_on_every_screen(page, running, long_names, face):
    for url in (running.url, long_names):
        for key in ("k8s", "registry", "security", "metal"):
            page.goto(f"{url}/wall?teams={key},identity,registry")
            set_in(page, face)
            for width, height in in_turn(SCREENS, 2):
                page.set_viewport_size({"width": width, "height": height})
                page.evaluate(TWO_FRAMES)
                assert page.evaluate(UNREADABLE) == [], (key, width)
                tall = page.evaluate("document.documentElement.scrollHeight")
                assert tall <= height, (key, width)
