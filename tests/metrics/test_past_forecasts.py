"""What projections would have said on past days."""

from dataclasses import replace
from datetime import date

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day
from telemetry.metrics.forecast import past_forecasts, projected_finish

CALENDAR = Calendar()
STEADY = [[1.0] * 5] * 3


def a_day(day: int, remaining: float) -> Day:
    return Day(date(2026, 3, day), remaining, 0, 0, 0, 0, 0, 0, 0, 0)


def on(day: int) -> date:
    return date(2026, 3, day)


def test_each_working_day_with_something_left_has_a_forecast() -> None:
    days = [a_day(5, 3), a_day(6, 2), a_day(7, 2), a_day(8, 2), a_day(9, 1), a_day(10, 0)]
    made = past_forecasts([(day, STEADY) for day in days], CALENDAR, 1, None)
    assert [(one.day.day, one.on_85.day, one.finished_on.day) for one in made] == [
        (5, 10, 10),
        (6, 10, 10),
        (9, 10, 10),
    ]


def test_a_past_forecast_is_the_one_that_was_made_then() -> None:
    uneven = [[0.0, 4.0, 1.0], [2.0, 0.0, 3.0], [1.0, 5.0]]
    days = [(a_day(3, 20), uneven), (a_day(4, 17), uneven), (a_day(5, 9), uneven[:2])]
    made = past_forecasts(days, CALENDAR, 7, None)
    for found, (day, sprints) in zip(made, days, strict=False):
        then = projected_finish(
            day.remaining_points, sprints, CALENDAR, day.day.replace(day=day.day.day + 1), 7
        )
        assert (found.on_50, found.on_85, found.on_95) == (then.on_50, then.on_85, then.on_95)
    assert len(made) == 2  # two sprints are too little to know


def test_what_was_left_at_the_close_is_followed_until_it_is_done() -> None:
    days = [(a_day(3, 2), STEADY), (a_day(4, 1), STEADY)]
    assert {one.finished_on for one in past_forecasts(days, CALENDAR, 1, on(20))} == {on(20)}
    assert {one.finished_on for one in past_forecasts(days, CALENDAR, 1, None)} == {None}


def test_points_added_after_the_end_do_not_break_a_date_that_held() -> None:
    days = [a_day(3, 1), a_day(4, 0), replace(a_day(5, 3)), a_day(6, 3)]
    made = past_forecasts([(day, STEADY) for day in days], CALENDAR, 1, None)
    assert [(one.day.day, one.finished_on) for one in made] == [(3, on(4)), (5, None), (6, None)]
