"""What became of each issue, and the figures that follow from it."""

from telemetry.domain.models import IssueHistory
from telemetry.metrics.sprint_figures import (
    IssueFigures,
    sprint_figures,
    sprint_issues,
)
from telemetry.metrics.sprint_walk import (
    SprintWalk,
    walk_sprint,
)
from telemetry.metrics.timeline import timelines
from tests.builders import a_sprint, a_team, an_issue, at, estimated, in_sprint, moved

TEAM = a_team()
CLOSED = a_sprint(2, closed="2026-03-13 17:00")


def walked(*issues: IssueHistory) -> SprintWalk:
    return walk_sprint(CLOSED, timelines(issues, TEAM).values(), at("2026-04-01"))


def classified(issue: IssueHistory) -> IssueFigures:
    (found,) = sprint_issues(walked(issue), TEAM, {})
    return found


def test_an_issue_never_in_the_sprint_is_not_listed() -> None:
    assert sprint_issues(walked(an_issue(sprints=(3,))), TEAM, {}) == ()


def test_an_issue_that_left_before_the_start_is_not_listed() -> None:
    issue = an_issue(sprints=(), changes=[in_sprint("2026-03-01", "2", "")])
    assert sprint_issues(walked(issue), TEAM, {}) == ()


def test_an_issue_done_before_the_start_was_completed_elsewhere() -> None:
    assert classified(an_issue(sprints=(2,), done="2026-02-20")).outcome == "completed_elsewhere"


def test_an_issue_done_before_and_then_removed_was_completed_elsewhere() -> None:
    changes = [moved("2026-02-20", "todo", "done"), in_sprint("2026-03-04", "2", "")]
    issue = an_issue(sprints=(), status="done", changes=changes)
    assert classified(issue).outcome == "completed_elsewhere"


def test_a_reopened_issue_done_again_is_completed_beyond_the_commitment() -> None:
    changes = [
        moved("2026-02-20", "todo", "done"),
        moved("2026-03-04", "done", "todo"),
        moved("2026-03-05", "todo", "done"),
    ]
    found = classified(an_issue(points=2, sprints=(2,), status="done", changes=changes))
    assert (found.outcome, found.is_committed, found.is_added) == ("completed", False, False)


def test_an_issue_removed_and_put_back_is_not_added() -> None:
    changes = [in_sprint("2026-03-04", "2", ""), in_sprint("2026-03-05", "", "2")]
    found = classified(an_issue(sprints=(2,), changes=changes))
    assert (found.outcome, found.is_added) == ("not_completed", False)


def test_an_issue_added_and_removed_again_is_both() -> None:
    changes = [in_sprint("2026-03-04", "", "2"), in_sprint("2026-03-05", "2", "")]
    found = classified(an_issue(sprints=(), changes=changes))
    assert (found.outcome, found.is_added) == ("removed", True)


def test_an_issue_moved_on_after_the_close_was_not_completed() -> None:
    found = classified(
        an_issue(sprints=(2, 3), changes=[in_sprint("2026-03-13 17:00:01", "2", "2,3")])
    )
    assert found.outcome == "not_completed"


def test_the_initial_estimate_of_an_added_issue_is_the_one_it_came_with() -> None:
    changes = [
        estimated("2026-03-03", 3, 5),
        in_sprint("2026-03-04", "", "2"),
        estimated("2026-03-05", 5, 8),
    ]
    found = classified(an_issue(points=8, sprints=(2,), changes=changes))
    assert (found.initial_points, found.final_points) == (5, 8)


def test_the_final_estimate_of_a_removed_issue_is_the_one_at_the_end() -> None:
    changes = [in_sprint("2026-03-04", "2", ""), estimated("2026-03-05", 3, 5)]
    found = classified(an_issue(points=5, sprints=(), changes=changes))
    assert (found.outcome, found.initial_points, found.final_points) == ("removed", 3, 5)


def test_the_state_is_that_of_the_sprints_end() -> None:
    changes = [moved("2026-03-04", "todo", "doing"), moved("2026-03-20", "doing", "done")]
    assert classified(an_issue(sprints=(2,), status="done", changes=changes)).state == "in_progress"


def test_what_an_earlier_sprint_left_is_carried_over() -> None:
    closes = {1: at("2026-02-27")}
    left = an_issue(points=3, sprints=(1, 2), changes=[in_sprint("2026-02-28", "1", "1,2")])
    fresh = an_issue(2, points=5, sprints=(2,))
    walk = walked(left, fresh)
    assert sprint_figures(walk, TEAM, closes).carried_over_points == 3
    assert [i.is_carried_over for i in sprint_issues(walk, TEAM, closes)] == [True, False]


def test_an_issue_that_left_the_earlier_sprint_before_its_close_is_not_carried_over() -> None:
    issue = an_issue(points=3, sprints=(2,), changes=[in_sprint("2026-02-20", "1", "2")])
    assert sprint_figures(walked(issue), TEAM, {1: at("2026-02-27")}).carried_over_points == 0


def test_a_sprint_that_closed_after_the_start_carried_nothing_over() -> None:
    issue = an_issue(points=3, sprints=(1, 2))
    assert sprint_figures(walked(issue), TEAM, {1: at("2026-03-05")}).carried_over_points == 0


def test_commitment_kept_is_what_was_promised_of_what_was_finished() -> None:
    found = sprint_figures(
        walked(
            an_issue(1, points=6, sprints=(2,), done="2026-03-04"),
            an_issue(2, points=2, sprints=(2,)),
            an_issue(3, points=9, sprints=(2,), created="2026-03-03", done="2026-03-04"),
        ),
        TEAM,
        {},
    )
    assert found.commitment_kept_percent == 75
    assert found.completed_points == 15


def test_issues_are_counted_by_movement_and_state() -> None:
    counts = sprint_figures(
        walked(
            an_issue(1, points=1, sprints=(2,), done="2026-03-04"),
            an_issue(2, sprints=(2,), status="doing"),
            an_issue(3, points=1, sprints=(), changes=[in_sprint("2026-03-04", "2", "")]),
            an_issue(4, points=1, sprints=(2,), created="2026-03-05"),
        ),
        TEAM,
        {},
    ).counts
    assert counts == {
        "added": 1,
        "removed": 1,
        "reestimated": 0,
        "burned": 1,
        "reopened": 0,
        "completed": 1,
        "not_completed": 2,
        "completed_elsewhere": 0,
        "left": 1,
        "todo": 1,
        "in_progress": 1,
        "done": 1,
        "total": 3,
        "remaining": 2,
        "unestimated": 1,
        "committed": 3,
        "carried_over": 0,
    }


def test_an_issue_without_estimate_adds_nothing_to_any_sum() -> None:
    left = {1: at("2026-03-01")}
    found = sprint_figures(
        walked(
            an_issue(1, points=4, sprints=(2,), done="2026-03-04"),
            an_issue(2, sprints=(2,), done="2026-03-04"),
            an_issue(3, sprints=(1, 2)),
        ),
        TEAM,
        left,
    )
    assert (found.commitment_kept_percent, found.carried_over_points) == (100, 0)
    assert (found.counts["carried_over"], found.counts["unestimated"]) == (1, 1)
    assert found.unestimated_count == 1


def test_points_taken_out_are_an_amount_and_not_a_loss() -> None:
    issue = an_issue(points=3, sprints=(), changes=[in_sprint("2026-03-04", "2", "")])
    assert sprint_figures(walked(issue), TEAM, {}).removed_points == 3


def test_what_closes_as_this_starts_hands_over_and_this_sprint_never_to_itself() -> None:
    issue = an_issue(points=3, sprints=(1, 2))
    start = CLOSED.started_at
    assert start is not None
    assert sprint_figures(walked(issue), TEAM, {1: start}).carried_over_points == 3
    assert sprint_figures(walked(issue), TEAM, {2: start}).carried_over_points == 0


def test_only_what_was_committed_can_be_carried_over() -> None:
    done = an_issue(1, points=3, sprints=(1, 2), done="2026-03-01 13:00")
    (row,) = sprint_issues(walked(done), TEAM, {1: at("2026-03-01")})
    assert row.is_carried_over is False
    born_later = an_issue(2, points=3, sprints=(1, 2), created="2026-03-01 13:00")
    (row,) = sprint_issues(walked(born_later), TEAM, {1: at("2026-03-01")})
    assert row.is_carried_over is False
