"""What is said of a running sprint, in days and points, or why nothing is."""

from datetime import date, timedelta
from typing import Any

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.correction import Record, corrected
from telemetry.metrics.forecast import UNKNOWN, Moves, Outlook
from telemetry.metrics.outlook import Pool, Standing, outlook
from telemetry.metrics.simulation import Runs
from tests.metrics.test_hindsight import a_record, on

CALENDAR = Calendar()
STEADY = Pool([Moves(1.0, 0.0)] * 30, is_enough=True)
TODAY = on(200)  # a Wednesday
OWN = Record(a_record(12)).seen(TODAY)
NOBODY = Record([]).seen(TODAY)


def said(standing: Standing, pool: Pool = STEADY, own=OWN, lent=()):
    return outlook(standing, pool, own, lent, CALENDAR, 1)


def standing(remaining: float = 3, end: date | None = TODAY + timedelta(days=5), **changes):
    values: dict[str, Any] = {"done_points": 10.0, "unestimated_count": 0, "today": TODAY}
    return Standing(remaining_points=remaining, planned_end_on=end, **values | changes)


def test_today_is_the_first_day_on_which_something_can_be_done():
    found, why = said(standing(1))
    assert why is None
    assert found.on_50 == TODAY
    assert said(standing(2))[0].on_50 == TODAY + timedelta(days=1)
    weekend = standing(1, today=TODAY + timedelta(days=3))
    assert said(weekend)[0].on_50 == TODAY + timedelta(days=5)


def test_what_is_done_by_the_end_comes_on_top_of_what_is_done():
    found, _ = said(standing(30))
    assert found.done_50_points == pytest.approx(14, abs=0.5)
    assert found.done_85_points <= found.done_50_points
    assert found.in_time_percent < 20
    assert found.left_50_points == pytest.approx(30 + 10 - found.done_50_points, abs=0.5)


def test_after_the_planned_end_the_chance_is_gone_and_the_days_stay():
    found, _ = said(standing(end=TODAY - timedelta(days=1)))
    assert (found.in_time_percent, found.done_50_points, found.done_85_points) == (0, None, None)
    assert found.on_50 is not None


def test_without_a_planned_end_there_are_days_alone():
    found, _ = said(standing(end=None))
    assert (found.in_time_percent, found.done_50_points) == (None, None)
    assert found.on_50 is not None


def test_a_planned_end_on_a_day_off_leaves_no_time_and_what_is_done_stays():
    saturday = TODAY + timedelta(days=3)
    found, _ = said(standing(today=saturday, end=saturday))
    assert (found.in_time_percent, found.done_50_points) == (0, 10)


def test_all_done_is_certain():
    assert said(standing(0)) == (Outlook(TODAY, TODAY, TODAY, 100, 10, 10, 0), None)
    late = standing(0, end=TODAY - timedelta(days=1))
    assert said(late) == (Outlook(TODAY, TODAY, TODAY), None)


def test_an_empty_sprint_and_one_without_estimates_have_no_forecast():
    assert said(standing(0, done_points=0.0)) == (UNKNOWN, None)
    assert said(standing(0, unestimated_count=2)) == (UNKNOWN, "unestimated")


def test_too_little_is_known_without_closed_sprints_or_without_a_record():
    few = Pool(STEADY.moves, is_enough=False)
    for pool, own in ((few, OWN), (STEADY, NOBODY), (Pool([Moves(0, 1)], True), OWN)):
        assert said(standing(), pool, own) == (UNKNOWN, "few_sprints")


def test_what_others_lend_is_enough_with_days_of_its_own():
    few = Pool(STEADY.moves[:5], is_enough=False)
    assert said(standing(), few, NOBODY, [OWN])[0].on_50 is not None
    assert said(standing(), Pool([], is_enough=False), NOBODY, [OWN]) == (UNKNOWN, "few_sprints")


def test_who_knew_nothing_yet_lends_nothing():
    """As seen from a team whose data are older than all that the lender knows."""
    few = Pool(STEADY.moves, is_enough=False)
    assert said(standing(), few, NOBODY, [NOBODY]) == (UNKNOWN, "few_sprints")
    assert said(standing(), STEADY, OWN, [NOBODY]) == said(standing(), STEADY, OWN)
    assert said(standing(), few, NOBODY, [NOBODY, OWN]) == said(standing(), few, NOBODY, [OWN])


@pytest.mark.parametrize("remaining", [4.0, 30.0])
def test_what_is_told_is_what_the_corrected_runs_come_to(remaining):
    """By the end of ten working days, to a sprint of which ten points are done."""
    pool = Pool([Moves(0.0, 1.5), Moves(3.0, 0.0), Moves(1.0, 0.5)] * 8, is_enough=True)
    end = CALENDAR.add_working_days(TODAY - timedelta(days=1), 10)
    found, _ = said(standing(remaining, end=end), pool)
    runs = Runs(pool.moves, 1).of(remaining, 10)
    told = corrected(runs, 10, OWN)
    assert found.in_time_percent == 100 * told.in_time
    assert (found.done_50_points, found.done_85_points) == tuple(10 + one for one in told.points)
    left = remaining + runs.added_points - told.points[0]
    assert found.left_50_points == max(left, 0.0)
    assert (found.on_50, found.on_85, found.on_95) == tuple(
        None if days is None else CALENDAR.add_working_days(TODAY - timedelta(days=1), days)
        for days in told.days
    )


def test_all_done_on_the_day_of_the_planned_end_is_in_time():
    found = (Outlook(TODAY, TODAY, TODAY, 100, 10, 10, 0), None)
    assert said(standing(0, end=TODAY)) == found
    assert said(standing(0, end=None)) == (Outlook(TODAY, TODAY, TODAY), None)
