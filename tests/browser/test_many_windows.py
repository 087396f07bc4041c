"""Many windows of one browser over one server: none goes without connection, none is left behind.

A browser has six connections to a host over HTTP/1.1, for all its windows and streams together.
"""

import time
from contextlib import contextmanager

import pytest

from tests.depth import parametrize_in_turn
from tests.pulled import Story, a_team, on, serving

MOST_STREAMS = 4
QUIET = [a_team(f"quiet{n}", jql='labels = "nothing"', boards=[]) for n in range(8)]
LEAD = "document.querySelector('section:has(#instead) .lead').innerText"
ON_THE_WALL = "document.querySelector('#wall .impediments').innerText"
PATIENCE_SECONDS = 15
COUNTED = """window.wanted = 0;
const { request } = LockManager.prototype;
LockManager.prototype.request = function (...asked) {
    window.wanted += 1;
    return request.apply(this, asked);
};"""
# without what a page does every ten seconds, it learns of a change from a stream only
ONLY_TOLD = COUNTED + "window.setInterval = () => 0;"
HIDE = """isHidden => {
    Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def pulled(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(22, 9), on(33, 18))
    story.issue(3, sprint=sprint.id, at=on(22, 8))
    log_an_impediment(story, on(23, 9))
    story.now = on(24, 15)
    with serving(story, sqlite_store, tmp_path / "site", [a_team("k8s"), *QUIET]) as found:
        found.good_pull(accept_vanished=True)  # the quiet teams match nothing
        yield found


def log_an_impediment(story, at):
    story.log(story.issue(labels=["impediment"], at=at), at, 2)


def change(pulled, hour=15.1):
    """One more impediment, known to the store."""
    log_an_impediment(pulled.story, on(24, hour))
    pulled.story.now = on(24, hour + 3)
    pulled.good_pull()


@contextmanager
def windows(browser, count, *, script=ONLY_TOLD):
    """Pages of one browser, all in sight, without charts; the streams that they ask for."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    context.route("**/plotly*", lambda route: route.fulfill(content_type="text/javascript"))
    context.add_init_script(script)
    streams = []
    context.on("request", lambda asked: streams.append(asked.url) if "/events" in asked.url else 0)
    try:
        yield [context.new_page() for _ in range(count)], streams
    finally:
        context.close()


def wait_for(page, where, words):
    page.wait_for_function(f"words => {where}.includes(words)", arg=words)


def wait_for_streams(page, streams, count):
    until = time.monotonic() + PATIENCE_SECONDS
    while len(streams) < count:
        assert time.monotonic() < until, streams
        page.wait_for_timeout(20)


def wait_until_it_wants(page, locks):
    """The page has asked for so many locks: its team's, then one place after another."""
    page.wait_for_function("locks => wanted >= locks", arg=locks)


@parametrize_in_turn(
    ("path", "where"), [("/teams/k8s", LEAD), ("/wall?teams=k8s&every=600", ON_THE_WALL)], 1
)
def test_eight_windows_of_one_page_load_and_follow_a_change_by_one_stream(
    browser, serve, pulled, path, where
):
    with serve(pulled.reports, pulled.story.clock) as url, windows(browser, 8) as (pages, streams):
        for page in pages:
            page.goto(url + path)
            wait_for(page, where, "1 impediment took 2")
        for page in pages:
            wait_until_it_wants(page, 1)
        change(pulled)
        for page in pages:
            wait_for(page, where, "2 impediments took 4")
        assert len(streams) == 1


def test_windows_of_nine_teams_leave_connections_to_load_pages_with(browser, serve, pulled):
    with (
        serve(pulled.reports, pulled.story.clock) as url,
        windows(browser, 9, script=COUNTED) as (pages, streams),
    ):
        for team, page in zip(QUIET, pages, strict=False):
            page.goto(f"{url}/teams/{team['key']}")
        wait_for_streams(pages[0], streams, MOST_STREAMS)
        for page in pages[MOST_STREAMS:-1]:
            wait_until_it_wants(page, 1 + MOST_STREAMS)
        last = pages[-1]
        last.clock.install()
        last.goto(url + "/teams/k8s")
        last.clock.run_for(2_000)
        change(pulled)
        last.clock.run_for(21_000)  # none of the streams is left for it: it asks by itself
        wait_for(last, LEAD, "2 impediments took 4")
        assert len(streams) == MOST_STREAMS


def test_a_hidden_window_rests_and_catches_up_when_it_is_shown(browser, serve, pulled):
    with (
        serve(pulled.reports, pulled.story.clock) as url,
        windows(browser, 2) as ((page, other), streams),
    ):
        page.goto(url + "/teams/k8s")
        wait_for_streams(page, streams, 1)
        with page.expect_event("requestfailed", lambda asked: "/events" in asked.url):
            page.evaluate(HIDE, arg=True)
        other.goto(url + "/teams/k8s")
        wait_for_streams(other, streams, 2)
        change(pulled)
        wait_for(other, LEAD, "2 impediments took 4")
        change(pulled, 19)
        wait_for(other, LEAD, "3 impediments took 6")
        assert "1 impediment took 2" in page.evaluate(LEAD)
        page.evaluate(HIDE, arg=False)
        wait_for(page, LEAD, "3 impediments took 6")


def test_when_the_window_that_listens_is_hidden_or_closed_another_one_listens(
    browser, serve, pulled
):
    with serve(pulled.reports, pulled.story.clock) as url, windows(browser, 3) as (pages, streams):
        for page in pages:  # each asks for the stream in its turn
            page.goto(url + "/teams/k8s")
            wait_until_it_wants(page, 1)
        wait_for_streams(pages[0], streams, 1)
        assert len(streams) == 1
        pages[0].evaluate(HIDE, arg=True)
        wait_for_streams(pages[1], streams, 2)
        assert len(streams) == 2
        pages[1].close()
        wait_for_streams(pages[2], streams, 3)
        change(pulled)
        wait_for(pages[2], LEAD, "2 impediments took 4")
        assert len(streams) == 3


def test_a_browser_that_cannot_share_listens_in_every_window(browser, serve, pulled):
    script = (
        ONLY_TOLD + "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"
    )
    with (
        serve(pulled.reports, pulled.story.clock) as url,
        windows(browser, 2, script=script) as (pages, streams),
    ):
        for page in pages:
            page.goto(url + "/teams/k8s")
        wait_for_streams(pages[-1], streams, 2)
        change(pulled)
        for page in pages:
            wait_for(page, LEAD, "2 impediments took 4")
        assert len(streams) == 2
