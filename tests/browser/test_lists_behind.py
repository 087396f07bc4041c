"""What a click in the burndown lists, and the odd sprints as a browser shows them."""

from shutil import copy

import pytest

from telemetry.store.engine import open_store
from tests.browser.looking import a_page, faults, open_page, too_wide, turn_to
from tests.depth import parametrize_in_turn
from tests.odd_sprints import NOW, ODD, odd_sprints


def test_a_click_on_a_day_lists_its_changes_and_the_address_holds_the_list(page, running):
    open_page(page, running.url + "/teams/k8s?impediments=all")
    plot = page.locator("#burndown .nsewdrag")
    plot.scroll_into_view_if_needed()
    size = plot.bounding_box()
    # the chart shows 22 April to 18 May: the middle of 28 April, high above every line
    page.mouse.click(size["x"] + size["width"] * 6.5 / 27, size["y"] + 2)
    page.wait_for_url("**issues=day:2026-04-28*")
    assert "impediments=all" in page.url
    assert "1 issue changed on Tue 28 Apr" in page.inner_text("#issues-title")


def test_the_table_has_the_same_lists_without_script(plain_page, running):
    plain_page.goto(running.url + "/teams/k8s")
    plain_page.locator("#burndown details.table summary").click()
    plain_page.locator("#burndown a", has_text="Tue 5 May").first.click()
    assert "3 issues changed on Tue 5 May" in plain_page.inner_text("#issues-title")


@pytest.fixture(scope="module")
def odd(serve, tmp_path_factory, sqlite_template):
    """Where the odd sprints are shown."""
    folder = tmp_path_factory.mktemp("odd")
    copy(sqlite_template, folder / "telemetry.db")
    engine = open_store("sqlite:///telemetry.db", base=folder)
    with (
        odd_sprints(engine, folder / "site") as pulled,
        serve(pulled.reports, lambda: NOW) as url,
    ):
        yield url
    engine.dispose()


@parametrize_in_turn("key", list(ODD), 4)
def test_an_odd_sprint_is_drawn_quiet_and_accessible(page, odd, key):
    open_page(page, f"{odd}/teams/{key}")
    assert faults(page) == []
    turn_to(page, "dark", 390)
    assert too_wide(page) == []
    assert page.wrong == []


def clicked(page, chart: str, mark: str, place: int, across: float, down: float) -> None:
    """A click into the mark of a chart, at a part of its width and height."""
    page.locator(f"#{chart}").scroll_into_view_if_needed()
    size = page.locator(f"#{chart} {mark}").nth(place).bounding_box()
    at = size["x"] + size["width"] * across, size["y"] + size["height"] * down
    page.mouse.move(at[0] - 2, at[1])
    page.mouse.move(*at)
    page.locator(f"#{chart} .hovertext").first.wait_for()
    page.mouse.click(*at)


@pytest.mark.parametrize(("across", "kind"), [(0.5, "completed"), (0.1, "committed")])
def test_a_click_on_a_bar_of_a_sprint_opens_its_list(page, running, across, kind):
    open_page(page, running.url + "/teams/k8s/sprints")
    outlines = ".trace.bars:nth-child(1) .point path"
    clicked(page, "velocity", outlines, 3, across, 0.7)
    page.wait_for_url(f"**/teams/k8s/sprints/12?issues={kind}#issues")


def test_a_click_on_a_point_of_the_flow_page_goes_to_its_issue(browser, running):
    with a_page(browser) as page:
        page.route("https://jira.example.com/**", lambda route: route.fulfill(body="an issue"))
        open_page(page, running.url + "/teams/k8s/flow")
        clicked(page, "cycle-time", ".scatterlayer .points path", 5, 0.5, 0.5)
        page.wait_for_url("https://jira.example.com/browse/*")


def test_a_click_on_a_day_of_impediments_lists_them_and_keeps_the_rest(page, running):
    open_page(page, running.url + "/teams/k8s?issues=done")
    clicked(page, "impediment-time", ".trace.bars .point path", 0, 0.5, 0.5)
    page.wait_for_url("**/teams/k8s?issues=done&impediments=day:*#impediments")
