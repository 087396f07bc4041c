"""What a simulated Jira contradicts, from its HTTP answers to the report, on both databases."""

from datetime import timedelta

import pytest

from bot.simulator.state import type_of_epic
from telemetry.metrics.contradictions import Contradiction
from tests.pulled import DOING, DONE, TODO, Story, a_team, on, serving

pytestmark = pytest.mark.slow

HOUR = 3600
K = Contradiction


@pytest.fixture
def story() -> Story:
    return Story()


def pulled_quality(story, store, folder, teams=None):
    with serving(story, store, folder, teams) as pulled:
        pulled.good_pull()
        return pulled.reports.quality("k8s")


def rows(found, kind):
    return [(row.key, row.finding) for row in found.rows.get(kind, ())]


def contradicting(story: Story) -> None:
    """Every kind once that this Jira can tell; `now` is Friday of the second week, 18:00."""
    world, story.now = story.world, on(12, 18)
    old = story.sprint(on(-20, 10), on(-10, 18), name="Old")  # K8S-1 to 3
    for number, points in enumerate((1, 2, 3)):
        issue = story.issue(points, at=on(-15, 8 + number))
        world.move_to_sprint(issue, old, on(-15, 12))
        world.transition(issue, DONE, on(-12))
        if points == 2:
            world.set_estimate(issue, 8, on(-11))
        if points == 3:
            story.log(issue, on(-3), 2)
    world.close_sprint(old, None, on(-3, 18))
    sprint = story.sprint(on(1, 10), on(12, 18), name="New <b>")
    bare = story.issue(None, sprint=sprint.id, summary="<i>Ünïcode</i> 日本")  # K8S-4
    story.issue(parent=bare.id, points=2)  # K8S-5
    story.issue(None, sprint=sprint.id, kind=type_of_epic)  # K8S-6
    jumped = story.issue(1, sprint=sprint.id)  # K8S-7
    world.migrate_workflow(jumped, DONE, on(3))
    story.log(bare, on(2), 25, at=on(3))
    story.log(bare, on(20), 1, at=on(12))
    story.issue(labels=["impediment"], at=on(2))  # K8S-8
    other = world.add_board(story.project.id, "Other board")
    second = story.sprint(on(2), on(12, 20), board=other.id, name="Bugs")
    both = story.issue(1, sprint=sprint.id)  # K8S-9
    both.sprints = (sprint.id, second.id)
    world.by_sprint[second.id][both.id] = None


def test_every_kind_is_found_and_nothing_else(store, tmp_path, story):
    contradicting(story)
    team = a_team(boards=list(story.world.boards))
    found = pulled_quality(story, store, tmp_path / "a", [team])
    assert found.as_of == on(12, 18)
    keys = {kind.value: [row.key for row in some] for kind, some in found.rows.items()}
    assert keys == {
        "unestimated": ["K8S-4"],
        "two_active_sprints": ["K8S-9"],
        "late_sprint": ["1"],
        "empty_start": ["1"],
        "future_work": ["K8S-4"],
        "work_after_done": ["K8S-3"],
        "long_work_log": ["K8S-4"],
        "impediment_without_time": ["K8S-8"],
        "estimate_after_done": ["K8S-2"],
        "subtask_estimate": ["K8S-5"],
        "migrated_status": ["K8S-7"],
    }
    assert found.count == sum(map(len, keys.values()))


def test_findings_are_named_and_linked(store, tmp_path, story):
    contradicting(story)
    with serving(story, store, tmp_path / "a", [a_team(boards=list(story.world.boards))]) as pulled:
        pulled.good_pull()
        found = pulled.reports.quality("k8s")
    [bare] = found.rows[K.UNESTIMATED]
    assert (bare.title, bare.sprints) == ("<i>Ünïcode</i> 日本", ("New <b>",))
    assert bare.url == f"{pulled.url}/browse/K8S-4"
    [late] = found.rows[K.LATE_SPRINT]
    assert (late.key, late.title, late.finding.count) == ("1", "Old", 5)
    assert late.url.endswith(
        f"?rapidView={story.board.id}&view=reporting&chart=sprintRetrospective&sprint=1"
    )
    [jumped] = found.rows[K.MIGRATED_STATUS]
    assert (jumped.before, jumped.after) == ("To Do", "Done")
    [both] = found.rows[K.TWO_ACTIVE_SPRINTS]
    assert both.sprints == ("New <b>", "Bugs")


def test_a_team_that_contradicts_nothing(store, tmp_path, story):
    sprint = story.sprint(on(1, 10), on(12, 18))
    story.log(story.issue(3, sprint=sprint.id), on(2), 2)
    found = pulled_quality(story, store, tmp_path / "a")
    assert (found.count, dict(found.rows)) == (0, {})


def test_a_team_without_sprints_has_contradictions_of_its_work(store, tmp_path, story):
    done = story.issue(status=DONE)
    story.log(done, on(4), 2)
    story.board.kind, story.board.has_sprints = "kanban", False
    found = pulled_quality(story, store, tmp_path / "a")
    assert [kind.value for kind in found.rows] == ["work_after_done"]


def test_a_team_that_logs_no_time_has_no_impediments_without(store, tmp_path, story):
    story.issue(labels=["impediment"])
    assert pulled_quality(story, store, tmp_path / "a").count == 0


def test_time_on_a_sub_task_is_time_on_the_impediment(store, tmp_path, story):
    lost = story.issue(labels=["impediment"])
    story.log(story.issue(parent=lost.id), on(2), 1)
    assert pulled_quality(story, store, tmp_path / "a").count == 0


def test_issues_outside_of_a_narrowed_team_are_not_its_contradictions(store, tmp_path, story):
    sprint = story.sprint(on(1, 10), on(12, 18))
    mine = story.issue(None, sprint=sprint.id, components=("ours",))
    theirs = story.issue(None, sprint=sprint.id)
    for issue in (mine, theirs):
        story.log(issue, on(2), 30, at=on(4))
    found = pulled_quality(story, store, tmp_path / "a", [a_team(jql="component = ours")])
    keys = {kind.value: [row.key for row in some] for kind, some in found.rows.items()}
    assert keys == {"unestimated": [mine.key], "long_work_log": [mine.key]}


def test_only_the_last_closed_sprints_are_looked_at(store, tmp_path, story):
    for week in range(4):
        start = on(1 - 7 * (4 - week), 10)
        sprint = story.sprint(start, start + timedelta(hours=1))
        story.world.close_sprint(sprint, None, start + timedelta(days=6))
    found = pulled_quality(story, store, tmp_path / "a", [a_team(velocity_sprints=2)])
    assert [row.key for row in found.rows[K.LATE_SPRINT]] == ["4", "3"]


def test_an_issue_that_vanished_contradicts_nothing(store, tmp_path, story):
    sprint = story.sprint(on(1, 10), on(12, 18))
    bare = story.issue(None, sprint=sprint.id)
    for _ in range(9):
        story.issue(1, sprint=sprint.id)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert pulled.reports.quality("k8s").count == 1
        story.world.hide_issue(bare)
        pulled.good_pull(full=True)
        assert pulled.reports.quality("k8s").count == 0


def test_reopening_before_work_is_no_contradiction(store, tmp_path, story):
    issue = story.issue(3)
    story.world.transition(issue, DONE, on(1))
    story.world.transition(issue, DOING, on(3))
    story.log(issue, on(4), 2)
    story.world.transition(issue, TODO, on(5))
    assert pulled_quality(story, store, tmp_path / "a").count == 0
