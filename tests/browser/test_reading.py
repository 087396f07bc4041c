"""What a reader does with the pages: theme, definitions, menus, sorting, without script."""

from tests.browser.looking import a_page, open_page


def test_charts_show_their_lines_and_bars(page, running):
    open_page(page, running.url + "/teams/k8s")
    assert page.locator("#burndown .scatterlayer .trace").count() >= 6
    assert page.locator("#impediment-time .barlayer .point").count() >= 15


def test_the_theme_is_chosen_kept_and_redrawn(browser, running):
    with a_page(browser) as page:
        open_page(page, running.url + "/teams/k8s")
        line = "#burndown .scatterlayer path.js-line >> nth=-1"
        before = page.locator(line).evaluate("one => getComputedStyle(one).stroke")
        page.click("[data-theme-toggle]")
        page.wait_for_function(
            "was => getComputedStyle([...document.querySelectorAll("
            "'#burndown .scatterlayer path.js-line')].at(-1)).stroke !== was",
            arg=before,
        )
        page.reload()
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_definition_opens_by_keyboard_and_escape_closes_it(page, running):
    open_page(page, running.url + "/teams/k8s")
    term = page.locator("button.dotted", has_text="Carried over")
    term.focus()
    page.keyboard.press("Enter")
    pop = page.locator(".pop:popover-open")
    assert "earlier sprint" in pop.inner_text()
    page.keyboard.press("Escape")
    assert pop.count() == 0


def test_a_definition_opens_under_the_pointer(page, running):
    open_page(page, running.url + "/teams/k8s")
    page.locator("button.dotted", has_text="Unestimated").hover()
    page.wait_for_selector(".pop:popover-open")


def test_an_open_page_changed_in_place_keeps_what_the_reader_did(page, running):
    open_page(page, running.url + "/teams/k8s")
    page.locator("details.table >> nth=0").evaluate("one => { one.open = true }")
    page.evaluate("window.scrollTo(0, 700)")
    page.locator("#burndown [data-picture=png]").evaluate("one => one.focus({preventScroll: true})")
    before = page.locator(".shares .this").inner_text()
    running.reports.bump()
    page.wait_for_function(
        "was => document.querySelector('.shares .this').innerText !== was",
        arg=before,
        timeout=25_000,
    )
    assert page.locator("details.table >> nth=0").evaluate("one => one.open")
    assert page.evaluate("window.scrollY") == 700
    assert page.evaluate("document.activeElement.hasAttribute('data-picture')")
    assert page.locator("#burndown .scatterlayer .trace").count() >= 6
    assert page.wrong == []


def test_without_script_the_tables_hold_the_figures(plain_page, running):
    plain_page.goto(running.url + "/teams/k8s")
    assert plain_page.locator("[data-plot] >> nth=0").is_hidden()
    plain_page.locator("details.table summary >> nth=0").click()
    assert plain_page.get_by_role("cell", name="K8S-2311").first.is_visible()
    plain_page.locator(".ledger a", has_text="+5").click()
    assert "2 issues added" in plain_page.locator("#issues-title").inner_text()


def test_the_chooser_leads_to_a_past_sprint(page, running):
    page.goto(running.url + "/teams/k8s")
    page.locator(".chooser summary").click()
    page.locator(".sprints a", has_text="Sprint 22").click()
    page.wait_for_url("**/teams/k8s/sprints/22")
    assert page.locator("h1").inner_text() == "Sprint 22"


def test_a_click_on_a_column_sorts_by_it_and_a_second_one_backwards(plain_page, running):
    plain_page.goto(running.url)
    names = plain_page.locator(".teams tbody th")
    assert "Container Registry" in names.first.inner_text()
    for _ in range(2):
        plain_page.locator(".teams th.sorts", has_text="Team").click()
    shown = [name.casefold() for name in names.all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    assert plain_page.locator("th[aria-sort]").count() == 1


def test_the_slash_leads_to_the_team_that_is_typed(page, running):
    page.goto(running.url + "/definitions")
    page.keyboard.press("/")
    page.keyboard.type("managed k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/teams/k8s")
