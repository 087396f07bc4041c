"""The burndown's days and its ideal line."""

from datetime import date

from telemetry.domain.models import IssueHistory, Sprint
from telemetry.domain.team import TeamRules
from telemetry.metrics.burndown import (
    Corner,
    Day,
    burndown_days,
    burndown_events,
    ideal_corners,
    plan_of,
)
from telemetry.metrics.sprint_figures import sprint_figures
from telemetry.metrics.sprint_walk import (
    SprintWalk,
    walk_sprint,
)
from telemetry.metrics.timeline import timelines
from tests.builders import a_sprint, a_team, an_issue, at, estimated, in_sprint, moved

TEAM = a_team()


def walked(
    *issues: IssueHistory, sprint: Sprint, team: TeamRules = TEAM, as_of: str = "2030-01-01"
) -> SprintWalk:
    return walk_sprint(sprint, timelines(issues, team).values(), at(as_of))


def days(*issues: IssueHistory, sprint: Sprint, team: TeamRules = TEAM) -> tuple[Day, ...]:
    return burndown_days(walked(*issues, sprint=sprint, team=team), team.calendar)


WEEK = a_sprint(start="2026-03-05 00:00", planned_end="2026-03-12 00:00", closed="2026-03-12 00:00")


def test_an_empty_sprint_has_a_row_of_zero_for_each_day() -> None:
    found = days(sprint=WEEK)
    assert [day.day.day for day in found] == list(range(5, 13))
    assert {day.remaining_points for day in found} == {0}


def test_each_day_stands_at_its_end() -> None:
    found = days(an_issue(points=4, done="2026-03-06 23:59:59"), sprint=WEEK)
    assert [day.remaining_points for day in found] == [4, 0, 0, 0, 0, 0, 0, 0]
    assert found[1].burned_points == 4


def test_a_change_at_midnight_belongs_to_the_day_that_begins() -> None:
    found = days(an_issue(points=4, done="2026-03-07 00:00"), sprint=WEEK)
    assert [day.remaining_points for day in found[:3]] == [4, 4, 0]


def test_a_change_at_the_very_end_is_on_the_last_day() -> None:
    found = days(an_issue(points=4, done="2026-03-12 00:00"), sprint=WEEK)
    assert (found[-1].day, found[-1].burned_points) == (date(2026, 3, 12), 4)


def test_days_are_those_of_the_teams_zone() -> None:
    team = a_team(timezone="Asia/Kathmandu")  # 18:15 UTC is midnight there
    found = days(an_issue(points=4, done="2026-03-06 18:15"), sprint=WEEK, team=team)
    assert [(d.day.day, d.burned_points) for d in found if d.burned_points] == [(7, 4)]


def test_a_day_of_23_hours_ends_on_time() -> None:
    team = a_team(timezone="Europe/Paris")
    sprint = a_sprint(start="2026-03-27 08:00", planned_end=None, closed="2026-03-31 08:00")
    issues = (
        an_issue(1, points=1, done="2026-03-29 21:59:59"),
        an_issue(2, points=1, done="2026-03-29 22:00"),
    )
    found = days(*issues, sprint=sprint, team=team)
    assert [day.burned_points for day in found] == [0, 0, 1, 1, 0]


def test_the_ideal_line_rests_on_days_off() -> None:
    found = days(an_issue(points=5), sprint=WEEK)
    assert [day.ideal_points for day in found] == [4, 3, 3, 3, 2, 1, 0, 0]


def test_the_ideal_line_has_a_corner_where_work_stops_and_starts() -> None:
    corners = ideal_corners(plan_of(walked(an_issue(points=5), sprint=WEEK)), TEAM.calendar)
    assert corners == (
        Corner(at("2026-03-05 00:00"), 5.0),
        Corner(at("2026-03-07 00:00"), 3.0),
        Corner(at("2026-03-09 00:00"), 3.0),
        Corner(at("2026-03-12 00:00"), 0.0),
    )


def test_without_a_working_day_the_ideal_line_follows_the_clock() -> None:
    weekend = a_sprint(
        start="2026-03-07 00:00", planned_end="2026-03-09 00:00", closed="2026-03-08 00:00"
    )
    found = sprint_figures(walked(an_issue(points=4), sprint=weekend), TEAM, {})
    assert (found.expected_remaining_points, found.behind_points) == (2, 2)
    assert found.working_days == 1


def test_after_the_planned_end_nothing_should_remain() -> None:
    late = a_sprint(planned_end="2026-03-13 17:00", closed="2026-03-20 17:00")
    walk = walked(an_issue(points=4), sprint=late)
    found = sprint_figures(walk, TEAM, {})
    assert (found.expected_remaining_points, found.behind_points) == (0, 4)
    assert ideal_corners(plan_of(walk), TEAM.calendar)[-1] == Corner(at("2026-03-20 17:00"), 0)


def test_without_a_planned_end_nothing_is_expected() -> None:
    endless = a_sprint(planned_end=None)
    walk = walked(an_issue(points=4), sprint=endless, as_of="2026-03-06")
    found = sprint_figures(walk, TEAM, {})
    assert found.expected_remaining_points is found.behind_points is None
    assert ideal_corners(plan_of(walk), TEAM.calendar) == ()
    assert {day.ideal_points for day in burndown_days(walk, TEAM.calendar)} == {None}


def test_a_re_estimate_of_a_done_issue_moves_the_scope_and_is_no_event() -> None:
    issue = an_issue(points=8, done="2026-03-06", changes=[estimated("2026-03-07", 3, 8)])
    walk = walked(issue, sprint=WEEK)
    found = burndown_days(walk, TEAM.calendar)
    assert [(day.scope_points, day.done_points) for day in found[:3]] == [(3, 0), (3, 3), (8, 8)]
    assert [event.kind for event in burndown_events(walk)] == ["burned"]


def test_what_comes_and_goes_on_a_day_is_told_as_amounts_of_that_day() -> None:
    found = days(
        an_issue(1, points=3, sprints=(), changes=[in_sprint("2026-03-06", "1", "")]),
        an_issue(2, points=5, changes=[in_sprint("2026-03-06", "", "1")]),
        an_issue(3, points=4, changes=[estimated("2026-03-06", 6, 4)]),
        an_issue(4, points=2, done="2026-03-06"),
        an_issue(5, points=1, changes=[moved("2026-03-06", "done", "todo")]),
        sprint=WEEK,
    )
    assert found[1] == Day(
        day=date(2026, 3, 6),
        remaining_points=10,
        ideal_points=6.6,
        scope_points=12 - 2 + 2,
        done_points=2,
        added_points=5,
        removed_points=3,
        reestimated_points=-2,
        burned_points=2,
        reopened_points=1,
    )


def test_an_issue_without_estimate_comes_and_goes_as_nothing_but_is_an_event() -> None:
    issue = an_issue(
        changes=[in_sprint("2026-03-06", "", "1"), in_sprint("2026-03-07", "1", "")], sprints=()
    )
    walk = walked(issue, sprint=WEEK)
    assert [(event.kind, event.delta_points) for event in burndown_events(walk)] == [
        ("added", 0),
        ("removed", 0),
    ]


def test_a_sprint_planned_to_end_at_its_start_has_no_ideal_line() -> None:
    for end in ("2026-03-05 00:00", "2026-03-04 00:00"):
        sprint = a_sprint(start="2026-03-05 00:00", planned_end=end, closed="2026-03-06")
        assert ideal_corners(plan_of(walked(sprint=sprint)), TEAM.calendar) == ()
