"""How long items take, how many a week, what lies between: by definition, at the boundaries."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.domain.calendar import Calendar
from telemetry.metrics.flow import (
    Passage,
    Percentiles,
    Week,
    cumulative,
    passage,
    percentiles,
    rank_of,
    throughput,
)
from telemetry.metrics.quality_work import done_since
from telemetry.metrics.timeline import timeline
from tests.builders import a_team, an_issue, at, estimated, moved

PARIS = Calendar("Europe/Paris")


def way(**issue) -> Passage | None:
    team = a_team()
    return passage(timeline(an_issue(**issue), team), team)


def test_cycle_time_runs_from_first_in_progress_and_lead_time_from_creation():
    found = way(
        created="2026-03-02 09:00",
        changes=[moved("2026-03-03 09:00", "todo", "doing"), moved("2026-03-08", "doing", "done")],
        status="done",
    )
    assert found.cycle_days == 5.125
    assert found.lead_days == 6.125


def test_going_back_to_do_does_not_begin_the_cycle_anew():
    changes = [
        moved("2026-03-03", "todo", "doing"),
        moved("2026-03-04", "doing", "todo"),
        moved("2026-03-06", "todo", "doing"),
        moved("2026-03-07", "doing", "done"),
    ]
    assert way(changes=changes, status="done").started_at == at("2026-03-03")


def test_what_leaves_an_item_where_it_stood_is_no_state_of_its_way():
    changes = [
        estimated("2026-03-03", None, 3),
        moved("2026-03-04", "todo", "waiting"),
        moved("2026-03-05", "waiting", "doing"),
        estimated("2026-03-06", 3, 5),
        moved("2026-03-09", "doing", "done"),
    ]
    found = way(created="2026-03-02", changes=changes, status="done", points=5)
    assert found.states == (
        (at("2026-03-02"), "todo"),
        (at("2026-03-05"), "in_progress"),
        (at("2026-03-09"), "done"),
    )


def test_a_reopened_item_counts_when_it_was_done_last():
    changes = [
        moved("2026-03-03", "todo", "doing"),
        moved("2026-03-04", "doing", "done"),
        moved("2026-03-06", "done", "doing"),
        moved("2026-03-09", "doing", "done"),
    ]
    found = way(changes=changes, status="done")
    assert found.done_at == at("2026-03-09")
    assert found.cycle_days == 6


def test_one_done_without_being_in_progress_has_an_unknown_cycle_time_not_zero():
    found = way(created="2026-03-02", done="2026-03-05")
    assert (found.started_at, found.cycle_days, found.lead_days) == (None, None, 3)


def test_one_begun_and_put_back_is_not_begun_now():
    changes = [moved("2026-03-03", "todo", "doing"), moved("2026-03-04", "doing", "todo")]
    assert way(changes=changes).started_at is None


def test_one_created_in_progress_began_when_it_was_created():
    found = way(created="2026-03-02", status="doing")
    assert found.started_at == at("2026-03-02")
    assert (found.done_at, found.cycle_days, found.lead_days) == (None, None, None)


def test_subtasks_and_epics_are_no_items_but_impediments_and_unestimated_ones_are():
    assert way(subtask_of=7) is None
    assert way(is_epic=True) is None
    assert way(labels=["impediment"]).final_points is None


def test_an_item_keeps_its_last_estimate():
    assert way(points=5, changes=[estimated("2026-03-03", 3, 5)]).final_points == 5


def test_percentiles_are_days_that_an_item_really_took():
    days = [float(n) for n in range(1, 101)]
    assert percentiles(days) == Percentiles(50, 85, 95)
    assert percentiles([5, 1, None, 4, 2, 3]) == Percentiles(3, 5, 5)


def test_of_fewer_than_five_known_items_no_percentile_is_known():
    assert percentiles([1, 2, 3, 4, None]) is None
    assert percentiles([]) is None


@given(st.lists(st.floats(0, 1e4), min_size=5, max_size=200))
def test_at_least_so_many_of_100_took_at_most_the_percentile(days):
    known = percentiles(days)
    for rank, bound in ((50, known.days_50), (85, known.days_85), (95, known.days_95)):
        assert bound in days
        assert 100 * sum(value <= bound for value in days) >= rank * len(days)


def test_an_age_is_past_a_percentile_only_when_it_is_longer():
    known = Percentiles(2, 5, 9)
    assert [rank_of(days, known) for days in (1, 2, 2.1, 5.1, 9, 9.1)] == [0, 0, 50, 85, 85, 95]
    assert rank_of(3, None) is None


def test_weeks_begin_on_monday_and_those_of_nothing_are_listed():
    done = [date(2026, 3, d) for d in (4, 8, 9, 23)] + [date(2026, 3, 3), date(2026, 3, 25)]
    assert throughput(done, date(2026, 3, 4), date(2026, 3, 24)) == [
        Week(date(2026, 3, 2), 2, 5),
        Week(date(2026, 3, 9), 1, 7),
        Week(date(2026, 3, 16), 0, 7),
        Week(date(2026, 3, 23), 1, 2),
    ]


def test_one_day_is_a_week_of_one_day():
    day = date(2026, 3, 8)
    assert throughput([day], day, day) == [Week(date(2026, 3, 2), 1, 1)]


def an_item(created, started=None, done=None) -> Passage:
    instants = [at(text) if text else None for text in (created, started, done)]
    names = ("todo", "in_progress", "done")
    states = tuple((when, name) for when, name in zip(instants, names, strict=True) if when)
    return Passage(1, "Story", instants[0], instants[1], instants[2], states=states)


def states(items, first, last, calendar=PARIS):
    days = cumulative(items, date.fromisoformat(first), date.fromisoformat(last), calendar)
    return [(one.todo_count, one.in_progress_count, one.done_count) for one in days]


def test_each_item_is_in_one_band_at_each_days_end():
    items = [
        an_item("2026-03-01", "2026-03-02", "2026-03-04"),
        an_item("2026-03-03", "2026-03-03"),
        an_item("2026-03-02", None, "2026-03-03"),
        an_item("2026-03-04"),
    ]
    assert states(items, "2026-03-01", "2026-03-04") == [
        (1, 0, 0),
        (1, 1, 0),
        (0, 2, 1),
        (1, 1, 2),
    ]


def test_what_goes_back_goes_back_in_its_band():
    issue = an_issue(
        created="2026-03-01",
        changes=[
            moved("2026-03-03 10:00", "todo", "doing"),
            moved("2026-03-04 10:00", "doing", "done"),
            moved("2026-03-05 10:00", "done", "todo"),
            moved("2026-03-06 10:00", "todo", "doing"),
            moved("2026-03-07 10:00", "doing", "todo"),
        ],
    )
    one = passage(timeline(issue, a_team()), a_team())
    assert states([one], "2026-03-02", "2026-03-07") == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
        (1, 0, 0),
        (0, 1, 0),
        (1, 0, 0),
    ]
    assert states([one], "2026-03-05", "2026-03-05") == [(1, 0, 0)]


def test_what_was_done_before_the_first_day_and_reopened_in_it_comes_back():
    issue = an_issue(
        created="2026-03-01",
        status="done",
        changes=[
            moved("2026-03-02 10:00", "todo", "done"),
            moved("2026-03-05 10:00", "done", "todo"),
            moved("2026-03-06 10:00", "todo", "done"),
        ],
    )
    one = passage(timeline(issue, a_team()), a_team())
    assert states([one], "2026-03-04", "2026-03-07") == [
        (0, 0, 0),
        (1, 0, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]


def test_what_was_done_before_the_first_day_is_left_out():
    items = [an_item("2026-02-01", "2026-02-02", "2026-03-01 22:59")]
    assert states(items, "2026-03-02", "2026-03-02") == [(0, 0, 0)]


def test_a_day_ends_at_the_teams_midnight():
    """In Paris, 23:00 UTC in winter is the next day's first instant."""
    items = [an_item("2026-03-01", None, "2026-03-02 23:00")]
    assert states(items, "2026-03-02", "2026-03-03") == [(1, 0, 0), (0, 0, 1)]
    items = [an_item("2026-03-01", None, "2026-03-02 22:59")]
    assert states(items, "2026-03-02", "2026-03-02") == [(0, 0, 1)]


def test_the_day_of_23_hours_is_one_day():
    items = [an_item("2026-03-28", "2026-03-29 21:59"), an_item("2026-03-28", "2026-03-29 22:00")]
    assert states(items, "2026-03-28", "2026-03-30") == [(2, 0, 0), (1, 1, 0), (0, 2, 0)]


def test_no_days_and_no_items_are_empty():
    assert states([], "2026-03-02", "2026-03-01") == []
    assert states([], "2026-03-01", "2026-03-01") == [(0, 0, 0)]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_items_changes_nothing(seed):
    items = [
        an_item("2026-03-01", f"2026-03-{2 + n % 3:02}", f"2026-03-{5 + n % 4:02}")
        for n in range(9)
    ]
    turned = items[seed:] + items[:seed]
    assert states(turned, "2026-03-01", "2026-03-09") == states(items, "2026-03-01", "2026-03-09")


def test_days_are_elapsed_ones_over_a_change_of_the_clocks():
    took = an_item("2026-03-28 09:00", "2026-03-28 09:00", "2026-03-30 09:00")
    assert took.cycle_days == timedelta(hours=48) / timedelta(days=1) == 2


def test_done_to_another_done_status_does_not_move_the_done_date():
    team = a_team(done=("done", "released"))
    issue = an_issue(
        created="2026-03-01",
        status="released",
        changes=[
            moved("2026-03-03", "todo", "doing"),
            moved("2026-03-04", "doing", "done"),
            moved("2026-03-09", "done", "released"),
        ],
    )
    found = passage(timeline(issue, team), team)
    assert (found.done_at, found.lead_days, found.cycle_days) == (at("2026-03-04"), 3, 1)
    assert done_since(timeline(issue, team), at("2026-03-10")) == at("2026-03-04")


def test_what_was_done_as_the_first_day_began_is_in_its_band():
    items = [an_item("2026-02-01", done=done) for done in ("2026-03-02 00:00", "2026-03-01")]
    assert states(items, "2026-03-02", "2026-03-02", Calendar()) == [(0, 0, 1)]


def test_the_percentile_of_many_is_by_nearest_rank():
    assert percentiles(range(1, 101)) == Percentiles(50, 85, 95)
    assert percentiles(range(1, 21)) == Percentiles(10, 17, 19)


def test_a_whole_week_has_seven_days():
    assert Week(date(2026, 3, 2), 0).day_count == 7
