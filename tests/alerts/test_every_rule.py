"""Every rule alike: opens, does not flap, worsens once, resolves, whatever the day and the zone."""

from datetime import date, timedelta

import pytest

from telemetry.alerts.rules.every import OF_TEAMS
from telemetry.domain.calendar import Calendar, days_between
from telemetry.metrics.figures import TimeSplit
from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.shapes.time import TimeRow
from tests.alerts.watched import HOUR, Course, a_day, a_sprint, a_team, an_issue, at

EVENTS = {"peak_day", "sprint_started", "sprint_closed"}


def rows(calendar, now, spent):
    """A row for each whole local day of six weeks; `spent` are hours of the last working days."""
    last = calendar.day_of(now) - timedelta(days=1)
    hours, found = list(spent), []
    for day in reversed(days_between(last - timedelta(days=40), last)):
        split = (6, 0, 0)
        if not calendar.is_working_day(day):
            split = (0, 0, 0)
        elif hours:
            split = hours.pop()
        found.append(TimeRow(day, TimeSplit(*(round(one * HOUR) for one in split)), {}))
    return tuple(reversed(found))


def behind(value, calendar, now, since):
    today = calendar.day_of(now)
    days = [a_day(day, value if day >= since else 0) for day in days_between(at(2).date(), today)]
    sprint = a_sprint(behind_points=40 * value / 100)
    return {"running": (type(sprint)(sprint.summary, tuple(days), 0.5),)}


def weekly(of):
    def stand(value, calendar, now, since):
        return {"days": rows(calendar, now, [of(value)] * 5), "usual_week_seconds": 5.0 * HOUR}

    return stand


def silent(value, calendar, now, since):
    return {"days": rows(calendar, now, [(0, 0, 0)] * value)}


STANDS = {  # the rule with a value: what of the team that is
    "sprint_behind": behind,
    "sprint_at_risk": lambda value, *_: {"running": (a_sprint(outlook=(value, 9.0)),)},
    "scope_grown": lambda value, *_: {"running": (a_sprint(added_points=40 * value / 100),)},
    "impediment_time": weekly(lambda value: (1, value / 100, 0)),
    "impediment_open": lambda value, *_: {
        "open_impediments": (an_issue(1, value),),
        "closing_days": (1, 2, 2, 3, 4, 4, 4),
    },
    "off_plan_time": weekly(lambda value: (100 - value, 0, value)),
    "unestimated": lambda value, *_: {"running": (a_sprint(unestimated_count=value),)},
    "work_ageing": lambda value, *_: {"in_progress": (an_issue(1, value),), "cycle_days": 10.0},
    "no_work_logged": silent,
    "quarter_at_risk": lambda value, *_: {
        "quarter": WatchedQuarter(
            "Q1-26", date(2026, 3, 31), "point", 40.0, 19, 19.0 + value, float(value), 2.0
        )
    },
}
COURSES = {  # opens at, swings, is worse at, worse still, and is released at
    "sprint_behind": (22, (19, 21, 15.1, 24), 34, 60, 14),
    "sprint_at_risk": (14, (16, 13, 19, 12), 9, 1, 21),
    "scope_grown": (22, (19, 21, 15.1, 24), 34, 60, 14),
    "impediment_time": (220, (190, 210, 151, 240), 331, 600, 140),
    "impediment_open": (5, (4, 5, 3, 6), 8, 12, 2),
    "off_plan_time": (32, (29, 31, 23, 35), 49, 80, 21),
    "unestimated": (3, (2, 3, 2, 4), 5, 9, 1),
    "work_ageing": (11, (9, 10.5, 8, 12), 17, 30, 7),
    "no_work_logged": (2, (2, 2), 3, 5, 0),
    "quarter_at_risk": (2, (0.9, 1.1, 0.76, 2.4), 3.1, 9, 0.7),
}
PLACES = {
    "Paris, over a day of 23 hours": ("Europe/Paris", date(2026, 3, 26), ()),
    "New York, over a day of 23 hours": ("America/New_York", date(2026, 3, 5), ()),
    "west of UTC": ("Pacific/Honolulu", date(2026, 3, 12), ()),
    "east of UTC": ("Pacific/Auckland", date(2026, 3, 12), ()),
    "over a day off before the weekend": ("Europe/Paris", date(2026, 3, 12), (date(2026, 3, 13),)),
}
ENDS = {"sprint_behind": 2, "sprint_at_risk": 2, "unestimated": 1}


def team(rule, value, calendar, now, since):
    return a_team(now, calendar=calendar, **STANDS[rule](value, calendar, now, since))


def test_no_rule_is_left_out():
    assert STANDS.keys() == COURSES.keys() == OF_TEAMS.keys() - EVENTS


@pytest.mark.parametrize("rule", COURSES)
def test_it_opens_swings_without_a_word_worsens_once_and_resolves(rule):
    opens, swings, worse, worst, released = COURSES[rule]
    calendar, since = Calendar(timezone="Europe/Paris"), date(2026, 3, 3)
    course = Course(rule)
    for day in (3, 4):
        course.look(team(rule, opens, calendar, at(day, 10), since))
    values = (opens, *swings, worse, opens, worst, released, released)
    for hour, value in enumerate(values):
        course.look(team(rule, value, calendar, at(5, 6 + hour), since))
    assert course.told == ["opened", "worsened", "resolved below"]


@pytest.mark.parametrize("rule", COURSES)
@pytest.mark.parametrize("place", PLACES)
def test_it_opens_once_at_the_end_of_the_teams_own_days(rule, place):
    """What is true from a Thursday's start on is told once, after as many ends as it takes."""
    zone, thursday, days_off = PLACES[place]
    calendar = Calendar(timezone=zone, days_off=days_off)
    now, end = calendar.day_start(thursday), calendar.day_end(thursday + timedelta(days=6))
    course, opened = Course(rule), None
    while now < end:
        if course.look(team(rule, COURSES[rule][0], calendar, now, thursday)):
            opened = opened or calendar.day_of(now)
        now += timedelta(hours=2)
    assert course.told == ["opened"]
    ended = [
        day
        for day in days_between(thursday, thursday + timedelta(days=6))
        if calendar.is_working_day(day)
    ]
    needed = ENDS.get(rule)
    first = ended[needed - 1] + timedelta(days=1) if needed else thursday
    assert opened == first
