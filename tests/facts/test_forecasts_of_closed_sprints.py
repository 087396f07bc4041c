"""Forecasts of closed sprints: made from what was known then, the same however they are reached."""

from datetime import date, timedelta

import pytest

from telemetry.facts import rebuild
from tests.pulled import DONE, TODO, Pulled, Story, on, serving

POINTS = (3, 2, 1)


def a_closed_week(story: Story, week: int, left: int = 0) -> list:
    """A week's sprint with one issue done a day, but for those left."""
    first = 1 + 7 * week
    sprint = story.sprint(on(first, 9), on(first + 4, 18))
    issues = [story.issue(points, at=on(first, 8), sprint=sprint.id) for points in POINTS]
    for day, issue in enumerate(issues[: len(issues) - left]):
        story.world.transition(issue, DONE, on(first + day, 12))
    story.world.close_sprint(sprint, None, on(first + 4, 17))
    return issues


def forecasts(pulled: Pulled) -> list[str]:
    return pulled.contents("sprint_forecasts")["sprint_forecasts"]


@pytest.fixture
def store(sqlite_store):
    """One database: what a rebuild changes is compared on both by the soak."""
    return sqlite_store


@pytest.fixture
def story() -> Story:
    story = Story()
    for week in range(6):
        a_closed_week(story, week, left=week == 4)
    story.sprint(on(43, 9), on(47, 18))
    story.now = on(43, 15)
    return story


def test_three_closed_sprints_are_needed_and_each_day_knows_those_closed_by_then(
    store, tmp_path, story
):
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        rows = forecasts(pulled)
        assert rebuild(pulled.engine) == 0
    assert len(rows) == 2 + 5 + 2  # of the weeks 4, 5 (one issue is left) and 6
    assert sum(row.endswith("None)") for row in rows) == 5


def test_what_was_left_is_followed_after_the_close(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        left = next(i for i in story.world.issues.values() if i.status != DONE)
        story.world.transition(left, DONE, on(43, 16))
        story.now += timedelta(hours=2)
        pulled.good_pull()
        rows = forecasts(pulled)
        assert rebuild(pulled.engine) == 0
    assert sum(row.endswith(f"{date(2026, 4, 13)!r})") for row in rows) == 5


def test_a_change_of_an_old_sprint_reaches_those_that_learnt_from_it(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        before = forecasts(pulled)
        old = story.world.issues[min(story.world.issues)]
        story.world.transition(old, TODO, on(43, 16))
        story.world.set_estimate(old, 20, on(43, 16))
        story.now += timedelta(hours=2)
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0
        assert before  # the sprints themselves are as they were: what is done now was left then
        story.world.reopen_sprint(story.world.sprints[min(story.world.sprints) + 5])
        story.now += timedelta(hours=2)
        pulled.good_pull()
        assert len(forecasts(pulled)) < len(before)
        assert rebuild(pulled.engine) == 0
