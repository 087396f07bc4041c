"""What the list of teams and the wall do with script: filter in place, rotate, hold, reconnect."""

import pytest

from tests.browser.looking import a_page
from tests.depth import parametrize_in_turn
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW


def test_the_list_filters_while_typing_and_keeps_focus_and_address(page, running):
    page.goto(running.url + "/")
    page.type("#q", "kube")
    page.wait_for_function("() => document.querySelectorAll('.teams tbody tr').length === 1")
    assert page.url.endswith("/?q=kube")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.input_value("#q") == "kube"
    assert "1 of 9 teams" in page.inner_text(".count")
    page.fill("#q", "")
    page.wait_for_function("() => document.querySelectorAll('.teams tbody tr').length === 9")
    page.check("[name=only]")
    page.wait_for_function("() => document.querySelectorAll('.teams tbody tr').length === 2")
    assert page.wrong == []


def test_the_list_sorts_in_place_and_its_head_stays_in_sight(page, running):
    page.goto(running.url + "/")
    page.set_viewport_size({"width": 1440, "height": 420})
    page.locator("thead a.sort").first.click()
    page.wait_for_function(
        "() => document.querySelector('th[aria-sort]').innerText.startsWith('Team')"
    )
    assert page.url.endswith("sort=team")
    page.mouse.wheel(0, 400)
    page.wait_for_function("() => scrollY > 200")
    assert page.locator("thead th").first.bounding_box()["y"] == pytest.approx(0, abs=1)


def test_the_wall_rotates_and_is_led_and_held_by_keys(browser, running):
    with a_page(browser, width=1920) as page:
        page.clock.install()
        page.goto(running.url + "/wall?teams=k8s,registry,identity&every=5")
        assert page.inner_text("h1") == "Managed Kubernetes"
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(
            "() => document.querySelector('h1').innerText.startsWith('Identity')"
        )
        assert page.url.endswith("team=identity")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.querySelector('h1').innerText.startsWith('Managed')")
        page.keyboard.press(" ")
        assert page.locator("[data-held]").is_visible()
        page.keyboard.press(" ")
        assert not page.locator("[data-held]").is_visible()
        page.clock.run_for(5_100)
        page.wait_for_function(
            "() => document.querySelector('h1').innerText.startsWith('Container')"
        )
        assert page.wrong == []


def test_a_wall_that_lost_its_server_keeps_the_figures_and_comes_back(browser, serve):
    with serve(FakeReports(), lambda: NOW) as url, a_page(browser, width=1920) as page:
        page.clock.install()
        page.goto(url + "/wall?teams=k8s&every=5")
        page.context.set_offline(True)
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "() => document.querySelector('[data-fresh]').innerText.includes('▲')"
        )
        assert "▲" in page.inner_text("[data-fresh]")
        assert "No connection to telemetry since" in page.inner_text(".stale")
        for width in (1920, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollHeight") <= 900
        assert "27" in page.inner_text(".hero")
        page.context.set_offline(False)
        page.clock.run_for(5_100)
        page.wait_for_function(
            "() => document.querySelector('[data-fresh]').innerText.includes('●')"
        )


def test_without_script_the_wall_shows_the_first_team_and_leads_on(plain_page, running):
    plain_page.set_viewport_size({"width": 1920, "height": 900})
    plain_page.goto(running.url + "/wall?teams=k8s,registry")
    assert plain_page.inner_text("h1") == "Managed Kubernetes"
    plain_page.click("a[rel=next]:visible")
    assert plain_page.inner_text("h1") == "Container Registry"


@parametrize_in_turn(
    ("width", "height"), [(1920, 1080), (3840, 2160), (1080, 1920), (1440, 900)], 2
)
def test_the_wall_fits_its_screen_and_no_text_is_small(page, running, width, height):
    page.set_viewport_size({"width": width, "height": height})
    for key in ("k8s", "registry", "security", "metal", "support"):
        page.goto(f"{running.url}/wall?teams={key}")
        assert page.evaluate("document.documentElement.scrollHeight") <= height, key
        smallest = page.evaluate(
            """() => Math.min(...[...document.querySelectorAll("#wall *")]
                .filter(one => [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                .filter(one => !one.closest(".away") && one.checkVisibility())
                .map(one => one.closest("svg")
                    ? parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a
                    : parseFloat(getComputedStyle(one).fontSize)))"""
        )
        assert smallest >= 0.027 * min(width, height), key
