"""The scheduled bot: at start, at every interval, when asked; failures told once."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog

from bot.pull.run import Outcome
from bot.schedule import Bot
from bot.schedule import start as start_bot
from telemetry.errors import StoreError
from tests.pulled import Story, on, serving

NEVER = timedelta(hours=1)
AT = (3, 0)


def an_outcome(**failures: str) -> list[Outcome]:
    return [Outcome("jira", "incremental", 0.0, 0, 0, 0, 1, failures)]


class Pulls:
    """Pulls that answer in turn, the last one again and again; `counted` is how many began."""

    def __init__(self, *answers: Callable[[], list[Outcome]]) -> None:
        self.answers = list(answers) or [an_outcome]
        self.counted = 0
        self.is_full: list[bool] = []

    def __call__(self, full: bool) -> list[Outcome]:
        answer = self.answers[min(self.counted, len(self.answers) - 1)]
        self.counted += 1
        self.is_full.append(full)
        return answer()


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def events():
    """What was logged, as (level, event, team) and so on."""
    with structlog.testing.capture_logs() as captured:
        yield captured


def of(events, *names: str) -> list[tuple[str, str | None]]:
    return [(e["event"], e.get("team")) for e in events if e["event"] in names]


def test_it_pulls_at_start_and_at_every_interval():
    pulls = Pulls()
    bot = Bot(pulls, timedelta(seconds=0.1), AT).start()
    wait_until(lambda: pulls.counted >= 3)
    bot.stop()
    assert not any(pulls.is_full)


def test_it_pulls_when_asked_and_not_twice_at_a_time():
    may_end = threading.Event()

    def slow() -> list[Outcome]:
        may_end.wait(20)
        return an_outcome()

    pulls = Pulls(slow)
    bot = Bot(pulls, NEVER, AT).start()
    wait_until(lambda: pulls.counted == 1)
    assert bot.trigger() is False
    may_end.set()
    wait_until(bot.trigger)
    wait_until(lambda: pulls.counted == 2)
    bot.stop()


def test_stopping_waits_for_the_running_pull():
    ended = threading.Event()

    def slow() -> list[Outcome]:
        time.sleep(0.3)
        ended.set()
        return an_outcome()

    pulls = Pulls(slow)
    bot = Bot(pulls, NEVER, AT).start()
    wait_until(lambda: pulls.counted == 1)
    bot.stop()
    assert ended.is_set()


def test_a_failure_is_logged_once_and_its_end_once(events):
    def fail() -> list[Outcome]:
        return an_outcome(k8s="no such project")

    def also() -> list[Outcome]:
        return an_outcome(k8s="no such project", web="no such board")

    pulls = Pulls(fail, fail, also, an_outcome)
    bot = Bot(pulls, timedelta(seconds=0.05), AT).start()
    wait_until(lambda: pulls.counted >= 6)
    bot.stop()
    told = of(events, "pull failed", "pull works again")
    assert told[:2] == [("pull failed", "k8s"), ("pull failed", "web")]
    assert sorted(told[2:]) == [("pull works again", "k8s"), ("pull works again", "web")]


def test_it_goes_on_after_an_error_of_the_store_and_one_of_ours(events):
    def locked() -> list[Outcome]:
        raise StoreError("another bot is pulling")

    def broken() -> list[Outcome]:
        raise ZeroDivisionError

    pulls = Pulls(locked, locked, broken, an_outcome)
    bot = Bot(pulls, timedelta(seconds=0.05), AT).start()
    wait_until(lambda: pulls.counted >= 6)
    bot.stop()
    assert of(events, "pull failed", "pull works again") == [
        ("pull failed", "all"),
        ("pull failed", "all"),
        ("pull works again", "all"),
    ]


def test_work_logged_between_two_pulls_appears_by_itself(sqlite_store, tmp_path):
    story = Story()
    issue = story.issue(3, sprint=story.sprint(on(1)).id)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        bot = start_bot(pulled.context)
        try:
            wait_until(lambda: bool(pulled.reports.pulls(5)[0]))
            wait_until(lambda: pulled.reports.pulls(5)[0][0].state == "done")
            with story.world.lock:
                story.log(issue, on(5, 15), 2, at=story.now)
            wait_until(bot.trigger)
            wait_until(lambda: pulled.reports.sprint("k8s", "current").time.all_seconds == 7200)
        finally:
            bot.stop()
