"""Contradictions of sprints and of the issues in them, each with its boundary."""

from dataclasses import replace

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import Change, Field, SprintState, Status
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.metrics.contradictions import (
    EXPLAINED,
    Contradiction,
)
from telemetry.metrics.quality_issues import (
    estimated_subtasks,
    estimates_after_done,
    future_changes,
    in_two_active_sprints,
    migrated,
    migrations,
    unestimated,
    unlisted_statuses,
)
from telemetry.metrics.quality_sprints import (
    back_dated,
    empty_starts,
    future_sprints,
    late_sprints,
    without_completion,
)
from telemetry.metrics.sprint_walk import walk_sprint
from telemetry.metrics.timeline import timeline
from tests.builders import POINTS, a_sprint, a_team, an_issue, at, estimated, in_sprint, moved

AS_OF = at("2026-03-05")
START = at("2026-03-02 09:00")


def lines(*issues, rules=None):
    return [timeline(issue, rules or a_team()) for issue in issues]


def walk(*issues, sprint=None):
    return walk_sprint(sprint or a_sprint(), lines(*issues), AS_OF)


def test_every_kind_says_why_it_matters_in_one_sentence():
    assert set(EXPLAINED) == set(Contradiction)
    for words in EXPLAINED.values():
        assert words.title[0].isupper()
        assert not words.title.endswith(".")
        assert words.why.endswith(".")
        assert ". " not in words.why


def test_open_issues_without_an_estimate_are_found_in_each_running_sprint():
    issue, zero = an_issue(1, sprints=[1, 2]), an_issue(2, points=0)
    closed, removed = an_issue(3, done="2026-03-03"), an_issue(4, sprints=())
    walks = [walk(issue, zero, closed, removed), walk(issue, sprint=a_sprint(2))]
    [found] = unestimated(walks)
    assert (found.issue_id, found.sprint_ids) == (1, (1, 2))


def test_sub_tasks_and_epics_need_no_estimate():
    assert unestimated([walk(an_issue(1, subtask_of=9), an_issue(2, is_epic=True))]) == []


def test_an_issue_in_two_active_sprints_is_found():
    [found] = in_two_active_sprints(lines(an_issue(points=1, sprints=[1, 2])), {1, 2}, AS_OF)
    assert (found.issue_id, found.sprint_ids) == (1, (1, 2))


def test_a_closed_sprint_beside_an_active_one_is_no_contradiction():
    assert in_two_active_sprints(lines(an_issue(sprints=[1, 2])), {2}, AS_OF) == []


@pytest.mark.parametrize(("when", "count"), [("2026-03-05 12:00", 0), ("2026-03-05 12:01", 1)])
def test_sprints_are_those_of_now(when, count):
    left = an_issue(sprints=[2], changes=[in_sprint(when, "1,2", "2")])
    assert len(in_two_active_sprints(lines(left), {1, 2}, AS_OF)) == count


def test_sub_tasks_with_an_estimate_are_found_whatever_the_issue_counts():
    some = lines(
        an_issue(1, subtask_of=9, points=3),
        an_issue(2, subtask_of=9, points=0),
        an_issue(3, subtask_of=9),
        an_issue(4, points=3),
    )
    [found] = estimated_subtasks(some, a_team(), AS_OF)
    assert (found.issue_id, found.after) == (1, 3)
    by_count = a_team(estimate=Estimate(EstimateKind.ISSUE_COUNT))
    assert estimated_subtasks(lines(an_issue(subtask_of=9), rules=by_count), by_count, AS_OF) == []


def test_an_estimate_changed_after_done_is_found_with_what_it_was():
    changes = [estimated("2026-03-04", 3, 5), estimated("2026-03-05", 5, 8)]
    [found] = estimates_after_done(
        lines(an_issue(points=8, done="2026-03-03", changes=changes)), START, AS_OF
    )
    assert (found.before, found.after, found.count) == (3, 8, 2)
    assert (found.at, found.against_at) == (at("2026-03-05"), at("2026-03-03"))


def test_an_estimate_given_after_done_was_none_before():
    change = estimated("2026-03-04", None, 5)
    done = lines(an_issue(points=5, done="2026-03-03", changes=[change]))
    [found] = estimates_after_done(done, START, AS_OF)
    assert (found.before, found.after) == (None, 5)


@pytest.mark.parametrize(
    "changes",
    [
        [estimated("2026-03-03", 3, 5)._replace(history_id=7)],  # in the transition itself
        [estimated("2026-03-02 12:00", 3, 5)],  # before
        [estimated("2026-03-04", 5, 3), estimated("2026-03-05", 3, 5)],  # put back
        [estimated("2026-03-05 12:01", 3, 5)],  # after now
    ],
)
def test_other_changes_of_an_estimate_contradict_nothing(changes):
    done = moved("2026-03-03", "todo", "done")._replace(history_id=7)
    issue = an_issue(points=5, status="done", changes=[*changes, done])
    assert estimates_after_done(lines(issue), START, AS_OF) == []


def migration(when: str, before: str, after: str, history: int) -> list[Change]:
    workflow = Change(history, 0, at(when), Field.WORKFLOW, None, "18234", "21392")
    return [workflow, moved(when, before, after)._replace(history_id=history, ordinal=1)]


def test_only_status_changes_beside_a_change_of_workflow_are_migrations():
    changes = [*migration("2026-03-03", "todo", "done", 5), moved("2026-03-04", "done", "todo")]
    issue = an_issue(changes=changes)
    assert [change.history_id for change in migrations(issue.changes)] == [5]


def test_migrations_that_made_done_come_before_those_that_only_rename():
    rules = a_team()
    renamed = an_issue(1, status="doing", changes=migration("2026-03-04", "todo", "doing", 5))
    jumped = an_issue(2, status="done", changes=migration("2026-03-03", "todo", "done", 6))
    pairs = [(issue, timeline(issue, rules)) for issue in (renamed, jumped)]
    found = migrated(pairs, rules, START, AS_OF)
    assert [(one.issue_id, one.before, one.after) for one in found] == [
        (2, "todo", "done"),
        (1, "todo", "doing"),
    ]


@pytest.mark.parametrize(
    ("when", "count"),
    [
        ("2026-03-02 09:00", 0),
        ("2026-03-02 09:01", 1),
        ("2026-03-05 12:00", 1),
        ("2026-03-05 12:01", 0),
    ],
)
def test_migrations_are_those_of_the_window(when, count):
    issue = an_issue(status="done", changes=migration(when, "todo", "done", 5))
    rules = a_team()
    assert len(migrated([(issue, timeline(issue, rules))], rules, START, AS_OF)) == count


def test_unlisted_statuses_are_those_that_issues_had_since_the_start():
    statuses = {
        name: Status("jira", name, name.title(), "undefined", is_listed=name == "todo")
        for name in ("todo", "old", "older", "done")
    }
    recent = an_issue(1, status="todo", changes=[moved("2026-03-03", "old", "todo")])
    at_start = an_issue(2, status="todo", changes=[moved("2026-03-02 09:00", "older", "todo")])
    done = [an_issue(3, status="done"), an_issue(4, status="done")]
    found = unlisted_statuses(lines(recent, at_start, *done), statuses, START)
    assert [(one.status_id, one.count) for one in found] == [("done", 2), ("old", 1)]


def added(number: int, when: str):
    return an_issue(number, points=1, changes=[in_sprint(when, "", "1")])


def test_a_sprint_that_was_filled_after_its_start_began_empty():
    sprint = walk(added(1, "2026-03-03"), added(2, "2026-03-02 09:01"))
    [found] = empty_starts([sprint])
    assert (found.sprint_id, found.count) == (1, 2)
    assert (found.at, found.against_at) == (at("2026-03-02 09:01"), START)


def test_an_issue_that_came_at_the_very_start_was_there():
    assert empty_starts([walk(added(1, "2026-03-02 09:00"), added(2, "2026-03-03"))]) == []


def test_a_sprint_in_which_nothing_ever_was_contradicts_nothing():
    assert empty_starts([walk()]) == []


def test_all_done_before_the_start_is_no_empty_start():
    early = an_issue(points=1, done="2026-03-01")
    assert empty_starts([walk(early, added(2, "2026-03-03"))]) == []


@pytest.mark.parametrize(
    ("closed", "days"),
    [
        ("2026-03-13 17:01", None),
        ("2026-03-17 23:59", None),  # Friday's sprint, completed on Tuesday
        ("2026-03-18 00:00", 3),
        ("2026-03-10 09:00", None),
    ],
)
def test_a_sprint_completed_over_two_working_days_late_is_found(closed, days):
    found = late_sprints([a_sprint(closed=closed)], Calendar(), AS_OF)
    assert [(one.count, one.at) for one in found] == ([(days, at(closed))] if days else [])


@pytest.mark.parametrize(("now", "days"), [("2026-03-17", None), ("2026-03-18", 3)])
def test_a_sprint_that_runs_on_is_late_without_an_end(now, days):
    found = late_sprints([a_sprint()], Calendar(), at(now))
    assert [(one.count, one.at) for one in found] == ([(days, None)] if days else [])


def test_a_planned_sprint_is_never_late_and_none_is_without_a_plan():
    future = a_sprint(state=SprintState.FUTURE)
    assert late_sprints([future, a_sprint(planned_end=None)], Calendar(), at("2027-01-01")) == []


def test_a_sprint_completed_exactly_at_its_planned_end_was_never_told_complete():
    untold = a_sprint(1, closed="2026-03-13 17:00")
    undated = a_sprint(2, state=SprintState.CLOSED, planned_end=None)
    by_hand = a_sprint(3, closed="2026-03-13 17:01")
    found = without_completion([untold, undated, by_hand, a_sprint(4)])
    assert [one.sprint_id for one in found] == [1, 2]


def test_findings_say_points_and_not_grains():
    assert estimated_subtasks(
        lines(an_issue(subtask_of=9, estimates={POINTS: 0.5})), a_team(), AS_OF
    )[0].after == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("dated", "days"),
    [("2026-03-02 08:00", 0), ("2026-02-28 08:00", 0), ("2026-02-27 17:00", 1), (None, 0)],
)
def test_a_sprint_dated_back_over_a_working_day_is_found(dated, days):
    sprint = replace(a_sprint(), planned_start_at=at(dated) if dated else None)
    found = back_dated([sprint], Calendar())
    assert [one.count for one in found] == ([days] if days else [])


def test_what_left_or_was_never_counted_is_no_finding():
    gone = an_issue(1, sprints=(), changes=[in_sprint("2026-03-03", "1", "")])
    assert unestimated([walk(gone)]) == []
    parts = lines(an_issue(2, subtask_of=9, sprints=[1, 2]), an_issue(3, is_epic=True, sprints=[1]))
    assert in_two_active_sprints(parts, {1, 2}, AS_OF) == []
    unborn = lines(an_issue(4, created="2026-03-06", sprints=[1, 2]))
    assert in_two_active_sprints(unborn, {1, 2}, AS_OF) == []


def test_only_estimates_changed_while_done_all_along_are_found():
    reopened = [moved("2026-03-03", "todo", "done"), moved("2026-03-04", "done", "todo")]
    later = estimated("2026-03-04 13:00", 3, 5)
    assert (
        estimates_after_done(lines(an_issue(points=5, changes=[*reopened, later])), START, AS_OF)
        == []
    )
    moves = [moved("2026-03-03", "todo", "done"), moved("2026-03-04", "done", "closed")]
    issue = an_issue(points=3, status="closed", changes=moves)
    twice = lines(issue, rules=a_team(done=("done", "closed")))
    assert estimates_after_done(twice, START, AS_OF) == []
    part = an_issue(
        points=5, subtask_of=9, done="2026-03-03", changes=[estimated("2026-03-04", 3, 5)]
    )
    assert estimates_after_done(lines(part), START, AS_OF) == []


def test_an_estimate_changed_at_the_very_start_is_not_of_the_window():
    change = estimated("2026-03-02 09:00", 3, 5)
    issue = an_issue(points=5, done="2026-03-01", changes=[change])
    assert estimates_after_done(lines(issue), START, AS_OF) == []


def test_done_is_since_when_it_was_done_at_the_last_of_the_changes():
    changes = [
        moved("2026-03-02 10:00", "todo", "done"),
        estimated("2026-03-03", 3, 5),
        moved("2026-03-03 13:00", "done", "todo"),
        moved("2026-03-03 14:00", "todo", "done"),
        estimated("2026-03-04", 5, 8),
    ]
    issue = an_issue(points=8, status="done", changes=changes)
    [found] = estimates_after_done(lines(issue), START, AS_OF)
    assert (found.against_at, found.count) == (at("2026-03-03 14:00"), 2)


def test_several_migrations_of_one_issue_are_one_finding_from_first_to_last():
    rules = a_team()
    changes = [
        *migration("2026-03-03", "todo", "doing", 5),
        *migration("2026-03-04", "doing", "done", 6),
    ]
    issue = an_issue(1, status="done", changes=changes)
    renamed = an_issue(2, status="doing", changes=migration("2026-03-04", "todo", "doing", 7))
    part = replace(issue, issue=replace(issue.issue, id=3, is_subtask=True))
    pairs = [(one, timeline(one, rules)) for one in (renamed, part, issue)]
    first, second = migrated(pairs, rules, START, AS_OF)
    assert (first.issue_id, first.before, first.after, first.count) == (1, "todo", "done", 2)
    assert (first.at, second.issue_id) == (at("2026-03-04"), 2)


def test_unlisted_statuses_of_equally_many_issues_come_by_id():
    statuses = {name: Status("jira", name, name, "undefined", False) for name in ("b", "a")}
    some = lines(an_issue(1, status="b"), an_issue(2, status="a"), an_issue(3, status="unknown"))
    found = unlisted_statuses(some, statuses, START)
    assert [(one.status_id, one.count) for one in found] == [("a", 1), ("b", 1)]


def test_sprints_without_what_would_contradict_are_passed_over():
    never_started, future = (
        replace(sprint, planned_start_at=at("2026-02-02"))
        for sprint in (a_sprint(start=None), a_sprint(state=SprintState.FUTURE))
    )
    assert back_dated([never_started, future], Calendar()) == []
    assert late_sprints([a_sprint(state=SprintState.CLOSED)], Calendar(), AS_OF) == []


def test_an_estimate_given_in_the_edit_that_reopens_is_none():
    done = moved("2026-03-03", "todo", "done")
    back = moved("2026-03-04", "done", "todo")._replace(history_id=77, ordinal=0)
    with_it = estimated("2026-03-04", 3, 5)._replace(history_id=77, ordinal=1)
    again = moved("2026-03-05 10:00", "todo", "done")
    issue = an_issue(points=5, status="done", changes=[done, with_it, back, again])
    assert estimates_after_done(lines(issue), START, at("2026-03-06")) == []
    before = estimated("2026-03-03 18:00", 3, 4)
    late = an_issue(points=4, status="todo", changes=[done, before, back])
    assert len(estimates_after_done(lines(late), START, AS_OF)) == 1


def test_changes_that_have_not_come_are_found():
    later = moved("2026-03-05 12:01", "todo", "done")
    [found] = future_changes([an_issue(1, changes=[later]), an_issue(2)], AS_OF)
    assert (found.issue_id, found.at, found.field_names) == (1, later.at, ("status",))
    [unborn] = future_changes([an_issue(3, created="2026-03-06")], AS_OF)
    assert (unborn.count, unborn.field_names) == (1, ("creation",))
    assert future_changes([an_issue(4, changes=[later])], later.at) == []
    latest = in_sprint("2026-03-09", "", "1")
    [several] = future_changes([an_issue(5, changes=[later, latest])], AS_OF)
    assert (several.at, several.count) == (latest.at, 2)
    assert several.field_names == ("sprint", "status")


def test_sprints_that_start_or_close_later_than_the_data_reach_are_found():
    running = a_sprint(1, start="2026-03-06 09:00")
    closed = a_sprint(2, closed="2026-03-09 17:00")
    coming = a_sprint(3, start="2026-03-06 09:00", state=SprintState.FUTURE)
    found = future_sprints([running, closed, coming, a_sprint(4)], AS_OF)
    assert [(one.sprint_id, one.count) for one in found] == [(1, 0), (2, 1)]
