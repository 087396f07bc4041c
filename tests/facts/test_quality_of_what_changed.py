"""What contradicts and what is to come, after changes and after time alone: as computed anew."""

from datetime import timedelta

import pytest

from telemetry.facts import rebuild
from telemetry.metrics.contradictions import Contradiction
from telemetry.store import history
from tests.bench.filling import NOW, Filling
from tests.facts.test_one_changed_issue import filled
from tests.pulled import DOING, DONE, Story, a_team, on, serving

pytestmark = pytest.mark.slow

K = Contradiction


@pytest.fixture
def story() -> Story:
    return Story()


def kinds(pulled, now):
    """The kinds found after one more pull at this time, each with its keys."""
    pulled.story.now = now
    pulled.good_pull()
    assert rebuild(pulled.engine) == 0
    found = pulled.reports.quality("k8s")
    assert pulled.reports.team("k8s", now).finding_count == found.count
    return {kind: [row.key for row in rows] for kind, rows in found.rows.items()}


def test_work_in_the_future_becomes_work_of_today_by_itself(store, tmp_path, story):
    early, late = story.issue(1), story.issue(2, status=DONE)
    story.log(early, on(20), 1, at=on(4))
    story.log(late, on(21), 1, at=on(4))
    with serving(story, store, tmp_path / "a") as pulled:
        assert kinds(pulled, on(5)) == {K.FUTURE_WORK: [late.key, early.key]}
        assert kinds(pulled, on(20, 10)) == {K.FUTURE_WORK: [late.key]}
        assert kinds(pulled, on(22)) == {K.WORK_AFTER_DONE: [late.key]}
        assert kinds(pulled, on(120)) == {}


def test_work_on_what_was_made_done_and_left_it_later_is_found(store, tmp_path, story):
    done = story.issue(status=DONE)
    story.log(done, on(4), 2)
    story.world.transition(done, DOING, on(5))
    with serving(story, store, tmp_path / "a") as pulled:
        assert kinds(pulled, on(6)) == {K.WORK_AFTER_DONE: [done.key]}


def test_impediments_without_time_come_and_go_by_themselves(store, tmp_path, story):
    worked = story.issue(1)
    for day in (2, 70):
        story.log(worked, on(day), 1, at=on(4))
    lost = story.issue(labels=["impediment"], at=on(5))
    with serving(story, store, tmp_path / "a") as pulled:
        assert K.IMPEDIMENT_WITHOUT_TIME not in kinds(pulled, on(5, 18))
        assert kinds(pulled, on(9))[K.IMPEDIMENT_WITHOUT_TIME] == [lost.key]
        story.world.transition(lost, DONE, on(10))
        assert K.IMPEDIMENT_WITHOUT_TIME not in kinds(pulled, on(10, 18))
        assert kinds(pulled, on(95))[K.IMPEDIMENT_WITHOUT_TIME] == [lost.key]
        assert K.IMPEDIMENT_WITHOUT_TIME not in kinds(pulled, on(101))


def test_work_on_a_sub_task_mends_its_parent(store, tmp_path, story):
    story.log(story.issue(1), on(2), 1)
    lost = story.issue(labels=["impediment"])
    part = story.issue(parent=lost.id)
    with serving(story, store, tmp_path / "a") as pulled:
        assert kinds(pulled, on(5)) == {K.IMPEDIMENT_WITHOUT_TIME: [lost.key]}
        story.log(part, on(5, 10), 1)
        assert kinds(pulled, on(5, 12)) == {}


def test_a_sprint_of_others_that_closes_ends_a_contradiction(store, tmp_path, story):
    sprint = story.sprint(on(1, 10), on(12, 18))
    other = story.world.add_board(story.project.id, "Other board")
    second = story.sprint(on(2), on(12, 20), board=other.id)
    both = story.issue(1, sprint=sprint.id)
    both.sprints = (sprint.id, second.id)
    story.world.by_sprint[second.id][both.id] = None
    teams = [a_team(boards=[story.board.id]), a_team("others", boards=[other.id])]
    with serving(story, store, tmp_path / "a", teams) as pulled:
        assert kinds(pulled, on(5))[K.TWO_ACTIVE_SPRINTS] == [both.key]
        story.world.close_sprint(second, None, on(6))
        assert K.TWO_ACTIVE_SPRINTS not in kinds(pulled, on(6, 12))


def test_a_sprint_that_begins_moves_the_window(store, tmp_path, story):
    first = story.sprint(on(1, 10), on(5, 18))
    issue = story.issue(3, sprint=first.id)
    part = story.issue(2, parent=issue.id)
    with serving(story, store, tmp_path / "a", [a_team(velocity_sprints=1)]) as pulled:
        assert kinds(pulled, on(2)) == {K.SUBTASK_ESTIMATE: [part.key]}
        story.world.transition(issue, DONE, on(3))
        story.world.set_estimate(issue, 8, on(4))
        story.world.close_sprint(first, None, on(5, 17))
        assert kinds(pulled, on(5, 18)) == {K.ESTIMATE_AFTER_DONE: [issue.key]}
        second = story.sprint(on(6), on(8))
        assert kinds(pulled, on(6, 12)) == {K.ESTIMATE_AFTER_DONE: [issue.key]}
        story.world.close_sprint(second, None, on(8, 1))
        assert kinds(pulled, on(8, 12)) == {}


def test_what_a_sprint_to_come_holds_follows_each_change(store, tmp_path, story):
    sprint = story.sprint(on(1, 10), on(5, 18))
    coming = story.sprint(None)
    left = story.issue(3, sprint=sprint.id)
    with serving(story, store, tmp_path / "a") as pulled:

        def held(now):
            kinds(pulled, now)
            issues = pulled.reports.next_sprint("k8s", now).issues
            return [(one.key, one.points, one.is_carried_over) for one in issues]

        assert held(on(2)) == []
        new = story.issue(5, at=on(2, 12), sprint=coming.id)
        assert held(on(3)) == [(new.key, 5, False)]
        story.world.set_estimate(new, 8, on(3, 12))
        assert held(on(4)) == [(new.key, 8, False)]
        story.world.close_sprint(sprint, coming, on(5))
        assert held(on(5, 12)) == [(left.key, 3, True), (new.key, 8, False)]
        story.world.remove_from_sprint(new, on(5, 13))
        assert held(on(5, 14)) == [(left.key, 3, True)]
        story.world.start_sprint(coming, on(12), on(6))
        assert held(on(6, 12)) == []


def test_one_changed_issue_is_judged_alone(store, monkeypatch):
    asked: list[int] = []
    read = history.read_histories

    def noting(connection, site, issue_ids):
        asked.extend(issue_ids)
        return read(connection, site, issue_ids)

    filling: Filling = filled(store, 80)
    monkeypatch.setattr("telemetry.facts.writing.quality.read_histories", noting)
    for minutes in (10, 20):
        later = NOW + timedelta(minutes=minutes)
        asked.clear()
        filling.change(store, 1, later)
        filling.refresh(store, later)
        assert filling.issues in asked
        assert len(asked) <= 3  # itself, and its parent or sub-tasks
