"""Contradictions of logged time, each with its boundary. As of Thursday 5 March 2026, noon."""

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.contradictions import Contradiction, Finding
from telemetry.metrics.impediment import Impediment
from telemetry.metrics.quality_work import (
    done_since,
    future_work,
    impediment_due_at,
    impediments_without_time,
    long_work_logs,
    work_after_done,
    work_due_at,
)
from telemetry.metrics.timeline import timeline
from tests.builders import a_team, an_issue, at, logged, moved

AS_OF = at("2026-03-05")
CALENDAR = Calendar()
HOUR = 3600


def after_done(*issues, calendar=CALENDAR, as_of=AS_OF):
    pairs = [(issue, timeline(issue, a_team())) for issue in issues]
    return work_after_done(pairs, calendar, as_of)


def test_work_that_starts_after_now_lies_in_the_future():
    [found] = future_work([an_issue(logs=[logged("2026-03-05 12:01", 2)])], AS_OF)
    assert (found.kind, found.issue_id) == (Contradiction.FUTURE_WORK, 1)
    assert (found.at, found.seconds, found.count) == (at("2026-03-05 12:01"), 2 * HOUR, 1)


def test_work_that_starts_now_does_not_lie_in_the_future():
    assert future_work([an_issue(logs=[logged("2026-03-05 12:00", 9)])], AS_OF) == []


def test_the_future_work_of_one_issue_is_one_finding():
    logs = [logged("2026-03-09", 2), logged("2026-03-06", 1), logged("2026-03-04", 4)]
    [found] = future_work([an_issue(logs=logs)], AS_OF)
    assert (found.at, found.seconds, found.count) == (at("2026-03-09"), 3 * HOUR, 2)


def test_work_until_the_end_of_the_next_working_day_may_follow_done():
    assert after_done(an_issue(done="2026-03-02", logs=[logged("2026-03-03 23:59")])) == []


def test_work_after_the_next_working_day_contradicts_done():
    issue = an_issue(done="2026-03-02", logs=[logged("2026-03-04 00:00", 3)])
    [found] = after_done(issue)
    assert (found.kind, found.seconds, found.count) == (
        Contradiction.WORK_AFTER_DONE,
        3 * HOUR,
        1,
    )
    assert (found.at, found.against_at) == (at("2026-03-04 00:00"), at("2026-03-02"))


@pytest.mark.parametrize(("started", "count"), [("2026-03-02 20:00", 0), ("2026-03-03 00:10", 1)])
def test_a_week_end_is_no_working_day_to_log_the_rest(started, count):
    issue = an_issue(done="2026-02-27", logs=[logged(started)])  # a Friday
    assert len(after_done(issue)) == count


@pytest.mark.parametrize(("timezone", "count"), [("UTC", 0), ("Asia/Tokyo", 1)])
def test_days_after_done_are_those_of_the_teams_time_zone(timezone, count):
    issue = an_issue(done="2026-03-02", logs=[logged("2026-03-03 15:30")])
    assert len(after_done(issue, calendar=Calendar(timezone=timezone))) == count


def test_work_on_an_issue_that_was_reopened_before_contradicts_nothing():
    changes = [moved("2026-02-16", "todo", "done"), moved("2026-02-20", "done", "doing")]
    issue = an_issue(changes=changes, done="2026-03-05 11:00", logs=[logged("2026-02-26")])
    assert after_done(issue) == []


def test_work_before_done_contradicts_nothing():
    assert after_done(an_issue(done="2026-03-02", logs=[logged("2026-02-20")])) == []


def test_work_in_the_future_is_not_told_twice():
    assert after_done(an_issue(done="2026-02-02", logs=[logged("2026-03-05 12:01")])) == []


def test_work_of_more_than_90_days_ago_is_left_out():
    logs = [logged("2025-12-05 12:00", 30), logged("2025-12-05 12:01", 30)]
    for log, count in zip(logs, (0, 1), strict=True):
        issue = an_issue(status="done", created="2025-01-01", logs=[log])
        assert len(after_done(issue)) == len(long_work_logs([issue], AS_OF)) == count


def test_a_day_and_night_is_not_too_long_and_a_minute_more_is():
    day, more = logged("2026-03-02", 24), logged("2026-03-02", 24 + 1 / 60)
    assert long_work_logs([an_issue(logs=[day])], AS_OF) == []
    [found] = long_work_logs([an_issue(logs=[day, more])], AS_OF)
    assert (found.seconds, found.count) == (24 * HOUR + 60, 1)


def lost(number=1, opened="2026-03-02", closed=None, *, is_flag=False) -> Impediment:
    ended = at(closed) if closed else None
    return Impediment(number, 0, is_flag, "unknown", at(opened), ended)


def without_time(*spans, issues=(), worked=(), as_of=AS_OF):
    known = {one.issue.id: one.issue for one in (*issues, an_issue(1), an_issue(2))}
    found = impediments_without_time(spans, known, worked, CALENDAR, as_of)
    return [one.issue_id for one in found]


def test_an_impediment_on_which_nobody_logged_is_found_after_a_working_day():
    assert without_time(lost(), as_of=at("2026-03-03 23:59")) == []
    assert without_time(lost(), as_of=at("2026-03-04 00:00")) == [1]


def test_a_closed_impediment_has_a_working_day_from_its_end():
    span = lost(closed="2026-03-03")
    assert without_time(span, as_of=at("2026-03-04 23:59")) == []
    assert without_time(span, as_of=at("2026-03-05 00:00")) == [1]


def test_an_impediment_with_time_is_none_without():
    assert without_time(lost(1), lost(2), worked={2}) == [1]


def test_a_sub_task_of_an_impediment_is_told_by_its_parent():
    part = an_issue(3, subtask_of=1)
    assert without_time(lost(1), lost(3), issues=[part]) == [1]
    assert without_time(lost(3), issues=[part]) == [3]


def test_flags_and_issues_that_are_gone_are_no_impediments_without_time():
    assert without_time(lost(is_flag=True), lost(9)) == []


@pytest.mark.parametrize(("closed", "found"), [("2025-12-05 12:00", []), ("2025-12-05 12:01", [1])])
def test_impediments_closed_more_than_90_days_ago_are_left_out(closed, found):
    assert without_time(lost(opened="2025-06-01", closed=closed)) == found


def test_work_that_starts_now_is_held_against_done():
    [found] = after_done(an_issue(done="2026-02-02", logs=[logged("2026-03-05 12:00")]))
    assert found.count == 1


def test_an_issue_is_done_from_the_very_change_on_until_it_is_reopened():
    changes = [moved("2026-03-02", "todo", "done"), moved("2026-03-03", "done", "todo")]
    line = timeline(an_issue(changes=changes, created="2026-01-05"), a_team())
    days = ("2026-01-01", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")
    assert [done_since(line, at(day)) for day in days] == [None, None, at("2026-03-02"), None, None]


def test_a_story_under_an_impediment_is_no_part_of_it():
    child = an_issue(3, parent_id=1)
    assert without_time(lost(1), lost(3), issues=[child]) == [1, 3]


def due(issue, *, calendar=CALENDAR):
    return list(work_due_at(issue, timeline(issue, a_team()), calendar))


def test_work_is_judged_anew_when_it_begins_and_when_it_is_too_old():
    on_time, late = logged("2026-03-03 23:59"), logged("2026-03-04 00:00")
    long, day = logged("2026-02-02", 24.5), logged("2026-02-03", 24)
    issue = an_issue(done="2026-03-02", logs=[on_time, late, long, day])
    began = [log.started_at for log in (on_time, late)]
    assert due(issue) == [
        *began,
        at("2026-06-02 00:00"),
        long.started_at,
        at("2026-05-03"),
        day.started_at,
    ]
    assert due(an_issue(logs=[on_time, late])) == began
    assert due(an_issue()) == []


@pytest.mark.parametrize("order", [1, -1])
def test_late_work_is_told_by_the_last_of_it_in_whatever_order_it_is_logged(order):
    changes = [
        moved("2026-02-02", "todo", "done"),
        moved("2026-02-10", "done", "doing"),
        moved("2026-02-12", "doing", "done"),
    ]
    logs = [logged("2026-02-05", 1), logged("2026-02-11", 2), logged("2026-02-20", 4)]
    [found] = after_done(an_issue(status="done", changes=changes, logs=logs[::order]))
    assert (found.at, found.against_at) == (at("2026-02-20"), at("2026-02-12"))
    assert (found.seconds, found.count, found.issue_id) == (5 * HOUR, 2, 1)


def test_each_issue_is_told_for_itself():
    early = an_issue(1, done="2026-02-02", logs=[logged("2026-02-10")])
    right = an_issue(2, logs=[logged("2026-02-10")])
    late = an_issue(3, done="2026-02-03", logs=[logged("2026-02-10"), logged("2026-03-06", 30)])
    assert [one.issue_id for one in after_done(early, right, late)] == [1, 3]
    assert [one.issue_id for one in future_work([early, late], AS_OF)] == [3]
    assert [one.issue_id for one in long_work_logs([early, late], AS_OF)] == [3]


def test_an_impediment_without_time_tells_when_it_began_and_ended():
    known = {1: an_issue(1).issue, 2: an_issue(2).issue}
    spans = [lost(2, "2026-02-02", "2026-02-10"), lost(1, "2026-02-03")]
    found = impediments_without_time(spans, known, (), CALENDAR, AS_OF)
    assert found == [
        Finding(Contradiction.IMPEDIMENT_WITHOUT_TIME, issue_id=1, at=at("2026-02-03")),
        Finding(
            Contradiction.IMPEDIMENT_WITHOUT_TIME,
            issue_id=2,
            at=at("2026-02-02"),
            against_at=at("2026-02-10"),
        ),
    ]


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([], []),
        ([lost(1)], []),  # its parent's alone
        ([lost(3, "2026-03-02")], ["2026-03-04 00:00"]),
        ([lost(3, "2026-02-27")], ["2026-03-03 00:00"]),  # a Friday
        (
            [lost(3, "2026-02-02", "2026-03-02")],
            ["2026-03-04 00:00", "2026-05-31 12:00"],
        ),
        (
            [lost(1, "2026-02-02", "2026-02-25"), lost(3, "2026-03-02")],
            ["2026-03-04 00:00", "2026-05-26 12:00"],
        ),
        (
            [lost(1, "2026-02-02", "2026-02-25"), lost(3, "2026-02-02", "2026-03-02")],
            ["2026-03-04 00:00", "2026-05-31 12:00", "2026-05-26 12:00"],
        ),
        ([lost(1, "2026-02-02"), lost(3, "2026-03-02")], ["2026-03-04 00:00"]),
    ],
)
def test_an_impediment_is_judged_anew_after_its_grace_and_when_it_is_too_old(spans, days):
    known = {one.issue_id: one for one in spans}
    part = an_issue(3, subtask_of=1).issue
    assert list(impediment_due_at(part, known, CALENDAR)) == [at(day) for day in days]
