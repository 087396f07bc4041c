"""The forecast made again on past days, and held against what came."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day
from telemetry.metrics.correction import Corrected, Experience
from telemetry.metrics.forecast import (
    NOTHING,
    Moves,
    Promise,
    Worth,
    together,
    worth_from_stored,
    worth_to_stored,
)
from telemetry.metrics.hindsight import (
    ALONE_FROM,
    ClosedDays,
    Hindsight,
    experiences,
    from_stored,
    hindsight,
    to_stored,
    worth,
)

CALENDAR = Calendar()
STEADY = [Moves(1.0, 0.0)] * 30


def on(day: int) -> date:
    return date(2026, 3, 1) + timedelta(days=day - 1)


def a_day(day: int, remaining: float, done: float = 0) -> Day:
    return Day(on(day), remaining, 0, 0, done, 0, 0, 0, 0, 0)


def seen(days: list[Day], left: date | None = None, end: int | None = 10, pool=STEADY):
    planned = None if end is None else on(end)
    sprint = ClosedDays(1, days[-1].day, planned, days, left)
    return experiences(sprint, {day.day: pool for day in days}, CALENDAR)


def test_each_working_day_with_something_left_is_simulated():
    days = [a_day(5, 3), a_day(6, 2), a_day(7, 2), a_day(8, 2), a_day(9, 1), a_day(10, 0)]
    found = seen(days)
    assert [(one.day.day, one.took, one.ahead) for one in found] == [
        (5, 3, 3),
        (6, 2, 2),
        (9, 1, 1),
    ]
    assert {one.finished_on for one in found} == {on(10)}
    assert [one.simulated.median_days for one in found] == [3, 2, 1]


def test_what_was_left_at_the_close_is_followed_until_it_is_done():
    days = [a_day(3, 2), a_day(4, 1)]
    assert {one.finished_on for one in seen(days, left=on(20))} == {on(20)}
    assert {one.took for one in seen(days)} == {None}


def test_what_is_done_on_a_day_off_is_done_by_the_next_working_day():
    [one] = seen([a_day(6, 2)], left=on(8))  # a Friday, and the Sunday after it
    assert one.took == 1
    [one] = seen([a_day(6, 2)], left=on(9))
    assert one.took == 1
    [one] = seen([a_day(3, 2)], left=on(8))  # three working days before that Sunday
    assert one.took == 4


def test_what_was_left_and_is_done_on_the_day_itself_took_a_day():
    [one] = seen([a_day(3, 2)], left=on(3))
    assert (one.finished_on, one.took) == (on(3), 1)


def test_what_floats_leave_is_nothing_left():
    days = [a_day(3, 2 * NOTHING), a_day(4, NOTHING), a_day(5, 2)]
    assert [(one.day, one.finished_on) for one in seen(days)] == [(on(3), on(4)), (on(5), None)]


def test_points_added_after_the_end_do_not_break_what_held():
    days = [a_day(3, 1), a_day(4, 0), a_day(5, 3), a_day(6, 3)]
    assert [(one.day, one.finished_on) for one in seen(days)] == [
        (on(3), on(4)),
        (on(5), None),
        (on(6), None),
    ]


def test_what_is_done_by_the_planned_end_is_what_the_burndown_says():
    days = [a_day(3, 9, 1), a_day(4, 7, 3), a_day(5, 6, 4), a_day(6, 2, 8)]
    assert [one.did_points for one in seen(days, end=5)] == [3, 1, None, None]
    assert [one.did_points for one in seen(days, end=12)] == [7, 5, 4, 0]
    assert {one.did_points for one in seen(days, end=None)} == {None}


def test_days_with_too_little_to_draw_from_have_none():
    assert seen([a_day(3, 2)], pool=[]) == []
    assert seen([a_day(3, 2)], pool=[Moves(0.0, 1.0)]) == []


def a_record(count: int, took: int = 2) -> list[Experience]:
    """Sprints of a week that all took as long, a steady day after the other."""
    found = []
    for number in range(count):
        first = 2 + 7 * number
        days = [a_day(first, took), *(a_day(first + n, took - n, n) for n in range(1, took + 1))]
        known = seen(days, end=first + 3)
        found += [replace(one, sprint_id=number, closed_on=on(first + 4)) for one in known]
    return found


def test_nothing_later_is_used():
    whole = hindsight(a_record(8))
    for count in range(4, 8):
        known = hindsight(a_record(count))
        assert known == whole[: len(known)]
    changed = [replace(one, took=9, finished_on=on(200)) for one in a_record(8)[-2:]]
    assert hindsight([*a_record(8)[:-2], *changed])[:-2] == whole[:-2]


def test_a_few_sprints_must_be_behind_a_team_before_its_own_record_speaks():
    first = hindsight(a_record(ALONE_FROM + 1))
    assert first
    assert hindsight(a_record(ALONE_FROM)) == []
    assert ALONE_FROM == 3
    assert {one.closed_on for one in first} == {on(2 + 7 * ALONE_FROM + 4)}


def test_sprints_that_still_ran_that_day_are_not_behind_a_team():
    known = a_record(ALONE_FROM + 1)
    last = known[-1]
    side_by_side = [
        one if one.sprint_id == last.sprint_id else replace(one, closed_on=last.closed_on)
        for one in known
    ]
    assert hindsight(known) != []
    assert hindsight(side_by_side) == []


def a_past(days, took, *, in_time=0.5, points=(5.0, 3.0), did: float | None = 4.0, **changes):
    answer = Corrected(days, in_time, points)
    values = {
        "closed_on": on(12),
        "day": on(2),
        "ahead": 5,
        "took": took,
        "did_points": did,
        "corrected": answer,
        "simulated": answer,
    }
    return Hindsight(**values | changes)


def test_a_date_holds_up_to_and_on_its_day():
    past = [a_past((3, 4, 5), 4), a_past((3, 4, None), None)]
    found = worth(past, CALENDAR, on(60)).corrected.dates
    assert [(one.held_count, one.count) for one in found] == [(0, 2), (1, 2), (1, 1)]
    assert found[1].came_true_percent == 50


def test_a_date_that_has_not_passed_is_not_judged_even_if_it_held_already():
    past = [a_past((3, 4, 5), 2)]  # from Monday on: Thursday, Friday, the next Monday
    counts = [
        [one.count for one in worth(past, CALENDAR, on(day), date.min).corrected.dates]
        for day in (12, 13)
    ]
    assert counts == [[1, 1, 1], [1, 1, 1]]
    early = [replace(past[0], closed_on=on(3))]
    assert [one.count for one in worth(early, CALENDAR, on(6)).corrected.dates] == [1, 0, 0]


def test_what_was_promised_today_is_not_judged_today():
    today = a_past((1, 1, 1), 1, day=on(12), ahead=1)
    found = worth([today], CALENDAR, on(12)).corrected
    assert (found.count, [one.count for one in found.dates]) == (0, [0, 0, 0])
    found = worth([today], CALENDAR, on(14)).corrected
    assert (found.count, [one.count for one in found.dates]) == (1, [1, 1, 1])


def test_sprints_that_closed_later_or_too_long_ago_are_not_judged():
    past = [a_past((3, 4, 5), 2)]
    assert worth(past, CALENDAR, on(11)).corrected.dates[0].count == 0
    assert worth(past, CALENDAR, on(60), since=on(12)).corrected.dates[0].count == 0
    assert worth(past, CALENDAR, on(60), since=on(11)).corrected.dates[0].count == 1


def test_an_amount_holds_where_it_is_reached_and_a_chance_has_its_score():
    past = [a_past((3, 4, 5), 6, in_time=0.25), a_past((3, 4, 5), 5, in_time=0.75, did=None)]
    found = worth(past, CALENDAR, on(60)).corrected
    assert [(one.held_count, one.count) for one in found.amounts] == [(0, 1), (1, 1)]
    assert found.amounts[0].loss == pytest.approx(0.5)  # half of the point that was missed
    assert found.amounts[1].loss == pytest.approx(0.15)
    assert (found.brier, found.count) == (pytest.approx(0.0625), 2)


def test_what_floats_leave_breaks_no_amount():
    past = [a_past((3, 4, 5), 4, points=(NOTHING, 2 * NOTHING), did=0.0)]
    assert [one.held_count for one in worth(past, CALENDAR, on(60)).corrected.amounts] == [1, 0]


def test_the_loss_of_a_date_is_in_working_days():
    late, early = a_past((2, 4, None), 4), a_past((6, 4, None), 4)
    assert worth([late], CALENDAR, on(60)).corrected.dates[0].loss == 1
    assert worth([early], CALENDAR, on(60)).corrected.dates[0].loss == 1
    assert worth([late], CALENDAR, on(60)).corrected.dates[1].loss == 0
    assert worth([late], CALENDAR, on(60)).corrected.dates[2].loss == pytest.approx(0.05 * 56)


def test_nothing_to_judge_is_unknown():
    found = worth([], CALENDAR, on(60)).corrected
    assert (found.brier, found.count, found.dates[0].loss) == (None, 0, None)
    assert found.dates[0].came_true_percent is None


def test_several_teams_are_judged_as_one():
    one = worth([a_past((3, 4, 5), 4)], CALENDAR, on(60))
    two = worth([a_past((3, 4, 5), 5), a_past((3, 4, 5), 9)], CALENDAR, on(60))
    both = together([one, two])
    whole = worth([a_past((3, 4, 5), t) for t in (4, 5, 9)], CALENDAR, on(60))
    assert both == replace(whole, lenders=2)
    assert together([]) is None
    nothing = worth([], CALENDAR, on(60))
    assert together([nothing]) == replace(nothing, lenders=1)


def test_all_is_stored_and_read_as_it_was():
    for one in [*hindsight(a_record(6)), a_past((1, None, None), None, did=None)]:
        assert from_stored(to_stored(one)) == one
    value: Worth = worth(hindsight(a_record(6)), CALENDAR, on(200))
    assert worth_from_stored(worth_to_stored(value)) == value
    assert isinstance(value.corrected.dates[0], Promise)
