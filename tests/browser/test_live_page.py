"""The page over the real parts: a simulated Jira, the bot that pulls it, store and reports."""

from datetime import timedelta

import pytest

from tests.browser.looking import VIEWS, a_page, faults, open_page, too_wide, turn_to
from tests.pulled import DOING, DONE, Story, a_team, on, serving

LONG = "Resize node pools without downtime, " * 6


def a_story() -> Story:
    """Four short sprints; in the last, running one: scope changes, an impediment, markup."""
    story = Story()
    world = story.world
    for week in range(3):
        first = 1 + 7 * week
        closed = story.sprint(on(first, 9), on(first + 4, 18))
        for points in (3, 5):
            issue = story.issue(points, sprint=closed.id, at=on(first, 8))
            story.log(issue, on(first, 10), 6)
            world.transition(issue, DONE, on(first + 2, 12))
        world.close_sprint(closed, None, on(first + 4, 17))
    running = story.sprint(on(22, 9), on(33, 18), name="Sprint <i>4</i> – 网络")
    issues = [story.issue(points, sprint=running.id, at=on(22, 8)) for points in (2, 3, 5, None)]
    issues.append(story.issue(1, sprint=running.id, at=on(22, 8), summary="<script>1</script> & é"))
    story.issue(2, sprint=running.id, at=on(24), summary=LONG)
    world.transition(issues[0], DOING, on(22, 12))
    story.log(issues[0], on(22, 13), 4)
    world.transition(issues[0], DONE, on(23))
    world.set_estimate(issues[1], 8, on(24, 10))
    trouble = story.issue(labels=["impediment", "nature:network"], at=on(23, 9))
    story.log(trouble, on(23, 10), 2.5)
    story.now = on(24, 15)
    return story


TEAMS = [
    a_team("k8s", name="Managed Kubernetes", calendar={"timezone": "Asia/Kolkata"}),
    a_team(
        "quiet",
        name="A team with a very long name that logs no time and has no issues at all",
        jql='labels = "nothing"',
        boards=[],
    ),
]


@pytest.fixture
def pulled(sqlite_store, tmp_path):
    with serving(a_story(), sqlite_store, tmp_path / "site", TEAMS) as found:
        found.good_pull(accept_vanished=True)  # the second team matches nothing
        yield found


LEAD = "document.querySelector('section:has(#instead) .lead').innerText"
ZOOMED = "document.querySelector('#burndown [data-plot]').layout.xaxis.range.map(String)"


def zoom(page, chart):
    """Draws over a part of a chart, from a fifth to the middle."""
    box = page.locator(f"{chart} .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def test_work_logged_in_jira_appears_on_the_open_page_by_itself(browser, serve, pulled):
    story = pulled.story
    with serve(pulled.reports, story.clock) as url, a_page(browser) as page:
        navigated = []
        page.on("framenavigated", lambda frame: navigated.append(frame.url))
        with page.expect_request("**/events?team=k8s"):
            open_page(page, url + "/teams/k8s")
        assert page.evaluate(LEAD).startswith("1 impediment took 2.5")
        page.locator("#burndown").scroll_into_view_if_needed()
        whole = page.evaluate(ZOOMED)
        zoom(page, "#burndown")
        page.wait_for_function(f"was => String({ZOOMED}) !== String(was)", arg=whole)
        page.locator("#issues a >> nth=0").evaluate("one => one.focus({preventScroll: true})")
        page.locator("details.table >> nth=0").evaluate("one => { one.open = true }")
        seen = (
            "[scrollY, document.activeElement.href, getSelection().toString(), ..." + ZOOMED + "]"
        )
        page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
        before = page.evaluate(seen)
        trouble = story.issue(labels=["impediment", "nature:power"], at=on(24, 15.1))
        story.log(trouble, on(24, 15.2), 3)
        story.now = on(24, 18.5)
        pulled.good_pull()
        page.wait_for_function(f"() => {LEAD}.startsWith('2 impediments took 5.5')", timeout=3_000)
        assert page.evaluate(seen) == before
        assert page.locator("details.table >> nth=0").evaluate("one => one.open")
        page.wait_for_function(
            "() => document.querySelectorAll('#impediment-time .point').length >= 2"
        )
        assert "power" in page.inner_text("table.natures")
        assert (len(navigated), page.wrong) == (1, [])


def test_without_events_the_page_asks_by_itself(browser, serve, pulled):
    story = pulled.story
    with serve(pulled.reports, story.clock) as url, a_page(browser) as page:
        page.route("**/events*", lambda route: route.abort())
        page.clock.install()
        open_page(page, url + "/teams/k8s")
        trouble = story.issue(labels=["impediment", "nature:power"], at=on(24, 15.1))
        story.log(trouble, on(24, 15.2), 3)
        story.now = on(24, 18.5)
        pulled.good_pull()
        page.clock.run_for(21_000)
        page.wait_for_function(f"() => {LEAD}.startsWith('2 impediments took 5.5')")


def test_a_team_whose_bot_stopped_is_marked_stale_with_time_alone(browser, serve, pulled):
    story = pulled.story
    with serve(pulled.reports, story.clock) as url, a_page(browser) as page:
        page.clock.install()
        open_page(page, url + "/teams/k8s")
        assert page.locator(".fresh.stale").count() == 0
        story.now += timedelta(hours=2)
        page.clock.run_for(75_000)
        page.wait_for_selector(".fresh.stale")
        assert "is the bot running?" in page.inner_text(".fresh")


def test_the_real_pages_are_drawn_quiet_local_and_accessible(browser, serve, pulled):
    with serve(pulled.reports, pulled.story.clock) as url, a_page(browser) as page:
        for path in ("/", "/teams/quiet", "/teams/k8s"):
            open_page(page, url + path)
            assert faults(page) == [], path
            for scheme, width in VIEWS[1:]:
                turn_to(page, scheme, width)
                assert too_wide(page) == [], (path, scheme, width)
        assert page.wrong == []
        assert page.hosts == {url.split("/")[2]}
        assert page.inner_text("h1") == "Sprint <i>4</i> – 网络"
        assert "<script>1</script> & é" in page.inner_text("#issues")
        assert "Asia/Kolkata" in page.inner_text("footer")
        assert page.locator("#burndown .scatterlayer .trace").count() >= 4
        assert page.locator("#impediment-time .barlayer .point path").count() >= 1
