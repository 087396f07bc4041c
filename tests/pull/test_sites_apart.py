"""One site never holds up another: not while it hangs, not while it asks to be left alone."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.hints import Order
from bot.pull.progress import Together
from bot.pull.run import Outcome, pull_sites
from bot.schedule import Bot
from bot.simulator import running
from bot.turns import Turns
from telemetry.live import Live
from telemetry.settings import BotSettings
from telemetry.store.engine import reading, writing
from telemetry.store.hints import Hint, read_hints, write_hint
from tests.pull.test_schedule import wait_until
from tests.pulled import TOKEN, Story, a_team, configure, url_of

GOOD = Outcome("", "incremental", 0.0, 0, 0, 0, 1)


def a_site(url):
    auth = {"kind": "token", "user": "bot@example.com", "secret": "env:JIRA_TOKEN"}
    return {"url": url, "auth": auth}


@pytest.fixture
def two_sites(sqlite_store, tmp_path):
    sites = {name: a_site(f"http://{name}.example.com") for name in ("emea", "apac")}
    teams = [a_team("k8s", site="emea"), a_team("web", "WEB", site="apac")]
    made = configure(tmp_path / "bot", "", url_of(sqlite_store), teams, jira=sites)
    made.settings = made.settings.model_copy(
        update={"bot": BotSettings(every=timedelta(seconds=0.05))}
    )
    yield made
    made.engine.dispose()


class Pulls:
    """Pulls of which those of emea wait until they may go on."""

    def __init__(self):
        self.may_go_on = threading.Event()
        self.orders: list[Order] = []

    def __call__(self, context, order):
        self.orders.append(order)
        [site] = {team.site for team in context.settings.teams if team.key in order.only}
        if site == "emea":
            self.may_go_on.wait(20)
        return [replace(GOOD, site=site)]

    def of(self, team):
        return [order for order in self.orders if team in order.only]


@pytest.fixture
def bot(two_sites):
    pulls = Pulls()
    made = Bot(two_sites, pulls, look_every_seconds=0.02)
    live = Live(two_sites)
    live.join(made)
    made.start()
    yield made, pulls, live
    pulls.may_go_on.set()
    made.stop()


def test_a_site_is_pulled_again_and_again_while_another_hangs(bot):
    _, pulls, _ = bot
    wait_until(lambda: len(pulls.of("web")) >= 4)
    assert len(pulls.of("k8s")) == 1
    assert all(len(order.only) == 1 for order in pulls.orders)
    pulls.may_go_on.set()
    wait_until(lambda: len(pulls.of("k8s")) >= 2)


def test_hints_of_one_site_are_followed_while_another_hangs(bot, two_sites):
    _, pulls, _ = bot
    wait_until(lambda: pulls.of("k8s") and pulls.of("web"))
    with writing(two_sites.engine) as connection:
        for site, key in (("emea", "K8S"), ("apac", "WEB")):
            write_hint(
                connection,
                Hint(
                    site, site, "jira:issue_updated", datetime.now(UTC), project_key=key, issue_id=1
                ),
            )

    def waiting():
        with reading(two_sites.engine) as connection:
            return [hint.site for hint in read_hints(connection)]

    wait_until(lambda: waiting() == ["emea"])
    pulls.may_go_on.set()
    wait_until(lambda: waiting() == [])


def test_a_changed_configuration_is_followed_once_the_running_pull_ends(bot, two_sites):
    made, pulls, _ = bot
    wait_until(lambda: pulls.of("k8s"))
    two_sites.settings = two_sites.settings.model_copy(
        update={"bot": BotSettings(every=timedelta(hours=1))}
    )
    made.take(two_sites)
    wait_until(lambda: not made._is_changed.is_set())
    pulls.may_go_on.set()
    wait_until(lambda: len(pulls.of("k8s")) == 2)


def test_a_configuration_that_changes_while_pulls_begin_is_followed_at_once(two_sites, monkeypatch):
    pulls, begun, may_begin = Pulls(), threading.Event(), threading.Event()
    pulls.may_go_on.set()
    made = Bot(two_sites, pulls)
    begin = made._turns.begin

    def slowly(*words, **options):
        begun.set()
        may_begin.wait(20)
        return begin(*words, **options)

    monkeypatch.setattr(made._turns, "begin", slowly)
    made.take(two_sites)
    made.start()
    try:
        wait_until(begun.is_set)
        hourly = BotSettings(every=timedelta(hours=1))
        two_sites.settings = two_sites.settings.model_copy(update={"bot": hourly})
        made.take(two_sites)
        soon = datetime.now(UTC) + timedelta(minutes=30)
        wait_until(lambda: made._scheduler.get_job("pull").next_run_time > soon)
        may_begin.set()
        wait_until(lambda: not made._is_changed.is_set())
    finally:
        may_begin.set()
        made.stop()


def test_asking_pulls_the_sites_that_are_free(bot):
    made, pulls, _ = bot
    wait_until(lambda: pulls.of("k8s"))
    wait_until(made.trigger)


def test_what_is_kept_for_a_site_follows_once_and_nothing_follows_the_end():
    turns, done, may_go_on = Turns(), [], threading.Event()

    def work(name):
        def wait_and_note():
            may_go_on.wait(20)
            done.append(name)

        return wait_and_note

    assert turns.begin("a", work(1))
    assert not turns.begin("a", work(2))
    assert not turns.begin("a", work(3), is_kept=True)
    assert not turns.begin("a", work(4), is_kept=True)
    assert turns.begin("b", work(5))
    assert turns.running == {"a", "b"}
    may_go_on.set()
    wait_until(lambda: not turns.running)
    assert sorted(done) == [1, 4, 5]
    turns.join()


def test_a_pull_by_hand_reads_all_sites_at_the_same_time(sqlite_store, tmp_path):
    stories = {name: Story() for name in ("emea", "apac")}
    for story in stories.values():
        story.issue(3)
    met = threading.Barrier(2)  # each waits until the other is asked, too

    def waits(request):
        if "myself" in request.url.path:
            met.wait(20)

    with (
        running(stories["emea"].world, "cloud", clock=stories["emea"].clock, faults=waits) as emea,
        running(stories["apac"].world, "cloud", clock=stories["apac"].clock, faults=waits) as apac,
    ):
        sites = {"emea": a_site(emea.url), "apac": a_site(apac.url)}
        teams = [a_team("one", site="emea"), a_team("two", site="apac")]
        context = configure(tmp_path, "", url_of(sqlite_store), teams, jira=sites)
        assert context.environ["JIRA_TOKEN"] == TOKEN
        outcomes = pull_sites(context, clock=stories["emea"].clock)
        context.engine.dispose()
    assert [(one.site, one.failures, one.issues_changed) for one in outcomes] == [
        ("apac", {}, 1),
        ("emea", {}, 1),
    ]


def test_what_several_sites_read_is_shown_as_one():
    shown = []

    class Shown:
        def begin(self, what, total):
            shown.append((what, total))

        def advance(self, count):
            shown.append(count)

    together = Together(Shown())
    one, other = together.part(), together.part()
    one.begin("issues", 10)
    one.advance(4)
    other.begin("issues", 5)
    other.advance(5)
    one.begin("changes", None)
    assert shown == [("issues", 10), 0, 4, ("issues", 15), 4, 5, ("changes", None), 5]
