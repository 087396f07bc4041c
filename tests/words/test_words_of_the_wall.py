"""What the wall says of one team."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telemetry.report.shapes.freshness import Freshness
from telemetry.words import wall
from tests.web import fake_reports as fake
from tests.web import invented
from tests.web.invented import AS_OF, NOW, PARIS, RUNNING, changed
from tests.words.said import said

PAGE = fake.FakeReports().sprint_page("k8s", 27, NOW)
CLOSED = changed(RUNNING, state="closed", completed_at=RUNNING.planned_end_at)

NO_CHANCE = changed(RUNNING, finish_in_time_percent=None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "4 behind"),
        ({"behind_points": -3.5}, "3.5 ahead"),
        ({"behind_points": 0.2}, "on the line"),
        ({"behind_points": None}, ""),
        ({"committed_points": 0.0}, ""),
        ({"remaining_points": 0.0}, "all done"),
        ({"state": "closed", "remaining_points": 3.0}, "3 left"),
    ],
)
def test_the_pace_is_behind_ahead_or_on_the_line(changes, words):
    sprint = changed(RUNNING, **changes)
    assert said(wall.pace(sprint, sprint.figures)) == words


@pytest.mark.parametrize(
    ("sprint", "is_behind"),
    [
        (RUNNING, True),
        (changed(RUNNING, behind_points=0.4), False),
        (changed(CLOSED, behind_points=None), True),
        (changed(CLOSED, remaining_points=0.0), False),
    ],
)
def test_only_who_is_behind_or_left_something_is_marked(sprint, is_behind):
    assert wall.is_behind(sprint, sprint.figures) == is_behind


@pytest.mark.parametrize(
    ("sprint", "words"),
    [
        (RUNNING, "≈ 22 % in time, about 5 left then"),
        (changed(RUNNING, left_by_end_50_points=0), "≈ 22 % in time"),
        (NO_CHANCE, "≈ all done by Fri 15 May, 85 %"),
        (changed(NO_CHANCE, projected_85_on=None), "≈ all done by Wed 13 May, 50 %"),
        (changed(NO_CHANCE, projected_85_on=None, projected_50_on=None), "14 points left"),
        (changed(RUNNING, remaining_points=0.0), ""),
        (changed(CLOSED, commitment_kept_percent=82.0), "82 % of the commitment kept"),
        (changed(CLOSED, commitment_kept_percent=None), ""),
    ],
)
def test_the_outlook_names_the_chance_or_else_the_surest_date_that_is_known(sprint, words):
    assert said(wall.outlook(PAGE, sprint, sprint.figures)) == words


@pytest.mark.parametrize(
    ("day", "left", "end"),
    [
        (12, "3 days left", "working days to Tue 12 May"),
        (14, "1 day left", "working days to Tue 12 May"),
        (15, "last day", "planned end Tue 12 May"),
        (17, "2 days over", "planned end Tue 12 May"),
        (None, "Running", "planned end Tue 12 May"),
    ],
)
def test_what_is_left_of_the_time(day, left, end):
    page = replace(PAGE, working_day=day, working_days_planned=15)
    assert said(wall.time_left(page)) == left
    assert said(wall.planned_end(page, RUNNING, PARIS)) == end


def test_between_two_sprints_the_last_one_is_told():
    page = replace(PAGE, sprint=CLOSED)
    assert said(wall.about(page, PARIS)).endswith(", closed on Tue 12 May")
    assert said(wall.time_left(page)) == "No sprint is running"
    assert said(wall.planned_end(page, CLOSED, PARIS)) == (
        "the last one was planned to end Tue 12 May"
    )


def test_old_data_say_their_day_and_stale_ones_that_they_are():
    fresh = Freshness(AS_OF, AS_OF, False)
    assert said(wall.fresh(fresh, NOW, PARIS)) == "15:04 CEST"
    later = NOW + timedelta(days=2)
    assert said(wall.fresh(fresh, later, PARIS)) == "Wed 6 May, 15:04 CEST"
    assert said(wall.fresh(replace(fresh, is_stale=True), NOW, PARIS)) == "stale, 15:04 CEST"
    assert said(wall.fresh(Freshness(None, None, False), NOW, PARIS)) == "no data yet"


def test_impediments_are_counted_with_what_they_took():
    assert said(wall.impediments(RUNNING.figures)) == "10 impediments"
    assert said(wall.impediment_hours(RUNNING.figures)) == "38 h"
    assert not wall.impediments(None)
    assert not wall.impediment_hours(None)
    assert said(wall.still_open(invented.impediments()[:1])).startswith(
        "1 impediment is open, the oldest for "
    )
    assert not wall.still_open(())


def test_a_team_without_points_says_why():
    kanban = replace(PAGE, sprint=None, team=replace(PAGE.team, has_sprints=False))
    assert "it is a kanban board" in said(wall.why_no_points(kanban))
    unknown = replace(PAGE, sprint=replace(RUNNING, figures=None))
    assert said(wall.why_no_points(unknown)) == f"{RUNNING.name} has no figures yet."
    bare = changed(RUNNING, total_points=0.0, unestimated_count=3)
    assert said(wall.why_no_points(replace(PAGE, sprint=bare))) == (
        f"3 open issues in {RUNNING.name}, none of them estimated."
    )
