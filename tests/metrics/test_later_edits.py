"""What differs between a sprint as it was known and as it is now."""

import pytest

from telemetry.metrics.later_edits import (
    FigurePair,
    IssueChange,
    close_differences,
    start_differences,
)
from telemetry.store.schema import sprint_facts

FIGURES = {
    "committed_points": 8.0,
    "remaining_points": 3.0,
    "planned_seconds": 3600,
    "impediment_seconds": 0,
    "off_plan_seconds": 0,
    "median_seconds_to_close": None,
    "natures": [],
}


def a_row(issue_id=1, **values):
    return {
        "issue_id": issue_id,
        "outcome": "completed",
        "is_added": False,
        "is_committed": True,
        "is_carried_over": False,
        "is_impediment": False,
        "state": "done",
        "initial_points": 3.0,
        "final_points": 3.0,
        "seconds": 0,
    } | values


def edits(then, now):
    """The kinds that differ, by issue."""
    found = close_differences(FIGURES, FIGURES, then, now)
    return {one.issue_id: {c.kind: (c.then, c.now) for c in one.changes} for one in found.issues}


def changed(now):
    found = close_differences(FIGURES, FIGURES | now, (), ())
    return {(pair.slug, pair.nature): pair for pair in found.changed_figures}


def test_nothing_differs_from_itself():
    rows = [a_row(), a_row(2, outcome="removed", final_points=None)]
    for found in (
        close_differences(FIGURES, FIGURES, rows, list(reversed(rows))),
        start_differences(FIGURES, FIGURES, rows, rows),
    ):
        assert (found.issues, found.changed_figures) == ((), ())


def test_figures_differ_by_their_slug_and_unit():
    found = changed({"committed_points": 5.0})
    assert found == {("committed", None): FigurePair("committed", "points", 8.0, 5.0)}
    assert found["committed", None].difference == -3


def test_points_and_seconds_alone_have_a_difference():
    for kind in ("initial_points", "points", "seconds"):
        assert IssueChange(kind, 5, 3).difference == -2
        assert IssueChange(kind, None, 3).difference is None
        assert IssueChange(kind, 5, None).difference is None
    for kind in ("scope", "outcome", "state", "is_done_before", "is_carried_over"):
        assert IssueChange(kind, True, False).difference is None


def test_a_share_follows_from_the_times():
    found = changed({"impediment_seconds": 1200})
    assert found.keys() == {("impediment_time", None), ("impediment_share", None)}
    assert (found["impediment_share", None].then, found["impediment_share", None].now) == (0, 25)


def test_what_was_unknown_is_no_zero():
    found = changed({"median_seconds_to_close": 7200})
    pair = found["time_to_close", None]
    assert (pair.unit, pair.then, pair.now, pair.difference) == ("hours", None, 2, None)


def test_another_nature_differs_though_no_total_does():
    then = FIGURES | {"natures": [["network", 1, 60]]}
    now = FIGURES | {"natures": [["support", 1, 60]]}
    found = close_differences(then, now, (), ()).changed_figures
    assert {pair.slug for pair in found} == {"nature"}
    assert [(pair.nature, pair.unit, pair.then, pair.now) for pair in found] == [
        ("network", "issues", 1, 0),
        ("network", "seconds", 60, 0),
        ("support", "issues", 0, 1),
        ("support", "seconds", 0, 60),
    ]


def test_an_issue_that_is_gone_and_one_that_came_are_told_by_scope():
    assert edits([a_row(1)], [a_row(2, is_added=True)]) == {
        1: {"scope": ("start", None)},
        2: {"scope": (None, "added")},
    }


def test_an_issue_taken_out_later_is_a_change_of_scope_and_not_of_outcome_too():
    now = a_row(outcome="removed")
    assert edits([a_row()], [now]) == {1: {"scope": ("start", "removed")}}


def test_an_outcome_says_all_that_the_state_would():
    now = a_row(outcome="not_completed", state="todo")
    assert edits([a_row()], [now]) == {1: {"outcome": ("completed", "not_completed")}}
    then = a_row(outcome="not_completed", state="in_progress")
    assert edits([then], [now]) == {1: {"state": ("in_progress", "todo")}}


def test_estimates_and_time_differ_by_how_much():
    now = a_row(final_points=5.0, seconds=900)
    assert edits([a_row()], [now]) == {1: {"points": (3.0, 5.0), "seconds": (0, 900)}}
    assert IssueChange("points", 3.0, 5.0).difference == 2
    assert IssueChange("points", None, 5.0).difference is None
    assert IssueChange("outcome", "completed", "removed").difference is None


def test_an_issue_that_was_added_and_not_completed_is_both():
    now = a_row(outcome="not_completed", is_added=True, state="todo")
    assert edits([a_row()], [now]) == {
        1: {"scope": ("start", "added"), "outcome": ("completed", "not_completed")}
    }


def test_a_start_compares_what_was_in_scope_then():
    then = [{"issue_id": 1, "initial_points": 3.0, "is_committed": True}]
    now = [a_row(initial_points=2.0, is_committed=False), a_row(2, is_added=True)]
    found = start_differences({"committed_points": 3.0}, {"committed_points": 0.0}, then, now)
    assert [pair.slug for pair in found.figures] == ["committed"]
    [one] = found.issues
    assert [(c.kind, c.then, c.now) for c in one.changes] == [
        ("initial_points", 3.0, 2.0),
        ("is_done_before", False, True),
    ]


def test_an_issue_added_at_the_start_by_a_later_date_is_named():
    then = [{"issue_id": 1, "initial_points": 3.0, "is_committed": True}]
    found = start_differences(FIGURES, FIGURES, then, [a_row(1), a_row(2)])
    assert [(one.issue_id, one.changes[0].then, one.changes[0].now) for one in found.issues] == [
        (2, None, "start")
    ]


SLUGS = {
    "committed_points": "committed",
    "added_points": "added",
    "removed_points": "removed",
    "reestimated_points": "reestimated",
    "burned_points": "burned",
    "reopened_points": "reopened",
    "remaining_points": "remaining",
    "completed_points": "completed",
    "in_progress_points": "in_progress",
    "done_points": "done",
    "total_points": "total",
    "completion_percent": "completion",
    "commitment_kept_percent": "commitment_kept",
    "carried_over_points": "carried_over",
    "unestimated_count": "unestimated",
    "expected_remaining_points": "expected_remaining",
    "behind_points": "behind",
    "working_days": "working_days",
    "planned_seconds": "planned_time",
    "impediment_seconds": "impediment_time",
    "off_plan_seconds": "off_plan_time",
    "impediment_count": "impediments",
    "impediments_opened_count": "impediments_opened",
    "impediments_closed_count": "impediments_closed",
    "impediments_open_count": "impediments_open",
    "median_seconds_to_close": "time_to_close",
}


@pytest.mark.parametrize(("column", "slug"), SLUGS.items())
def test_each_figure_that_is_kept_of_a_sprint_is_compared(column, slug):
    assert column in sprint_facts.columns
    facts = dict.fromkeys(SLUGS, 3600)
    found = close_differences(facts, facts | {column: 7200}, (), ()).changed_figures
    [pair] = [pair for pair in found if pair.slug != "impediment_share"]
    values = (1, 2) if pair.unit == "hours" else (3600, 7200)
    assert (pair.slug, pair.then, pair.now) == (slug, *values)


def test_the_share_stands_after_the_times_it_follows_from():
    slugs = [pair.slug for pair in close_differences({}, {}, (), ()).figures]
    assert slugs[slugs.index("off_plan_time") + 1] == "impediment_share"
    facts = {"planned_seconds": 1, "impediment_seconds": 2, "off_plan_seconds": 5}
    found = close_differences(facts, {}, (), ()).figures
    [share] = [pair for pair in found if pair.slug == "impediment_share"]
    assert (share.then, share.now, share.unit) == (25, None, "%")


def test_one_figure_or_one_issue_that_differs_is_enough_to_differ():
    figure = close_differences(FIGURES, FIGURES | {"committed_points": 1.0}, (), ())
    issue = close_differences(FIGURES, FIGURES, [a_row()], [a_row(seconds=60)])
    assert [pair.slug for pair in figure.changed_figures] == ["committed"]
    assert len(issue.issues) == 1


def test_every_thing_about_an_issue_is_compared():
    other = {
        "is_carried_over": True,
        "is_impediment": True,
        "initial_points": None,
        "final_points": 1.0,
        "seconds": 60,
        "state": "todo",
    }
    assert edits([a_row()], [a_row(**other)]) == {
        1: {
            "state": ("done", "todo"),
            "initial_points": (3.0, None),
            "points": (3.0, 1.0),
            "seconds": (0, 60),
            "is_carried_over": (False, True),
            "is_impediment": (False, True),
        }
    }


def test_an_issue_removed_then_and_now_still_tells_its_other_edits():
    then, now = (a_row(outcome="removed", seconds=seconds) for seconds in (0, 60))
    assert edits([then], [now]) == {1: {"seconds": (0, 60)}}


def test_what_is_unknown_on_either_side_has_no_difference():
    assert FigurePair("committed", "points", 3, None).difference is None
    assert FigurePair("committed", "points", None, 3).difference is None
    assert IssueChange("seconds", 60, None).difference is None
