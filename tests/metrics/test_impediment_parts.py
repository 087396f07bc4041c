"""Open days, the Pareto order, and peak days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.metrics.open_time import OpenSpan, open_days, open_each_day
from telemetry.metrics.pareto import pareto, vital_few
from telemetry.metrics.peaks import Lost, peak_days

MONDAY = date(2026, 3, 2)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
amounts = st.dictionaries(st.text(max_size=3), st.integers(0, 10**9))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number - 1)


def test_an_impediment_is_open_on_both_its_first_and_its_last_day():
    each = open_each_day([OpenSpan(1, "vpn", day(2), day(3))], WEEK)
    assert [each[one] for one in WEEK] == [{}, {"vpn": 1}, {"vpn": 1}, {}, {}]


def test_what_began_before_and_ends_after_is_open_all_the_time():
    each = open_each_day([OpenSpan(1, "vpn", day(-9), day(99))], WEEK)
    assert open_days(each.values()) == {"vpn": 5}


def test_two_open_on_one_day_are_two_days():
    spans = [OpenSpan(1, "vpn", day(1), day(1)), OpenSpan(2, "vpn", day(1), day(1))]
    assert open_days(open_each_day(spans, WEEK).values()) == {"vpn": 2}


def test_an_issue_flagged_twice_on_one_day_is_open_once():
    spans = [OpenSpan(1, "vpn", day(1), day(2)), OpenSpan(1, "vpn", day(2), day(3))]
    assert open_days(open_each_day(spans, WEEK).values()) == {"vpn": 3}


def test_only_the_days_asked_for_count():
    friday, next_monday = day(5), day(8)
    each = open_each_day([OpenSpan(1, "vpn", friday, next_monday)], [friday, next_monday])
    assert open_days(each.values()) == {"vpn": 2}


def test_no_impediments_are_days_without_natures():
    assert open_each_day([], WEEK) == {one: {} for one in WEEK}


def test_causes_come_with_the_largest_first_and_equal_ones_by_name():
    steps = pareto({"b": 1, "a": 1, "c": 2})
    assert [step.name for step in steps] == ["c", "a", "b"]
    assert [step.cumulative_percent for step in steps] == [50, 75, 100]


def test_of_nothing_there_is_no_share():
    assert [step.share_percent for step in pareto({"a": 0})] == [None]
    assert vital_few(pareto({"a": 0})) == vital_few(pareto({})) == ()


def test_the_vital_few_make_up_most():
    steps = pareto({"a": 50, "b": 30, "c": 20})
    assert [step.name for step in vital_few(steps)] == ["a", "b"]
    nearly = pareto({"a": 50, "b": 29.5, "c": 20.5})
    assert [step.name for step in vital_few(nearly)] == ["a", "b", "c"]


@given(amounts)
def test_shares_sum_to_all(given_amounts):
    steps = pareto(given_amounts)
    assert sum(step.amount for step in steps) == sum(given_amounts.values())
    if any(given_amounts.values()):
        assert steps[-1].cumulative_percent == pytest.approx(100)
        assert sum(step.share_percent for step in steps) == pytest.approx(100)


def test_a_peak_day_names_the_nature_that_took_half_and_its_issues():
    lost = [
        Lost(day(1), "support", "A-1", 3),
        Lost(day(1), "support", "A-2", 4),
        Lost(day(1), "support", "A-3", 1),
        Lost(day(1), "vpn", "A-4", 5),
        Lost(day(2), "vpn", "A-4", 2),
    ]
    first, second = peak_days(lost)
    assert (first.day, first.seconds, first.natures) == (day(1), 13, ("support",))
    assert (first.issues, first.issue_count) == (("A-2", "A-1"), 4)
    assert (second.seconds, second.natures, second.issue_count) == (2, ("vpn",), 1)


def test_where_no_nature_took_half_as_many_are_named_as_did():
    lost = [Lost(day(1), name, f"A-{n}", 10) for n, name in enumerate("abc")]
    assert peak_days(lost)[0].natures == ("a", "b")


def test_the_five_days_with_most_time_are_named_the_older_first_of_equal_ones():
    lost = [Lost(day(n), "vpn", "A-1", 10) for n in range(7, 0, -1)]
    assert [peak.day for peak in peak_days(lost)] == [day(n) for n in range(1, 6)]
    assert peak_days([Lost(day(1), "vpn", "A-1", 0)]) == ()


def test_a_nature_that_took_exactly_half_of_a_day_is_most_of_it():
    [peak] = peak_days([Lost(day(1), "a", "A-1", 5), Lost(day(1), "b", "B-1", 5)])
    assert (peak.natures, peak.issues, peak.issue_count) == (("a",), ("A-1",), 2)
