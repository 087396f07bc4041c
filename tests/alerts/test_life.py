"""The life of an alert, rule by rule: opens, does not flap, worsens once, resolves."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from telemetry.alerts.memory import Held, memory_of
from telemetry.domain.calendar import Calendar
from telemetry.report.alerts.watched import WatchedSprint
from tests.alerts.watched import (
    HOUR,
    Course,
    a_sprint,
    a_summary,
    a_team,
    an_issue,
    at,
    time_rows,
)


def behind(day, shares, now_share, **team):
    """The team on a day of March; it was behind by shares at the ends of the days before."""
    points = 40 * now_share / 100
    return a_team(at(day), running=(a_sprint(shares, behind_points=points),), **team)


def test_behind_opens_after_two_ends_of_working_days_and_now():
    course = Course("sprint_behind")
    assert course.look(behind(3, [30], 30)) == []
    assert course.look(behind(4, [30, 30], 15)) == []
    assert course.look(behind(4, [30, 30], 30)) == ["opened"]


def test_behind_does_not_flap_worsens_once_and_resolves():
    course = Course("sprint_behind")
    course.look(behind(4, [30, 30], 24))
    swinging = [19, 21, 16, 24, 15.1, 22]
    assert [course.look(behind(4, [30, 30], share)) for share in swinging] == [[]] * 6
    assert course.look(behind(5, [30, 30, 30], 36)) == ["worsened"]
    assert course.look(behind(5, [30, 30, 30], 60)) == []
    assert course.look(behind(6, [30, 30, 30, 9], 14)) == ["resolved below"]
    assert course.look(behind(9, [30, 30, 30, 9], 30)) == []


def test_a_weekend_and_a_holiday_are_no_ends_of_working_days():
    weekend = [30, 3, 3, 3, 30, 30, 30]
    assert Course("sprint_behind").look(behind(9, weekend, 30)) == []
    french = Calendar(timezone="Europe/Paris", days_off=(date(2026, 3, 4),))
    assert Course("sprint_behind").look(behind(5, [3, 30, 30], 30, calendar=french)) == []
    assert Course("sprint_behind").look(behind(6, [3, 30, 3, 30], 30, calendar=french)) == [
        "opened"
    ]
    assert Course("sprint_behind").look(behind(6, [3, 30, 3, 30], 30)) == []
    assert Course("sprint_behind").look(behind(6, [3, 30, 30, 30], 30)) == ["opened"]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_end_of_a_day_is_the_teams(zone):
    """At 9 UTC it is still Tuesday 3 in Los Angeles at 23 h of the day before, and so on."""
    calendar = Calendar(timezone=zone)
    local = at(4, 12).astimezone(ZoneInfo(zone)).date()
    course = Course("sprint_behind")
    shares = [30] * 3
    expected = ["opened"] if local > date(2026, 3, 3) else []
    team = replace(behind(4, shares[:2], 30, calendar=calendar), now=at(4, 12))
    assert course.look(team) == expected


def risk(day, chance, gone=0.5, **values):
    running = a_sprint(outlook=(chance, 9.0), gone=gone, **values)
    return a_team(at(day), running=(running,))


def test_at_risk_counts_the_ends_of_days_from_look_to_look():
    course = Course("sprint_at_risk")
    assert [course.look(risk(day, 5)) for day in (3, 4)] == [[], []]
    assert course.look(risk(5, 5)) == ["opened"]
    assert course.look(risk(5, 16)) == course.look(risk(5, 19)) == []
    assert course.look(risk(6, 3)) == ["worsened"]
    assert course.look(risk(6, 0)) == []
    assert course.look(risk(6, 21)) == ["resolved below"]


def test_at_risk_begins_anew_after_an_end_at_which_it_was_not():
    course = Course("sprint_at_risk")
    for day, chance in ((3, 5), (4, 50), (5, 5), (6, 5)):
        assert course.look(risk(day, chance)) == []
    assert course.look(risk(9, 5)) == ["opened"]  # Monday: the ends of Thursday and Friday


def test_a_swing_in_the_middle_of_a_day_is_no_end_of_it():
    course = Course("sprint_at_risk")
    course.look(risk(3, 5))
    assert course.look(risk(3, 80)) == course.look(risk(3, 5)) == []
    assert course.look(risk(5, 5)) == ["opened"]


def test_at_risk_is_not_told_before_a_third_of_the_sprint_or_without_forecasts():
    course = Course("sprint_at_risk", for_working_days=1)
    course.look(risk(2, 5, gone=0.2))
    assert course.look(risk(3, 5, gone=0.29)) == []
    blind = a_team(at(4), running=(a_sprint(),))
    assert course.look(blind) == []
    assert course.memory.unable.startswith("Too few sprints are closed")


def test_a_sprint_that_is_closed_ends_its_alerts_and_one_without_figures_does_not():
    course = Course("sprint_behind")
    course.look(behind(4, [30, 30], 30))
    rebuilt = replace(a_summary(), figures=None)
    assert course.look(a_team(at(4), running=(WatchedSprint(rebuilt),))) == []
    assert course.look(a_team(at(5))) == ["resolved gone"]


def test_two_sprints_that_run_have_alerts_of_their_own():
    course = Course("sprint_behind")
    other = a_sprint([30, 30], id=8, name="Sprint 8", behind_points=12.0)
    team = behind(4, [30, 30], 30)
    assert course.look(replace(team, running=(*team.running, other))) == ["opened", "opened"]
    assert course.look(team) == ["resolved gone"]


def test_scope_opens_at_once_and_closes_when_taken_out():
    course = Course("scope_grown")
    look = lambda grown: course.look(  # noqa: E731
        a_team(running=(a_sprint(added_points=grown + 2, removed_points=2.0),))
    )
    assert [look(grown) for grown in (8, 8.4, 7, 12.7, 20, 5.9)] == [
        [],
        ["opened"],
        [],
        ["worsened"],
        [],
        ["resolved below"],
    ]


def test_what_was_true_before_is_silent_but_for_the_running_sprint():
    assert Course("scope_grown", is_new=True).look(
        a_team(running=(a_sprint(added_points=20.0),))
    ) == ["opened"]
    old = a_team(closing_days=[1] * 9, open_impediments=(an_issue(age=8.0),))
    assert Course("impediment_open", is_new=True).look(old) == ["silent"]
    mine = an_issue(age=8.0, is_in_sprint=True)
    assert Course("impediment_open", is_new=True).look(replace(old, open_impediments=(mine,))) == [
        "opened"
    ]
    busy = a_team(days=time_rows(date(2026, 3, 4), [(1, 9, 0)] * 9), usual_week_seconds=HOUR)
    assert Course("impediment_time", is_new=True).look(busy) == ["silent"]


def test_an_impediment_is_open_for_too_long_only_once_it_is_and_until_it_is_closed():
    course = Course("impediment_open")
    team = a_team(closing_days=[1, 2, 2, 3, 4, 4, 5, 5, 6, 9])  # 85 of 100: 6 days
    look = lambda age: course.look(  # noqa: E731
        replace(team, open_impediments=(an_issue(age=float(age)),) if age else ())
    )
    assert [look(age) for age in (5, 6, 7, 8, 11, 12, 0)] == [
        [],
        [],
        ["opened"],
        [],
        ["worsened"],
        [],
        ["resolved gone"],
    ]


def test_an_impediment_is_never_old_before_three_days_and_without_a_past_nothing_is_known():
    quick = a_team(closing_days=[1] * 8, open_impediments=(an_issue(age=3.0), an_issue(2, 4.0)))
    course = Course("impediment_open")
    assert course.look(quick) == ["opened"]
    assert list(course.open) == ["2"]
    assert course.look(replace(quick, closing_days=[1] * 4)) == []
    assert course.memory.unable == "Fewer than five impediments were closed in the past year."
    assert list(course.open) == ["2"]


def week(hours, usual=4.0, last=date(2026, 3, 4)):
    return a_team(days=time_rows(last, hours), usual_week_seconds=usual * HOUR)


@pytest.mark.parametrize(
    ("has_sprints", "said"), [(True, "No sprint is closed yet"), (False, "board has no sprints")]
)
def test_without_a_closed_sprint_it_is_told_why_impediment_time_cannot_speak(has_sprints, said):
    course = Course("impediment_time")
    assert (
        course.look(
            replace(week([(8, 9, 0)] * 5), usual_week_seconds=None, has_sprints=has_sprints)
        )
        == []
    )
    assert said in course.memory.unable


def test_impediments_must_be_twice_the_usual_and_a_fifth_of_all_time():
    course = Course("impediment_time")
    assert course.look(week([(8, 1.5, 0)] * 5)) == []  # 7.5 h, less than twice
    assert course.look(week([(8, 1.9, 0)] * 5)) == []  # 9.5 h, but 19 of 100
    assert course.look(week([(8, 2.1, 0)] * 5)) == ["opened"]
    assert course.look(week([(8, 1.3, 0)] * 5)) == []
    assert course.look(week([(8, 1.1, 0)] * 5)) == ["resolved below"]


def test_a_team_that_loses_nothing_usually_is_not_warned_of_minutes():
    course = Course("impediment_time")
    assert course.look(week([(1, 0.3, 0)] * 5, usual=0.0)) == []
    assert course.look(week([(1, 0.5, 0)] * 5, usual=0.0)) == ["opened"]
    assert course.look(week([(1, 1, 0)] * 4)) == []
    assert course.memory.unable == "Fewer than five working days are known."


def test_off_plan_time_is_a_share_of_all():
    course = Course("off_plan_time")
    assert course.look(week([(7, 0, 3)] * 5)) == []
    assert course.look(week([(6, 0, 4)] * 5)) == ["opened"]
    assert course.look(week([(0, 0, 0)] * 5)) == ["resolved below"]
    assert course.look(replace(week([(6, 0, 4)] * 5), has_sprints=False)) == []
    assert "plans no work" in course.memory.unable


def test_a_peak_day_is_told_once():
    course = Course("peak_day")
    calm = [(5, 1, 0)] * 58 + [(5, 6, 0), (5, 6, 0)]
    assert course.look(week([*calm, (5, 1, 0)])) == []
    assert course.look(week([*calm, (5, 2, 0)])) == ["opened"]
    assert course.look(week([*calm, (5, 2, 0)])) == []
    assert course.open == {}
    assert course.look(week([(5, 1, 0)] * 20)) == []
    assert course.memory.unable == "Fewer than 60 working days are known."


def test_days_without_work_are_told_of_a_team_that_logs():
    course = Course("no_work_logged")
    assert course.look(week([(5, 0, 0)] * 12 + [(0, 0, 0)])) == []
    assert course.look(week([(5, 0, 0)] * 12 + [(0, 0, 0)] * 2)) == ["opened"]
    assert course.look(week([(5, 0, 0)] * 12 + [(0, 0, 0)] * 3)) == ["worsened"]
    assert course.look(week([(5, 0, 0)] * 12 + [(0, 0, 0)] * 3 + [(1, 0, 0)])) == []
    assert course.look(week([(5, 0, 0)] * 9)) == []
    assert course.memory.unable.startswith("The team does not log")


def test_unestimated_issues_are_given_a_day():
    course = Course("unestimated")
    look = lambda day, count: course.look(  # noqa: E731
        a_team(at(day), running=(a_sprint(unestimated_count=count),))
    )
    assert [look(3, 3), look(4, 3), look(4, 2), look(4, 1)] == [
        [],
        ["opened"],
        [],
        ["resolved below"],
    ]


def test_work_ages():
    course = Course("work_ageing")
    team = a_team(cycle_days=10.0, in_progress=(an_issue(1, 9.0), an_issue(2, 10.5)))
    assert course.look(team) == ["opened"]
    assert course.look(replace(team, in_progress=(an_issue(1, 9.0),))) == ["resolved gone"]
    assert course.look(replace(team, cycle_days=None)) == []


def test_a_start_and_a_close_are_events_told_once_and_never_of_the_past():
    new = Course("sprint_started", is_new=True)
    team = a_team(running=(a_sprint(),))
    assert new.look(team) == []
    course = Course("sprint_started")
    assert [course.look(team), course.look(team)] == [["opened"], []]
    assert course.look(a_team()) == course.look(team) == []
    assert Course("sprint_started").look(replace(team, now=at(20), running=(a_sprint(),))) == []
    closing = Course("sprint_closed")
    closed = a_team(at(14), closed=(WatchedSprint(a_summary(state="closed")),))
    assert [closing.look(closed), closing.look(a_team(at(14))), closing.look(closed)] == [
        ["opened"],
        [],
        [],
    ]


def test_a_team_without_sprints_says_so():
    for rule in ("sprint_behind", "sprint_at_risk", "scope_grown", "unestimated"):
        course = Course(rule)
        assert course.look(a_team(has_sprints=False)) == []
        assert course.memory.unable == "The team’s board has no sprints."


def test_a_clock_that_goes_back_counts_no_end_twice():
    held = Held(True, date(2026, 3, 4), 1)
    calendar = Calendar()
    assert held.then(True, date(2026, 3, 3), calendar) == held
    assert held.then(True, date(2026, 3, 5), calendar).ends == 2


def test_a_memory_comes_back_as_it_was():
    course = Course("sprint_at_risk")
    course.look(risk(3, 5))
    again = memory_of(course.memory.to_json())
    assert again == course.memory
    assert memory_of(None).is_new


def test_what_a_rule_saw_long_ago_is_forgotten():
    course = Course("sprint_started")
    course.look(a_team(running=(a_sprint(),)))
    assert course.memory.held
    later = replace(a_team(), now=at(5) + timedelta(days=40))
    course.look(later)
    assert not course.memory.held
