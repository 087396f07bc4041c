"""Runs, walked day by day: what is reckoned for all of them at once comes to the same."""

import numpy as np
import pytest

from telemetry.metrics.forecast import Moves
from telemetry.metrics.roadmap_runs import SOME, RoadmapRuns
from telemetry.metrics.simulation import Runs, Simulated, has_moved, levels, middle

POOL = [Moves(0.0, 2.0), Moves(5.0, 0.0), Moves(1.0, 1.0), Moves(2.25, 0.75), Moves(-1.0, 0.0)]


def walked(days, remaining, ahead, share=1.0):
    """The day on which nothing was left, what was done by the planned end, and what was added."""
    done = added = done_by_then = added_by_then = 0.0
    for number, day in enumerate(days, 1):
        done += day.done_points
        added += share * day.added_points
        if number <= ahead:
            done_by_then, added_by_then = done, added
        if done - added >= remaining - 0.0001:
            return number, remaining + added if number <= ahead else done_by_then, added_by_then
    return None, done_by_then, added_by_then


def simulated(runs, remaining, ahead, longest, share=1.0):
    """What is told of these runs."""
    found = [walked(days, remaining, ahead, share) for days in runs]
    days = levels(np.array([longest + 1 if day is None else day for day, _, _ in found]))
    return Simulated(
        tuple(None if day > longest else day for day in days),
        tuple(round(one, 4) for one in levels(np.array([done for _, done, _ in found]))),
        sum(day is not None and day <= ahead for day, _, _ in found) / len(found),
        round(middle(np.array([added for _, _, added in found])), 4),
    )


@pytest.mark.parametrize(("remaining", "ahead"), [(30.0, 20), (12.0, 7), (90.0, 60), (3.0, 1)])
def test_each_run_of_a_sprint_is_a_walk_of_sixty_days_at_most(remaining, ahead):
    chance = np.random.default_rng(3)
    drawn = chance.integers(len(POOL), size=(60, 1000))
    samples = chance.integers(len(POOL), size=(250, len(POOL)))
    runs = [[POOL[samples[n // 4][place]] for place in row] for n, row in enumerate(drawn.T)]
    assert Runs(POOL, 3).of(remaining, ahead) == simulated(runs, remaining, ahead, 60)


@pytest.mark.parametrize(
    ("remaining", "ahead", "share"), [(30.0, 20, 1.0), (80.0, 60, 0.5), (150.0, 100, 0.0)]
)
def test_each_run_of_a_quarter_is_a_walk_of_a_hundred_days_at_most(remaining, ahead, share):
    chance = np.random.default_rng(3)
    drawn = chance.integers(len(POOL), size=(SOME, 100), dtype=np.uint16)
    samples = chance.integers(len(POOL), size=(250, len(POOL)), dtype=np.uint16)
    runs = [[POOL[samples[n // 4][place]] for place in row] for n, row in enumerate(drawn)]
    found = RoadmapRuns(POOL, 3, SOME).of(remaining, ahead, share)
    assert found == simulated(runs, remaining, ahead, 100, share)


def test_levels_are_what_so_many_percent_do_not_exceed():
    every = [50, 150, 250, 350, 450, 500, 550, 650, 750, 850, 950]
    assert levels(np.arange(1000, 0, -1)) == every
    assert levels(np.array([7, 5])) == [5] * 6 + [7] * 5


def test_the_middle_of_an_even_number_is_between_the_two():
    assert middle(np.array([9.0, 1.0, 4.0, 2.0])) == 3.0
    assert middle(np.array([1.0, 2.0])) == 1.5


def test_a_run_that_comes_to_nothing_has_no_levels_by_an_end():
    steady = RoadmapRuns([Moves(1.0, 0.0)], 1, SOME)
    for ahead in (None, 0):
        found = steady.of(5, ahead)
        assert (found.points, found.in_time, found.added_points) == ((), 0, 0)
    assert set(steady.of(100, 1).days) == {100}
    assert set(steady.of(101, 1).days) == {None}
    assert steady.of(5, 1000).in_time == 1
    assert set(steady.of(4.5, 4).days) == {5}
    assert steady.of(4.5, 4).in_time == 0


def test_amounts_are_told_in_ten_thousandths():
    for runs in (Runs([Moves(0.123456, 0.0)], 1), RoadmapRuns([Moves(0.123456, 0.0)], 1, SOME)):
        assert set(runs.of(1, 3).points) == {0.3704}
    for runs in (Runs([Moves(1.0, 0.123456)], 1), RoadmapRuns([Moves(1.0, 0.123456)], 1, SOME)):
        assert runs.of(9, 3).added_points == 0.3704
        assert runs.of(9, 0).added_points == runs.of(9, None).added_points == 0


def test_little_done_is_something_done():
    assert has_moved([Moves(0.25, 3.0), Moves(0.0, 0.0)])
    assert not has_moved([Moves(0.25, 3.0), Moves(-0.25, 0.0)])
