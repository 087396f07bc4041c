"""A project answers by its id, in any letter case, and by a key that it had before."""

import pytest

from telemetry.facts import rebuild
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
