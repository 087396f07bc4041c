"""A project answers by its id, in any letter case, and by a key that it had before."""

import pytest
from sqlalchemy import select, update

from bot.pull.crawl import EPICS
from bot.simulator.state import type_of_epic
from telemetry.facts import rebuild
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.schema import issues
from tests.pulled import Story, a_team, on, serving


def told() -> Story:
    story = Story()
    sprint = story.sprint(on(1, 10), on(12, 18))
    story.log(story.issue(3, sprint=sprint.id), on(2), 2)
    return story


def logged(pulled):
    return pulled.reports.sprint("k8s", 1).figures.planned_seconds


@pytest.mark.parametrize("configured", ["k8s", "10001"])
def test_a_project_is_known_by_its_id_and_in_any_case(store, tmp_path, configured):
    story = told()
    assert story.project.id == 10001
    with serving(story, store, tmp_path / "a", [a_team(project=configured)]) as pulled:
        pulled.good_pull()
        assert logged(pulled) == 7200
        again = pulled.good_pull()
        assert (again.kind, again.issues_changed, again.facts_changed) == ("incremental", 0, 0)


def test_a_project_that_is_keyed_anew_keeps_its_time(store, tmp_path):
    story = told()
    with serving(story, store, tmp_path / "a", [a_team()]) as pulled:
        pulled.good_pull()
        story.world.rekey_project(story.project, "CLOUD")
        pulled.good_pull()
        assert logged(pulled) == 7200
        assert [issue.key for issue in pulled.reports.issues("k8s", 1)] == ["CLOUD-1"]
        assert rebuild(pulled.engine) == 0


def test_an_issue_finds_the_epic_that_an_earlier_pull_did_not_know(sqlite_store, tmp_path):
    """A Data Center names an epic by its key: a new one, once it was moved, until that is read."""
    story = told()
    epic = story.issue(None, kind=type_of_epic)
    child = story.issue(2, epic=epic.id)
    with serving(story, sqlite_store, tmp_path / "a", [a_team()], "datacenter") as pulled:
        pulled.good_pull()
        assert epic_of(pulled, child) == epic.id
        with writing(pulled.engine) as connection:  # as it is left by a pull before the epic's
            unknown = {"epic_id": None, "digest": ""}
            connection.execute(update(issues).where(issues.c.id == child.id).values(unknown))
            write_cursor(connection, "default", EPICS, {str(child.id): epic.key, "7": "GONE-1"})
        pulled.good_pull()
        assert epic_of(pulled, child) == epic.id
        with reading(pulled.engine) as connection:
            assert read_cursor(connection, "default", EPICS) == {"7": "GONE-1"}
        assert pulled.good_pull().issues_changed == 0


def epic_of(pulled, issue):
    with reading(pulled.engine) as connection:
        query = select(issues.c.epic_id).where(issues.c.id == issue.id)
        return connection.scalar(query)
