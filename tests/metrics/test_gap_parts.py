"""Why committed and completed differ."""

from telemetry.domain.models import IssueHistory, Sprint
from telemetry.metrics.burndown import Course
from telemetry.metrics.gap import (
    Cause,
    Part,
    exact_parts,
    explained_parts,
    remaining_without_by_day,
    remaining_without_impediments,
)
from telemetry.metrics.sprint_walk import walk_sprint
from telemetry.metrics.timeline import timelines
from telemetry.metrics.velocity import Usual
from tests.builders import a_sprint, a_team, an_issue, at, estimated, in_sprint

TEAM = a_team()
USUAL = Usual(3600.0, 7200.0, 0.5)


def parts(
    *issues: IssueHistory, sprint: Sprint | None = None, as_of: str = "2030-01-01"
) -> dict[str, tuple[float, tuple[int, ...]]]:
    sprint = sprint or a_sprint(closed="2026-03-13 17:00")
    walk = walk_sprint(sprint, timelines(issues, TEAM).values(), at(as_of))
    found = exact_parts(walk, TEAM.calendar)
    return {part.cause.value: (part.points, part.issue_ids) for part in found}


def test_a_kept_commitment_has_no_gap() -> None:
    assert parts() == {}
    assert parts(an_issue(points=3, done="2026-03-04")) == {}


def test_each_issue_is_in_the_part_that_explains_it() -> None:
    assert parts(
        an_issue(1, points=3, sprints=(), changes=[in_sprint("2026-03-04", "1", "")]),
        an_issue(2, points=5),
        an_issue(3, points=1, changes=[estimated("2026-03-03", 4, 1)], done="2026-03-04"),
        an_issue(4, points=8, created="2026-03-04", done="2026-03-05"),
        an_issue(5, points=2, created="2026-03-04"),
    ) == {
        "removed": (3, (1,)),
        "unfinished": (5, (2,)),
        "reestimated": (3, (3,)),
        "completed_beyond": (-8, (4,)),
    }


def test_a_running_sprint_tells_what_is_not_due_yet() -> None:
    sprint = a_sprint(start="2026-03-02 00:00", planned_end="2026-03-07 00:00")
    issues = (an_issue(1, points=6), an_issue(2, points=4, done="2026-03-03"))
    assert parts(*issues, sprint=sprint, as_of="2026-03-05 00:00") == {
        "not_due": (4, (1,)),
        "behind": (2, (1,)),
    }


def test_what_is_not_due_is_at_most_what_is_unfinished() -> None:
    sprint = a_sprint(start="2026-03-02 00:00", planned_end="2026-03-07 00:00")
    issues = (an_issue(1, points=1), an_issue(2, points=9, done="2026-03-02"))
    assert parts(*issues, sprint=sprint, as_of="2026-03-03 00:00") == {
        "not_due": (1, (1,)),
        "behind": (0, (1,)),
    }


def test_a_running_sprint_without_a_planned_end_cannot_tell() -> None:
    assert parts(an_issue(points=2), sprint=a_sprint(planned_end=None), as_of="2026-03-05") == {
        "unfinished": (2, (1,))
    }


def explained(points: float, impediment_hours: float, off_plan_hours: float) -> list[Part]:
    exact = [Part(Cause.UNFINISHED, points, True)]
    lost, off_plan = (round(hours * 3600) for hours in (impediment_hours, off_plan_hours))
    return list(explained_parts(exact, lost, off_plan, USUAL))


def test_hours_above_the_usual_explain_points() -> None:
    found = explained(10, 5, 4)
    assert [(p.cause.value, p.points, p.hours) for p in found] == [
        ("impediments", 2, 4),
        ("off_plan", 1, 2),
        ("rest", 7, None),
    ]


def test_hours_below_the_usual_explain_nothing() -> None:
    assert [part.points for part in explained(10, 0.5, 1)] == [0, 0, 10]


def test_together_they_explain_no_more_than_is_unfinished() -> None:
    found = explained(3, 9, 10)  # 8 hours above each: 4 points and 4 points
    assert [part.points for part in found] == [1.5, 1.5, 0]


def test_nothing_is_explained_without_a_usual_or_anything_unfinished() -> None:
    unknown = Usual(None, None, None)
    part = Part(Cause.BEHIND, 3, True)
    assert explained_parts([part], 3600, 3600, unknown) == ()
    assert explained_parts([], 3600, 3600, USUAL) == ()


def test_without_impediments_less_would_remain() -> None:
    assert remaining_without_impediments(10, 4 * 3600, 6 * 3600, USUAL) == 6
    assert remaining_without_impediments(1, 4 * 3600, 6 * 3600, USUAL) == 0
    assert remaining_without_impediments(1, 0, 0, Usual(None, None, None)) is None


def test_an_issue_without_estimate_is_named_and_counts_as_nothing() -> None:
    assert parts(an_issue(1, done="2026-03-04")) == {}
    assert parts(
        an_issue(2),
        an_issue(3, created="2026-03-04", done="2026-03-05"),
        an_issue(4, sprints=(), changes=[in_sprint("2026-03-04", "1", "")]),
    ) == {"removed": (0, (4,)), "unfinished": (0, (2,)), "completed_beyond": (0, (3,))}


def test_an_estimate_given_or_taken_on_the_way_to_done_is_a_re_estimate() -> None:
    given = an_issue(1, points=2, changes=[estimated("2026-03-03", None, 2)], done="2026-03-04")
    taken = an_issue(2, points=None, changes=[estimated("2026-03-03", 5, None)], done="2026-03-04")
    assert parts(given, taken) == {"reestimated": (-2 + 5, (1, 2))}


def test_only_what_follows_from_history_is_told_as_exact() -> None:
    issues = (
        an_issue(1, points=3, sprints=(), changes=[in_sprint("2026-03-04", "1", "")]),
        an_issue(2, points=5),
        an_issue(3, points=8, created="2026-03-04", done="2026-03-05"),
    )
    closed, running, endless = (
        exact_parts(walk_sprint(sprint, timelines(issues, TEAM).values(), at(now)), TEAM.calendar)
        for sprint, now in (
            (a_sprint(closed="2026-03-13 17:00"), "2026-04-01"),
            (a_sprint(), "2026-03-06"),
            (a_sprint(planned_end=None), "2026-03-06"),
        )
    )
    assert [part.cause for part in running] == [
        Cause.REMOVED,
        Cause.NOT_DUE,
        Cause.BEHIND,
        Cause.COMPLETED_BEYOND,
    ]
    assert all(part.is_exact for part in (*closed, *running, *endless))
    assert len(explained(10, 5, 4)) == 3
    assert not any(part.is_exact for part in explained(10, 5, 4))


def test_less_than_a_point_is_explained_too() -> None:
    assert [part.points for part in explained(0.5, 1.5, 2)] == [0.25, 0, 0.25]
    assert explained(0, 5, 4) == []


def test_without_a_usual_all_hours_are_above_it() -> None:
    exact = [Part(Cause.UNFINISHED, 10, True)]
    found = explained_parts(exact, 3600, 7200, Usual(None, None, 0.5))
    assert [part.hours for part in found] == [1, 2, None]
    assert [part.points for part in found] == [0.5, 1, 8.5]


def test_what_would_remain_sums_up_the_days() -> None:
    days = [(10.0, 3600, 0, 1.0), (9.0, 0, 3 * 3600, 1.0), (8.0, 7200, 3600, 1.0)]
    assert remaining_without_by_day(days, USUAL) == [9.5, 8, 5.5]
    assert remaining_without_by_day(days[:1], Usual(None, None, None)) == [None]
    assert remaining_without_by_day([], USUAL) == []


def test_of_a_running_sprint_only_the_share_that_is_gone_is_usual() -> None:
    half = USUAL.by_now(0.5)
    assert half == Usual(1800.0, 3600.0, 0.5)
    assert Usual(None, None, None).by_now(0.5) == Usual(None, None, None)
    behind = [Part(Cause.BEHIND, 10, True)]
    [lost, off_plan, _] = explained_parts(behind, 3600, 2 * 3600, half)
    assert (lost.hours, lost.points) == (0.5, 0.25)
    assert (off_plan.hours, off_plan.points) == (1, 0.5)


def test_each_day_is_held_against_what_is_usual_by_its_end() -> None:
    days = [(10.0, 3600, 3600, 0.5), (10.0, 3600, 3600, 1.0)]
    assert remaining_without_by_day(days, USUAL) == [9.5, 9]


def test_a_course_counts_working_time_and_ends_with_the_sprint() -> None:
    course = Course(at("2026-03-06"), at("2026-03-10"), TEAM.calendar)  # a weekend in between
    assert course.gone(at("2026-03-05")) == 0
    assert course.gone(at("2026-03-07")) == course.gone(at("2026-03-08")) == 0.25
    assert course.gone(at("2026-03-09")) == 0.5
    assert course.gone(at("2026-03-11")) == 1
    weekend = Course(at("2026-03-07 06:00"), at("2026-03-07 18:00"), TEAM.calendar)
    assert weekend.gone(at("2026-03-07 12:00")) == 0.5
