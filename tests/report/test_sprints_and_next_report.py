"""From a pulled Jira to what is before and after: the table of sprints, and the one to come."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from telemetry.errors import NotFound
from telemetry.store.values import milliseconds
from tests.pulled import DOING, DONE, Story, a_team, on, serving

pytestmark = pytest.mark.slow


@pytest.fixture
def story() -> Story:
    """Sprints 1 to 3 closed with 4, 5 and 6 points done, 4 running with 7 to do, 5 to come.

    Issue 2 n is left open in sprint n, with 2 points; that of the second has no estimate.
    """
    story = Story()
    world = story.world
    for week in range(4):
        start = on(1 + 7 * week, 9)
        sprint = story.sprint(start, start + timedelta(days=4))
        before = start - timedelta(hours=1)
        done = story.issue(4 + week, sprint=sprint.id, at=before)
        story.issue(None if week == 1 else 2, sprint=sprint.id, at=before)
        lost = story.issue(labels=["impediment"], at=start)
        story.log(lost, start + timedelta(hours=1), 1 + week)
        if week < 3:
            world.transition(done, DONE, start + timedelta(days=1))
            world.close_sprint(sprint, None, start + timedelta(days=4))
    story.now = on(23, 12)
    story.sprint(None, name="Next <b>one</b>")
    return story


def plan(story: Story) -> None:
    """Puts two left issues into sprint 5, a new one, one without estimate, and one that is done."""
    world = story.world
    following = world.sprints[5]
    for issue in [issue for issue in world.issues.values() if issue.sprints in ((1,), (2,))]:
        if issue.status != DONE:
            world.move_to_sprint(issue, following, on(22, 13))
    new = story.issue(5, at=on(22, 8), sprint=following.id)
    world.transition(new, DOING, on(22, 15))
    story.issue(8, parent=new.id, at=on(22, 9))
    early = story.issue(3, at=on(22, 8), sprint=following.id)
    world.transition(early, DONE, on(23, 9))
    moved = story.issue(1, at=on(22, 8), sprint=following.id)
    world.remove_from_sprint(moved, on(23, 9))


def test_the_table_has_every_sprint_with_its_figures(store, tmp_path, story):
    with serving(story, store, tmp_path / "a", [a_team(velocity_sprints=2)]) as pulled:
        pulled.good_pull()
        found = pulled.reports.sprint_table("k8s")
        rows = {sort: pulled.reports.sprint_table("k8s", sort).rows for sort in SORTS}
        second = pulled.reports.sprint_table("k8s", "start", 2, 2)
    assert [row.state for row in found.rows] == ["future", "active", "closed", "closed", "closed"]
    assert (found.all_count, found.closed_count) == (5, 3)
    assert [row.id for row in found.recent] == [1, 2, 3, 4]
    assert [row.sprint_id for row in found.last] == [3, 2]
    assert found.kept.low == pytest.approx(75)
    assert found.kept.high == 100  # the second sprint's open issue had no estimate
    assert found.velocity_per_day.high == pytest.approx(6 / 5)
    assert found.velocity_points_per_day == pytest.approx((6 / 5 + 5 / 5) / 2)
    assert [row.id for row in second.rows] == [3, 2]
    for sort, ids in SORTS.items():
        assert [row.id for row in rows[sort]] == ids, sort


SORTS = {
    "start": [5, 4, 3, 2, 1],
    "-start": [1, 2, 3, 4, 5],
    "name": [5, 1, 2, 3, 4],
    "-name": [4, 3, 2, 1, 5],
    "hours": [4, 3, 2, 1, 5],
    "-hours": [1, 2, 3, 4, 5],
    "completed": [3, 2, 1, 4, 5],
    "unestimated": [2, 4, 3, 1, 5],
}


def test_the_thousandth_sprint_costs_no_more_questions(sqlite_store, tmp_path, story):
    asked = []
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        reports = pulled.reports
        event.listen(pulled.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        counts = []
        for first, limit in ((0, 1), (0, 50), (4, 1)):
            asked.clear()
            reports.sprint_table("k8s", "start", first, limit)
            counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= 5


def test_the_next_sprint_holds_what_is_in_it_now(store, tmp_path, story):
    plan(story)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        found = pulled.reports.next_sprint("k8s", story.now)
        assert pulled.reports.next_sprint("k8s", story.now, 5) == found
        for sprint_id in (4, 99):
            with pytest.raises(NotFound):
                pulled.reports.next_sprint("k8s", story.now, sprint_id)
    assert (found.unit, found.sprint.name) == ("point", "Next <b>one</b>")
    assert [(one.points, one.state, one.is_carried_over) for one in found.issues] == [
        (2, "todo", True),
        (None, "todo", True),
        (5, "in_progress", False),
        (3, "done", False),
    ]
    assert (found.points, found.unestimated_count) == (7, 1)
    assert (found.carried_over_points, found.carried_over_count) == (2, 2)
    [row] = found.types
    assert (row.count, row.points, row.unestimated_count) == (3, 7, 1)
    assert found.issues[0].url.endswith(f"/browse/{found.issues[0].key}")
    assert found.issues[2].status == "In Progress"


def test_it_is_held_against_velocity_and_working_days(store, tmp_path, story):
    """Sprints last from Monday to Friday; the running one ends on Friday, 27 March."""
    plan(story)
    team = a_team(calendar={"days_off": [date(2026, 3, 31)], "holidays": "FR"})
    with serving(story, store, tmp_path / "a", [team]) as pulled:
        pulled.good_pull()
        found = pulled.reports.next_sprint("k8s", story.now)
        world = story.world
        following = world.sprints[5]
        following.start_at = milliseconds(on(30, 9))
        following.end_at = milliseconds(on(40, 17))
        story.world.revision += 1
        story.now = on(23, 13)
        pulled.good_pull(full=True)
        dated = pulled.reports.next_sprint("k8s", story.now)
    assert (found.days.first_on, found.days.last_on) == (date(2026, 3, 30), date(2026, 4, 3))
    assert found.days.is_first_assumed
    assert found.usual_length_days == 5
    assert [day.name for day in found.days_off] == [None]
    assert found.working_days == 4
    assert found.velocity_points_per_day == pytest.approx((4 + 5 + 6) / 3 / 5)
    assert found.capacity.points == pytest.approx(4)
    assert found.capacity.low_points == pytest.approx(4 * 4 / 5)
    assert found.capacity.high_points == pytest.approx(6 * 4 / 5)
    assert (dated.days.first_on, dated.days.last_on) == (date(2026, 3, 31), date(2026, 4, 10))
    assert not dated.days.is_first_assumed
    assert [day.name for day in dated.days_off] == [None, "Easter Monday"]
    assert dated.working_days == 7


def test_what_the_running_sprint_may_leave_comes_from_the_forecast(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        unknown = pulled.reports.next_sprint("k8s", story.now).coming
        world = story.world
        running = world.sprints[4]
        world.close_sprint(running, None, on(26, 17))
        fifth = world.sprints[5]
        world.start_sprint(fifth, on(33, 17), on(29, 9))
        for points in (4, 5):
            story.issue(points, sprint=fifth.id, at=on(29, 8))
        story.now = on(29, 12)
        pulled.good_pull()
        coming = pulled.reports.next_sprint("k8s", story.now).coming
        figures = pulled.reports.sprint("k8s", 5).figures
    assert (unknown.points, unknown.working_days_left) == (None, 4)  # three sprints are too few
    assert (coming.sprint.id, coming.remaining_points) == (5, 9)
    assert (coming.planned_end_on, coming.working_days_left) == (date(2026, 4, 3), 5)
    assert 0 < coming.points <= 9
    assert coming.points == figures.left_by_end_50_points


def test_a_team_at_its_beginning_knows_little_and_says_so(store, tmp_path):
    story = Story()
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        nothing = pulled.reports.next_sprint("k8s", story.now)
        table = pulled.reports.sprint_table("k8s")
        running = story.sprint(on(1, 10), on(12, 18))
        story.issue(3, sprint=running.id)
        story.sprint(None, name="Second")
        pulled.good_pull()
        first = pulled.reports.next_sprint("k8s", story.now)
    assert (nothing.sprint, nothing.days, nothing.capacity, nothing.coming) == (None,) * 4
    assert (table.rows, table.all_count, table.kept) == ((), 0, None)
    assert first.days.first_on == date(2026, 3, 16)  # the 14th and 15th are a weekend
    assert first.usual_length_days == 12
    assert (first.capacity, first.velocity_points_per_day) == (None, None)
    assert (first.coming.remaining_points, first.coming.points) == (3, None)


def test_without_a_planned_sprint_a_usual_one_is_told(sqlite_store, tmp_path, story):
    story.world.delete_sprint(story.world.sprints[5], on(22))
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        found = pulled.reports.next_sprint("k8s", story.now)
    assert (found.sprint, found.issues, found.points) == (None, (), 0)
    assert found.working_days == 5
    assert found.capacity.points == pytest.approx(5)


def test_a_later_sprint_follows_the_next_and_takes_nothing_over(sqlite_store, tmp_path, story):
    story.sprint(None, name="After that")
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        found = pulled.reports.next_sprint("k8s", story.now, 6)
        first = pulled.reports.next_sprint("k8s", story.now)
    assert found.days.first_on == date(2026, 4, 6)
    assert found.coming is None
    assert [one.name for one in first.others] == ["After that"]


def test_a_team_that_counts_issues_counts_them_here_too(sqlite_store, tmp_path, story):
    plan(story)
    with serving(story, sqlite_store, tmp_path / "a", [a_team(estimate="issue_count")]) as pulled:
        pulled.good_pull()
        found = pulled.reports.next_sprint("k8s", story.now)
    assert (found.unit, found.points, found.unestimated_count) == ("issue", 3, 0)


def test_a_narrowed_team_sees_only_what_matches(sqlite_store, tmp_path, story):
    plan(story)
    team = a_team(jql="labels = ours")
    story.issue(1, at=on(22, 8), sprint=5, labels=["ours"])
    with serving(story, sqlite_store, tmp_path / "a", [team]) as pulled:
        pulled.good_pull()
        found = pulled.reports.next_sprint("k8s", story.now)
    assert [one.points for one in found.issues] == [1]
