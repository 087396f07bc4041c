"""Reviews of weeks: of teams without sprints first of all, kept when a week is over."""

from datetime import timedelta

import pytest

from telemetry.domain.week import read_week
from telemetry.errors import NotFound
from telemetry.facts import rebuild
from telemetry.words.decisions import of_week
from telemetry.words.plain import plain
from telemetry.words.week_against import since
from tests.pulled import DOING, DONE, TODO, Story, a_team, contents, on, reconfigured, serving
from web.export.some import Still

FIRST, SECOND, THIRD = (read_week(f"2026-W{n}") for n in (10, 11, 12))  # from 2 March on


@pytest.fixture
def story() -> Story:
    """A Kanban team: two items done in the first week, one begun, an impediment of 3 hours."""
    story = Story()
    board = story.world.add_board(story.project.id, "Flow", kind="kanban")
    story.board = board
    one, two, lying = (story.issue(n, summary=f"Part {n}") for n in (3, 2, None))
    for issue, day in ((one, 2), (two, 3), (lying, 4)):
        story.world.transition(issue, DOING, on(day))
    story.log(one, on(3), 5)
    story.world.transition(one, DONE, on(4))
    story.world.transition(two, DONE, on(5))
    lost = story.issue(labels=["impediment", "nature:network"], at=on(2), summary="Registry down")
    story.log(lost, on(3), 3)
    story.now = on(9)
    return story


def kanban(story, **values):
    return a_team(board=story.board.id, **values)


def review(pulled, week):
    return pulled.reports.week_review("k8s", week, pulled.story.now)


def test_a_week_froze_when_it_was_over_and_later_edits_are_named(store, tmp_path, story):
    one, two, _, lost = story.world.issues.values()
    team = kanban(story, estimate="issue_count")
    with serving(story, store, tmp_path / "a", [team]) as pulled:
        pulled.good_pull()
        before = review(pulled, FIRST)
        kept = contents(store, "week_reviews")
        story.log(lost, on(4), 5, at=on(10))
        story.world.transition(two, TODO, on(10))
        story.world.delete_issue(one, on(10))
        story.now = on(11)
        pulled.good_pull(reconcile=True)
        rebuild(store)
        after = review(pulled, FIRST)
        assert contents(store, "week_reviews") == kept
    figures = before.kept.figures
    assert (figures.done_count, figures.done_points, figures.in_progress_count) == (2, 2.0, 1)
    assert (figures.time.planned_seconds + figures.time.off_plan_seconds) == 5 * 3600
    assert figures.time.impediment_seconds == 3 * 3600
    assert (figures.opened_count, figures.open_count, figures.closed_count) == (1, 1, 0)
    assert [row.seconds for row in before.kept.impediments] == [3 * 3600]
    assert before.frozen is not None
    assert not since(before.edits)
    assert after.kept.figures == figures
    assert {row.summary for row in after.kept.done} == {"", "Part 2"}  # a title that is gone
    said = plain(since(after.edits)).replace("\u202f", " ")
    assert "items done 2 then, 1 now" in said  # what was deleted never was, as Jira tells it
    assert "time on impediments 3 h then, 8 h now" in said


def test_nothing_of_titles_is_kept(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a", [kanban(story)]) as pulled:
        pulled.good_pull()
        text = "".join(contents(sqlite_store, "week_reviews")["week_reviews"])
    assert not [word for word in ("Part", "Registry", "K8S-") if word in text]


def test_a_running_week_is_a_draft_and_one_to_come_is_not_there(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a", [kanban(story)]) as pulled:
        pulled.good_pull()
        draft = review(pulled, SECOND)
        rows = pulled.reports.week_reviews("k8s")
        for week in (THIRD, FIRST.back()):
            with pytest.raises(NotFound):
                review(pulled, week)
    assert (draft.frozen, draft.is_over, draft.kept.figures.done_count) == (None, False, 0)
    assert draft.kept.before == review_figures(pulled, FIRST)
    assert [(row.week, row.is_over, row.frozen_at is None) for row in rows] == [
        (SECOND, False, True),
        (FIRST, True, False),
    ]


def review_figures(pulled, week):
    return review(pulled, week).kept.figures


@pytest.mark.parametrize(
    ("zone", "hour", "is_over"),
    [
        ("Pacific/Auckland", -12.5, True),  # Sunday 11:30 in UTC: 00:30 on Monday there
        ("Pacific/Auckland", -12.97, False),  # three minutes past midnight: not settled
        ("America/Los_Angeles", 6.5, False),
        ("America/Los_Angeles", 8.1, True),
        ("UTC", 0.05, False),
        ("UTC", 0.09, True),
    ],
)
def test_a_week_ends_where_the_team_is(sqlite_store, tmp_path, story, zone, hour, is_over):
    story.now = on(8, hour)
    team = kanban(story, calendar={"timezone": zone})
    with serving(story, sqlite_store, tmp_path / "a", [team]) as pulled:
        pulled.good_pull()
        kept = contents(sqlite_store, "week_reviews")["week_reviews"]
    assert any("2026-W10" in row for row in kept) == is_over


def test_weeks_of_a_past_that_is_read_late_say_so(sqlite_store, tmp_path, story):
    story.now = on(29)
    with serving(story, sqlite_store, tmp_path / "a", [kanban(story)]) as pulled:
        pulled.good_pull()
        past, last = review(pulled, FIRST), review(pulled, read_week("2026-W13"))
        rows = pulled.reports.week_reviews("k8s")
    assert past.frozen.is_late
    assert not last.frozen.is_late
    assert past.kept.figures.in_progress_count == last.kept.figures.in_progress_count == 1
    assert len(rows) == 5
    assert last.kept.usual.weeks == 3
    assert last.kept.usual.done_count == 0


def test_a_first_pull_leaves_most_of_a_past_to_the_next(sqlite_store, tmp_path, story):
    """A week that waits is shown as one that is kept."""
    story.now = on(99.5)  # fourteen weeks are over
    with serving(story, sqlite_store, tmp_path / "a", [kanban(story)]) as pulled:

        def kept_weeks():
            rows = pulled.reports.week_reviews("k8s")
            return {row.week.number for row in rows if row.frozen_at is not None}

        pulled.good_pull()
        first = kept_weeks()
        waiting = review(pulled, read_week("2026-W20"))
        pulled.good_pull()
        second = kept_weeks()
        kept = review(pulled, read_week("2026-W20"))
    assert first == set(range(11, 17))
    assert second == set(range(11, 24))
    assert waiting.frozen is None
    assert waiting.is_over
    assert kept.frozen is not None
    assert waiting.kept == kept.kept


def test_the_turn_of_the_year_has_weeks_53_and_1(sqlite_store, tmp_path):
    story = Story()
    shift = timedelta(days=301)  # day 1 is Monday 28 December 2026
    issue = story.issue(at=on(1) + shift)
    story.world.transition(issue, DOING, on(2) + shift)
    story.world.transition(issue, DONE, on(5) + shift)  # 1 January
    story.now = on(9) + shift
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        found = review(pulled, read_week("2026-W53"))
        rows = pulled.reports.week_reviews("k8s")
    assert found.kept.figures.done_count == 1
    assert [str(row.week) for row in rows] == ["2027-W01", "2026-W53"]


def test_a_team_with_sprints_sees_what_moved_in_them(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(1, 10), on(12, 18), name="Sprint 1")
    one, _ = (story.issue(n, sprint=sprint.id) for n in (3, 5))
    story.world.transition(one, DONE, on(4))
    added = story.issue(2, at=on(9))
    story.world.move_to_sprint(added, sprint, on(9))
    story.now = on(10)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        [first], [second] = (review(pulled, week).kept.sprints for week in (FIRST, SECOND))
    assert (first.before_points, first.burned_points, first.left_points) == (8, 3, 5)
    assert (second.before_points, second.added_points, second.left_points) == (5, 2, 7)


def test_what_lies_for_too_long_and_what_came_back_is_to_be_decided(sqlite_store, tmp_path, story):
    for number in range(6):
        issue = story.issue(at=on(-20), summary=f"Short {number}")
        story.world.transition(issue, DOING, on(-19))
        story.world.transition(issue, DONE, on(-18))
    old = story.issue(at=on(-25), summary="Long")
    story.world.transition(old, DOING, on(-24))
    with serving(story, sqlite_store, tmp_path / "a", [kanban(story)]) as pulled:
        pulled.good_pull()
        kept = review(pulled, FIRST).kept
    decided = [plain(one.question) for one in of_week(kept)]
    assert any(line.startswith("What holds up") and "Long" in line for line in decided)
    assert any(line.startswith("Escalate") for line in decided)
    assert kept.ageing.issues[0].summary == "Long"


def test_another_calendar_later_leaves_a_frozen_week_alone(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a", [kanban(story)]) as pulled:
        pulled.good_pull()
        before = review(pulled, FIRST)
        team = kanban(story, calendar={"timezone": "Asia/Tokyo", "days_off": ["2026-03-04"]})
        changed = reconfigured(pulled, tmp_path / "b", [team])
        changed.good_pull()
        after = review(changed, FIRST)
        changed.context.engine.dispose()
    assert after.calendar == before.calendar
    assert after.kept.figures == before.kept.figures


def test_a_week_in_which_nothing_happened_says_so(sqlite_store, tmp_path, story):
    story.now = on(16)
    with serving(story, sqlite_store, tmp_path / "a", [kanban(story)]) as pulled:
        pulled.good_pull()
        found = review(pulled, SECOND)
    assert found.kept.figures.done_count == 0
    assert found.kept.before.done_count == 2
    assert found.kept.daily[0].start_on == SECOND.first_on
    assert len(found.kept.daily) == 7


def test_many_weeks_read_at_once_are_as_one_by_one(sqlite_store, tmp_path):
    story = Story()
    for number in range(10):
        start = on(-145) + timedelta(days=16 * number)
        sprint = story.sprint(start, start + timedelta(days=14), name=f"Sprint {number}")
        for points in (1, 3, None):
            issue = story.issue(points, sprint=sprint.id, at=start - timedelta(days=points or 9))
            story.world.transition(issue, DOING, start + timedelta(days=1))
            if points != 3 or number % 3:
                story.world.transition(issue, DONE, start + timedelta(days=number + (points or 2)))
        lost = story.issue(labels=["impediment", "nature:network"], at=start, summary="Rack down")
        story.log(lost, start + timedelta(days=2), number)
        if number % 2:
            story.world.transition(lost, DONE, start + timedelta(days=5))
            story.world.close_sprint(sprint, None, start + timedelta(days=14))
    story.now = on(17, 18)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        weeks = pulled.reports.week_reviews("k8s")
        still = Still.of(pulled.context.settings, sqlite_store)
        of_all = [still.week_review("k8s", one.week, story.now) for one in weeks]
        assert of_all == [review(pulled, one.week) for one in weeks]
    assert len(weeks) > 20
    assert {one.frozen is None for one in of_all} == {True, False}
    assert any(one.kept.recurring for one in of_all)
    assert any(one.kept.sprints for one in of_all)
    assert len({one.kept.ageing for one in of_all}) > 3
