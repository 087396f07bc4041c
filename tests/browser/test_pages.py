"""Every page, from a small phone to a wall, light and dark: drawn, quiet, local, accessible."""

import pytest

from tests.browser.looking import (
    NARROW,
    OF_COLOURS,
    VIEWS,
    WIDE,
    a_page,
    cut,
    faults,
    open_page,
    turn_to,
)
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW

PAGES = [
    "/",
    "/teams/k8s",
    "/teams/k8s/sprints/24",
    "/teams/metal",
    "/teams/k8s/flow",
    "/teams/support/flow",
    "/teams/first",
    "/teams/k8s/impediments?over=12&by=day",
    "/teams/identity/impediments",
    "/teams/chinese/impediments?nature=incident",
    "/teams/chinese",
    "/teams/support",
    "/teams/k8s/sprints",
    "/teams/k8s/next",
    "/teams/k8s/sprints/91",
    "/teams/security/next",
    "/teams/empty/sprints",
    "/definitions",
    "/runs",
    "/api/docs",
    "/wall",
    "/wall?teams=metal&theme=light",
    "/teams/nope",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_drawn_quiet_local_and_accessible(browser, running, path):
    with a_page(browser) as page:
        open_page(page, running.url + path)
        for scheme, width in VIEWS:
            turn_to(page, scheme, width)
            assert faults(page, OF_COLOURS if scheme == "dark" else ()) == [], (scheme, width)
        for width in (NARROW, WIDE) if not path.startswith("/wall") else ():
            turn_to(page, "light", width)
            assert cut(page) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [one for one in page.wrong if path != "/teams/nope" or "404" not in one] == []
        assert page.hosts == {running.url.split("/")[2]}


def test_signing_in_is_quiet_local_and_accessible(browser, serve):
    with serve(FakeReports(), lambda: NOW, "open-sesame") as url, a_page(browser) as page:
        open_page(page, url + "/teams/k8s")
        for scheme, width in VIEWS:
            turn_to(page, scheme, width)
            assert faults(page, OF_COLOURS if scheme == "dark" else ()) == [], (scheme, width)
        page.fill("#token", "guess")
        page.click("main button")
        assert "not the access token" in page.inner_text("[role=alert]")
        assert faults(page) == []
        page.fill("#token", "open-sesame")
        page.click("main button")
        page.wait_for_url("**/teams/k8s")
        assert page.hosts == {url.split("/")[2]}
