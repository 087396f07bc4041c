"""Epics are told in their order, by what epics took, and within what is told of their quarter."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.metrics.correction import Corrected, Experience, Record, corrected
from telemetry.metrics.epics_told import told_in_order
from telemetry.metrics.forecast import Moves
from telemetry.metrics.roadmap_runs import PartRuns
from telemetry.metrics.simulation import Simulated

POOL = [Moves(0.0, 1.0), Moves(3.0, 0.0), Moves(1.0, 0.5), Moves(6.0, 0.0)] * 6
CLOSED, DAY, TODAY = date(2026, 3, 31), date(2026, 2, 10), date(2026, 4, 10)
NEVER = 10**6


def simulated(amounts: list[float], ahead: int | None) -> list[Simulated]:
    runs = PartRuns()
    runs.draw(POOL, 1, max(amounts))
    return runs.parts(sorted(amounts), ahead)


def took_twice(one: Simulated, quarter: int, factor: float) -> Experience:
    """An epic of which it was simulated so, and that took so many times as long."""
    took = round(factor * (one.median_days or 60))
    closed = date(2024 + quarter // 4, 3 * (quarter % 4) + 1, 28)
    return Experience(quarter, closed, closed.replace(day=1), 20, one, closed, took, None)


def read(days) -> list[int]:
    return [NEVER if one is None else one for one in days]


amounts = st.lists(st.floats(0.5, 90), min_size=2, max_size=8)
days = st.lists(st.none() | st.integers(1, 99), min_size=3, max_size=3)
factors = st.lists(st.floats(0.2, 5), max_size=12)


@settings(max_examples=60, deadline=None)
@given(amounts, days, st.floats(0, 1), factors, st.sampled_from((None, 0, 9, 40)))
def test_no_epic_contradicts_the_one_before_it_or_the_quarter(left, whole, chance, factor, ahead):
    runs = simulated(left, ahead)
    known = [took_twice(runs[n % len(runs)], n // 3, one) for n, one in enumerate(factor)]
    said = Corrected(tuple(sorted(whole, key=lambda one: one or NEVER)), chance, ())
    told = told_in_order(runs, ahead, said, Record(known).seen(TODAY))
    assert len(told) == len(runs)
    for place in range(3):
        of_level = read(one.days[place] for one in told)
        assert of_level == sorted(of_level)
        assert of_level[-1] <= read(said.days)[place]
    chances = [one.in_time for one in told]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] >= chance
    for one in told:
        assert read(one.days) == sorted(read(one.days))


def test_without_anything_in_the_way_each_is_told_by_itself():
    runs, never = simulated([5.0, 30.0, 60.0], 40), Corrected((None,) * 3, 0.0, ())
    seen = Record(took_twice(one, n, 2.0) for n in range(5) for one in runs).seen(TODAY)
    found = told_in_order(runs, 40, never, seen)
    assert [one.days for one in found] == [corrected(one, 40, seen).days for one in runs]
    alone = told_in_order(runs, 40, never, Record(()).seen(TODAY))
    assert all(one.days[0] > each.days[0] for one, each in zip(found, alone, strict=True))
    assert told_in_order([], 40, never, seen) == []


def test_of_an_only_epic_the_same_is_said_as_of_the_quarter():
    said = Corrected((4, 9, None), 0.6, ())
    assert told_in_order(simulated([8.0], 40), 40, said, Record(()).seen(TODAY)) == [said]


@pytest.mark.parametrize("epics", [1, 2, 7])
def test_a_quarter_counts_as_many_as_it_had_epics_a_day(epics):
    (one,) = simulated([20.0], 30)
    together, apart = [], []
    for quarter in range(4):
        for day in range(1, 5):
            known = replace(
                took_twice(one, quarter, 1.5 + quarter / 9), day=date(2024, quarter + 1, day)
            )
            together += [known] * epics
            apart += [replace(known, sprint_id=10 * quarter + n) for n in range(epics)]
    found, expected = (corrected(one, 30, Record(every).seen(TODAY)) for every in (together, apart))
    assert found.days == expected.days
    assert found.in_time == pytest.approx(expected.in_time)
