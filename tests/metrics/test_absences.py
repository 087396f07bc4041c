"""Days on which a part of the team is away hold less; nothing else changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.domain.absence import Absence
from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter
from telemetry.metrics.burndown import Corner, burndown_days, ideal_corners, plan_of
from telemetry.metrics.quarter import capacity_limit, term_of
from telemetry.metrics.rhythm import PlannedDays
from telemetry.metrics.sprint_walk import SprintWalk, walk_sprint
from telemetry.metrics.timeline import timelines
from tests.builders import a_sprint, a_team, an_issue, at

TEAM = a_team()
MONDAY = date(2026, 3, 9)
WEEK = a_sprint(start="2026-03-09 00:00", planned_end="2026-03-14 00:00", closed="2026-03-14 00:00")
HALF = Absence(MONDAY, MONDAY + timedelta(days=1), 3, 6)


def walked(points: float) -> SprintWalk:
    issues = timelines((an_issue(points=points),), TEAM)
    return walk_sprint(WEEK, issues.values(), at("2030-01-01"))


def away(*absences, **calendar) -> Calendar:
    return replace(TEAM.calendar, absences=absences, **calendar)


def test_the_ideal_line_falls_by_the_part_that_is_there():
    walk = walked(8)
    found = burndown_days(walk, away(HALF))
    assert [day.ideal_points for day in found][:5] == [7, 6, 4, 2, 0]
    assert ideal_corners(plan_of(walk), away(HALF)) == (
        Corner(at("2026-03-09 00:00"), 8.0),
        Corner(at("2026-03-11 00:00"), 6.0),
        Corner(at("2026-03-14 00:00"), 0.0),
    )


def test_the_ideal_line_has_no_corner_between_days_on_which_nobody_is_there():
    two = a_sprint(start="2026-03-09 00:00", planned_end="2026-03-21 00:00")
    friday = date(2026, 3, 13)
    walk = walk_sprint(two, timelines((an_issue(points=9),), TEAM).values(), at("2030-01-01"))
    corners = ideal_corners(plan_of(walk), away(Absence(friday, friday, 6, 6)))
    assert [(one.at, one.points) for one in corners[:4]] == [
        (at("2026-03-09 00:00"), 9.0),
        (at("2026-03-13 00:00"), 5.0),
        (at("2026-03-16 00:00"), 5.0),
        (at("2026-03-21 00:00"), 0.0),
    ]


def test_nobody_there_at_all_leaves_the_clock():
    walk = walked(5)
    everybody = Absence(MONDAY, MONDAY + timedelta(days=4), 6, 6)
    ideal = [day.ideal_points for day in burndown_days(walk, away(everybody))][:5]
    assert ideal == pytest.approx([4, 3, 2, 1, 0])


def test_absences_of_a_day_add_up_to_the_whole_team_at_most():
    calendar = away(HALF, HALF, HALF)
    assert calendar.share_away(MONDAY) == 1
    assert calendar.days_away(MONDAY, MONDAY + timedelta(days=6)) == 2


def test_a_day_off_cannot_be_taken_again():
    weekend = Absence(date(2026, 3, 7), date(2026, 3, 8), 6, 6)
    assert away(weekend).days_away(date(2026, 3, 1), date(2026, 3, 31)) == 0
    assert away(HALF, days_off=(MONDAY,)).days_away(MONDAY, MONDAY + timedelta(days=6)) == 0.5


def test_a_sprint_to_come_leaves_out_the_day_that_the_one_before_has():
    days = PlannedDays(MONDAY, MONDAY + timedelta(days=4), False, False, before_on=MONDAY)
    assert (days.working_days(away(HALF)), days.days_away(away(HALF))) == (4, 0.5)
    assert replace(days, before_on=None).days_away(away(HALF)) == 1


def test_a_quarter_holds_less():
    quarter = Quarter(2026, 1)
    whole = capacity_limit(2.0, term_of(quarter, away()), 0.1)
    less = capacity_limit(2.0, term_of(quarter, away(HALF)), 0.1)
    assert whole - less == pytest.approx(2.0 * 0.9)


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
absences = st.builds(
    lambda first, length, away, more: Absence(
        first, first + timedelta(days=length), away, away + more
    ),
    days,
    st.integers(0, 40),
    st.integers(1, 9),
    st.integers(0, 9),
)


@given(st.lists(absences, max_size=6), days, days)
def test_what_is_left_is_the_sum_of_its_days_and_never_negative(some, one, other):
    calendar = away(*some)
    first, last = min(one, other), max(one, other)
    start, end = calendar.day_start(first), calendar.day_end(last)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    by_day = [calendar.staffed_seconds(calendar.day_start(d), calendar.day_end(d)) for d in every]
    assert calendar.staffed_seconds(start, end) == pytest.approx(sum(by_day))
    assert min(by_day) >= 0
    left = calendar.working_days(first, last) - calendar.days_away(first, last)
    assert left == pytest.approx(
        sum(1 - calendar.share_away(d) for d in every if calendar.is_working_day(d))
    )
