"""The flow of a team, from Jira through facts to the report, told by hand."""

from datetime import date, timedelta

import pytest

from bot.simulator.state import type_of_bug, type_of_epic
from telemetry.facts import rebuild
from telemetry.metrics.flow import Percentiles, Week
from telemetry.report.flow import DONE_SHOWN, LYING_SHOWN
from telemetry.store.engine import writing
from telemetry.store.schema import flow_issues
from tests.pulled import DOING, DONE, TODO, Story, a_team, on, serving

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)


@pytest.fixture
def story() -> Story:
    return Story()


def worked(story: Story, begun: float | None, done: float | None = None, **values):
    """An issue that is begun and done at these days of the story, 9:00."""
    issue = story.issue(**{"at": on(1, 7)} | values)
    if begun is not None:
        story.world.transition(issue, DOING, on(begun))
    if done is not None:
        story.world.transition(issue, DONE, on(done))
    return issue


def flow(pulled, type_name=None, first=FIRST, last=LAST):
    return pulled.reports.flow("k8s", first, last, type_name)


def test_items_by_how_long_they_took_and_what_lies(store, tmp_path, story):
    for days in (1, 2, 3):
        worked(story, 1, 1 + days)
    worked(story, 2, 3, kind=type_of_bug)
    worked(story, 2, 3, kind=type_of_bug, labels=["impediment"])
    worked(story, None, 4)
    lying = worked(story, 2, summary="Ünïcode <b>markup</b> 日本")
    back = worked(story, 3)
    story.world.transition(back, TODO, on(4))
    story.issue()
    story.issue(parent=lying.id)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        found = flow(pulled)
        bugs = flow(pulled, "Bug")
        assert rebuild(pulled.engine) == 0
    whole = found.whole
    assert (whole.done_count, whole.never_begun_count, whole.in_progress_count) == (6, 1, 1)
    assert whole.cycle_days == Percentiles(1, 3, 3)
    assert whole.late_count == 1
    assert [(one.type_name, one.done_count) for one in found.types] == [
        (None, 6),
        ("Story", 4),
        ("Bug", 2),
    ]
    [item] = found.in_progress
    assert (item.key, item.summary) == (lying.key, "Ünïcode <b>markup</b> 日本")
    assert (item.age_days, item.passed) == (3.375, 95)
    assert (item.status, item.column) == ("In Progress", "In Progress")
    assert item.url.endswith(f"/browse/{lying.key}")
    assert found.weeks == (Week(FIRST, 6, 5),)
    assert [(d.todo_count, d.in_progress_count, d.done_count) for d in found.days] == [
        (6, 3, 0),
        (3, 5, 1),
        (2, 3, 4),
        (2, 1, 6),
        (2, 1, 6),
    ]
    assert found.days[-1].in_progress_count == len(found.in_progress)
    assert (bugs.whole.type_name, bugs.whole.done_count, bugs.whole.cycle_days) == ("Bug", 2, None)
    assert bugs.types == found.types
    assert [item.cycle_days for item in bugs.done] == [1, 1]


def test_a_pull_rewrites_just_what_changed(store, tmp_path, story):
    moved, gone, epic, back = (worked(story, 1, 2) for _ in range(4))
    other = story.world.add_project("ELSE", "Elsewhere", lead=2)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert flow(pulled).whole.done_count == 4
        story.now = on(6)
        story.world.move_to_project(moved, other.id, on(6, 1))
        story.world.delete_issue(gone, on(6, 1))
        story.world.set_type(epic, type_of_epic, on(6, 1))
        story.world.transition(back, DOING, on(6, 1))
        pulled.good_pull(reconcile=True)
        found = flow(pulled)
        assert (found.whole.done_count, found.whole.in_progress_count) == (0, 1)
        assert found.in_progress[0].key == back.key
        assert rebuild(pulled.engine) == 0


def test_a_narrowed_team_has_the_items_that_match_now(store, tmp_path, story):
    worked(story, 1, 2, labels=["mine"])
    other = worked(story, 1)
    with serving(story, store, tmp_path / "a", [a_team(jql="labels = mine")]) as pulled:
        pulled.good_pull()
        assert (flow(pulled).whole.done_count, flow(pulled).in_progress) == (1, ())
        story.now = on(6)
        story.world.set_labels(other, ["mine"], on(6))
        pulled.good_pull()
        assert flow(pulled).whole.in_progress_count == 1
        assert rebuild(pulled.engine) == 0


def test_days_end_with_the_data_and_others_are_not_made_up(store, tmp_path, story):
    worked(story, 1, 2)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        found = flow(pulled, last=date(2026, 12, 31))
        later = flow(pulled, first=date(2026, 12, 1), last=date(2026, 12, 31))
        before = flow(pulled, first=date(2026, 2, 1), last=date(2026, 2, 28))
    assert found.days[-1].day == date(2026, 3, 6)
    assert (later.days, later.weeks, later.whole.done_count) == ((), (), 0)
    assert (before.whole.done_count, before.done) == (0, ())
    assert {one.todo_count for one in before.days} == {0}


def test_before_the_first_pull_nothing_is_known(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        with writing(pulled.engine) as connection:
            connection.exec_driver_sql("UPDATE teams SET as_of = NULL")
        found = flow(pulled, "Bug")
    assert (found.as_of, found.days, found.whole.done_count) == (None, (), 0)
    assert found.whole.cycle_days is None


def test_of_very_many_items_the_longest_are_shown_and_a_choice_of_the_rest(store, tmp_path, story):
    issue = worked(story, 1, 2)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        rows = fill(pulled.engine, issue.id, 3 * DONE_SHOWN)
        found = flow(pulled)
    assert found.whole.done_count == rows + 1
    assert len(found.done) == DONE_SHOWN
    longest = [item for item in found.done if item.cycle_days > found.whole.cycle_days.days_95]
    assert len(longest) == rows - 95 * (rows + 1) // 100
    assert [i.done_at for i in found.done] == sorted((i.done_at for i in found.done), reverse=True)
    assert found.whole.in_progress_count == LYING_SHOWN + 1
    assert len(found.in_progress) == LYING_SHOWN


def fill(engine, like: int, count: int) -> int:
    """So many items done and some in progress, each under the name of another issue."""
    with writing(engine) as connection:
        issue = (
            connection.exec_driver_sql(f"SELECT * FROM issues WHERE id = {like}").mappings().one()
        )
        row = connection.execute(flow_issues.select()).mappings().one()
        columns = ", ".join(issue.keys())
        for n in range(1, count + LYING_SHOWN + 2):
            chosen = ", ".join(f"id + {n}" if name == "id" else name for name in issue)
            connection.exec_driver_sql(
                f"INSERT INTO issues ({columns}) SELECT {chosen} FROM issues WHERE id = {like}"
            )
            is_done = n <= count
            took = timedelta(hours=1 + n)
            values = dict(row) | {
                "issue_id": like + n,
                "created_at": on(1) - took,
                "started_at": on(1) - took,
                "done_at": on(1, n % 24) if is_done else None,
            }
            connection.execute(flow_issues.insert().values(values))
    return count
