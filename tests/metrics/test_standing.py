"""Where a quarter stands in few numbers, and the same read back from a store."""

import json
from datetime import date

import pytest

from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.quarter import term_of
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.standing import (
    Amounts,
    Standing,
    amounts,
    exact_sum,
    from_stored,
    standing,
    to_stored,
    unplanned,
)
from tests.builders import at
from tests.metrics.test_quarter import RULES, a_child, an_epic, labelled

TERM = term_of(Quarter(2026, 1), RULES.calendar)
RUNNING = at("2026-02-10 18:00")


def every_epic():
    """One that is of the quarter, one that left it for the next one, one that is of none."""
    left = [labelled("2026-01-20", "Q1-26 Project_Sea Project_Air", "Q2-26")]
    return [
        an_epic(
            100,
            a_child(1, 5, created="2025-12-20", done="2026-01-14"),
            a_child(2, 3),
            labels=("Q1-26", "Project_Sky", "Project_Ice"),
        ),
        an_epic(
            200,
            a_child(3, 2, epic=200, created="2025-12-20"),
            changes=left,
            labels=["Q2-26", "Project_Sea", "Project_Air"],
        ),
        an_epic(300, a_child(4, 1, epic=300), labels=["Project_Sky"]),
    ]


def figures(total=0.0, done=0.0, in_progress=0.0, blank=0, dependencies=0, programs=("Sky",)):
    return EpicFigures(7, programs, total, in_progress, done, blank, dependencies, 4, 1)


def test_a_standing_tells_what_the_roadmap_does_and_which_programs_left_it():
    found = standing(TERM, iter(every_epic()), RUNNING)
    assert found.epics == roadmap(TERM, every_epic(), RUNNING).epics
    assert [one.issue_id for one in found.epics] == [100]
    assert found.programs == ("Ice", "Sky")
    assert found.left_programs == ("Air", "Sea", "Sky")
    assert (found.before_points, found.end_points) == (7, None)


def test_what_was_planned_is_known_from_the_first_day_and_what_was_done_after_the_last():
    assert standing(TERM, every_epic(), at("2025-12-31 18:00")).before_points is None
    assert standing(TERM, every_epic(), at("2026-01-01 00:00")).before_points == 7
    assert standing(TERM, every_epic(), at("2026-03-31 18:00")).end_points is None
    assert standing(TERM, every_epic(), at("2026-05-05")).end_points == (8, 5)


def test_epics_of_no_quarter_are_unplanned():
    found = unplanned(every_epic(), RUNNING)
    assert [(one.issue_id, one.total_points) for one in found.epics] == [(300, 1)]
    assert (found.programs, found.left_programs) == (("Sky",), ())


def test_amounts_are_summed_by_kind():
    epics = [
        figures(10, 4, 3, blank=2, dependencies=1),
        figures(5, 5),
        figures(3, 4, 1, dependencies=4),  # less than was done: nothing is left
        figures(0.3, 0.3 - 1e-12),  # what floats leave is nothing
        figures(NOTHING),
        figures(blank=1),
    ]
    assert amounts(iter(epics)) == Amounts(18.3, 4, 13.3, 6, 4, 1, 3, 5)
    assert amounts([]) == Amounts()
    assert Amounts() == Amounts(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("total", "done", "remaining", "percent"),
    [(10, 4, 6, 40), (4, 5, 0, 125), (0, 0, 0, None), (0.5, 0, 0.5, 0), (1, 1, 0, 100)],
)
def test_what_remains_of_amounts_and_of_an_epic(total, done, remaining, percent):
    found = Amounts(total, 0, done)
    assert (found.remaining_points, found.progression_percent) == (remaining, percent)
    assert figures(total, done).remaining_points == remaining
    assert figures(total, done).done_percent == percent


def test_points_are_added_exactly():
    assert exact_sum([0.1] * 10) == 1
    assert exact_sum([float("nan"), 2]) == 2
    assert exact_sum([]) == 0


@pytest.mark.parametrize("now", ["2025-12-01", "2026-02-10", "2026-05-05"])
def test_a_standing_is_read_as_it_was_stored(now):
    known = standing(TERM, every_epic(), at(now))
    stored = json.loads(json.dumps(to_stored(known)))
    programs = stored.pop("programs")
    assert tuple(programs) == known.programs
    assert from_stored(**stored) == known
    assert isinstance(hash(from_stored(**stored)), int)


def test_nothing_stands_where_nothing_is():
    assert Standing() == Standing((), (), None, None)
    assert standing(TERM, [], RUNNING) == Standing((), (), 0.0, None)
    assert TERM.last == date(2026, 3, 31)
