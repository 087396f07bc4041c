"""What each change of an issue does to what remains of a sprint."""

import pytest

from telemetry.domain.models import Change, Field, IssueHistory, Sprint, SprintState
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.errors import SprintNotStarted
from telemetry.metrics.burndown import burndown_events
from telemetry.metrics.field_values import GRAINS_PER_POINT, grains, sprint_set
from telemetry.metrics.sprint_figures import (
    WorkFigures,
    sprint_figures,
)
from telemetry.metrics.sprint_walk import (
    SprintWalk,
    has_window,
    sprint_window,
    walk_sprint,
)
from telemetry.metrics.timeline import points, timeline, timelines
from tests.builders import a_sprint, a_team, an_issue, at, estimated, in_sprint, moved

TEAM = a_team()
CLOSED = a_sprint(closed="2026-03-13 17:00")
START, END = "2026-03-02 09:00", "2026-03-13 17:00"


def walked(*issues: IssueHistory, sprint: Sprint = CLOSED) -> SprintWalk:
    return walk_sprint(sprint, timelines(issues, TEAM).values(), at("2026-04-01"))


def figures(*issues: IssueHistory, sprint: Sprint = CLOSED) -> WorkFigures:
    return sprint_figures(walked(*issues, sprint=sprint), TEAM, {})


def steps(*issues: IssueHistory, sprint: Sprint = CLOSED) -> list[tuple[str, float]]:
    events = burndown_events(walked(*issues, sprint=sprint))
    return [(event.kind, event.delta_points) for event in events]


def test_a_sprint_without_issues_is_all_zero_and_has_no_percentages() -> None:
    found = figures()
    assert found.committed_points == found.remaining_points == found.total_points == 0
    assert found.completion_percent is None
    assert found.commitment_kept_percent is None


def test_an_issue_that_nobody_touched_is_committed_and_remains() -> None:
    found = figures(an_issue(points=3))
    assert (found.committed_points, found.remaining_points) == (3, 3)
    assert found.completion_percent == 0


def test_an_issue_done_in_the_sprint_burns() -> None:
    found = figures(an_issue(points=3, done="2026-03-04"))
    assert (found.burned_points, found.completed_points, found.remaining_points) == (3, 3, 0)
    assert found.completion_percent == found.commitment_kept_percent == 100


@pytest.mark.parametrize(("when", "committed", "burned"), [(START, 0, 0), (END, 3, 3)])
def test_a_change_at_the_start_is_before_it_and_one_at_the_end_is_inside(
    when: str, committed: float, burned: float
) -> None:
    found = figures(an_issue(points=3, done=when))
    assert (found.committed_points, found.burned_points) == (committed, burned)


def test_a_change_after_the_end_is_not_seen() -> None:
    found = figures(an_issue(points=3, done="2026-03-13 17:00:00.001"))
    assert (found.burned_points, found.remaining_points) == (0, 3)


def test_points_removed_mid_sprint_leave_the_burndown() -> None:
    issue = an_issue(points=3, sprints=(), changes=[in_sprint("2026-03-04", "1", "")])
    assert steps(issue) == [("removed", -3)]
    assert figures(issue).remaining_points == 0


def test_an_issue_created_in_the_sprint_is_added_without_a_sprint_change() -> None:
    assert steps(an_issue(points=2, created="2026-03-04")) == [("added", 2)]


def test_an_issue_is_created_before_what_else_happens_at_that_instant() -> None:
    issue = an_issue(points=5, created="2026-03-04", changes=[estimated("2026-03-04", None, 5)])
    assert steps(issue) == [("added", 0), ("reestimated", 5)]


def test_an_issue_created_at_the_start_is_committed() -> None:
    assert figures(an_issue(points=2, created=START)).committed_points == 2


def test_an_issue_added_and_estimated_in_one_edit_is_added_first() -> None:
    edits = [
        estimated("2026-03-04", None, 5)._replace(history_id=7),
        in_sprint("2026-03-04", "", "1")._replace(history_id=7, ordinal=1),
    ]
    assert steps(an_issue(points=5, changes=edits)) == [("added", 0), ("reestimated", 5)]


def test_status_is_applied_after_scope_and_estimate_of_the_same_edit() -> None:
    edits = [
        moved("2026-03-04", "todo", "done")._replace(history_id=7),
        estimated("2026-03-04", 2, 5)._replace(history_id=7, ordinal=1),
    ]
    assert steps(an_issue(points=5, status="done", changes=edits)) == [
        ("reestimated", 3),
        ("burned", -5),
    ]


def test_a_reopened_issue_burns_up_again() -> None:
    changes = [moved("2026-03-04", "todo", "done"), moved("2026-03-05", "done", "doing")]
    issue = an_issue(points=3, status="doing", changes=changes)
    assert steps(issue) == [("burned", -3), ("reopened", 3)]
    assert figures(issue).in_progress_points == 3


def test_a_done_issue_re_estimated_changes_nothing_until_it_is_reopened() -> None:
    changes = [
        moved("2026-03-04", "todo", "done"),
        estimated("2026-03-05", 3, 8),
        moved("2026-03-06", "done", "todo"),
    ]
    assert steps(an_issue(points=8, changes=changes)) == [("burned", -3), ("reopened", 8)]


def test_an_issue_done_before_it_was_added_adds_nothing_that_remains() -> None:
    changes = [moved("2026-03-03", "todo", "done"), in_sprint("2026-03-04", "", "1")]
    issue = an_issue(points=3, status="done", changes=changes)
    assert steps(issue) == [("added", 0)]
    assert (figures(issue).total_points, figures(issue).done_points) == (3, 3)


def test_an_unestimated_issue_is_counted_and_not_summed() -> None:
    found = figures(an_issue(), an_issue(2, points=2))
    assert (found.committed_points, found.unestimated_count) == (2, 1)
    assert found.counts["committed"] == 2


def test_a_done_issue_without_estimate_is_not_called_unestimated() -> None:
    assert figures(an_issue(done="2026-03-04")).unestimated_count == 0


def test_an_estimate_that_was_cleared_shrinks_what_remains() -> None:
    issue = an_issue(changes=[estimated("2026-03-04", 3, None)])
    assert steps(issue) == [("reestimated", -3)]
    assert figures(issue).unestimated_count == 1


def test_another_fields_estimate_is_not_the_teams() -> None:
    issue = an_issue(points=3, changes=[estimated("2026-03-04", 1, 9, field="other")])
    assert steps(issue) == []
    assert figures(issue).committed_points == 3


def test_sub_tasks_epics_and_gone_issues_carry_no_points() -> None:
    found = figures(
        an_issue(1, points=1, subtask_of=9),
        an_issue(2, points=1, is_epic=True),
        an_issue(3, points=1, gone_at=at("2026-03-20")),
    )
    assert found.committed_points == 0
    assert found.counts["committed"] == 0


def test_issue_count_makes_each_issue_one_point() -> None:
    team = a_team(estimate=Estimate(EstimateKind.ISSUE_COUNT))
    lines = timelines([an_issue(1), an_issue(2, points=8, done="2026-03-04")], team).values()
    found = sprint_figures(walk_sprint(CLOSED, lines, at("2026-04-01")), team, {})
    assert (found.committed_points, found.burned_points, found.unestimated_count) == (2, 1, 0)


def test_original_estimates_are_hours() -> None:
    team = a_team(estimate=Estimate(EstimateKind.ORIGINAL_ESTIMATE))
    change = estimated("2026-03-04", 5400, 9000, field="timeoriginalestimate")
    lines = timelines([an_issue(estimates={}, changes=[change])], team).values()
    found = sprint_figures(walk_sprint(CLOSED, lines, at("2026-04-01")), team, {})
    assert (found.committed_points, found.reestimated_points) == (1.5, 1.0)


def test_decimal_points_sum_exactly() -> None:
    found = figures(*(an_issue(number, points=0.1) for number in range(1, 11)))
    assert found.committed_points == 1.0


@pytest.mark.parametrize("value", [None, "", "many", "nan", "inf"])
def test_what_is_no_number_is_no_estimate(value: str | None) -> None:
    assert grains(value) is None


def test_five_decimals_of_an_estimate_are_kept() -> None:
    assert points(grains("2.12345") or 0) == 2.12345


def test_sprint_values_are_read_with_and_without_spaces() -> None:
    assert sprint_set("38, 40") == sprint_set("40,38") == {38, 40}
    assert sprint_set(None) == sprint_set("") == frozenset()


def test_the_first_value_is_the_from_of_the_first_change() -> None:
    issue = an_issue(points=8, changes=[estimated("2026-03-20", 3, 8)])
    assert points(timeline(issue, TEAM).moments[0].estimate or 0) == 3


def test_histories_of_one_instant_are_applied_by_their_id() -> None:
    first = moved("2026-03-04", "todo", "done")._replace(history_id=8)
    second = moved("2026-03-04", "done", "todo")._replace(history_id=9)
    assert steps(an_issue(points=1, changes=[second, first])) == [("burned", -1), ("reopened", 1)]


def test_changes_dated_before_the_creation_still_count() -> None:
    issue = an_issue(
        points=5,
        created="2026-03-04",
        changes=[estimated("2026-03-03", 1, 5), in_sprint("2026-03-03", "", "1")],
    )
    assert steps(issue) == [("added", 5)]


def test_a_sprint_that_has_not_started_has_no_figures() -> None:
    for sprint in (a_sprint(state=SprintState.FUTURE), a_sprint(start=None)):
        with pytest.raises(SprintNotStarted, match="has not started"):
            walked(sprint=sprint)


def test_an_active_sprint_runs_to_the_moment_of_the_data() -> None:
    sprint = a_sprint()
    found = walk_sprint(
        sprint, timelines([an_issue(points=1, done="2026-03-05")], TEAM).values(), at("2026-03-04")
    )
    assert (found.end, found.remaining) == (at("2026-03-04"), found.committed)


def test_a_clock_behind_the_start_leaves_an_empty_window() -> None:
    found = walk_sprint(a_sprint(), timelines([an_issue(points=1)], TEAM).values(), at(START))
    assert found.start == found.end
    assert found.committed == found.remaining


def test_a_closed_sprint_without_any_end_runs_to_the_moment_of_the_data() -> None:
    endless = a_sprint(planned_end=None, state=SprintState.CLOSED)
    assert sprint_window(endless, at("2026-03-20")) == (at(START), at("2026-03-20"))
    issue = an_issue(points=3, done="2026-03-19")
    found = walk_sprint(endless, timelines([issue], TEAM).values(), at("2026-03-20"))
    assert (found.committed, found.remaining) == (3 * GRAINS_PER_POINT, 0)


def test_a_closed_sprint_ended_when_it_was_completed_else_as_planned() -> None:
    late = a_sprint(closed="2026-03-16")
    assert sprint_window(late, at("2026-03-20"))[1] == at("2026-03-16")
    unknown = a_sprint(state=SprintState.CLOSED)
    assert sprint_window(unknown, at("2026-03-20"))[1] == at("2026-03-13 17:00")


def test_steps_of_one_instant_come_by_their_history_whatever_the_issue() -> None:
    first, second = (
        an_issue(
            number,
            points=number,
            status="done",
            changes=[moved("2026-03-04", "todo", "done")._replace(history_id=history)],
        )
        for number, history in ((1, 900), (2, 800))
    )
    assert steps(first, second) == [("burned", -2), ("burned", -1)]


@pytest.mark.parametrize(
    ("changes", "is_in"),
    [
        ([in_sprint("2026-03-02 09:00", "", "1")], True),
        ([in_sprint("2026-03-13 17:00", "", "1")], True),
        ([in_sprint("2026-03-13 17:01", "", "1")], False),
        ([in_sprint("2026-03-02 09:00", "1", "")], False),
        ([in_sprint("2026-03-02 09:01", "1", "")], True),
        ([in_sprint("2026-03-04", "", "1"), in_sprint("2026-03-05", "1", "2")], True),
        ([in_sprint("2026-03-04", "", "2")], False),
        ([in_sprint("2026-02-20", "1", ""), moved("2026-03-04", "todo", "doing")], False),
        ([], False),
    ],
)
def test_an_issue_was_in_a_sprint_where_it_was_at_some_moment_of_it(
    changes: list[Change], is_in: bool
) -> None:
    values = [change.to_value or "" for change in changes if change.field is Field.SPRINT]
    sprints = sprint_set(values[-1]) if values else ()  # the history ends at the present
    line = timeline(an_issue(sprints=sprints, changes=changes), TEAM)
    assert line.was_in(1, at(START), at(END)) is is_in


def test_an_issue_created_in_a_sprint_was_in_it_from_then_on() -> None:
    line = timeline(an_issue(created="2026-03-04"), TEAM)
    assert line.was_in(1, at(START), at("2026-03-03")) is False
    assert line.was_in(1, at(START), at("2026-03-04")) is True
    assert line.was_in(2, at(START), at(END)) is False
    assert line.at(at("2026-03-03")) is None


def test_the_creation_is_a_moment_without_a_history() -> None:
    for issue in (
        an_issue(),
        an_issue(done="2026-03-04"),
        an_issue(created="2026-03-05", done=END),
    ):
        line = timeline(issue, TEAM)
        assert (line.moments[0].at, line.moments[0].history_id) == (issue.issue.created_at, -1)
    early = an_issue(created="2026-03-05", done="2026-03-04")
    assert [moment.history_id for moment in timeline(early, TEAM).moments] == [-1]


def test_an_issue_without_a_status_is_in_none_that_means_anything() -> None:
    change = moved("2026-03-04", "done", "")._replace(to_value=None)
    line = timeline(an_issue(status="", changes=[change]), TEAM)
    assert [(moment.status_id, moment.is_done) for moment in line.moments] == [
        ("done", True),
        ("", False),
    ]
    first = moved("2026-03-04", "", "done")._replace(from_value=None)
    assert timeline(an_issue(status="done", changes=[first]), TEAM).moments[0].status_id == ""


def test_only_a_closed_sprint_was_closed() -> None:
    assert a_sprint(closed="2026-03-16").closed_at == at("2026-03-16")
    assert a_sprint(state=SprintState.CLOSED).closed_at is None
    assert a_sprint(closed="2026-03-16", state=SprintState.ACTIVE).closed_at is None


@pytest.mark.parametrize(
    ("sprint", "as_of", "expected"),
    [
        (a_sprint(), START, True),  # it has just begun
        (a_sprint(), "2026-03-02 08:59", False),
        (a_sprint(closed=END), "2026-03-20", True),
        (a_sprint(closed=START), "2026-03-20", False),
        (a_sprint(closed="2026-03-01 09:00"), "2026-03-20", False),
        (a_sprint(closed="2027-01-01 09:00"), "2026-03-20", True),
        (a_sprint(closed=END), "2026-03-01", False),
        (a_sprint(start=None), "2026-03-20", False),
        (a_sprint(state=SprintState.FUTURE), "2026-03-20", False),
    ],
)
def test_a_sprint_has_a_window_from_its_start_on_unless_it_ended_by_then(sprint, as_of, expected):
    assert has_window(sprint, at(as_of)) is expected
