"""What an epic's labels said when, to which epic an issue belonged when, and what it was to it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from telemetry.domain.models import Change, Field
from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_figures import EpicFigures, in_order
from telemetry.metrics.epics import (
    OUT,
    EpicLabels,
    ProgramSpell,
    Spell,
    Step,
    child,
    epics_of,
    has_spell,
)
from telemetry.metrics.quarter import (
    Predictability,
    Share,
    predictability,
    security_coefficient,
    term_of,
)
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.timeline import timeline
from tests.builders import a_team, an_issue, at, estimated, moved
from tests.metrics.test_quarter import NOW, Q1, RULES, a_child, an_epic, labelled, linked

TERM = term_of(Q1, RULES.calendar)


def test_a_label_that_came_and_went_leaves_its_spells():
    changes = [
        labelled("2026-01-10", None, "Q1-26 security"),
        labelled("2026-01-20", "Q1-26 security", "Q1-26 Q2-26"),
        labelled("2026-02-10", "Q1-26 Q2-26", ""),
        labelled("2026-02-20", "", "Q1-26"),
    ]
    found = an_epic(100, changes=changes, labels=["Q1-26"], created="2026-01-02").labels
    assert found.spells == (
        Spell("Q1-26", at("2026-01-10"), at("2026-02-10")),
        Spell("Q2-26", at("2026-01-20"), at("2026-02-10")),
        Spell("Q1-26", at("2026-02-20"), None),
    )
    assert found.quarters == ("Q1-26",)
    assert has_spell(found, Quarter(2026, 2))
    assert not has_spell(found, Quarter(2026, 3))


def test_a_program_has_spells_as_a_quarter_has():
    changes = [
        labelled("2026-01-10", "", "Project_Zero-Trust Q1-26"),
        labelled("2026-02-10", "Project_Zero-Trust Q1-26", "Project_Ever_green Project_ q1-26"),
    ]
    labels = ["Project_Ever_green", "Project_", "q1-26"]
    found = an_epic(100, changes=changes, labels=labels, created="2026-01-02").labels
    assert found.program_spells == (
        ProgramSpell("Zero-Trust", at("2026-01-10"), at("2026-02-10")),
        ProgramSpell("Ever_green", at("2026-02-10"), None),
    )
    assert found.spells == (Spell("Q1-26", at("2026-01-10"), None),)
    always = an_epic(100, labels=["Project_北京"], created="2026-01-02").labels
    assert always.program_spells == (ProgramSpell("北京", at("2026-01-02"), None),)


def test_a_label_that_is_dated_before_the_epic_was_made_is_of_its_making():
    changes = [labelled("2025-11-01", "", "Q1-26")]
    found = an_epic(100, changes=changes, labels=["Q1-26"], created="2026-01-02").labels
    assert found.spells == (Spell("Q1-26", at("2026-01-02"), None),)


@pytest.mark.parametrize(
    ("told", "epic"),
    [("100", 100), ("", None), (None, None), ("K8S-100", None), ("١٠٠", None), ("²", None)],
)
def test_an_epic_is_told_by_its_number_or_there_is_none(told, epic):
    before, after = an_issue(1, epic_id=200), at("2026-02-01")
    history = replace(before, changes=(Change(1, 0, after, Field.EPIC, None, told, "200"),))
    assert epics_of(history, RULES) == [(before.issue.created_at, epic), (after, 200)]


def test_an_issue_is_first_of_the_epic_that_it_left_first():
    changes = [linked("2026-01-10", "7", "8"), linked("2026-01-20", "8", "9")]
    history = a_child(1, 5, epic=9, changes=changes)
    made = history.issue.created_at
    assert epics_of(history, RULES) == [(made, 7), (at("2026-01-10"), 8), (at("2026-01-20"), 9)]
    assert epics_of(a_child(1, epic=9), RULES) == [(made, 9)]
    early = a_child(1, 5, epic=9, changes=[linked("2025-06-01", "7", "9")])
    assert epics_of(early, RULES) == [(made, 7), (made, 9)]


def steps_of(history, epic=100):
    found = child(timeline(history, RULES), epics_of(history, RULES), epic, RULES)
    return None if found is None else found.steps


def test_a_child_has_a_step_for_each_change_and_none_for_what_does_not_count():
    changes = [
        moved("2026-01-10", "todo", "doing"),
        estimated("2026-01-12", 3, 5),
        Change(0, 0, at("2026-01-13"), Field.LABELS, None, "", "x"),
        moved("2026-01-14", "doing", "done"),
        linked("2026-01-20", "100", "200"),
        estimated("2026-01-22", 5, 8),
        linked("2026-01-25", "200", "100"),
    ]
    history = a_child(1, 8, status="done", changes=changes, labels=["x"])
    assert steps_of(history) == (
        Step(history.issue.created_at, "todo", 3),
        Step(at("2026-01-10"), "in_progress", 3),
        Step(at("2026-01-12"), "in_progress", 5),
        Step(at("2026-01-14"), "done", 5),
        Step(at("2026-01-20"), OUT, None),
        Step(at("2026-01-25"), "done", 8),
    )


def test_what_never_was_a_child_is_none():
    assert steps_of(a_child(1, 5, epic=200)) is None
    assert steps_of(a_child(1, 5, epic=None)) is None
    assert steps_of(a_child(1)) == (Step(at("2026-01-05"), "todo", None),)


def test_before_anything_is_told_of_its_epic_an_issue_is_no_child():
    history = a_child(1, 5)
    later = [(at("2026-02-01"), 100)]
    found = child(timeline(history, RULES), later, 100, RULES)
    assert found is not None
    assert found.steps == (
        Step(at("2026-01-05"), OUT, None),
        Step(at("2026-02-01"), "todo", 5),
    )


def figures(number, total, done):
    return EpicFigures(number, (), total, 0.0, done, 0, 0, 1, 0)


def test_epics_are_told_by_how_far_they_are_and_those_without_estimate_last():
    every = [
        figures(1, 0.0, 0.0),
        figures(5, 10.0, 0.5),
        figures(4, 10.0, 0.0),
        figures(3, 0.0, 0.0),
        figures(2, 4.0, 4.0),
        figures(6, 200.0, 1.0),
        figures(0, 10.0, 0.5),
    ]
    assert [one.issue_id for one in in_order(every)] == [2, 0, 5, 6, 4, 1, 3]
    assert figures(1, 3.0, 5.0).remaining_points == 0


def slipped(*children, changes, labels=("Q1-26",), now=NOW):
    epic = an_epic(100, *children, labels=labels, changes=changes, created="2025-10-05")
    return roadmap(TERM, [epic], now).epics[0].slipped_from


PUT_OFF = [labelled("2026-01-02", "Q4-25", "Q1-26")]


def test_an_epic_slipped_that_was_of_the_quarter_before_and_not_done_at_its_end():
    done = a_child(1, 5, created="2025-10-10", done="2025-12-20")
    late = a_child(2, 5, created="2025-10-10", done="2026-01-01 00:01")
    there = a_child(3, 5, created="2026-01-03")
    assert slipped(done, changes=PUT_OFF) is None
    assert slipped(done, there, changes=PUT_OFF) is None
    assert slipped(done, late, changes=PUT_OFF) == "Q4-25"
    assert slipped(there, changes=PUT_OFF) == "Q4-25"
    assert slipped(changes=PUT_OFF) == "Q4-25"
    assert slipped(late, changes=[]) is None


def test_predictability_at_its_borders():
    assert [Predictability(9, 9.0, days).state for days in (2, 1.9, -1, -1.1, None)] == [
        "good",
        "watch",
        "watch",
        "bad",
        None,
    ]
    day = datetime(2026, 3, 30, tzinfo=UTC).date()
    assert predictability(TERM, 1, 0.5, day).days == 0
    assert predictability(TERM, 0.5, 0.5, day).days_to_complete == 1
    assert predictability(TERM, 0.5, 0.5, TERM.last).days == 0
    assert predictability(TERM, 1, None, TERM.last).days is None


def test_a_share_of_no_hours_takes_nothing_off():
    assert security_coefficient(None, Share(30, 100), Share(0, 0)) == 0
    assert security_coefficient(None, Share(0, 0), Share(30, 100)) == 0
    assert Share(0, 10).part == 0
    assert Share(0, 0).part is None


def test_labels_of_no_spell_are_of_no_quarter():
    assert not has_spell(EpicLabels((), (), (), ()), Q1)
    assert a_team().calendar.fiscal_year_start == 1


def test_quarters_follow_one_another_over_the_years():
    found = [Quarter(2025, 3)]
    for _ in range(5):
        found.append(found[-1].next())
    assert [(one.year, one.number) for one in found] == [
        (2025, 3), (2025, 4), (2026, 1), (2026, 2), (2026, 3), (2026, 4)
    ]  # fmt: skip
    assert [one.next().before() for one in found] == found
    firsts = [
        str(Quarter(2026, number).first_day(month)) for month in (1, 4, 12) for number in (1, 4)
    ]
    assert firsts == [
        "2026-01-01", "2026-10-01", "2025-04-01", "2026-01-01", "2025-12-01", "2026-09-01"
    ]  # fmt: skip
    assert Quarter(2026, 1).first_day() == Quarter(2026, 1).first_day(1)
    assert Quarter(2026, 4).last_day() == Quarter(2026, 4).last_day(1)


def test_what_is_done_lacks_no_estimate_any_more():
    epic = an_epic(100, a_child(1), a_child(2, done="2026-01-20"), a_child(3, 2, done="2026-01-20"))
    [told] = roadmap(TERM, [epic], NOW).epics
    assert (told.unestimated_count, told.done_count, told.child_count) == (1, 2, 3)
