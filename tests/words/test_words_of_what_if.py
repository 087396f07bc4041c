"""What is said of a quarter in which something would be otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from telemetry.metrics.quarter import Share
from telemetry.metrics.roadmap_forecast import NO_DATES, RoadmapOutlook
from telemetry.metrics.what_if import Change
from telemetry.words.plain import plain
from telemetry.words.what_if import lead, why_not
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW

NONE = RoadmapOutlook(why_none="few_days")
NEVER = RoadmapOutlook(0.2, NO_DATES, 86.0, 86.0)


def asked(**changes):
    change = Change(**changes)
    return FakeReports().quarter("k8s", None, NOW, change), change


def said(found, change):
    return plain(lead(found, change)).replace("\u202f", " ")


def with_outlook(found, outlook):
    return replace(found, what_if=replace(found.what_if, outlook=outlook))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"capacity_change_percent": 20.0}, "With 20 % more capacity: "),
        ({"capacity_change_percent": -5.0}, "With 5 % less capacity: "),
        ({"impediment_share_percent": 0.0}, "With 0 % of the time lost to impediments: "),
        ({"scope_change_points": 1.0}, "With 1 point more scope: "),
        ({"scope_change_points": -1e5}, "With 29 points less scope: "),  # all that is left
        ({"security_coefficient": 0.0}, "With 0 % kept free: "),
        (
            {"capacity_change_percent": 1.0, "scope_change_points": -2.0},
            "With 1 % more capacity and 2 points less scope: ",
        ),
        (
            {
                "capacity_change_percent": 1.0,
                "impediment_share_percent": 30.0,
                "security_coefficient": 0.5,
            },
            "With 1 % more capacity, 30 % of the time lost to impediments and 50 % kept free: ",
        ),
        ({}, "Nothing is changed"),
        ({"impediment_share_percent": 10.0, "security_coefficient": 0.1}, "Nothing is changed"),
    ],
)
def test_what_is_changed_is_said_and_what_is_not_is_not(changes, words):
    assert said(*asked(**changes)).startswith(words)


@pytest.mark.parametrize(
    ("outlook", "words"),
    [
        (
            RoadmapOutlook(80.4, (None, date(2026, 7, 8), None)),
            "the chance of the quarter’s end is 80 % instead of 61 %, and all is done by Wed 8 Jul "
            "with 85 %, 2 working days earlier.",
        ),
        (
            RoadmapOutlook(61.2, (None, date(2026, 7, 13), None)),
            "the chance of the quarter’s end stays 61 %, and all is done by Mon 13 Jul with 85 %, "
            "1 working day later.",
        ),
        (
            RoadmapOutlook(61.0, (None, date(2026, 7, 10), None)),
            "the chance of the quarter’s end stays 61 %, and all is done by Fri 10 Jul with 85 %, "
            "as it is.",
        ),
        (
            NEVER,
            "the chance of the quarter’s end is less than 1 % instead of 61 %, and no day is 85 % "
            "sure.",
        ),
    ],
)
def test_what_becomes_of_it_is_said_beside_what_is(outlook, words):
    found, change = asked(scope_change_points=3.0)
    assert said(with_outlook(found, outlook), change) == f"With 3 points more scope: {words}"


def test_without_a_forecast_it_is_held_against_the_days():
    found, change = asked(scope_change_points=3.0)
    known = replace(found.what_if.predictability, days_to_complete=4.5, working_days_left=18)
    would = replace(found.what_if, outlook=NONE, predictability=known, capacity_limit_points=100.0)
    assert said(replace(found, what_if=would), change) == (
        "With 3 points more scope: what is left needs 4.5 working days of 18, and the quarter "
        "holds 100 points."
    )
    would = replace(
        would, predictability=replace(known, days_to_complete=None), capacity_limit_points=None
    )
    assert said(replace(found, what_if=would), change) == (
        "With 3 points more scope: what is left cannot be done."
    )


def test_what_nothing_says_is_not_called_nothing():
    found, change = asked(capacity_change_percent=10.0)
    blank = with_outlook(found, RoadmapOutlook(why_none="no_points"))
    assert "what is left is not known, for nothing has an estimate" in said(blank, change)
    empty = replace(blank, roadmap=replace(blank.roadmap, total_points=0.0, done_points=0.0))
    assert said(empty, Change(scope_change_points=-5.0)).startswith("Nothing is changed")


def test_while_the_forecast_is_written_anew_it_says_so():
    found, change = asked(scope_change_points=3.0)
    assert "just being computed anew" in said(replace(found, what_if=None), change)
    assert "nothing of it is kept" in said(found, None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ""),
        ({"last": date(2026, 5, 1)}, "The quarter is over"),
        ({"first": date(2026, 5, 30)}, "The quarter has not begun"),
        ({"usual": None}, "Nothing is forecast of this quarter yet"),
        ({"outlook": NONE}, ""),
        ({"outlook": NONE, "velocity_points_per_day": None}, "Nothing is forecast yet, and there"),
        ({"outlook": NONE, "velocity_points_per_day": 0.0}, "Nothing is forecast yet, and there"),
        ({"velocity_points_per_day": None}, ""),
    ],
)
def test_why_nothing_can_be_changed_is_said(values, words):
    found, _ = asked()
    assert found.usual.impediments == Share(10, 100)
    told = plain(why_not(replace(found, **values)))
    assert told.startswith(words)
    assert bool(told) == bool(words)
