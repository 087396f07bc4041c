"""A quarter reckoned by hand, from what Jira holds to what pages show, beside Jerem's formulas.

Three sprints are closed: 5 – 16 January with 20 points, 19 – 30 January with 15, 2 – 20 February
with 30. It is Friday 6 March 2026, 18:00 UTC, and no day is a holiday. Of Q1-26 there are an epic
with 8 points done, 5 in progress and 3 to do, and a closed one with 13 done and 2 still open.
"""

import pytest

from bot.simulator.state import type_of_epic
from telemetry.domain.quarter import Quarter
from telemetry.metrics.contradictions import Contradiction
from tests.pulled import DOING, DONE, Story, a_team, on, serving

SPRINTS = (  # from day, to day (1 is Monday 2 March), points
    (-55, -44, 20),
    (-41, -30, 15),
    (-27, -9, 30),
)


@pytest.fixture
def found(store, tmp_path):
    """The quarter, its program, what contradicts, and Jira's impediment, as they are shown."""
    story = Story()
    world = story.world
    for start, end, points in SPRINTS:
        sprint = story.sprint(on(start), on(end, 17))
        one = story.issue(points, at=on(-60))
        world.move_to_sprint(one, sprint, on(-58))
        world.transition(one, DONE, on(end, 12))
        world.close_sprint(sprint, None, on(end, 17))
    labels = ["Q1-26", "Project_Portal"]
    first, second = (story.issue(kind=type_of_epic, labels=labels, at=on(-60)) for _ in range(2))
    children = {
        name: story.issue(points, epic=epic.id, at=on(-59))
        for name, points, epic in (
            ("done", 8, first),
            ("going", 5, first),
            ("to do", 3, first),
            ("done, too", 13, second),
            ("left open", 2, second),
        )
    }
    world.transition(children["done"], DONE, on(2))
    world.transition(children["done, too"], DONE, on(2))
    world.transition(children["going"], DOING, on(2))
    world.transition(second, DONE, on(3))
    late = story.issue(labels=["impediment"], at=on(-7))
    story.log(late, on(-6), 2)
    story.log(late, on(3), 3)
    story.now = on(5, 18)
    with serving(story, store, tmp_path / "a", [a_team(security_coefficient=0.1)]) as pulled:
        pulled.good_pull()
        reports = pulled.reports
        yield (
            reports.quarter("k8s", None, story.now),
            reports.program("Portal", Quarter(2026, 1), story.now),
            reports.quality("k8s"),
            reports.time("k8s", on(-7).date(), on(5).date()),
        )


def test_each_figure_is_what_a_hand_reckons(found):
    quarter, program, quality, days = found
    # (20 + 15 + 30) ÷ (10 + 10 + 15 working days); Jerem: 65 ÷ 30, as if each had ten
    assert quarter.velocity_points_per_day == pytest.approx(65 / 35)
    # 8 + 13 of 16 + 15; Jerem loses the closed epic, whose last points were not all done: 8 of 16
    roadmap = quarter.roadmap
    assert (roadmap.done_points, roadmap.in_progress_points, roadmap.total_points) == (21, 5, 31)
    assert roadmap.progression_percent == pytest.approx(100 * 21 / 31)
    # 6, 9–13, 16–20, 23–27, 30 and 31 March; Jerem: (2 − 5) + (14 − 10) × 5 = 17, not today's
    known = quarter.predictability
    assert known.working_days_left == 18
    # 10 ÷ (65 ÷ 35); Jerem: ⌈8 ÷ (65 ÷ 30)⌉ = 4
    assert known.days_to_complete == pytest.approx(10 * 35 / 65)
    # 18 − 5.38; Jerem: 17 − 4 = 13
    assert known.days == pytest.approx(18 - 350 / 65)
    assert known.state == "good"
    # 65 ÷ 35 × 64 working days × 0.9; Jerem: 65 ÷ 30 × 90 calendar days × 0.9 = 175.5
    assert quarter.capacity_limit_points == pytest.approx(65 / 35 * 64 * 0.9)
    # 100 %, 100 %, 100 % of what was in the sprints at their ends
    assert quarter.velocity.average_completion_percent == 100
    # Jerem: TrimLeft("Project_Portal", "Project_") = "al"
    assert (program.name, program.amounts.total_points) == ("Portal", 31)
    # what Jerem does not tell: the epic is closed, and something below it is open
    [row] = quality.rows[Contradiction.OPEN_CHILDREN]
    assert row.said == "closed, and 1 of 2 below it is open"
    # hours on the days on which they were worked; Jerem: 5 h on the day it was created, once closed
    spent = {
        one.start_on: one.time.impediment_seconds for one in days if one.time.impediment_seconds
    }
    assert spent == {on(-6).date(): 2 * 3600, on(3).date(): 3 * 3600}
