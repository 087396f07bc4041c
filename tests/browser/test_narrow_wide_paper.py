"""The tabs on a phone, and paper: nothing is cut, nothing needs a search."""

import pytest

from tests.browser.looking import NARROW, cut, open_page
from tests.depth import parametrize_in_turn

PHONE = 390
PAPER = 186 / 25.4 * 96  # pixels between the margins of A4
BESIDE = 121 / 25.4 * 96  # of them, a chart's with figures beside it
PLOTS = "[...document.querySelectorAll('.main-svg:first-child')].map(one => one.clientWidth)"


@parametrize_in_turn("width", [PHONE, NARROW], 1)
@pytest.mark.parametrize(
    ("path", "script"),
    [("/teams/k8s/quality", True), ("/teams/k8s", False), ("/teams/support/flow", False)],
)
def test_every_tab_is_in_sight_on_a_phone(page, plain_page, running, path, script, width):
    shown = page if script else plain_page
    shown.set_viewport_size({"width": width, "height": 900})
    shown.goto(running.url + path)
    in_sight = [
        box["x"] >= 0 and box["x"] + box["width"] <= width
        for box in (tab.bounding_box() for tab in shown.locator("nav.tabs a").all())
    ]
    assert len(in_sight) >= 4
    assert all(in_sight)


@pytest.mark.parametrize(("path", "width"), [("/teams/k8s", BESIDE), ("/teams/k8s/sprints", PAPER)])
def test_charts_are_drawn_for_paper_in_light_and_again_for_the_screen(page, running, path, width):
    page.emulate_media(color_scheme="dark")
    open_page(page, running.url + path)
    on_screen = page.evaluate(PLOTS)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(PLOTS) == pytest.approx([width] * len(on_screen), abs=1)
    paint = "getComputedStyle(document.querySelector('.main-svg .xtick text')).fill"
    assert page.evaluate(paint) == "rgb(74, 81, 89)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(f"was => {PLOTS}.join() === was.join()", arg=on_screen)
    assert page.evaluate(paint) == "rgb(177, 184, 191)"


@pytest.mark.parametrize(
    "path", ["/teams/k8s", "/teams/k8s/sprints", "/teams/k8s/next", "/teams/k8s/impediments"]
)
def test_nothing_is_cut_on_paper(page, running, path):
    open_page(page, running.url + path)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(PAPER), "height": 1000})
    assert cut(page) == []
