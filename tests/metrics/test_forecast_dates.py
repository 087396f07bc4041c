"""When the rest will be done."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day
from telemetry.metrics.forecast import (
    Finish,
    Promise,
    daily_throughput,
    projected_finish,
    projected_finishes,
)

CALENDAR = Calendar()
MONDAY = date(2026, 3, 2)
STEADY = [[1.0] * 10] * 3


def a_day(day: int, burned: float = 0, reopened: float = 0) -> Day:
    return Day(date(2026, 3, day), 0, 0, 0, 0, 0, 0, 0, burned, reopened)


def test_too_little_history_gives_no_dates() -> None:
    assert projected_finish(5, STEADY[:2], CALENDAR, MONDAY, 1) is None
    assert projected_finish(5, [[0.0], [], [0.0]], CALENDAR, MONDAY, 1) is None


def test_a_steady_team_ends_on_the_day_that_the_sum_gives() -> None:
    friday = date(2026, 3, 6)
    assert projected_finish(5, STEADY, CALENDAR, MONDAY, 1) == Finish(friday, friday, friday)


def test_days_off_are_passed_over() -> None:
    saturday, tuesday = date(2026, 3, 7), date(2026, 3, 10)
    assert projected_finish(2, STEADY, CALENDAR, saturday, 1) == Finish(tuesday, tuesday, tuesday)


def test_nothing_remaining_is_done_today() -> None:
    assert projected_finish(0, STEADY, CALENDAR, MONDAY, 1) == Finish(MONDAY, MONDAY, MONDAY)


def test_what_would_take_more_than_ten_years_has_no_date() -> None:
    assert projected_finish(1e6, STEADY, CALENDAR, MONDAY, 1) == Finish(None, None, None)


def test_the_same_seed_gives_the_same_dates() -> None:
    uneven = [[0.0, 0.0, 5.0, 1.0], [2.0, 0.0, -1.0], [0.0, 8.0]]
    first, again = (projected_finish(40, uneven, CALENDAR, MONDAY, 7) for _ in range(2))
    assert first == again


@settings(max_examples=25, deadline=None)  # numpy loads at the first use
@given(
    st.lists(st.lists(st.floats(0, 8), min_size=1, max_size=5), min_size=3, max_size=6),
    st.floats(0.1, 60),
    st.integers(0, 9),
)
def test_a_surer_date_is_never_earlier(
    sprints: list[list[float]], remaining: float, seed: int
) -> None:
    found = projected_finish(remaining, sprints, CALENDAR, MONDAY, seed)
    if found is not None:
        days = [day or date.max for day in (found.on_50, found.on_85, found.on_95)]
        assert MONDAY <= days[0] <= days[1] <= days[2]
        assert all(day == date.max or CALENDAR.is_working_day(day) for day in days)


def test_what_is_done_on_a_day_off_counts_for_the_next_working_day() -> None:
    days = [a_day(6, 1), a_day(7, 2), a_day(8), a_day(9, 3, reopened=1)]
    assert daily_throughput(days, CALENDAR) == [1, 4]
    assert daily_throughput(days[:2], CALENDAR) == [3]
    assert daily_throughput([], CALENDAR) == daily_throughput(days[1:3], CALENDAR) == []


def test_less_than_a_point_is_something_to_do() -> None:
    tuesday = date(2026, 3, 3)
    slow = [[0.25] * 4] * 3
    assert projected_finish(0.5, slow, CALENDAR, MONDAY, 1) == Finish(tuesday, tuesday, tuesday)
    assert projected_finish(0.5, [[0.25], [0.25], [0.25]], CALENDAR, MONDAY, 1) is not None


def test_what_is_asked_beside_changes_no_answer() -> None:
    uneven = [[0.0, 0.0, 5.0, 1.0], [2.0, 0.0, -1.0], [0.0, 8.0]]
    questions = [(amount, MONDAY) for amount in (400.0, 2.0, 0.0, 80.0, 0.5)]
    together = projected_finishes(questions, uneven, CALENDAR, 7)
    alone = [projected_finish(*question[:1], uneven, CALENDAR, MONDAY, 7) for question in questions]
    assert together == alone
    assert together[2] == Finish(MONDAY, MONDAY, MONDAY)


def test_a_reached_amount_stays_reached_over_many_blocks_of_days() -> None:
    up_and_down = [[3.0, -2.0]] * 3  # half a point a day
    found = projected_finish(100, up_and_down, CALENDAR, MONDAY, 3)
    later = projected_finish(103, up_and_down, CALENDAR, MONDAY, 3)
    assert MONDAY < found.on_50 < found.on_85 < found.on_95
    assert found.on_50 <= later.on_50
    assert 150 < CALENDAR.working_days(MONDAY, found.on_50) < 250


def test_a_share_of_the_runs_is_as_large_as_it_says() -> None:
    coin = [[0.0, 1.0]] * 3  # one point needs n days with a chance of 1 in 2 to the power of n
    found = projected_finish(1, coin, CALENDAR, MONDAY, 1)
    days = [CALENDAR.working_days(MONDAY, day) for day in (found.on_50, found.on_85, found.on_95)]
    assert days[1:] == [3, 5]
    assert days[0] in (1, 2)


def test_a_promise_came_true_as_often_as_it_held() -> None:
    assert Promise(85, 3, 4).came_true_percent == 75
    assert Promise(85, 0, 0).came_true_percent is None


def test_what_is_done_after_the_last_working_day_counts_for_that() -> None:
    days = [a_day(5, 1), a_day(6, 1), a_day(7, 3)]  # Thursday to Saturday
    assert daily_throughput(days, CALENDAR) == [1, 4]


def test_ten_years_of_working_days_are_looked_at_and_no_more() -> None:
    last = CALENDAR.add_working_days(MONDAY, 2599)
    assert projected_finish(2600, STEADY, CALENDAR, MONDAY, 1) == Finish(last, last, last)
    assert projected_finish(2601, STEADY, CALENDAR, MONDAY, 1) == Finish(None, None, None)
