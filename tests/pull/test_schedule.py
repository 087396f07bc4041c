"""The scheduled bot: at start, at every interval, when asked; failures told once."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import event

from bot.hints import Order
from bot.pull.run import Outcome
from bot.schedule import Bot
from bot.schedule import start as start_bot
from telemetry.context import Context
from telemetry.errors import ConfigurationError, StoreError
from telemetry.live import Live
from telemetry.settings import BotSettings
from telemetry.store.engine import reading, writing
from telemetry.store.hints import Hint, read_hints, write_hint
from tests.pulled import Story, a_team, configure, on, serving, url_of

NEVER = timedelta(hours=1)
OFTEN = timedelta(seconds=0.05)
GOOD = Outcome("default", "incremental", 0.0, 0, 0, 0, 1)
SITE_FAILS = replace(GOOD, failures={"k8s": "Jira answers 503", "web": "…"}, is_failed=True)


def an_outcome(**failures: str) -> list[Outcome]:
    return [replace(GOOD, failures=failures)]


class Pulls:
    """Pulls that answer in turn, the last one again and again; `orders` are those that began."""

    def __init__(self, *answers: Callable[[], list[Outcome]]) -> None:
        self.answers = list(answers) or [an_outcome]
        self.orders: list[Order] = []

    def __call__(self, context: Context, order: Order) -> list[Outcome]:
        answer = self.answers[min(len(self.orders), len(self.answers) - 1)]
        self.orders.append(order)
        return answer()

    @property
    def counted(self) -> int:
        return len(self.orders)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def looked_again(context: Context, times: int = 3) -> None:
    """Waits until the bot has looked for hints so many times more."""
    looks: list[str] = []

    def asked(_connection, _cursor, statement: str, *_rest) -> None:
        if "FROM hints" in statement:
            looks.append(statement)

    event.listen(context.engine, "before_cursor_execute", asked)
    try:
        wait_until(lambda: len(looks) >= times)
    finally:
        event.remove(context.engine, "before_cursor_execute", asked)


Made = Callable[..., Bot]


@pytest.fixture
def context(sqlite_store, tmp_path) -> Iterator[Context]:
    teams = [a_team(), a_team("web", "WEB")]
    made = configure(tmp_path / "bot", "http://127.0.0.1:9", url_of(sqlite_store), teams)
    yield made
    made.engine.dispose()


@pytest.fixture
def made(context) -> Iterator[Made]:
    """Starts bots; those that still run at the end are stopped."""
    bots: list[Bot] = []

    def make(pulls: Pulls, every: timedelta = NEVER, **options) -> Bot:
        settings = context.settings
        context.settings = settings.model_copy(update={"bot": BotSettings(every=every)})
        bot = Bot(context, pulls, look_every_seconds=0.02, **options)
        Live(context).join(bot)
        bots.append(bot)
        return bot.start()

    yield make
    for bot in bots:
        bot.stop()


@pytest.fixture
def events():
    """What was logged, as (level, event, team) and so on."""
    with structlog.testing.capture_logs() as captured:
        yield captured


def told(events) -> list[tuple[str, ...]]:
    """What began and what was over, with what failed."""
    names = ("pull failed", "pull works again")
    subjects = ("site", "team", "step")
    wanted = [e for e in events if e["event"] in names]
    return [(e["event"], *(str(e[s]) for s in subjects if s in e)) for e in wanted]


def test_it_pulls_at_start_and_at_every_interval(made):
    pulls = Pulls()
    made(pulls, OFTEN)
    wait_until(lambda: pulls.counted >= 3)
    assert {order.only for order in pulls.orders} == {frozenset({"k8s", "web"})}
    assert not any(order.reconcile for order in pulls.orders)


def test_it_pulls_when_asked_and_not_twice_at_a_time(made):
    may_end = threading.Event()

    def slow() -> list[Outcome]:
        may_end.wait(20)
        return an_outcome()

    pulls = Pulls(slow)
    bot = made(pulls)
    wait_until(lambda: pulls.counted == 1)
    assert bot.trigger() is False
    may_end.set()
    wait_until(bot.trigger)
    wait_until(lambda: pulls.counted == 2)


def test_stopping_waits_for_the_running_pull(made):
    ended = threading.Event()

    def slow() -> list[Outcome]:
        time.sleep(0.3)
        ended.set()
        return an_outcome()

    pulls = Pulls(slow)
    bot = made(pulls)
    wait_until(lambda: pulls.counted == 1)
    bot.stop()
    assert ended.is_set()


def test_at_night_it_compares_everything_until_that_succeeds(made):
    pulls = Pulls(an_outcome, lambda: [SITE_FAILS], an_outcome)
    bot = made(pulls)
    wait_until(lambda: pulls.counted == 1)
    bot._scheduler.modify_job("reconcile", next_run_time=datetime.now(UTC))
    wait_until(lambda: pulls.counted == 2)
    wait_until(bot.trigger)
    wait_until(lambda: pulls.counted == 3)
    wait_until(bot.trigger)
    wait_until(lambda: pulls.counted == 4)
    assert [order.reconcile for order in pulls.orders] == [False, True, True, False]


def test_a_failure_is_logged_once_and_its_end_once(made, events):
    pulls = Pulls(
        lambda: an_outcome(k8s="no such project"),
        lambda: an_outcome(k8s="no such project"),
        lambda: an_outcome(k8s="no such project", web="no such board"),
        an_outcome,
    )
    made(pulls, OFTEN)
    wait_until(lambda: pulls.counted >= 6)
    assert told(events)[:2] == [("pull failed", "k8s"), ("pull failed", "web")]
    ended = [("pull works again", "k8s"), ("pull works again", "web")]
    assert sorted(told(events)[2:]) == ended


def test_a_site_that_fails_is_one_failure_not_one_of_each_team(made, events):
    def team_fails() -> list[Outcome]:
        return an_outcome(web="no such board")

    pulls = Pulls(team_fails, lambda: [SITE_FAILS], lambda: [SITE_FAILS], team_fails)
    made(pulls, OFTEN)
    wait_until(lambda: pulls.counted >= 6)
    assert told(events) == [
        ("pull failed", "web"),
        ("pull failed", "default"),
        ("pull works again", "default"),
    ]


def test_it_goes_on_after_an_error_of_the_store_and_one_of_ours(made, events):
    def locked() -> list[Outcome]:
        raise StoreError("the disk is full")

    def broken() -> list[Outcome]:
        raise ZeroDivisionError

    pulls = Pulls(locked, locked, broken, an_outcome)
    made(pulls, OFTEN)
    wait_until(lambda: pulls.counted >= 6)
    failed = ("pull failed", "pull")
    assert told(events) == [failed, failed, ("pull works again", "pull")]


def test_a_site_that_asks_to_be_left_alone_is_until_then(made, context, events):
    clock = Clock()
    asked = replace(SITE_FAILS, retry_after_seconds=600.0)
    pulls = Pulls(lambda: [asked], an_outcome)
    bot = made(pulls, OFTEN, clock=clock)
    wait_until(lambda: not bot.trigger())
    looked_again(context, 10)  # and the interval passed several times
    assert pulls.counted == 1
    clock.now += timedelta(seconds=601)
    wait_until(lambda: pulls.counted >= 3)
    rests = [e for e in events if e["event"] == "site left alone as Jira asks"]
    assert [e["until"] for e in rests] == ["2026-03-02T09:10:00+00:00"]


def test_a_rest_without_end_is_not_believed(made):
    clock = Clock()
    asked = replace(SITE_FAILS, retry_after_seconds=1e9)
    pulls = Pulls(lambda: [asked], an_outcome)
    made(pulls, OFTEN, clock=clock)
    wait_until(lambda: pulls.counted == 1)
    clock.now += timedelta(hours=7)
    wait_until(lambda: pulls.counted >= 2)


def test_a_site_that_another_bot_pulls_is_no_failure(made, events):
    pulls = Pulls(lambda: [replace(GOOD, is_busy=True)])
    made(pulls, OFTEN)
    wait_until(lambda: pulls.counted >= 3)
    assert [e["event"] for e in events] == ["another bot is pulling this site"]


def a_hint(identifier: str, **values) -> Hint:
    known = {"project_key": "K8S"} | values
    return Hint("default", identifier, "jira:issue_updated", datetime.now(UTC), **known)


def give(context: Context, *hints: Hint) -> None:
    with writing(context.engine) as connection:
        for hint in hints:
            write_hint(connection, hint)


def waiting(context: Context) -> list[str]:
    with reading(context.engine) as connection:
        return [hint.identifier for hint in read_hints(connection)]


def test_hints_are_followed_together_for_the_teams_concerned(made, context):
    pulls, clock = Pulls(), Clock()
    made(pulls, clock=clock)
    wait_until(lambda: pulls.counted == 1)
    give(context, a_hint("a", issue_id=1), a_hint("b", issue_id=2), a_hint("c", issue_id=2))
    wait_until(lambda: pulls.counted == 2)
    order = pulls.orders[1]
    assert order.only == {"k8s"}
    assert order.hinted["default"].issue_ids == {1, 2}
    wait_until(lambda: waiting(context) == [])


def test_a_site_is_not_pulled_for_hints_again_within_five_seconds(made, context):
    pulls, clock = Pulls(), Clock()
    made(pulls, clock=clock)
    wait_until(lambda: pulls.counted == 1)
    give(context, a_hint("a", issue_id=1))
    wait_until(lambda: pulls.counted == 2)
    give(context, a_hint("b", issue_id=2))
    clock.now += timedelta(seconds=4)
    looked_again(context)
    assert pulls.counted == 2
    clock.now += timedelta(seconds=1)
    wait_until(lambda: pulls.counted == 3)
    assert pulls.orders[2].hinted["default"].issue_ids == {2}


def test_a_hint_that_does_not_tell_its_team_pulls_all_of_the_site_once_a_minute(made, context):
    pulls, clock = Pulls(), Clock()
    made(pulls, clock=clock)
    wait_until(lambda: pulls.counted == 1)
    give(context, a_hint("a", issue_id=77, project_key=None))
    wait_until(lambda: pulls.counted == 2)
    assert pulls.orders[1].only == {"k8s", "web"}
    give(context, a_hint("b", issue_id=78, project_key=None))
    clock.now += timedelta(seconds=59)
    looked_again(context)
    assert pulls.counted == 2
    clock.now += timedelta(seconds=1)
    wait_until(lambda: pulls.counted == 3)


def test_a_hint_of_nobodys_project_is_forgotten_without_a_pull(made, context):
    pulls = Pulls()
    made(pulls)
    wait_until(lambda: pulls.counted == 1)
    give(context, a_hint("a", issue_id=1, project_key="ELSE"))
    wait_until(lambda: waiting(context) == [])
    assert pulls.counted == 1


@pytest.mark.parametrize("error", [StoreError("the disk is full"), ZeroDivisionError()])
def test_a_hint_whose_pull_fails_is_done_with(made, context, error):
    def fail() -> list[Outcome]:
        raise error

    pulls = Pulls(an_outcome, fail)
    made(pulls)
    wait_until(lambda: pulls.counted == 1)
    give(context, a_hint("a", issue_id=1))
    wait_until(lambda: waiting(context) == [])
    assert pulls.counted == 2


def test_a_hint_waits_while_another_bot_pulls_the_site(made, context):
    pulls, clock = Pulls(an_outcome, lambda: [replace(GOOD, is_busy=True)], an_outcome), Clock()
    made(pulls, clock=clock)
    wait_until(lambda: pulls.counted == 1)
    give(context, a_hint("a", issue_id=1))
    wait_until(lambda: pulls.counted == 2)
    looked_again(context)
    assert waiting(context) == ["a"]
    clock.now += timedelta(seconds=5)
    wait_until(lambda: waiting(context) == [])


def test_a_hint_waits_while_jira_wants_to_be_left_alone(made, context):
    clock = Clock()
    asked = replace(SITE_FAILS, retry_after_seconds=600.0)
    pulls = Pulls(lambda: [asked], an_outcome)
    bot = made(pulls, clock=clock)
    wait_until(lambda: not bot.trigger() and pulls.counted == 1)
    give(context, a_hint("a", issue_id=1))
    looked_again(context)
    assert (pulls.counted, waiting(context)) == (1, ["a"])
    clock.now += timedelta(minutes=11)
    wait_until(lambda: waiting(context) == [])


def test_old_hints_are_forgotten(made, context):
    clock = Clock()
    clock.now = datetime.now(UTC) + timedelta(days=8)
    give(context, a_hint("a", project_key=None))
    pulls = Pulls()
    made(pulls, clock=clock)
    wait_until(lambda: pulls.counted == 1)
    assert waiting(context) == []
    assert pulls.orders[0].hinted == {}


def test_a_missing_credential_is_refused_at_once_with_its_line(context):
    del context.environ["JIRA_TOKEN"]
    with pytest.raises(ConfigurationError, match=r"telemetry\.yml:\d+: jira\.auth\.secret: .*JIRA"):
        start_bot(Live(context))


def test_work_logged_between_two_pulls_appears_by_itself(sqlite_store, tmp_path):
    story = Story()
    issue = story.issue(3, sprint=story.sprint(on(1)).id)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        bot = start_bot(Live(pulled.context))
        try:
            wait_until(lambda: bool(pulled.reports.pulls(5)[0]))
            wait_until(lambda: pulled.reports.pulls(5)[0][0].state == "done")
            with story.world.lock:
                story.log(issue, on(5, 15), 2, at=story.now)
            wait_until(bot.trigger)
            wait_until(
                lambda: pulled.reports.sprint("k8s", "current").figures.time.all_seconds == 7200
            )
        finally:
            bot.stop()
