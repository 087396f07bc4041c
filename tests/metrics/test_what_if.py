"""What would become of a quarter: the same computation, with each thing otherwise."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from telemetry.domain.absence import Absence
from telemetry.metrics.correction import Record
from telemetry.metrics.forecast import Moves
from telemetry.metrics.quarter import Share, capacity_limit, predictability
from telemetry.metrics.roadmap_forecast import NO_DATES
from telemetry.metrics.roadmap_outlook import EpicsLeft, epics_left, outlook_of_all, roadmap_outlook
from telemetry.metrics.roadmap_runs import Known, faster
from telemetry.metrics.what_if import (
    TOLD,
    Asked,
    Change,
    Drawn,
    Usual,
    drawn_from_stored,
    pace,
    security,
    what_if,
)
from tests.metrics.test_hindsight import a_record, on
from tests.metrics.test_roadmap_forecast import CALENDAR, NOBODY, Q1
from tests.metrics.test_roadmap_told import POOL, TODAY, a_roadmap

RECORD = Record(a_record(12)).seen(on(200))
FOUND = a_roadmap(20.0, 15.0, 11.0)
STANDING = epics_left(FOUND)
DRAWN = Drawn(FOUND.total_points, FOUND.done_points, Q1.first, 23, tuple(POOL), ("lb",))
USUAL = Usual(1.5, 0.125, Share(30, 240))
KNOWN = Known(POOL, RECORD, (), RECORD)


def would(change=None, drawn=DRAWN, known=KNOWN, usual=USUAL, term=Q1, today=TODAY, **changes):
    standing = STANDING if drawn is DRAWN else EpicsLeft((), 0.0)
    asked = Asked(term, drawn, known, standing, TODAY, today)
    return what_if(asked, usual, change or Change(**changes))


def whole(outlook):
    return replace(outlook, epics=(), drivers=())


def dates(outlook):
    return {issue_id: one.dates for issue_id, one in outlook.epics}


@pytest.mark.parametrize(
    "known",
    [
        KNOWN,
        Known(POOL, NOBODY),
        Known(POOL, NOBODY, [RECORD]),
        Known(POOL, RECORD, (), RECORD),
        Known(POOL, NOBODY, (), NOBODY, [RECORD]),
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        Change(),
        Change(0.0, 12.0, 0.0, 0.12),  # as the sliders show 12.5 % of both
        Change(0.0, None, -0.0, 0.125),
    ],
)
def test_with_nothing_changed_all_is_exactly_as_it_is(known, change):
    told = roadmap_outlook(Q1, FOUND, known, TODAY)
    found = would(change, known=known)
    assert found.outlook == replace(told, drivers=())
    assert len(found.outlook.epics) == 3
    assert found.capacity_limit_points == capacity_limit(1.5, Q1, 0.125)
    assert found.predictability == predictability(Q1, FOUND.remaining_points, 1.5, TODAY)
    assert (found.remaining_points, found.security_coefficient) == (46, 0.125)


@pytest.mark.parametrize(
    ("values", "factor"),
    [
        ({}, 1),
        ({"capacity_change_percent": 20}, 1.2),
        ({"capacity_change_percent": -100}, 0),
        ({"impediment_share_percent": 0}, 1 / 0.875),
        ({"impediment_share_percent": 30}, 0.7 / 0.875),
        ({"impediment_share_percent": 100}, 0),
        ({"impediment_share_percent": 12}, 1),  # the usual one: 12.5 %
        ({"impediment_share_percent": 12.5}, 1),
        ({"capacity_change_percent": -50, "impediment_share_percent": 65}, 0.5 * 0.4),
        ({"scope_change_points": 9, "security_coefficient": 1}, 1),
    ],
)
def test_capacity_and_impediments_say_how_much_more_a_day_does(values, factor):
    assert pace(Change(**values), Share(30, 240)) == pytest.approx(factor)


@pytest.mark.parametrize("usual", [Share(0, 0), Share(8, 8)])
def test_without_other_hours_the_share_changes_nothing(usual):
    assert pace(Change(impediment_share_percent=40), usual) == 1


def test_no_impediments_where_none_are_usual_is_as_it_is():
    assert pace(Change(impediment_share_percent=0), Share(0, 100)) == 1
    assert pace(Change(impediment_share_percent=50), Share(0, 100)) == 0.5


@pytest.mark.parametrize(
    ("asked", "usual", "found"),
    [(None, 0.126, 0.126), (0.13, 0.126, 0.126), (0.12, 0.126, 0.12), (0.0, 0.126, 0), (1, 0, 1)],
)
def test_a_coefficient_that_rounds_to_the_present_one_is_that(asked, usual, found):
    assert security(Change(security_coefficient=asked), usual) == found


def test_more_capacity_is_days_on_which_more_is_done():
    found = would(capacity_change_percent=50.0)
    quicker = replace(KNOWN, pool=faster(POOL, 1.5))
    assert faster([Moves(2.0, 1.0)], 1.5) == [Moves(3.0, 1.0)]
    assert whole(found.outlook) == outlook_of_all(Q1, 50.0, 4.0, quicker, TODAY)
    assert found.outlook.epics == roadmap_outlook(Q1, FOUND, quicker, TODAY).epics
    assert found.outlook.dates[1] < would().outlook.dates[1]
    assert found.predictability == predictability(Q1, 46.0, 2.25, TODAY)


def test_each_step_of_a_slider_moves_its_figures_one_way():
    def chances(name, values):
        found = [would(**{name: one}).outlook.probability_percent for one in values]
        return [round(one, 9) for one in found]  # sums of floats

    rising = chances("capacity_change_percent", (-40.0, -20.0, 0.0, 20.0, 60.0))
    assert rising == sorted(rising)
    assert rising[0] < rising[-1]
    falling = chances("impediment_share_percent", (0.0, 20.0, 50.0, 80.0))
    assert falling == sorted(falling, reverse=True)
    more = chances("scope_change_points", (-30.0, -10.0, 0.0, 10.0, 40.0))
    assert more == sorted(more, reverse=True)


@pytest.mark.parametrize("points", [-46.0, -46.5, -1000.0])
def test_where_all_that_is_left_is_taken_away_all_is_done(points):
    found = would(scope_change_points=points)
    assert (found.outlook.probability_percent, found.outlook.dates) == (100, (TODAY,) * 3)
    assert [*dates(found.outlook).values()] == [(TODAY,) * 3] * 3
    assert (found.outlook.done_50_points, found.remaining_points) == (4, 0)
    assert found.predictability.days_to_complete == 0


def test_scope_that_comes_is_left_to_do():
    found = would(scope_change_points=7.5)
    assert found.remaining_points == 53.5
    assert whole(found.outlook) == outlook_of_all(Q1, 57.5, 4.0, KNOWN, TODAY)


def test_scope_goes_to_each_epic_by_what_it_has_left():
    twice = a_roadmap(40.0, 30.0, 22.0)
    found = would(scope_change_points=46.0).outlook
    assert found.epics == roadmap_outlook(Q1, twice, KNOWN, TODAY).epics
    last = FOUND.epics[-1].issue_id
    assert dates(found)[last][1] > dates(would().outlook)[last][1]


def test_no_more_epics_are_told_than_there_is_time_for():
    many = a_roadmap(*[1.0] * (TOLD + 3))
    drawn = Drawn(many.total_points, many.done_points, Q1.first, 23, tuple(POOL), ())
    asked = Asked(Q1, drawn, KNOWN, epics_left(many), TODAY, TODAY)
    found = what_if(asked, USUAL, Change(scope_change_points=-3.0)).outlook
    assert len(found.epics) == TOLD
    assert (
        what_if(asked, USUAL, Change()).outlook.epics
        == (roadmap_outlook(Q1, many, KNOWN, TODAY).epics[:TOLD])
    )


def test_scope_that_comes_to_what_is_done_or_empty_opens_it_again():
    done = replace(DRAWN, total_points=4.0)
    assert would(drawn=done).outlook.probability_percent == 100
    assert would(drawn=done, scope_change_points=46.0).outlook == whole(would().outlook)
    empty = replace(DRAWN, total_points=0.0, done_points=0.0)
    assert would(drawn=empty).outlook.why_none == "no_points"
    assert would(drawn=empty, scope_change_points=3.0).outlook.why_none is None


@pytest.mark.parametrize(
    "change", [Change(capacity_change_percent=-100.0), Change(impediment_share_percent=100.0)]
)
def test_where_nothing_is_ever_done_there_is_no_day(change):
    found = would(change)
    assert (found.outlook.probability_percent, found.outlook.dates) == (0, NO_DATES)
    assert [*dates(found.outlook).values()] == [NO_DATES] * 3
    assert (found.outlook.done_50_points, found.outlook.done_85_points) == (4, 4)
    assert (found.predictability.days_to_complete, found.predictability.days) == (None, None)
    all_done = would(change, drawn=replace(DRAWN, total_points=4.0))
    assert all_done.outlook.probability_percent == 100
    few = would(change, known=Known(POOL[:5], NOBODY))
    assert few.outlook.why_none == "few_days"


def test_the_limit_holds_more_on_the_days_to_come_alone():
    as_it_is = would().capacity_limit_points
    ahead = CALENDAR.working_days(TODAY, Q1.last)
    assert would(capacity_change_percent=20.0).capacity_limit_points == pytest.approx(
        as_it_is + 1.5 * ahead * 0.2 * 0.875
    )
    assert would(security_coefficient=0.5).capacity_limit_points == pytest.approx(
        as_it_is / 0.875 * 0.5
    )
    first_day = would(capacity_change_percent=20.0, today=Q1.first).capacity_limit_points
    assert first_day == pytest.approx(as_it_is * 1.2)
    assert would(usual=replace(USUAL, velocity=None)).capacity_limit_points is None


def test_absences_ahead_have_nothing_to_add_to():
    away = Absence(Q1.last - timedelta(days=13), Q1.last, 1, 1)
    term = replace(Q1, calendar=replace(CALENDAR, absences=(away,)))
    found = would(term=term, capacity_change_percent=100.0).capacity_limit_points
    here = CALENDAR.working_days(TODAY, Q1.last - timedelta(days=14))
    past = CALENDAR.working_days(Q1.first, date(2026, 2, 2))
    assert found == pytest.approx(1.5 * (past + 2 * here) * 0.875)


def test_what_a_forecast_was_drawn_from_is_read_as_it_was_stored():
    assert drawn_from_stored(DRAWN.to_stored()) == DRAWN


def test_a_share_that_rounds_to_a_large_usual_one_is_the_usual_one():
    assert pace(Change(impediment_share_percent=90.0), Share(216, 240)) == 1
    assert pace(Change(impediment_share_percent=89.0), Share(216, 240)) > 1


def test_nothing_of_the_limit_can_change_once_the_quarter_is_over():
    over = Q1.last + timedelta(days=2)
    found = would(capacity_change_percent=50.0, today=over)
    assert found.capacity_limit_points == capacity_limit(1.5, Q1, 0.125)
