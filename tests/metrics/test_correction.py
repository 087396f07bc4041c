"""What was simulated, corrected by what earlier forecasts of the same kind really took."""

import math
from datetime import date, timedelta
from typing import Any

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.correction import (
    Experience,
    Record,
    corrected,
    from_stored,
    to_stored,
)
from telemetry.metrics.simulation import LEVELS, Simulated

CALENDAR = Calendar()
MONDAY = date(2026, 3, 2)
LATER = MONDAY + timedelta(days=400)
IN_FOUR = Simulated((4,) * len(LEVELS), (10.0,) * len(LEVELS), 0.0)


def an_experience(number: int, took: int | None, did: float | None = 10.0, **changes) -> Experience:
    """Four days were simulated for a sprint, with four ahead of its planned end."""
    day = MONDAY + timedelta(weeks=2 * number)
    finished = None if took is None else CALENDAR.add_working_days(day, took)
    values: dict[str, Any] = {
        "sprint_id": number,
        "closed_on": day + timedelta(days=4),
        "day": day,
        "ahead": 4,
        "simulated": IN_FOUR,
        "finished_on": finished,
        "took": took,
        "did_points": did,
    }
    return Experience(**values | changes)


def said(known: list[Experience], on: date = LATER, simulated: Simulated = IN_FOUR, ahead=4):
    return corrected(simulated, ahead, Record(known).seen(on))


def test_a_team_that_always_takes_twice_as_long_is_told_so():
    found = said([an_experience(number, 8) for number in range(20)])
    assert found.days[:2] == (8, 8)
    longer = Simulated((10,) * len(LEVELS), IN_FOUR.points, 0.0)
    assert said([an_experience(n, 8) for n in range(20)], simulated=longer).days[0] in (19, 20)


def test_what_was_done_and_by_when_is_corrected_alike():
    found = said([an_experience(number, 8, did=5.0) for number in range(20)])
    assert found.points[0] == pytest.approx(5, abs=0.5)
    assert found.in_time < 0.25
    assert said([an_experience(number, 3) for number in range(20)]).in_time > 0.8


def test_a_date_is_by_the_planned_end_where_the_chance_is_as_large():
    for took in range(1, 9):
        known = [an_experience(n, took + n % 3) for n in range(12)]
        found = said(known)
        for share, days in zip((0.5, 0.85, 0.95), found.days, strict=True):
            assert (days is not None and days <= 4) == (found.in_time >= share)


def test_with_no_record_the_runs_speak():
    found = said([])
    assert found.days[0] == 4
    assert found.points == (10, 10)


def test_what_was_never_done_leaves_no_day_that_is_sure():
    known = [an_experience(n, None if n % 2 else 4) for n in range(20)]
    assert said(known).days[1:] == (None, None)
    assert said(known).days[0] is not None


def test_where_nothing_ever_came_there_is_no_day_and_no_chance():
    never = Simulated((None,) * len(LEVELS), IN_FOUR.points, 0.0)
    for known in ([], [an_experience(number, None) for number in range(5)]):
        found = said(known, simulated=never)
        assert (found.days, found.in_time) == ((None, None, None), 0.0)


def test_what_has_not_come_yet_counts_as_longer_than_all_that_did():
    known = [an_experience(n, 4) for n in range(8)]
    late = an_experience(8, 30)
    soon, done = late.closed_on + timedelta(days=1), late.finished_on
    assert said([*known, late], on=soon).in_time < said(known, on=soon).in_time
    assert said([*known, late], on=soon).days[2] is None
    assert said([*known, late], on=done).days[2] is not None


def test_nothing_is_known_before_it_came():
    late = an_experience(0, 8)
    record = Record([late])
    assert record.sprint_count(late.closed_on - timedelta(days=1)) == 0
    assert len(record.seen(late.closed_on - timedelta(days=1)).sprint) == 0
    assert list(record.seen(late.closed_on).took) == [math.inf]
    assert list(record.seen(late.finished_on).took) == [8]


def test_every_sprint_counts_the_same_however_many_days_it_has():
    long = [an_experience(0, 8, day=MONDAY - timedelta(days=n)) for n in range(30)]
    short = [an_experience(n, 4) for n in range(1, 6)]
    assert said([*long, *short]).days[0] == said([long[0], *short]).days[0]


def test_days_as_near_to_the_end_count_more():
    near = [an_experience(n, 4) for n in range(8)]
    far_simulated = Simulated((40,) * len(LEVELS), IN_FOUR.points, 0.0)
    far = [
        an_experience(n, 400, day=one.day - timedelta(days=60), ahead=40, simulated=far_simulated)
        for n, one in enumerate(near)
    ]
    assert said([*near, *far]).days[0] == 4


def test_other_teams_fill_up_what_a_team_lacks_and_no_more():
    slow = Record([an_experience(n, 8) for n in range(30)]).seen(LATER)
    own = [an_experience(n, 2) for n in range(20)]
    one, enough = (Record(some).seen(LATER) for some in (own[:1], own))
    assert corrected(IN_FOUR, 4, one, [slow]).days[0] == 8
    assert corrected(IN_FOUR, 4, enough, [slow]) == corrected(IN_FOUR, 4, enough)
    nobody = Record([]).seen(LATER)
    one_lends, two_lend = (corrected(IN_FOUR, 4, nobody, [slow] * count) for count in (1, 2))
    assert two_lend.days == one_lends.days
    assert two_lend.in_time == pytest.approx(one_lends.in_time)


def test_what_was_simulated_as_nothing_is_compared_all_the_same():
    nothing = Simulated((None,) * len(LEVELS), (0.0,) * len(LEVELS), 0.0)
    known = [an_experience(n, 30, did=0.0, simulated=nothing) for n in range(20)]
    found = said(known, simulated=nothing)
    assert found.days[0] == 30
    assert found.points == (0, 0)


def test_without_a_planned_end_there_are_days_alone():
    known = [an_experience(n, 8, did=None, ahead=None) for n in range(20)]
    found = said(known, ahead=None)
    assert (found.days[0], found.in_time, found.points) == (8, 0, (None, None))


@pytest.mark.parametrize("took", [None, 3])
def test_an_experience_is_stored_and_read_as_it_was(took):
    one = an_experience(1, took, did=None if took is None else 2.5)
    assert from_stored(one.sprint_id, one.closed_on, to_stored(one)) == one
