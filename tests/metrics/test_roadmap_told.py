"""What is said of a quarter, its epics and its drivers: each from runs of its own."""

from dataclasses import replace
from datetime import date

import pytest

from telemetry.domain.calendar import ONE_DAY
from telemetry.metrics.burnup import BurnupDay
from telemetry.metrics.correction import Record, corrected
from telemetry.metrics.forecast import Moves
from telemetry.metrics.quarter import Share
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.roadmap_drivers import Otherwise, drivers_by_pace
from telemetry.metrics.roadmap_forecast import Driver, RoadmapOutlook, from_stored, to_stored
from telemetry.metrics.roadmap_outlook import roadmap_outlook, usual_estimate
from telemetry.metrics.roadmap_runs import FUTURES, SOME, Known, RoadmapRuns, faster
from tests.builders import at
from tests.metrics.test_hindsight import a_record, on
from tests.metrics.test_quarter import a_child, an_epic
from tests.metrics.test_roadmap_forecast import CALENDAR, NOBODY, Q1, STEADY

TODAY = date(2026, 2, 3)
AHEAD = 41  # working days from that day to the end of March
POOL = [Moves(1.0, 1.0), Moves(3.0, 0.0), Moves(1.0, 0.5), Moves(3.0, 0.0)] * 6
SEED = 4 * 2026 + 1
RECORD = Record(a_record(12)).seen(on(200))


def a_roadmap(*left, done=4.0, unestimated=0, before=4.0, day="2026-02-03"):
    """Epics that have so many points left, in that order, and one that is done."""
    epics = [an_epic(90, a_child(900, done, epic=90, done="2026-01-12"))]
    for number, points in enumerate(left, 1):
        some = [a_child(100 * number + place, epic=number) for place in range(unestimated)]
        epics.append(an_epic(number, a_child(100 * number + 50, points, epic=number), *some))
    found = roadmap(Q1, epics, at(day))
    stood = None if before is None else BurnupDay(date(2025, 12, 31), before, 0.0)
    return replace(found, before=stood)


def reckoned(remaining, share=1.0, known=None, futures=SOME):
    known = known or Known(POOL, NOBODY)
    runs = RoadmapRuns(known.pool, SEED, futures).of(remaining, AHEAD, share)
    return corrected(runs, AHEAD, known.own, known.lent)


def days_of(said):
    """The days that are so many working days from today on, today being the first."""
    return tuple(
        None if count is None else CALENDAR.add_working_days(date(2026, 2, 2), count)
        for count in said.days
    )


@pytest.mark.parametrize(
    "known", [Known(POOL, NOBODY), Known(POOL, RECORD), Known(POOL, NOBODY, [RECORD])]
)
def test_the_quarter_is_told_by_ten_thousand_runs(known):
    assert CALENDAR.working_days(TODAY, Q1.last) == AHEAD
    said = roadmap_outlook(Q1, a_roadmap(20.0, 15.0, 11.0), known, TODAY)
    expected = reckoned(46.0, known=known, futures=FUTURES)
    assert FUTURES == 10_000
    assert said.probability_percent == 100 * expected.in_time
    assert said.dates == days_of(expected)
    assert (said.done_50_points, said.done_85_points) == tuple(4.0 + p for p in expected.points)
    assert said.why_none is None


def test_each_epic_is_done_when_it_and_those_before_it_are_with_their_part_of_the_growth():
    said = roadmap_outlook(Q1, a_roadmap(20.0, 15.0, 11.0), Known(POOL, NOBODY), TODAY)
    epics = dict(said.epics)
    assert list(epics) == [1, 2, 3]  # the one that is done has its day behind it
    for number, before in ((1, 20.0), (2, 35.0)):
        expected = reckoned(before, share=before / 46.0)
        assert epics[number].probability_percent == 100 * expected.in_time
        assert epics[number].dates == days_of(expected)
    chance = max(said.probability_percent, 100 * reckoned(46.0).in_time)  # of more runs, of fewer
    assert epics[3].probability_percent == pytest.approx(chance)
    both = zip(said.dates, days_of(reckoned(46.0)), strict=True)
    assert epics[3].dates == tuple(min(filter(None, days), default=None) for days in both)


def test_no_epic_is_told_earlier_or_likelier_than_the_one_before_it():
    known, left = Known(POOL, NOBODY, own_epics=RECORD), [2.0] * 23
    by_epics = Known(POOL, RECORD)
    alone = [reckoned(2.0 * n, 2.0 * n / 46.0, by_epics).in_time for n in range(1, 24)]
    assert alone != sorted(alone, reverse=True)  # what was seen is nearer to some than to others
    said = roadmap_outlook(Q1, a_roadmap(*left), known, TODAY)
    told = [one for _, one in said.epics]
    chances = [one.probability_percent for one in told]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == 100 * alone[0]
    assert chances[-1] == pytest.approx(max(100 * min(alone), said.probability_percent))
    never = date.max
    for days in zip(*(one.dates for one in told), strict=True):
        assert [on or never for on in days] == sorted(on or never for on in days)


def test_epics_are_corrected_by_what_epics_took_and_the_quarter_by_quarters():
    found = a_roadmap(20.0, 15.0, 11.0)
    alone = roadmap_outlook(Q1, found, Known(POOL, NOBODY), TODAY)
    own = roadmap_outlook(Q1, found, Known(POOL, NOBODY, own_epics=RECORD), TODAY)
    lent = roadmap_outlook(Q1, found, Known(POOL, NOBODY, lent_epics=[RECORD]), TODAY)
    assert replace(own, epics=()) == replace(lent, epics=()) == replace(alone, epics=())
    assert own.epics != alone.epics != lent.epics
    first = dict(own.epics)[1].dates
    assert first == days_of(reckoned(20.0, 20.0 / 46.0, Known(POOL, RECORD)))


@pytest.mark.parametrize("known", [Known(POOL, RECORD), Known(POOL, NOBODY, own_epics=RECORD)])
def test_an_only_epic_is_done_when_the_quarter_is(known):
    said = roadmap_outlook(Q1, a_roadmap(20.0), known, TODAY)
    ((_, epic),) = said.epics
    assert epic.dates == said.dates
    assert epic.probability_percent == pytest.approx(said.probability_percent)


def test_drivers_are_by_how_much_the_day_would_be_another():
    found = a_roadmap(20.0, 15.0, 11.0, unestimated=2, before=30.0)
    said = roadmap_outlook(Q1, found, Known(POOL, NOBODY), TODAY, usual_points=3.0)
    base = reckoned(46.0).days[1]
    added = (1.0 + 0.5) / 4 * AHEAD
    expected = [
        ("remaining", base, 46.0),
        ("grown", base - reckoned(26.0).days[1], 20.0),
        ("growth", base - reckoned(46.0, share=0.0).days[1], added),
        ("unestimated", reckoned(46.0 + 18.0).days[1] - base, 18.0),
    ]
    assert [(one.kind, one.working_days, one.points) for one in said.drivers] == expected


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({}, ["growth"]),
        ({"before": 30.0}, ["grown", "growth"]),
        ({"before": 0.0}, ["growth"]),
        ({"before": None}, ["growth"]),
        ({"before": 50.0, "unestimated": 1}, ["growth"]),
        ({"before": 60.0}, ["growth"]),
    ],
)
def test_what_moves_nothing_is_no_driver(values, kinds):
    found = a_roadmap(46.0, **{"before": 50.0} | values)
    said = roadmap_outlook(Q1, found, Known(POOL, NOBODY), TODAY)
    assert [one.kind for one in said.drivers] == ["remaining", *kinds]


def test_a_steady_team_has_no_growth_and_what_grew_moves_the_day_by_itself():
    said = roadmap_outlook(Q1, a_roadmap(10.0, before=12.0), Known(STEADY, NOBODY), TODAY)
    assert [(one.kind, one.working_days, one.points) for one in said.drivers] == [
        ("remaining", 10, 10),
        ("grown", 2, 2),
    ]


def test_what_never_ends_has_no_drivers():
    never = Known([Moves(1.0, 1.0)] * 20, NOBODY)
    said = roadmap_outlook(Q1, a_roadmap(46.0), never, TODAY)
    assert (said.dates, said.drivers) == ((None, None, None), ())
    grown = roadmap_outlook(Q1, a_roadmap(99.0), Known(STEADY, NOBODY), TODAY, usual_points=5.0)
    assert [one.kind for one in grown.drivers] == ["remaining", "grown"]


def test_open_dependencies_move_the_date_by_what_they_are_of_what_is_left():
    children = [
        a_child(1, 4, labels=["dependency"]),
        a_child(2, 2, labels=["dependency"], done="2026-01-12"),
        a_child(3, None, labels=["dependency"]),
        a_child(4, 6),
    ]
    found = replace(roadmap(Q1, [an_epic(100, *children)], at("2026-02-03")), before=None)
    assert found.epics[0].waiting_points == 4
    said = roadmap_outlook(Q1, found, Known(STEADY, NOBODY), TODAY)
    assert [(one.kind, one.working_days, one.points) for one in said.drivers] == [
        ("remaining", 10, 10),
        ("dependencies", 4, 4),
    ]


NO_SHARES = (Share(0, 0), Share(0, 0))


def by_pace(rates=None, shares=NO_SHARES, today=TODAY, here=None):
    known = Known(POOL, NOBODY)
    base = Otherwise(Q1, known, today).days(46.0)
    if here is None:
        here = CALENDAR.working_days(Q1.first, today - ONE_DAY)
    return drivers_by_pace(Q1, known, today, 46.0, base, here, rates, shares)


def moved(place, factor):
    """By how many working days the day would be another, were so much done from a place on."""
    pool = [*POOL[:place], *faster(POOL[place:], factor)]
    return reckoned(46.0).days[1] - reckoned(46.0, known=Known(pool, NOBODY)).days[1]


@pytest.mark.parametrize(("was", "now"), [(2.0, 3.0), (3.0, 2.0)])
def test_a_trend_is_what_later_sprints_do_otherwise(was, now):
    (driver,) = by_pace((was, now))
    assert driver == Driver("trend", moved(12, was / now), now - was, was, now)
    assert (driver.working_days < 0) == (now > was)
    assert driver in from_stored(to_stored(RoadmapOutlook(drivers=(driver,)))).drivers


@pytest.mark.parametrize("rates", [None, (0.0, 2.0), (2.0, 0.0), (2.0, 2.0)])
def test_without_two_velocities_that_differ_there_is_no_trend(rates):
    assert by_pace(rates) == ()


# of the 24 days of the pool 23 are of the quarter: from 1 January to 2 February
BUSY, USUAL = Share(50, 100), Share(20, 100)


def test_what_is_lost_beyond_the_usual_would_have_been_done_on_the_days_of_the_quarter():
    assert CALENDAR.working_days(Q1.first, date(2026, 2, 2)) == len(POOL) - 1
    (driver,) = by_pace(shares=(BUSY, USUAL))
    assert driver == Driver("lost", moved(1, 0.8 / 0.5), None, 20, 50)
    assert driver.working_days > 0
    (late,) = by_pace(shares=(BUSY, USUAL), here=9)  # on the others nothing was to do
    assert late.working_days == moved(len(POOL) - 9, 0.8 / 0.5) < driver.working_days
    (less,) = by_pace(shares=(Share(0, 100), USUAL))
    assert less.working_days < 0
    assert [one.kind for one in by_pace((2.0, 3.0), (BUSY, USUAL))] == ["trend", "lost"]


@pytest.mark.parametrize(
    ("shares", "today"),
    [
        ((Share(0, 0), USUAL), TODAY),
        ((BUSY, Share(0, 0)), TODAY),
        ((Share(9, 9), USUAL), TODAY),
        ((USUAL, USUAL), TODAY),
        ((BUSY, USUAL), Q1.first),  # no day of the quarter is over
    ],
)
def test_where_nothing_is_lost_beyond_the_usual_or_known_nothing_is_told(shares, today):
    assert by_pace(shares=shares, today=today) == ()


@pytest.mark.parametrize("today", [Q1.first, Q1.last])
def test_a_quarter_runs_from_its_first_to_its_last_day(today):
    assert roadmap_outlook(Q1, a_roadmap(5.0), Known(STEADY, NOBODY), today).why_none is None


def test_what_is_all_done_is_certain_and_moved_by_nothing():
    said = roadmap_outlook(Q1, a_roadmap(), Known(POOL, NOBODY), TODAY)
    assert (said.probability_percent, said.dates) == (100, (TODAY, TODAY, TODAY))
    assert (said.done_50_points, said.done_85_points) == (4, 4)
    assert (said.epics, said.drivers, said.why_none) == ((), (), None)


def test_on_a_last_day_off_nothing_more_is_done():
    calendar = replace(CALENDAR, days_off=(Q1.last,))
    term = replace(Q1, calendar=calendar)
    said = roadmap_outlook(term, a_roadmap(5.0), Known(STEADY, NOBODY), Q1.last)
    assert (said.probability_percent, said.done_50_points, said.done_85_points) == (0, 4, 4)


def test_what_is_told_is_read_as_it_was_stored():
    said = roadmap_outlook(Q1, a_roadmap(20.0, 15.0, 31.0), Known(POOL, NOBODY), TODAY)
    assert said.done_50_points != said.done_85_points
    assert from_stored(to_stored(said)) == said
    never = replace(said, dates=(None, TODAY, None))
    assert from_stored(to_stored(never)) == never


def test_the_usual_estimate_is_the_middle_one():
    assert usual_estimate([1, 8, 2]) == 2
    assert usual_estimate([1, 2]) == 1.5
    assert usual_estimate([]) is None


def test_who_knew_nothing_yet_lends_nothing():
    found = a_roadmap(20.0, 15.0)
    alone = roadmap_outlook(Q1, found, Known(POOL, NOBODY), TODAY)
    assert roadmap_outlook(Q1, found, Known(POOL, NOBODY, [NOBODY]), TODAY) == alone
