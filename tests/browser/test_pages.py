"""Every page, from a small phone to a wall, light and dark: drawn, quiet, local, accessible."""

import pytest

from tests.browser.looking import (
    NARROW,
    VIEWS,
    WIDE,
    a_page,
    cut,
    faults,
    open_page,
    too_wide,
    turn_to,
)
from tests.depth import in_turn
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW

# by the template that draws them: the first shows most of it, the others what it says otherwise
PAGES = {
    "teams": ["/"],
    "sprint": [
        "/teams/k8s",
        "/teams/k8s/sprints/24",
        "/teams/metal",
        "/teams/first",
        "/teams/chinese",
        "/teams/support",
        "/teams/k8s/sprints/91",
    ],
    "flow": ["/teams/k8s/flow", "/teams/support/flow"],
    "quarter": [
        "/teams/k8s/quarters/current?epic=K8S-2012&scope_change_points=4",
        "/teams/k8s/quarters/Q1-26",
    ],
    "portfolio": ["/portfolio", "/portfolio?quarter=Q1-26", "/portfolio?quarter=Q3-26&q=x"],
    "calibration": ["/calibration", "/teams/first/calibration", "/teams/support/calibration"],
    "programs": ["/programs", "/programs?quarter=Q3-26"],
    "program": ["/programs/a%2Fb%20%3Cc%3E", "/programs/nobody"],
    "impediments": [
        "/teams/k8s/impediments?over=12&by=day",
        "/teams/identity/impediments",
        "/teams/chinese/impediments?nature=incident",
    ],
    "review": ["/teams/k8s/reviews/24", "/teams/k8s/reviews/27"],
    "week": ["/teams/k8s/reviews/2026-W18", "/teams/support/reviews/2026-W19"],
    "reviews": ["/teams/k8s/reviews", "/teams/k8s/reviews/24/history"],
    "sprints": ["/teams/k8s/sprints", "/teams/empty/sprints"],
    "next": ["/teams/k8s/next", "/teams/security/next"],
    "definitions": ["/definitions"],
    "alerts": ["/alerts", "/alerts?team=k8s"],
    "runs": ["/runs"],
    "api": ["/api/docs"],
    "wall": ["/wall", "/wall?teams=metal&theme=light"],
    "error": ["/teams/nope"],
}
FIRST = [paths[0] for paths in PAGES.values()]
OTHERS = [path for paths in PAGES.values() for path in paths[1:]]


@pytest.mark.in_turn
@pytest.mark.parametrize("path", [*FIRST, *in_turn(OTHERS, 4)])
def test_a_page_is_drawn_quiet_local_and_accessible(page, running, path):
    open_page(page, running.url + path)
    assert faults(page) == []
    for scheme, width in (*in_turn(VIEWS[1:-1], 1, path), VIEWS[-1]):
        turn_to(page, scheme, width)
        assert too_wide(page) == [], (scheme, width)
    if path in FIRST:
        assert faults(page) == []
    for width in (NARROW, WIDE) if not path.startswith("/wall") else ():
        turn_to(page, "light", width)
        assert cut(page) == [], width
        assert too_wide(page) == [], width
    assert [one for one in page.wrong if path != "/teams/nope" or "404" not in one] == []
    assert page.hosts == {running.url.split("/")[2]}


def test_signing_in_is_quiet_local_and_accessible(browser, serve):
    with serve(FakeReports(), lambda: NOW, "open-sesame") as url, a_page(browser) as page:
        open_page(page, url + "/teams/k8s")
        for scheme, width in (VIEWS[0], VIEWS[-1]):
            turn_to(page, scheme, width)
            assert faults(page) == [], (scheme, width)
        page.fill("#token", "guess")
        page.click("main button")
        assert "not the access token" in page.inner_text("[role=alert]")
        assert faults(page) == []
        page.fill("#token", "open-sesame")
        page.click("main button")
        page.wait_for_url("**/teams/k8s")
        assert page.hosts == {url.split("/")[2]}
