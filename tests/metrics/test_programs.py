"""What teams have of a program together, reckoned by hand."""

from dataclasses import fields, replace
from datetime import date

import pytest

from telemetry.metrics.burnup import BurnupDay
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.programs import (
    Part,
    amounts_of,
    burnup_of,
    critical,
    last_done,
    together,
)
from telemetry.metrics.roadmap_forecast import NO_DATES, EpicOutlook
from telemetry.metrics.standing import Amounts

EARLY, SOON, LATE, LATER = (date(2026, 6, day) for day in (1, 8, 15, 30))
LAST = LATE


def an_outlook(chance, *dates):
    return EpicOutlook(chance, dates)


def a_part(outlook=None, total=10.0, done=4.0, key="one"):
    return Part(key, key, "point", LAST, Amounts(total, 0.0, done), outlook)


def an_epic(number, total=10.0, done=4.0):
    return EpicFigures(number, (), total, 0.0, done, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("left", "is_open"), [(1, True), (0.5, True), (2 * NOTHING, True), (NOTHING, False), (0, False)]
)
def test_a_part_is_open_while_points_are_left(left, is_open):
    assert a_part(total=left, done=0).is_open is is_open
    assert last_done([an_epic(1, left, 0)], {1: an_outlook(9, *[SOON] * 3)}) == (
        an_outlook(9, *[SOON] * 3) if is_open else None
    )


@pytest.mark.parametrize(
    ("outlook", "is_late"),
    [
        (None, False),
        (an_outlook(80, LATER, LATE, LATER), False),  # its last day is in time
        (an_outlook(80, EARLY, LATER, LATER), True),
        (an_outlook(1, EARLY, None, None), True),
        (EpicOutlook(None, NO_DATES), True),
    ],
)
def test_a_part_is_late_by_its_day_with_85_percent(outlook, is_late):
    assert a_part(outlook).is_late is is_late


def test_the_last_of_open_epics_decides_by_each_chance():
    outlooks = {
        1: an_outlook(70, EARLY, LATE, LATER),
        2: an_outlook(40, SOON, SOON, None),
        3: an_outlook(1, LATER, LATER, LATER),
    }
    epics = [an_epic(1), an_epic(2), an_epic(3, done=10)]
    assert last_done(iter(epics), outlooks) == an_outlook(40, SOON, LATE, None)
    assert last_done([*epics, an_epic(4)], outlooks) is None
    assert last_done([an_epic(3, done=10)], outlooks) is None


def test_teams_are_done_together_when_the_last_one_is_with_the_least_chance():
    parts = [
        a_part(an_outlook(70, SOON, SOON, LATER)),
        a_part(an_outlook(60, EARLY, LATE, LATE)),
        a_part(an_outlook(1, LATER, LATER, LATER), done=10.0),
    ]
    assert together(iter(parts)) == an_outlook(60, SOON, LATE, LATER)
    assert together([*parts, a_part(EpicOutlook(None, NO_DATES))]) == EpicOutlook(0.0, NO_DATES)
    assert together([*parts, a_part(done=10.0)]) == together(parts)
    assert together([*parts, a_part()]) is None
    assert together([]) is None


@pytest.mark.parametrize(
    ("latest", "other"),
    [
        ((EARLY, LATE, LATE), (LATE, SOON, LATER)),  # 85 % first
        ((EARLY, SOON, LATER), (LATE, SOON, LATE)),  # then 95 %
        ((SOON, SOON, LATE), (EARLY, SOON, LATE)),  # then 50 %
        ((EARLY, None, None), (LATER, LATER, LATER)),  # no day comes after all
        ((SOON, SOON, None), (LATER, SOON, LATER)),
    ],
)
def test_the_team_that_is_latest_with_85_percent_is_critical(latest, other):
    one = a_part(an_outlook(50, *latest), key="latest")
    two = a_part(an_outlook(50, *other), key="other")
    assert critical([one, two]) is one
    assert critical([two, one]) is one
    assert critical([two, replace(one, amounts=Amounts(4, 0, 4)), a_part()]) is two


def test_nothing_is_critical_where_no_day_is_known():
    assert critical([a_part(), a_part(an_outlook(50, SOON, SOON, SOON), done=10.0)]) is None
    assert critical([]) is None


def test_amounts_of_teams_are_added_each_by_its_kind():
    kinds = range(1, len(fields(Amounts)) + 1)
    first, second = Amounts(*kinds), Amounts(*(10 * n for n in kinds))
    assert amounts_of(iter([first, second])) == Amounts(*(11 * n for n in kinds))
    assert amounts_of([]) == Amounts()
    assert amounts_of([Amounts(0.1), Amounts(0.2)]) == Amounts(0.3)


def test_a_burnup_of_teams_ends_with_the_day_that_all_of_them_know():
    first = [BurnupDay(SOON, 4, 1), BurnupDay(LATE, 5, 2), BurnupDay(LATER, 6, 3)]
    second = [BurnupDay(EARLY, 0.1, 0), BurnupDay(SOON, 0.2, 0.1), BurnupDay(LATE, 0.2, 0.2)]
    assert burnup_of(iter([first, [], second])) == (
        BurnupDay(EARLY, 0.1, 0),
        BurnupDay(SOON, 4.2, 1.1),
        BurnupDay(LATE, 5.2, 2.2),
    )
    assert burnup_of([first]) == tuple(first)
    assert burnup_of([[], []]) == ()
    assert burnup_of([]) == ()
