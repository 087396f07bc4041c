"""A board or a search that hangs costs its own teams, and the others hardly any time."""

import threading
import time
from functools import partial

import pytest

from bot.jira.client import Auth, connect
from bot.jira.http.retry import Patience
from bot.jira.http.silences import MOST, PART, TRIES
from bot.pull.run import pull_sites
from tests.damaging import damaging
from tests.pulled import TOKEN, Story, a_team, configure, on, serving, url_of

pytestmark = pytest.mark.slow

READ_SECONDS = 0.6
ME = "/myself"


class Hanging:
    """Pulls of two teams through a proxy that leaves some questions without an answer."""

    def __init__(self, story, store, folder, url, flavour):
        teams = [a_team("k8s"), a_team("web", "WEB")]
        self.context = configure(folder, url, url_of(store), teams, flavour)
        self.story, self.flavour = story, flavour

    def connect(self, name, site, context):
        auth = site.auth
        return connect(
            name,
            site.url,
            self.flavour,
            Auth(auth.kind, auth.user, TOKEN),
            timeout=(2, READ_SECONDS),
            deadline_seconds=2 * READ_SECONDS,
            patience=Patience(jitter=lambda: -0.9),
        )

    def pull(self):
        begun = time.monotonic()
        [outcome] = pull_sites(self.context, clock=self.story.clock, connecting=self.connect)
        return outcome, time.monotonic() - begun


@pytest.fixture
def story():
    story = Story()
    story.sprint(on(1))
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1), board=board.id, name="Web 1")
    for points in (1, 2, 3):
        story.issue(points, sprint=1)
        story.issue(points, project=web.id, sprint=2)
    return story


@pytest.fixture
def hanging(sqlite_store, tmp_path, story, request):
    """The pulls, the parts of the paths that hang, and how often such were asked."""
    flavour, over = request.param, threading.Event()
    parts: list[str] = []
    asked: list[str] = []

    def damage(path, status, body):
        if any(part in path for part in parts):
            asked.append(path)
            over.wait(20)
        return status, body

    with (
        serving(story, sqlite_store, tmp_path / "served", flavour=flavour) as served,
        damaging(served.url, damage) as url,
    ):
        made = Hanging(story, sqlite_store, tmp_path, url, flavour)
        yield made, parts, asked
        over.set()
        made.context.engine.dispose()


both = partial(pytest.mark.parametrize, "hanging", indirect=True)


@both(["cloud"])
def test_a_board_that_hangs_is_waited_for_once_and_then_briefly(hanging):
    made, parts, asked = hanging
    outcome, usual = made.pull()
    assert outcome.failures == {}
    parts.append("/board/2/sprint")
    made.story.issue(5, sprint=1)
    outcome, seconds = made.pull()
    assert list(outcome.failures) == ["web"]
    assert "no answer within" in outcome.failures["web"]
    assert outcome.issues_changed >= 1
    assert len(asked) == TRIES
    assert seconds < usual + 3 * READ_SECONDS
    for most in (2 * READ_SECONDS, READ_SECONDS):  # the first time it may but have been slow
        del asked[:]
        outcome, seconds = made.pull()
        assert list(outcome.failures) == ["web"]
        assert len(asked) == 1
        assert seconds < usual + most
    del parts[:]
    outcome, _ = made.pull()
    assert outcome.failures == {}


@both(["cloud", "datacenter"])
def test_a_search_that_hangs_ends_a_first_pull_in_time_and_heals(hanging):
    made, parts, asked = hanging
    parts.append("/search")
    outcome, seconds = made.pull()
    assert sorted(outcome.failures) == ["k8s", "web"]
    assert TRIES < len(asked) <= 2 * MOST  # two kinds: counts and searches
    assert seconds < 4 + 2 * MOST * PART * READ_SECONDS
    del parts[:]
    outcome, _ = made.pull()
    assert outcome.failures == {}
    assert outcome.issues_changed == 6
