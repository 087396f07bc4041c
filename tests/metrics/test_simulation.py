"""Runs on the team's own days: what was done and what was added, drawn together."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day
from telemetry.metrics.forecast import Moves, enough_sprints, working_day_moves
from telemetry.metrics.simulation import LEVELS, LONGEST, Runs, has_moved

CALENDAR = Calendar()
STEADY = [Moves(1.0, 0.0)] * 10
UNEVEN = [Moves(0.0, 2.0), Moves(5.0, 0.0), Moves(1.0, 1.0), Moves(-1.0, 0.0)]


def a_day(day: int, burned: float = 0, reopened: float = 0, **moved: float) -> Day:
    added, removed, changed = (moved.get(k, 0) for k in ("added", "removed", "changed"))
    return Day(date(2026, 3, day), 0, 0, 0, 0, added, removed, changed, burned, reopened)


def test_a_day_is_what_was_done_less_reopened_and_what_was_added_on_balance():
    days = [a_day(5, 3, 1, added=5, removed=2, changed=-1), a_day(6)]
    assert working_day_moves(days, CALENDAR) == [Moves(2, 2), Moves(0, 0)]


def test_what_happens_on_a_day_off_counts_for_the_next_working_day_or_the_last():
    days = [a_day(6, 1), a_day(7, 2, added=1), a_day(8), a_day(9, 3)]  # from Friday to Monday
    assert working_day_moves(days, CALENDAR) == [Moves(1, 0), Moves(5, 1)]
    assert working_day_moves(days[:2], CALENDAR) == [Moves(3, 1)]
    assert working_day_moves(days[1:3], CALENDAR) == []


def test_a_steady_team_takes_as_many_days_as_there_are_points():
    found = Runs(STEADY, 1).of(5, 7)
    assert set(found.days) == {5}
    assert (found.median_days, found.in_time) == (5, 1)
    assert set(found.points) == {5}  # no more than there is


def test_by_a_planned_end_that_comes_first_only_a_part_is_done():
    found = Runs(STEADY, 1).of(5, 3)
    assert found.in_time == 0
    assert set(found.points) == {3}
    assert Runs(STEADY, 1).of(5, 5).in_time == 1


@pytest.mark.parametrize("ahead", [None, 0])
def test_without_a_working_day_ahead_nothing_is_done_by_the_end(ahead):
    found = Runs(STEADY, 1).of(5, ahead)
    assert (found.points, found.in_time, found.mean_points) == ((), 0, 0)
    assert found.median_days == 5


def test_scope_grows_in_the_runs_as_it_did():
    growing = Runs([Moves(2.0, 1.0)] * 4, 1).of(5, 3)
    assert set(growing.days) == {5}
    assert set(growing.points) == {6}
    done = Runs([Moves(2.0, 1.0)] * 4, 1).of(5, 8)
    assert set(done.points) == {10}  # all there was, with what was added until then


def test_what_is_added_as_fast_as_it_is_done_never_ends():
    found = Runs([Moves(2.0, 2.0)], 1).of(5, 3)
    assert set(found.days) == {None}
    assert found.median_days is None


def test_runs_end_after_their_longest_day():
    assert Runs(STEADY, 1).of(LONGEST, 1).median_days == LONGEST
    assert Runs(STEADY, 1).of(LONGEST + 1, 1).median_days is None
    assert Runs(STEADY, 1).of(5, LONGEST + 50).in_time == 1


def test_the_same_seed_gives_the_same_and_what_is_asked_beside_changes_nothing():
    runs = Runs(UNEVEN, 7)
    together = [runs.of(points, 4) for points in (40.0, 2.0, 9.0)]
    assert together == [Runs(UNEVEN, 7).of(points, 4) for points in (40.0, 2.0, 9.0)]
    assert runs.of(9.0, 4) != Runs(UNEVEN, 8).of(9.0, 4)


def test_few_days_tell_less_of_how_quick_a_team_is_than_many():
    few, many = (Runs([Moves(0.0, 0.0), Moves(2.0, 0.0)] * count, 1).of(10, 9) for count in (5, 50))
    assert abs(few.median_days - many.median_days) <= 1
    early, late = LEVELS.index(15), LEVELS.index(85)
    assert few.days[early] < many.days[early]
    assert few.days[late] > many.days[late]


def test_a_share_of_the_runs_is_as_large_as_it_says():
    coin = Runs([Moves(0.0, 0.0), Moves(1.0, 0.0)] * 100, 1).of(1, 2)
    days = dict(zip(LEVELS, coin.days, strict=True))
    assert (days[85], days[95]) == (3, 5)  # n days with a chance of 1 in 2 to the power of n
    assert 0.7 < coin.in_time < 0.8


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-2, 8), st.floats(-2, 4)), min_size=1, max_size=12),
    st.floats(0.1, 60),
    st.integers(0, 20),
)
def test_a_surer_day_is_never_earlier_and_less_is_never_later(moves, remaining, ahead):
    runs = Runs([Moves(*one) for one in moves], 1)
    found, less = runs.of(remaining, ahead), runs.of(remaining / 2, ahead)
    days = [LONGEST + 1 if one is None else one for one in found.days]
    assert days == sorted(days)
    assert list(found.points) == sorted(found.points)
    assert less.in_time >= found.in_time
    assert np.all([(a or 99) <= (b or 99) for a, b in zip(less.days, found.days, strict=True)])


def test_nothing_done_says_nothing():
    assert not has_moved([Moves(0.0, 3.0), Moves(0.0, 0.0)])
    assert not has_moved([])
    assert has_moved(UNEVEN)


def test_three_sprints_are_needed_or_as_many_as_a_team_looks_at():
    assert [enough_sprints(count) for count in (1, 2, 3, 6)] == [1, 2, 3, 3]
