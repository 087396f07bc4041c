"""How far figures run: by Jira's clock, not by what a wrong date or a wrong clock claims."""

from datetime import datetime, timedelta

import orjson
import pytest
from sqlalchemy import text
from starlette.responses import JSONResponse

from telemetry.facts import rebuild
from telemetry.metrics.contradictions import Contradiction
from telemetry.store.engine import writing
from tests.pulled import DONE, Story, on, serving


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


@pytest.mark.parametrize("ahead", [timedelta(minutes=20), timedelta(days=2)])
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
