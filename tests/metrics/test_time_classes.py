"""Logged time as planned, impediment and off-plan."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.domain.models import IssueHistory, Sprint
from telemetry.domain.team import ImpedimentRules, TeamRules
from telemetry.metrics.impediment import impediments
from telemetry.metrics.kind import Kind
from telemetry.metrics.logged_time import (
    Slot,
    impediment_seconds_by_issue,
    sprint_scope,
    team_time,
    totals,
    within,
    work_logs,
)
from telemetry.metrics.timeline import timelines
from tests.builders import a_sprint, a_team, an_issue, at, flagged, in_sprint, logged

TEAM = a_team()
LATER = at("2026-04-01")
CLOSED = a_sprint(closed="2026-03-13 17:00")
DAY = "2026-03-04"
WEDNESDAY = date(2026, 3, 4)


def of_sprint(
    *issues: IssueHistory, team: TeamRules = TEAM, sprint: Sprint = CLOSED
) -> dict[Slot, int]:
    lines = timelines(issues, team)
    spans = impediments(issues, lines, {h.issue.id: h.issue for h in issues}, team)
    scope = sprint_scope(sprint, lines.values(), LATER)
    work = work_logs(issues, spans, team.calendar)
    return team_time(within(work, scope.start, scope.end), [scope])


def of_days(*issues: IssueHistory, sprints: tuple[Sprint, ...] = (CLOSED,)) -> dict[Slot, int]:
    lines = timelines(issues, TEAM)
    spans = impediments(issues, lines, {h.issue.id: h.issue for h in issues}, TEAM)
    scopes = [sprint_scope(sprint, lines.values(), LATER) for sprint in sprints]
    work = work_logs(issues, spans, TEAM.calendar)
    return team_time(work, scopes, has_sprints=bool(sprints))


def test_no_work_logged_is_no_time() -> None:
    assert of_sprint(an_issue()) == {}
    assert totals({}) == dict.fromkeys(Kind, 0)


def test_each_class_takes_what_is_its_own() -> None:
    assert of_sprint(
        an_issue(1, logs=[logged(DAY, 1)]),
        an_issue(2, labels=["impediment", "nature:network"], logs=[logged(DAY, 2)]),
        an_issue(3, sprints=(), logs=[logged(DAY, 4)]),
    ) == {
        Slot(WEDNESDAY, Kind.PLANNED, ""): 3600,
        Slot(WEDNESDAY, Kind.IMPEDIMENT, "network"): 7200,
        Slot(WEDNESDAY, Kind.OFF_PLAN, ""): 14400,
    }


def test_work_counts_when_it_was_started_in_a_half_open_window() -> None:
    logs = [
        logged("2026-03-02 08:59:59"),
        logged("2026-03-02 09:00", 2),
        logged("2026-03-13 16:59:59", 4),
        logged("2026-03-13 17:00", 8),
    ]
    assert totals(of_sprint(an_issue(logs=logs)))[Kind.PLANNED] == 6 * 3600


def test_work_counts_on_the_day_of_the_teams_zone() -> None:
    team = a_team(timezone="Asia/Kathmandu")
    found = of_sprint(an_issue(logs=[logged("2026-03-04 18:15")]), team=team)
    assert {slot.day for slot in found} == {date(2026, 3, 5)}


def test_both_ends_of_a_day_of_23_hours_are_on_it() -> None:
    team = a_team(timezone="Europe/Paris")
    sprint = a_sprint(start="2026-03-27 08:00", closed="2026-04-01 08:00")
    logs = [logged("2026-03-28 23:00"), logged("2026-03-29 21:59:59"), logged("2026-03-29 22:00")]
    found = of_sprint(an_issue(logs=logs), team=team, sprint=sprint)
    assert {slot.day.day: seconds for slot, seconds in found.items()} == {29: 7200, 30: 3600}


def test_what_was_in_scope_for_a_moment_is_planned_all_sprint_long() -> None:
    issue = an_issue(
        sprints=(),
        changes=[in_sprint("2026-03-04 10:00", "", "1"), in_sprint("2026-03-04 11:00", "1", "")],
        logs=[logged("2026-03-03"), logged("2026-03-10")],
    )
    assert totals(of_sprint(issue))[Kind.PLANNED] == 7200


def test_a_sub_task_is_planned_with_its_parent() -> None:
    parent, other = an_issue(1), an_issue(2, sprints=())
    assert totals(
        of_sprint(
            parent,
            other,
            an_issue(3, subtask_of=1, sprints=(), logs=[logged(DAY, 1)]),
            an_issue(4, subtask_of=2, logs=[logged(DAY, 2)]),
        )
    ) == {Kind.PLANNED: 3600, Kind.IMPEDIMENT: 0, Kind.OFF_PLAN: 7200}


def test_only_work_started_while_flagged_is_lost_to_the_flag() -> None:
    team = a_team(impediment=ImpedimentRules(is_flagged_counted=True))
    issue = an_issue(
        changes=[flagged("2026-03-04 10:00", on=True), flagged("2026-03-04 12:00", on=False)],
        logs=[
            logged("2026-03-04 09:59"),
            logged("2026-03-04 10:00", 2),
            logged("2026-03-04 12:00"),
        ],
    )
    found = totals(of_sprint(issue, team=team))
    assert (found[Kind.PLANNED], found[Kind.IMPEDIMENT]) == (7200, 7200)


def test_between_sprints_nothing_is_planned() -> None:
    issue = an_issue(logs=[logged("2026-03-04", 1), logged("2026-03-20", 2)])
    found = totals(of_days(issue))
    assert (found[Kind.PLANNED], found[Kind.OFF_PLAN]) == (3600, 7200)


def test_a_days_work_is_planned_if_any_running_sprint_had_it() -> None:
    other = a_sprint(2, closed="2026-03-13 17:00")
    issues = (an_issue(1, logs=[logged(DAY)]), an_issue(2, sprints=(2,), logs=[logged(DAY)]))
    assert totals(of_days(*issues, sprints=(CLOSED, other)))[Kind.PLANNED] == 7200


def test_a_team_without_sprints_has_no_off_plan_time() -> None:
    issues = (
        an_issue(1, logs=[logged(DAY)]),
        an_issue(2, labels=["impediment"], logs=[logged(DAY)]),
    )
    assert totals(of_days(*issues, sprints=())) == {
        Kind.PLANNED: 3600,
        Kind.IMPEDIMENT: 3600,
        Kind.OFF_PLAN: 0,
    }


def test_work_on_an_issue_that_is_gone_is_gone() -> None:
    assert of_days(an_issue(logs=[logged(DAY)], gone_at=at(DAY))) == {}


def test_time_lost_is_known_for_each_impediment() -> None:
    issues = (
        an_issue(1, labels=["impediment"], logs=[logged(DAY, 1)]),
        an_issue(2, logs=[logged(DAY)]),
    )
    spans = impediments(issues, timelines(issues, TEAM), {}, TEAM)
    work = work_logs(issues, spans, TEAM.calendar)
    assert impediment_seconds_by_issue(within(work, at("2026-03-02"), LATER)) == {1: 3600}


START, END = at("2026-03-02 09:00"), at("2026-03-13 17:00")
started = st.integers(-5 * 24 * 60, 20 * 24 * 60).map(lambda m: START + timedelta(minutes=m))
a_log = st.tuples(st.one_of(started, st.sampled_from([START, END])), st.integers(0, 9000))
an_entry = st.tuples(st.booleans(), st.booleans(), st.lists(a_log, max_size=4))


@settings(deadline=None)  # the first frame of a process is slow to make
@given(st.lists(an_entry, max_size=5))
def test_every_second_is_in_one_class(
    entries: list[tuple[bool, bool, list[tuple[datetime, int]]]],
) -> None:
    issues = [
        an_issue(
            number,
            sprints=(1,) if is_in else (),
            labels=["impediment"] if is_lost else [],
            logs=[logged(DAY)._replace(started_at=when, seconds=amount) for when, amount in logs],
        )
        for number, (is_in, is_lost, logs) in enumerate(entries, 1)
    ]
    every = [log for issue in issues for log in issue.work_logs]
    inside = sum(log.seconds for log in every if START <= log.started_at < END)
    assert sum(totals(of_days(*issues)).values()) == sum(log.seconds for log in every)
    assert sum(totals(of_sprint(*issues)).values()) == inside


ZONES = ("Pacific/Honolulu", "America/Los_Angeles", "UTC", "Asia/Kathmandu", "Pacific/Kiritimati")


def test_west_of_utc_the_evening_is_still_the_day_before() -> None:
    team = a_team(timezone="America/Los_Angeles")
    found = of_sprint(an_issue(logs=[logged("2026-03-04 07:59")]), team=team)
    assert {slot.day for slot in found} == {date(2026, 3, 3)}
    found = of_sprint(an_issue(logs=[logged("2026-03-04 08:00")]), team=team)
    assert {slot.day for slot in found} == {WEDNESDAY}


@given(st.lists(started, min_size=1, max_size=4), st.sampled_from(ZONES))
def test_work_counts_on_its_local_day_wherever_the_team_is(
    instants: list[datetime], zone: str
) -> None:
    calendar = a_team(timezone=zone).calendar
    logs = [logged(DAY)._replace(started_at=instant) for instant in instants]
    found = team_time(work_logs([an_issue(logs=logs)], {}, calendar), [])
    assert {slot.day for slot in found} == set(map(calendar.day_of, instants))
    assert sum(found.values()) == 3600 * len(instants)


def test_work_counts_under_the_parent_of_a_sub_task_alone() -> None:
    assert an_issue(3, subtask_of=1).issue.owner_id == 1
    assert an_issue(3, is_subtask=True).issue.owner_id == 3
    assert an_issue(3, parent_id=1).issue.owner_id == 3
