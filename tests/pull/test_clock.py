"""How far figures run: by Jira's clock, not by what a wrong date or a wrong clock claims."""

from datetime import datetime, timedelta

import orjson
import pytest
from sqlalchemy import text
from starlette.responses import JSONResponse

from bot.check import check_all
from telemetry.facts import rebuild
from telemetry.metrics.contradictions import Contradiction
from telemetry.store.engine import writing
from tests.pulled import DONE, Story, on, serving

pytestmark = pytest.mark.slow


@pytest.fixture
def story() -> Story:
    story = Story()
    story.sprint(on(1))
    for points in (1, 2, 3):
        story.issue(points, sprint=1)
    return story


class Clock:
    """Jira's clock: a time, one that is not told (None), or by default the story's."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.off = timedelta()
        self.is_told = True

    def __call__(self, request):
        if not request.url.path.endswith("/serverInfo"):
            return None
        told = (self.story.now + self.off).isoformat(timespec="milliseconds")
        return JSONResponse({"deploymentType": "Cloud"} | self.time(told))

    def time(self, told: str) -> dict[str, str]:
        return {"serverTime": told} if self.is_told else {}


def test_figures_run_to_what_jira_tells(sqlite_store, tmp_path, story):
    clock = Clock(story)
    with serving(story, sqlite_store, tmp_path / "a", faults=clock) as pulled:
        clock.off = timedelta(minutes=-9)
        pulled.good_pull()
        assert pulled.reports.as_of() == story.now - timedelta(minutes=9)
        clock.off = timedelta(hours=3)
        pulled.good_pull()
        assert pulled.reports.as_of() == story.now + timedelta(minutes=15)
        clock.off = timedelta()
        pulled.good_pull()
        assert pulled.reports.as_of() == story.now
        assert rebuild(pulled.engine) == 0


def test_a_jira_that_tells_no_time_is_read_to_its_newest_event(sqlite_store, tmp_path, story):
    clock = Clock(story)
    clock.is_told = False
    newest = story.world.transition
    with serving(story, sqlite_store, tmp_path / "a", faults=clock) as pulled:
        newest(story.world.issue("K8S-1"), DONE, on(4))
        pulled.good_pull()
        assert pulled.reports.as_of() == on(4)
        story.now = on(7)
        newest(story.world.issue("K8S-2"), DONE, on(6))
        pulled.good_pull()
        assert pulled.reports.as_of() == on(6)
        assert pulled.reports.sprint("k8s", 1).figures.burned_points == 3


@pytest.mark.parametrize(
    "ahead", [timedelta(minutes=20), timedelta(days=2), timedelta(days=26_500)]
)
def test_what_changed_while_jiras_clock_was_ahead_is_read(sqlite_store, tmp_path, story, ahead):
    clock = Clock(story)
    with serving(story, sqlite_store, tmp_path / "a", faults=clock) as pulled:
        pulled.good_pull()
        story.now = on(6)
        clock.off = ahead
        pulled.good_pull()
        clock.off = timedelta()
        story.now = on(6, 9.5)
        story.world.transition(story.world.issue("K8S-1"), DONE, on(6, 9.1))
        story.log(story.world.issue("K8S-2"), on(6, 8), 2, at=on(6, 9.1))
        pulled.good_pull()
        figures = pulled.reports.sprint("k8s", 1).figures
        assert (figures.burned_points, figures.time.planned_seconds) == (1, 7200)
        assert pulled.reports.as_of() == story.now


@pytest.mark.parametrize(
    ("off", "told"),
    [
        (timedelta(minutes=-9), "9 minutes behind ours; figures follow Jira's"),
        (timedelta(minutes=9), "9 minutes ahead of ours; figures follow Jira's"),
        (timedelta(hours=3), "3 hours ahead of ours; figures run no further than 15 minutes ahead"),
        (timedelta(days=26_500), "ahead of ours; figures run to the newest event"),
        (timedelta(days=-14_000), "behind ours; figures run to the newest event"),
    ],
)
def test_a_check_says_how_far_figures_run(sqlite_store, tmp_path, story, off, told):
    clock = Clock(story)
    clock.off = off
    with serving(story, sqlite_store, tmp_path / "a", faults=clock) as pulled:
        found = [one for one in check_all(pulled.context, story.clock) if "clock" in one.subject]
        assert [one.is_good for one in found] == [False]
        assert told in found[0].sentence


def test_a_store_that_once_ran_to_2062_heals(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        before = pulled.contents()
        far = int(datetime.fromisoformat("2062-01-01T00:00:00+00:00").timestamp() * 1000)
        with writing(pulled.engine) as connection:
            connection.execute(text("UPDATE teams SET as_of = :far"), {"far": far})
            connection.execute(
                text("UPDATE issues SET updated_at = :far, digest = ''"), {"far": far}
            )
            query = text("SELECT name, value FROM cursors WHERE name LIKE 'team:%'")
            for name, value in connection.execute(query).all():
                old = orjson.loads(value) | {"since": "2062-01-01T00:00:00+00:00", "mark": "2:x"}
                old.pop("at")
                changing = text("UPDATE cursors SET value = :value WHERE name = :name")
                connection.execute(changing, {"value": orjson.dumps(old).decode(), "name": name})
        pulled.good_pull()
        assert pulled.reports.as_of() == story.now
        assert pulled.contents() == before


def test_what_lies_ahead_is_left_out_until_it_has_come(sqlite_store, tmp_path, story):
    story.log(story.world.issue("K8S-1"), on(9), 5, at=on(4))
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", 1).figures.time.planned_seconds == 0
        assert Contradiction.FUTURE_WORK in pulled.reports.quality("k8s").rows
        story.now = on(10)
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", 1).figures.time.planned_seconds == 5 * 3600
        assert rebuild(pulled.engine) == 0


def test_changes_and_sprints_that_lie_ahead_are_named(sqlite_store, tmp_path, story):
    story.world.transition(story.world.issue("K8S-1"), DONE, on(9))
    story.world.close_sprint(story.world.sprints[1], None, on(8))
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        rows = pulled.reports.quality("k8s").rows
        assert [row.key for row in rows[Contradiction.FUTURE_CHANGE]] == ["K8S-1"]
        assert [row.key for row in rows[Contradiction.FUTURE_SPRINT]] == ["1"]
        assert pulled.reports.sprint("k8s", 1).figures.done_points == 0
        assert pulled.reports.velocity("k8s").velocity_points_per_day is None
        story.now = on(10)
        pulled.good_pull()
        rows = pulled.reports.quality("k8s").rows
        assert not {Contradiction.FUTURE_CHANGE, Contradiction.FUTURE_SPRINT} & rows.keys()
        assert rebuild(pulled.engine) == 0


def test_a_sprint_without_a_window_has_no_figures_and_enters_none(sqlite_store, tmp_path, story):
    world, good, odd = story.world, story.world.sprints[1], story.sprint(on(1.5), name="Odd")
    story.issue(8, sprint=odd.id)
    world.transition(world.issue("K8S-1"), DONE, on(3))
    world.close_sprint(good, None, on(5, 9))
    world.close_sprint(odd, None, on(5, 10))
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        whole = pulled.reports.velocity("k8s").velocity_points_per_day
        world.redate_sprint(odd, start_at=on(5, 10), end_at=on(9))
        odd.activated_at = None
        running = story.sprint(on(8), name="Ahead")
        pulled.good_pull(full=True)
        closed, ahead = (pulled.reports.sprint("k8s", i) for i in (odd.id, running.id))
        assert (closed.figures, ahead.figures) == (None, None)
        assert "ended at or before its start" in closed.no_figures_reason
        assert "starts later than the data reach" in ahead.no_figures_reason
        found = pulled.reports.velocity("k8s")
        assert [one.id for one in found.sprints] == [good.id]
        assert found.velocity_points_per_day == whole
        assert rebuild(pulled.engine) == 0
        story.now = on(9)
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", running.id).figures is not None
        assert rebuild(pulled.engine) == 0
