"""Velocity and what is usual."""

from datetime import date, timedelta

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.velocity import (
    ClosedSprint,
    covered_days,
    is_ahead,
    last_closed,
    sprint_velocity,
    trend,
    usual,
    velocity,
)
from tests.builders import at

UTC = Calendar("UTC")


def closed(
    number: int,
    *,
    started: str | None = None,
    ended: str = "2026-03-13",
    completed: float = 20,
    percent: float | None = 80,
    working_days: int = 10,
    planned_hours: float = 40,
    impediment_hours: float = 2,
    off_plan_hours: float = 4,
) -> ClosedSprint:
    return ClosedSprint(
        sprint_id=number,
        started_at=at(started) if started else at(ended) - timedelta(days=11),
        ended_at=at(ended),
        committed_points=25,
        completed_points=completed,
        completion_percent=percent,
        working_days=working_days,
        planned_seconds=round(planned_hours * 3600),
        impediment_seconds=round(impediment_hours * 3600),
        off_plan_seconds=round(off_plan_hours * 3600),
    )


def test_without_a_closed_sprint_velocity_is_unknown() -> None:
    found = velocity([], UTC)
    assert found.velocity_points_per_day is None
    assert found.average_completion_percent is None
    assert found.average_impediment_seconds is None
    assert found.sprints == ()
    assert usual([]).points_per_planned_hour is None


@pytest.mark.parametrize(
    ("completed", "ahead"),
    [(None, False), ("2026-03-12", False), ("2026-03-13", False), ("2026-03-13 12:01", True)],
)
def test_a_close_after_all_that_is_known_is_ahead(completed: str | None, ahead: bool) -> None:
    assert is_ahead(at(completed) if completed else None, at("2026-03-13")) is ahead


def test_velocity_is_what_the_last_sprints_completed_over_the_days_they_cover() -> None:
    sprints = [
        closed(1, ended="2026-01-09", completed=1000),
        closed(2, ended="2026-02-13", completed=10),
        closed(3, ended="2026-03-13", completed=30, percent=100, impediment_hours=4),
    ]
    found = velocity(sprints, UTC, 2)
    assert [sprint.sprint_id for sprint in found.sprints] == [3, 2]
    assert found.velocity_points_per_day == 2
    assert found.average_completion_percent == 90
    assert found.average_impediment_seconds == 3 * 3600


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([("2026-03-02", "2026-03-13"), ("2026-03-13", "2026-03-27")], 20),  # one ends, one begins
        ([("2026-03-02", "2026-03-13"), ("2026-03-02", "2026-03-13")], 10),  # side by side
        ([("2026-03-02", "2026-03-27"), ("2026-03-09", "2026-03-13")], 20),  # one inside another
        ([("2026-03-09", "2026-03-20"), ("2026-03-02", "2026-03-11")], 15),  # in any order
        ([("2026-03-02", "2026-03-06"), ("2026-03-23", "2026-03-27")], 10),  # with a pause
        ([("2026-03-07", "2026-03-08")], 0),  # a weekend
        ([], 0),
    ],
)
def test_a_working_day_counts_once_however_many_sprints_cover_it(
    spans: list[tuple[str, str]], days: int
) -> None:
    sprints = [
        closed(number, started=first, ended=last, completed=5)
        for number, (first, last) in enumerate(spans)
    ]
    assert covered_days(sprints, UTC) == days
    expected = 5 * len(sprints) / days if days else None
    assert velocity(sprints, UTC).velocity_points_per_day == expected


def test_holidays_and_days_off_are_not_covered() -> None:
    calendar = Calendar("Europe/Paris", holidays="FR", days_off=(date(2026, 5, 4),))
    assert covered_days([closed(1, started="2026-04-27", ended="2026-05-08")], calendar) == 7


def test_an_unknown_completion_does_not_pull_the_average() -> None:
    found = velocity([closed(1, percent=None), closed(2, percent=50)], UTC)
    assert found.average_completion_percent == 50


def test_a_sprint_of_no_working_day_counts_as_one() -> None:
    assert sprint_velocity(closed(1, completed=3, working_days=0)) == 3


def test_sprints_that_ended_later_are_not_yet_known() -> None:
    sprints = [closed(1, ended="2026-02-10"), closed(2, ended="2026-03-10")]
    assert [s.sprint_id for s in last_closed(sprints, 6, at("2026-02-10"))] == [1]


def test_the_usual_is_the_median() -> None:
    sprints = [
        closed(1, impediment_hours=1, off_plan_hours=1, completed=10),
        closed(2, impediment_hours=2, off_plan_hours=5, completed=20),
        closed(3, impediment_hours=50, off_plan_hours=9, completed=1000),
    ]
    found = usual(sprints)
    assert (found.impediment_seconds, found.off_plan_seconds) == (7200, 18000)
    assert found.points_per_planned_hour == 0.5


def test_sprints_without_planned_time_say_nothing_of_points_per_hour() -> None:
    assert usual([closed(1, planned_hours=0), closed(2)]).points_per_planned_hour == 0.5
    assert usual([closed(1, planned_hours=0)]).points_per_planned_hour is None


def test_a_trend_is_from_the_earlier_half_of_the_sprints_to_the_later():
    ends = ("2026-01-16", "2026-01-30", "2026-02-13", "2026-02-27", "2026-03-13")
    sprints = [
        closed(
            number, started=str(at(end).date() - timedelta(days=11)), ended=end, completed=points
        )
        for number, (end, points) in enumerate(zip(ends, (10, 20, 99, 30, 50), strict=True), 1)
    ]
    # ten working days each; the one in the middle of five is of neither half
    assert trend(velocity(sprints, UTC), UTC) == (1.5, 4.0)
    assert trend(velocity(sprints, UTC, 4), UTC) == (pytest.approx(119 / 20), 4.0)
    assert trend(velocity(sprints, UTC, 3), UTC) is None
    assert trend(velocity([], UTC), UTC) is None
