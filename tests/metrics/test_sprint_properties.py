"""What holds for every history, however wild."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from telemetry.domain.models import Change, Field, IssueHistory, SprintState
from telemetry.metrics.burndown import burndown_days, burndown_events, ideal_corners, plan_of
from telemetry.metrics.gap import exact_parts
from telemetry.metrics.sprint_figures import (
    sprint_figures,
    sprint_issues,
)
from telemetry.metrics.sprint_walk import (
    Movement,
    SprintWalk,
    walk_sprint,
)
from telemetry.metrics.timeline import points, timelines
from tests.builders import a_sprint, a_team, an_issue, at

ZONES = ("UTC", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Europe/Paris")
START = at("2018-10-29 09:00")  # Sao Paulo's clocks change at midnight of 4 November
LENGTH = timedelta(days=12)
instants = st.one_of(
    st.sampled_from([START, START + LENGTH, at("2018-11-04 03:00"), at("2018-10-31 00:00")]),
    st.integers(-3 * 24 * 60, 15 * 24 * 60).map(lambda m: START + timedelta(minutes=m)),
)
VALUES = {
    Field.SPRINT: st.sampled_from(["", "1", "1,2", "2", "3, 1", None]),
    Field.ESTIMATE: st.sampled_from([None, "0", "1", "0.1", "2.5", "13", "0.00001", "-1"]),
    Field.STATUS: st.sampled_from(["todo", "doing", "done"]),
}


@st.composite
def change_lists(draw: st.DrawFn) -> list[Change]:
    kinds = st.sampled_from(list(VALUES))
    changes = []
    for ordinal, kind in enumerate(draw(st.lists(kinds, max_size=8))):
        changes.append(
            Change(
                history_id=draw(st.integers(1, 4)),
                ordinal=ordinal,
                at=draw(instants),
                field=kind,
                field_id="points" if kind is Field.ESTIMATE else None,
                from_value=draw(VALUES[kind]),
                to_value=draw(VALUES[kind]),
            )
        )
    return changes


@st.composite
def histories(draw: st.DrawFn) -> list[IssueHistory]:
    issues = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        issue = an_issue(
            number,
            points=draw(st.sampled_from([None, 0.3, 2.0, 5.0])),
            sprints=draw(st.sampled_from([(), (1,), (1, 2), (2,)])),
            status=draw(st.sampled_from(["todo", "doing", "done"])),
            created_at=draw(instants),
        )
        changes = [
            change._replace(history_id=number * 10 + change.history_id)
            for change in draw(change_lists())
        ]
        issues.append(replace(issue, changes=tuple(changes)))
    return issues


def walked(issues: list[IssueHistory], state: SprintState, zone: str) -> SprintWalk:
    team = a_team(timezone=zone)
    end = START + LENGTH
    sprint = replace(
        a_sprint(),
        started_at=START,
        planned_end_at=START + timedelta(days=11),
        state=state,
        completed_at=end if state is SprintState.CLOSED else None,
    )
    return walk_sprint(sprint, timelines(issues, team).values(), end)


states = st.sampled_from([SprintState.ACTIVE, SprintState.CLOSED])
zones = st.sampled_from(ZONES)


@given(histories(), states, zones)
def test_the_movements_lead_exactly_from_committed_to_remaining(
    issues: list[IssueHistory], state: SprintState, zone: str
) -> None:
    walk = walked(issues, state, zone)
    assert walk.committed + sum(walk.moved(kind) for kind in Movement) == walk.remaining


@given(histories(), zones)
def test_the_identity_holds_at_the_end_of_every_day(issues: list[IssueHistory], zone: str) -> None:
    team = a_team(timezone=zone)
    walk = walked(issues, SprintState.CLOSED, zone)
    lines = timelines(issues, team).values()
    days = burndown_days(walk, team.calendar)
    assert [day.day for day in days] == team.calendar.days(walk.start, walk.end)
    remaining = points(walk.committed)
    for day in days:
        came = day.added_points + day.reestimated_points + day.reopened_points
        remaining += came - day.removed_points - day.burned_points
        assert abs(day.remaining_points - remaining) < 1e-9
        end = min(team.calendar.day_end(day.day) - timedelta(microseconds=1), walk.end)
        if day is days[-1]:
            end = walk.end
        until = walk_sprint(replace(walk.sprint, state=SprintState.ACTIVE), lines, end)
        found = sprint_figures(until, team, {})
        assert day.remaining_points == found.remaining_points
        assert day.scope_points == found.total_points
        assert day.done_points == found.done_points


@given(histories(), states)
def test_the_parts_of_the_gap_sum_to_it(issues: list[IssueHistory], state: SprintState) -> None:
    team = a_team()
    walk = walked(issues, state, "UTC")
    found = sprint_figures(walk, team, {})
    gap = found.committed_points - found.completed_points
    assert abs(sum(part.points for part in exact_parts(walk, team.calendar)) - gap) < 1e-9


@given(histories(), st.integers(0, 100))
def test_the_order_of_issues_and_changes_does_not_matter(
    issues: list[IssueHistory], seed: int
) -> None:
    team = a_team()
    chance = Random(seed)
    mixed = [
        replace(issue, changes=tuple(chance.sample(issue.changes, len(issue.changes))))
        for issue in chance.sample(issues, len(issues))
    ]
    one, other = (walked(each, SprintState.CLOSED, "UTC") for each in (issues, mixed))
    assert sprint_figures(one, team, {}) == sprint_figures(other, team, {})
    assert sprint_issues(one, team, {}) == sprint_issues(other, team, {})
    assert burndown_events(one) == burndown_events(other)


@given(histories())
def test_every_issue_has_one_outcome_that_agrees_with_its_place(issues: list[IssueHistory]) -> None:
    team = a_team()
    walk = walked(issues, SprintState.CLOSED, "UTC")
    found = sprint_figures(walk, team, {})
    outcomes = ("completed", "not_completed", "completed_elsewhere", "left")
    assert sum(found.counts[name] for name in outcomes) == len(walk.issues)
    for issue in sprint_issues(walk, team, {}):
        assert not (issue.is_added and issue.is_committed)
        if issue.outcome == "not_completed":
            assert issue.state != "done"
        if issue.outcome == "completed":
            assert issue.state == "done"


@given(st.integers(0, 13 * 24), st.integers(1, 20 * 24), zones)
def test_the_ideal_line_falls_from_committed_to_nothing(offset: int, hours: int, zone: str) -> None:
    team = a_team(timezone=zone)
    start: datetime = START + timedelta(hours=offset)
    sprint = replace(a_sprint(), started_at=start, planned_end_at=start + timedelta(hours=hours))
    lines = timelines([an_issue(points=5, created="2018-01-01")], team).values()
    walk = walk_sprint(sprint, lines, start)
    corners = ideal_corners(plan_of(walk), team.calendar)
    assert (corners[0].points, corners[-1].points) == (5, 0)
    assert [c.points for c in corners] == sorted((c.points for c in corners), reverse=True)
    assert [c.at for c in corners] == sorted(c.at for c in corners)
