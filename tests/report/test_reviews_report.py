"""Reviews of a pulled Jira: frozen at the close, whatever becomes of the sprint afterwards."""

import json
from pathlib import Path

import pytest

from telemetry.errors import NotFound
from telemetry.facts import rebuild
from telemetry.store.engine import writing
from telemetry.store.schema import reviews as reviews_table
from tests.first_pulls import begin_pulled
from tests.pulled import DONE, Story, a_team, contents, on, reconfigured, serving

CLOSED_AT = on(12, 18)


@pytest.fixture
def story() -> Story:
    """A sprint closed on day 12: issue 1 done, issue 2 not; an impediment; the next planned."""
    story = Story()
    sprint = story.sprint(on(1, 10), CLOSED_AT, name="Sprint 1")
    sprint.goal = "Upgrade without a window"
    one, _ = (story.issue(n, sprint=sprint.id, summary=f"Part {n}") for n in (3, 2))
    lost = story.issue(labels=["impediment"], at=on(2, 8), summary="Registry is down")
    story.log(lost, on(5), 3)
    coming = story.sprint(None, name="Sprint 2")
    story.issue(None, sprint=coming.id)
    for _ in range(8):
        story.issue()
    story.world.transition(one, DONE, on(3))
    story.world.close_sprint(sprint, None, CLOSED_AT)
    story.now = on(13)
    return story


def test_a_review_stays_as_it_was_at_the_close_and_names_later_edits(store, tmp_path, story):
    sprint = story.world.sprints[1]
    _, two, lost, *_ = story.world.issues.values()
    with serving(story, store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        before = pulled.reports.review("k8s", sprint.id, story.now)
        kept = contents(store, "reviews")
        sprint.name, sprint.goal = "Renamed", "Another goal"
        story.now = on(15)
        story.log(lost, on(6), 5, at=on(14))
        story.world.transition(two, DONE, on(14))
        changed = reconfigured(
            pulled,
            tmp_path / "b",
            [a_team(velocity_sprints=3, calendar={"days_off": ["2026-03-04"]})],
        )
        changed.good_pull(full=True)
        rebuild(store)
        after = changed.reports.review("k8s", sprint.id, story.now)
        assert contents(store, "reviews") == kept
        changed.context.engine.dispose()
    assert after.page.sprint.name == "Sprint 1"
    assert after.page.sprint.goal == "Upgrade without a window"
    for name in ("figures", "estimates"):
        assert getattr(after.page.sprint, name) == getattr(before.page.sprint, name)
    for name in ("burndown", "daily", "shares", "working_day", "open_impediments", "issues"):
        assert getattr(after.page, name) == getattr(before.page, name), name
    assert after.impediments == before.impediments
    assert [row.seconds for row in after.impediments] == [3 * 3600]
    assert after.ahead.sprint.name == "Sprint 2"
    assert after.ahead.unestimated_count == 1
    assert not before.page.records.close.is_edited
    assert after.page.records.close.is_edited
    assert not after.frozen.is_late


def test_the_frozen_page_is_the_page_of_the_sprint_that_froze(sqlite_store, tmp_path, story):
    sprint = story.world.sprints[1]
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        frozen = pulled.reports.review("k8s", sprint.id, story.now)
        now = pulled.reports.sprint_page("k8s", sprint.id, story.now)
        with writing(sqlite_store) as connection:
            connection.execute(reviews_table.delete())
        draft = pulled.reports.review("k8s", sprint.id, story.now)
    assert draft.frozen is None
    assert frozen.page.sprint.figures == now.sprint.figures == draft.page.sprint.figures
    assert frozen.page.burndown == now.burndown
    assert frozen.page.daily == now.daily
    assert frozen.page.shares == now.shares
    assert frozen.recurring == draft.recurring
    assert [(one.key, one.points) for one in frozen.page.issues] == [
        (one.key, one.points) for one in now.issues
    ]


def test_titles_vanish_with_their_issue_and_nothing_else_does(sqlite_store, tmp_path, story):
    one, _, lost, *_ = story.world.issues.values()
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        text = "".join(contents(sqlite_store, "reviews")["reviews"])
        story.world.delete_issue(one, on(13))
        story.world.delete_issue(lost, on(13))
        story.now = on(14)
        pulled.good_pull(reconcile=True)
        review = pulled.reports.review("k8s", 1, story.now)
    assert not [word for word in ("Part", "Registry", "K8S-") if word in text]
    assert review.page.sprint.figures.completed_points == 3
    assert {(i.id, i.summary) for i in review.page.issues} >= {(one.id, "")}
    assert [row.summary for row in review.impediments] == [""]


def test_a_review_of_a_sprint_that_is_gone_from_jira_stays_readable(sqlite_store, tmp_path, story):
    sprint = story.world.sprints[1]
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        story.world.delete_sprint(sprint, on(13))
        story.now = on(14)
        pulled.good_pull(reconcile=True)
        with pytest.raises(NotFound):
            pulled.reports.sprint("k8s", sprint.id)
        review = pulled.reports.review("k8s", sprint.id, story.now)
        [row] = [one for one in pulled.reports.reviews("k8s") if one.sprint.id == sprint.id]
    assert review.is_gone
    assert review.page.sprint.figures.committed_points == 5
    assert (row.sprint.name, row.sprint.figures.completed_points) == ("Sprint 1", 3)


def test_a_past_that_is_read_late_holds_the_sprint_that_followed(sqlite_store, tmp_path, story):
    following = story.world.sprints[2]
    story.world.start_sprint(following, on(26, 18), CLOSED_AT)
    added = story.issue(8, at=on(15))
    story.world.move_to_sprint(added, following, on(16))
    story.now = on(20)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        review = pulled.reports.review("k8s", 1, story.now)
        draft = pulled.reports.review("k8s", following.id, story.now)
        rows = pulled.reports.reviews("k8s")
    assert review.frozen.is_late
    assert review.ahead.sprint.id == following.id
    assert [one.points for one in review.ahead.issues] == [None]
    assert draft.frozen is None
    assert [(row.sprint.name, row.frozen_at is None) for row in rows] == [
        ("Sprint 2", True),
        ("Sprint 1", False),
    ]


def test_a_first_pull_keeps_the_newest_review_and_leaves_the_past_to_the_next(
    sqlite_store, tmp_path, story
):
    """A review that waits is shown as one that is kept."""
    first = last = story.world.sprints[1]
    for day in (13, 16):
        last = story.sprint(on(day, 10), on(day + 2, 18))
        story.world.close_sprint(last, None, on(day + 2, 18))
    story.now = on(19)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        newest = pulled.reports.review("k8s", last.id, story.now)
        waiting = pulled.reports.review("k8s", first.id, story.now)
        pulled.good_pull()
        kept = pulled.reports.review("k8s", first.id, story.now)
    assert newest.frozen is not None
    assert waiting.frozen is None
    assert kept.frozen is not None
    assert waiting.page.sprint.figures == kept.page.sprint.figures
    assert (waiting.impediments, waiting.ageing) == (kept.impediments, kept.ageing)


def test_a_sprint_closed_minutes_after_its_start_has_a_review(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(2, 10), on(2, 10.1))
    story.issue(None, sprint=sprint.id)
    story.world.close_sprint(sprint, None, on(2, 10.1))
    story.now = on(2, 12)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        review = pulled.reports.review("k8s", sprint.id, story.now)
    assert review.frozen is not None
    assert review.page.sprint.figures.committed_points == 0


def test_what_froze_before_fields_were_added_is_read_with_their_defaults(
    sqlite_store, tmp_path, story
):
    """Its fields as they were first kept: a field that is added since needs a default."""
    kept = json.loads(Path(__file__).with_name("review_of_before.json").read_text("utf-8"))
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        begin_pulled(pulled)
        now = pulled.reports.review("k8s", 1, story.now)
        with writing(sqlite_store) as connection:
            connection.execute(reviews_table.update().values(record=kept))
        then = pulled.reports.review("k8s", 1, story.now)
    assert then.page.sprint == now.page.sprint
    assert then.impediments == now.impediments
    assert then.ahead.capacity == now.ahead.capacity
    assert then.ahead.days_away == 0
