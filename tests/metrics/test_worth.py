"""What forecasts were worth: each judged by itself, and those of several teams as one."""

from datetime import date, timedelta

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.correction import Corrected
from telemetry.metrics.forecast import Promise, Scores, Worth, together
from telemetry.metrics.hindsight import Hindsight, uncorrected, worth
from telemetry.metrics.simulation import Simulated

CALENDAR = Calendar()
MONDAY = date(2026, 3, 2)
CLOSED = date(2026, 3, 13)
TODAY = date(2027, 3, 1)
SURE = Corrected((5, 8, 10), 0.75, (10.0, 6.0))
RUNS = Corrected((4, 6, None), 0.5, (12.0, None))


def a_forecast(took: int | None = 5, did: float | None = 10.0, said=SURE, ahead: int | None = 9):
    return Hindsight(CLOSED, MONDAY, ahead, took, did, said, RUNS)


def judged(*found, today=TODAY):
    return worth(found, CALENDAR, today).corrected


def test_a_date_holds_where_it_had_come_by_then():
    dates = judged(a_forecast(5), a_forecast(6), a_forecast(10), a_forecast(None)).dates
    assert [(one.promised_percent, one.held_count, one.count) for one in dates] == [
        (50, 1, 4),
        (85, 2, 4),
        (95, 3, 4),
    ]
    assert [one.came_true_percent for one in dates] == [25, 50, 75]


def test_a_date_is_judged_once_so_many_working_days_are_over():
    on_close = judged(a_forecast(), today=CLOSED)
    assert [one.count for one in on_close.dates] == [1, 1, 0]  # eight are over before Friday
    assert judged(a_forecast(), today=CLOSED - timedelta(days=1)).dates[0].count == 0


def test_a_chance_is_judged_at_the_planned_end():
    for ahead, count in ((8, 1), (9, 0), (0, 0), (None, 0)):
        assert judged(a_forecast(ahead=ahead), today=CLOSED).count == count
    found = judged(a_forecast(9), a_forecast(10), a_forecast(None))
    assert (found.count, found.brier) == (3, pytest.approx((0.25**2 + 2 * 0.75**2) / 3))
    assert judged().brier is None


def test_an_amount_holds_where_as_much_was_done():
    most, sure = judged(a_forecast(did=10.0), a_forecast(did=9.9), a_forecast(did=5.0)).amounts
    assert (most.promised_percent, most.held_count, most.count) == (50, 1, 3)
    assert (sure.promised_percent, sure.held_count, sure.count) == (85, 2, 3)
    assert judged(a_forecast(did=None)).amounts[0].count == 0
    missing = Corrected(SURE.days, 0.5, (None, 6.0))
    assert [one.count for one in judged(a_forecast(said=missing)).amounts] == [0, 1]


def test_the_loss_is_by_how_much_it_was_missed_the_rare_side_the_less():
    found = judged(a_forecast(7, did=8.0))
    assert [one.loss for one in found.dates] == pytest.approx([0.5 * 2, 0.15 * 1, 0.05 * 3])
    assert [one.loss for one in found.amounts] == pytest.approx([0.5 * 2, 0.15 * 2])
    never = Corrected((5, None, None), 0.5, SURE.points)
    late = judged(a_forecast(None, said=never), today=TODAY).dates
    assert [one.loss for one in late] == pytest.approx([0.5 * 55, 0, 0])
    soon = judged(a_forecast(None), today=MONDAY + timedelta(weeks=12)).dates
    assert [one.loss for one in soon] == [None] * 3  # sixty working days are not over
    assert judged(a_forecast(90)).dates[0].loss == pytest.approx(0.5 * 55)
    then = CALENDAR.add_working_days(MONDAY, 60) + timedelta(days=1)
    assert judged(a_forecast(None), today=then).dates[0].loss == pytest.approx(0.5 * 55)


def test_what_was_simulated_is_judged_beside_it():
    found = worth([a_forecast()], CALENDAR, TODAY)
    assert [one.held_count for one in found.simulated.dates] == [0, 1, 0]
    assert [one.count for one in found.simulated.dates] == [1, 1, 0]
    assert [one.count for one in found.simulated.amounts] == [1, 0]


def test_sprints_closed_after_a_day_and_by_today_are_judged():
    every = [a_forecast()]
    assert worth(every, CALENDAR, TODAY, CLOSED).corrected.dates[0].count == 0
    before = CLOSED - timedelta(days=1)
    assert worth(every, CALENDAR, TODAY, before).corrected.dates[0].count == 1


def test_the_runs_alone_tell_their_own_levels():
    runs = Simulated(tuple(range(1, 12)), tuple(float(one) for one in range(11)), 0.25)
    assert uncorrected(runs, 4) == Corrected((6, 10, 11), 0.25, (5.0, 1.0))
    for ahead in (0, None):
        assert uncorrected(runs, ahead) == Corrected((6, 10, 11), 0.0, (None, None))


def scores(count: int, held: int, loss: float | None, brier: float | None):
    dates, amounts = Promise(85, held, count, loss), Promise(50, held, count, loss)
    return Scores((dates,), (amounts,), brier, count)


def test_several_teams_count_by_what_can_be_judged():
    teams = [
        Worth(scores(3, 3, 1.0, 0.5), scores(1, 0, 2.0, 0.25)),
        Worth(scores(1, 0, 5.0, 0.1), scores(3, 1, 4.0, 0.75)),
        Worth(scores(0, 0, None, None), scores(0, 0, None, None)),
    ]
    found = together(teams)
    assert found is not None
    assert found.lenders == 3
    assert found.corrected.dates == (Promise(85, 3, 4, 2.0),)
    assert found.corrected.amounts == (Promise(50, 3, 4, 2.0),)
    assert found.corrected.dates[0].came_true_percent == 75
    assert (found.corrected.brier, found.corrected.count) == (pytest.approx(0.4), 4)
    assert found.simulated.brier == pytest.approx(0.625)
    assert together([]) is None
    nothing = together(teams[2:])
    assert nothing is not None
    assert (nothing.corrected.brier, nothing.corrected.dates[0].loss) == (None, None)
    assert nothing.corrected.dates[0].came_true_percent is None
