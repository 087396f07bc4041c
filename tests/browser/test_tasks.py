"""What a reader takes from a page: pictures, a sorted list, definitions one stop each block."""

from tests.browser.looking import open_page

RECORD = """() => {
  window.saved = [];
  window.Plotly.downloadImage = (...given) => saved.push(given);
}"""


def test_a_picture_is_named_titled_and_light_in_the_dark(page, running):
    page.emulate_media(color_scheme="dark")
    open_page(page, running.url + "/teams/k8s")
    page.evaluate(RECORD)
    page.click("#burndown [data-picture=png]")
    [[figure, size]] = page.evaluate("saved")
    assert size["filename"] == "managed-kubernetes-sprint-27-points-left-change-by-change"
    layout = figure["layout"]
    assert "<b>Points left, change by change</b>" in layout["title"]["text"]
    assert "Managed Kubernetes, Sprint 27" in layout["title"]["text"]
    assert (layout["paper_bgcolor"], layout["font"]["color"]) == ("#fdfdfb", "#4a5159")
    assert page.locator("html").get_attribute("data-theme") is None


def test_a_list_is_sorted_and_filtered_in_place(page, running):
    open_page(page, running.url + "/teams/k8s")
    page.locator(".issues a.sort", has_text="Points").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('.issues th[aria-sort="descending"]')
    assert page.evaluate("document.activeElement.innerText").startswith("Points")
    page.fill("#issues-q", "2294")
    page.wait_for_function("() => document.querySelectorAll('.issues tbody tr').length === 1")
    assert "sort=points" in page.url
    assert "q=2294" in page.url
    assert page.locator("#burndown .scatterlayer .trace").count() >= 6


def test_the_definitions_of_a_block_are_one_stop(page, running):
    open_page(page, running.url + "/teams/k8s")
    terms = page.locator("section[aria-labelledby=expected] .dotted")
    assert terms.count() > 5
    assert terms.evaluate_all("all => all.filter(one => one.tabIndex === 0).length") == 1
    terms.first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".pop:popover-open").count() == 1
    assert terms.nth(1).evaluate("one => one === document.activeElement")


def test_a_slider_is_computed_in_place_and_goes_back(page, running):
    open_page(page, running.url + "/teams/k8s/quarters/current")
    slider = page.locator("#capacity_change_percent")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('#what-if .lead').innerText.includes('more capacity')"
        " && document.querySelector('#what-if output').innerText.startsWith('+3')"
    )
    assert page.url.endswith("?capacity_change_percent=3")
    assert slider.evaluate("one => one === document.activeElement")
    assert page.locator("#burndown, #burnup").locator(".scatterlayer .trace").count() >= 2
    page.reload()
    assert slider.input_value() == "3"
    page.click("[data-reset]")
    page.wait_for_function("() => !document.querySelector('[data-reset]')")
    assert slider.input_value() == "0"
    assert page.url.endswith("/teams/k8s/quarters/current")


def test_without_script_the_sliders_are_a_form(plain_page, running):
    plain_page.goto(running.url + "/teams/k8s/quarters/current")
    plain_page.fill("#scope_change_points", "12")
    plain_page.click("[data-what-if] button")
    assert "scope_change_points=12" in plain_page.url
    assert "12 points more scope" in plain_page.inner_text("#what-if .lead")


def test_ticked_epics_are_drawn_in_place_and_stay_beside_a_slider(page, running):
    open_page(page, running.url + "/teams/k8s/quarters/current")
    page.check("input[name=epic] >> nth=1")
    page.wait_for_function(
        "() => document.querySelectorAll('#chosen .scatterlayer .trace').length >= 2"
    )
    page.focus("#capacity_change_percent")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[data-reset]') !== null")
    assert "capacity_change_percent=1&epic=" in page.url
    page.click("[data-none]")
    page.wait_for_function("() => document.querySelector('#chosen') === null")
    assert page.url.endswith("?capacity_change_percent=1")
