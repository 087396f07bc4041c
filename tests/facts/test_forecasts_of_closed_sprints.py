"""Forecasts, of past days and of the running sprint: the same however a store comes to them."""

from datetime import date, timedelta

import orjson
import pytest
from sqlalchemy import event, select

from telemetry.facts import rebuild
from telemetry.metrics.correction import Experience, from_stored
from telemetry.report.reports import Reports
from telemetry.store import schema as s
from telemetry.store.engine import reading
from tests.first_pulls import begin_pulled
from tests.pulled import DONE, TODO, Pulled, Story, a_team, on, serving

pytestmark = pytest.mark.slow

POINTS = (3, 2, 1)


def a_closed_week(story: Story, week: int, left: int = 0, **where) -> list:
    """A week's sprint with one issue done a day, but for those left."""
    first = 1 + 7 * week
    sprint = story.sprint(on(first, 9), on(first + 4, 18), board=where.get("board", 0))
    given = {"project": where["project"]} if "project" in where else {}
    issues = [story.issue(points, at=on(first, 8), sprint=sprint.id, **given) for points in POINTS]
    for day, issue in enumerate(issues[: len(issues) - left]):
        story.world.transition(issue, DONE, on(first + day, 12))
    story.world.close_sprint(sprint, None, on(first + 4, 17))
    return issues


def forecasts(pulled: Pulled, team_key: str = "k8s") -> list[Experience]:
    c = s.sprint_forecasts.c
    with reading(pulled.engine) as connection:
        query = select(c.sprint_id, c.closed_on, c.days).where(c.team_key == team_key)
        rows = connection.execute(query.order_by(c.closed_on)).all()
    return [from_stored(row[0], row[1], day) for row in rows for day in row[2]]


def current(pulled: Pulled, team_key: str = "k8s"):
    return Reports.of(pulled.context.settings, pulled.engine).sprint(team_key, "current")


@pytest.fixture
def store(sqlite_store):
    """One database: what a rebuild changes is compared on both by the soak."""
    return sqlite_store


@pytest.fixture
def story() -> Story:
    story = Story()
    for week in range(6):
        a_closed_week(story, week, left=week == 4)
    running = story.sprint(on(43, 9), on(47, 18))
    for points in POINTS:
        story.issue(points, at=on(43, 8), sprint=running.id)
    story.now = on(43, 15)
    return story


def test_three_closed_sprints_are_needed_and_each_day_knows_those_closed_by_then(
    store, tmp_path, story
):
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        rows = forecasts(pulled)
        assert rebuild(pulled.engine) == 0
    assert len(rows) == 2 + 5 + 2  # of the weeks 4, 5 (one issue is left) and 6
    assert sum(one.finished_on is None for one in rows) == 5


def test_what_was_left_is_followed_after_the_close(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        left = next(i for i in story.world.issues.values() if i.status != DONE)
        story.world.transition(left, DONE, on(43, 16))
        story.now += timedelta(hours=2)
        pulled.good_pull()
        rows = forecasts(pulled)
        assert rebuild(pulled.engine) == 0
    assert sum(one.finished_on == date(2026, 4, 13) for one in rows) == 5


def test_a_change_of_an_old_sprint_reaches_those_that_learnt_from_it(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
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


def test_the_running_sprint_is_forecast_and_a_second_pull_changes_nothing(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        sprint = current(pulled)
        figures, worth = sprint.figures, sprint.outlook.worth
        before = pulled.contents()
        pulled.good_pull()
        assert pulled.contents() == before
        assert rebuild(pulled.engine) == 0
    assert date(2026, 4, 15) <= figures.projected_50_on
    assert 50 < figures.finish_in_time_percent < 100
    assert 3 < figures.done_by_end_85_points <= figures.done_by_end_50_points <= 6.5
    assert (sprint.outlook.why_none, worth.lenders) == (None, 0)


def is_of_past_days(statement: str) -> bool:
    return statement.startswith("SELECT sprint_forecasts.") and "sprint_forecasts.days" in statement


def test_where_nothing_changed_no_past_day_is_read_again(store, tmp_path, story):
    asked: list[str] = []
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        event.listen(pulled.engine, "before_cursor_execute", lambda *one: asked.append(one[2]))
        story.now += timedelta(minutes=10)
        pulled.good_pull()
        idle = [one for one in asked if is_of_past_days(one)]
        asked.clear()
        story.now += timedelta(days=1)  # a day later less time is left
        pulled.good_pull()
    assert idle == []
    assert len([one for one in asked if is_of_past_days(one)]) == 1


def test_a_closed_sprint_has_no_forecast_any_more(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        running = max(story.world.sprints.values(), key=lambda one: one.id)
        story.world.close_sprint(running, None, on(43, 16))
        story.now += timedelta(hours=2)
        pulled.good_pull()
        sprint = current(pulled)
        assert pulled.contents("sprint_outlooks") == {"sprint_outlooks": []}
        assert rebuild(pulled.engine) == 0
    assert (sprint.state, sprint.outlook) == ("closed", None)
    assert sprint.figures.finish_in_time_percent is None


def test_a_team_without_a_past_is_lent_those_of_others_whoever_is_computed_first(store, tmp_path):
    story = Story()
    for week in range(7):
        a_closed_week(story, week)
    new = story.world.add_project("AAA", "A new team", lead=2)
    board = story.world.add_board(new.id, "AAA board")
    a_closed_week(story, 6, project=new.id, board=board.id)
    running = story.sprint(on(50, 9), on(54, 18), board=board.id)
    story.issue(4, at=on(50, 8), sprint=running.id, project=new.id)
    story.now = on(50, 15)
    teams = [a_team("aaa", "AAA"), a_team()]
    with serving(story, store, tmp_path / "a", teams) as pulled:
        begin_pulled(pulled)
        lent = current(pulled, "aaa")
        assert rebuild(pulled.engine) == 0
        old = next(i for i in story.world.issues.values() if i.points == 3)
        story.world.set_estimate(old, 20, on(50, 16))  # of a closed sprint of the lender
        story.now += timedelta(hours=2)
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0
    assert lent.outlook.worth.lenders == 1
    assert lent.outlook.worth.corrected.dates[0].count > 0
    assert lent.figures.projected_50_on is not None


def test_a_team_alone_says_that_too_few_sprints_are_known(store, tmp_path):
    story = Story()
    a_closed_week(story, 0)
    running = story.sprint(on(8, 9), on(12, 18))
    story.issue(4, at=on(8, 8), sprint=running.id)
    story.now = on(8, 15)
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        sprint = current(pulled)
    assert (sprint.outlook.why_none, sprint.outlook.worth) == ("few_sprints", None)
    assert sprint.figures.finish_in_time_percent is None


def test_what_is_stored_is_json_of_plain_numbers(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        with reading(pulled.engine) as connection:
            days = connection.scalars(select(s.team_forecasts.c.days)).all()
    assert len(orjson.dumps(days)) < 5_000
