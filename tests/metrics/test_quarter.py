"""A quarter's figures, reckoned by hand."""

from datetime import date

import pytest

from telemetry.domain.models import Change, Field
from telemetry.domain.quarter import (
    Quarter,
    odd_quarters,
    programs_in,
    quarter_of,
    quarters_in,
    read_quarter,
)
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import child, epic_labels, epics_of
from telemetry.metrics.quarter import (
    Share,
    capacity_limit,
    predictability,
    security_coefficient,
    term_of,
)
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.timeline import timeline
from tests.builders import a_team, an_issue, at, estimated, moved

RULES = a_team()
Q1 = Quarter(2026, 1)
NOW = at("2026-03-06 18:00")


def labelled(when, before, after):
    return Change(0, 0, at(when), Field.LABELS, None, before, after)


def linked(when, before, after):
    return Change(0, 0, at(when), Field.EPIC, None, before, after)


def an_epic(number, *children, labels=("Q1-26",), changes=(), created="2025-12-15", rules=RULES):
    history = an_issue(
        number, labels=labels, changes=changes, created=created, is_epic=True, type_name="Epic"
    )
    found = [
        child(timeline(one, rules), epics_of(one, rules), number, rules)
        for one in children
        if one.issue.gone_at is None
    ]
    return Epic(number, epic_labels(history, rules), [one for one in found if one])


def a_child(number, points=None, epic=100, created="2026-01-05", **values):
    return an_issue(number, points=points, created=created, epic_id=epic, **values)


def the_roadmap(now=NOW, term=None):
    first = an_epic(
        100,
        a_child(1, 5, done="2026-01-14"),
        a_child(
            2,
            8,
            status="doing",
            changes=[estimated("2026-02-03", 3, 8), moved("2026-02-10", "todo", "doing")],
        ),
        a_child(3, labels=["Dependency"]),
    )
    second = an_epic(
        200,
        a_child(4, 2, epic=200, created="2025-12-01", done="2026-02-20"),
        changes=[labelled("2026-01-20", "Q4-25 Project_Sea", "Q1-26 Project_Sea")],
        labels=["Q1-26", "Project_Sea"],
        created="2025-11-03",
    )
    return roadmap(term or term_of(Q1, RULES.calendar), [first, second], now)


def test_a_quarter_by_hand():
    found = the_roadmap()
    assert (found.total_points, found.in_progress_points, found.done_points) == (15, 8, 7)
    assert found.remaining_points == 8
    assert found.progression_percent == pytest.approx(100 * 7 / 15)
    assert found.at_end is None
    done, open_ = found.epics
    assert (done.issue_id, done.done_percent, done.programs) == (200, 100, ("Sea",))
    assert (open_.unestimated_count, open_.dependency_count, open_.child_count) == (1, 1, 3)
    assert (done.slipped_from, open_.slipped_from) == ("Q4-25", None)


def test_each_day_has_the_scope_and_the_labels_of_then():
    found = the_roadmap()
    steps: list[tuple[str, float, float]] = []
    for day in found.burnup:
        if not steps or steps[-1][1:] != (day.total_points, day.done_points):
            steps.append((f"{day.day:%m-%d}", day.total_points, day.done_points))
    assert steps == [
        ("01-01", 0, 0),
        ("01-05", 8, 0),
        ("01-14", 8, 5),
        ("01-20", 10, 5),
        ("02-03", 15, 5),
        ("02-20", 15, 7),
    ]
    assert (found.burnup[0].day, found.burnup[-1].day) == (date(2026, 1, 1), date(2026, 3, 6))


def test_a_week_begins_with_its_monday():
    epic = an_epic(100, a_child(1, 5, done="2026-01-12"), a_child(2, 2, created="2026-01-12"))
    weeks = roadmap(term_of(Q1, RULES.calendar), [epic], at("2026-01-12 18:00")).weeks
    assert [(f"{one.starts_on:%d}", one.done_points, one.scope_change_points) for one in weeks] == [
        ("01", 0, 0),
        ("05", 0, 5),
        ("12", 5, 2),
    ]


def test_what_happens_at_the_very_instant_is_of_it():
    epic = an_epic(100, a_child(1, 5, done="2026-03-06 18:00"))
    found = roadmap(term_of(Q1, RULES.calendar), [epic], NOW)
    assert (found.done_points, found.burnup[-1].done_points) == (5, 5)
    before = roadmap(term_of(Q1, RULES.calendar), [epic], at("2026-03-06 17:59"))
    assert (before.done_points, before.burnup[-1].done_points) == (0, 0)


def test_weeks_end_on_sundays_and_tell_their_change():
    found = the_roadmap()
    assert [f"{week.ends_on:%m-%d}" for week in found.weeks][:3] == ["01-04", "01-11", "01-18"]
    assert found.weeks[-1].ends_on == date(2026, 3, 8)  # the running one
    assert [week.scope_change_points for week in found.weeks[:6]] == [0, 8, 0, 2, 0, 5]
    assert [week.done_points for week in found.weeks[:4]] == [0, 0, 5, 0]
    assert found.weeks[0].progression_percent is None
    assert found.weeks[2].progression_percent == 62.5


def test_a_quarter_that_is_over_stands_as_it_did():
    found = the_roadmap(at("2026-05-01"))
    assert found.at_end is not None
    assert (found.at_end.total_points, found.at_end.done_points) == (15, 7)
    before = term_of(Quarter(2025, 4), RULES.calendar)
    earlier = the_roadmap(at("2026-05-01"), before)
    assert (earlier.epics, earlier.total_points) == ((), 0)
    assert earlier.at_end is not None
    assert (earlier.at_end.total_points, earlier.at_end.done_points) == (2, 0)
    assert earlier.weeks[-1].ends_on == date(2025, 12, 31)


def test_a_quarter_to_come_has_no_days_yet():
    found = the_roadmap(term=term_of(Quarter(2026, 2), RULES.calendar))
    assert (found.burnup, found.weeks, found.before, found.at_end) == ((), (), None, None)


def test_predictability_with_its_terms():
    term = term_of(Q1, RULES.calendar)
    found = predictability(term, 8, 0.5, date(2026, 3, 6))
    assert (found.working_days_left, found.days_to_complete, found.days) == (18, 16, 2)
    assert found.state == "good"
    assert predictability(term, 9, 0.5, date(2026, 3, 6)).state == "watch"
    assert predictability(term, 10, 0.5, date(2026, 3, 6)).state == "bad"
    assert capacity_limit(0.5, term, 0.1) == pytest.approx(0.5 * 64 * 0.9)


@pytest.mark.parametrize("velocity", [None, 0.0])
def test_without_velocity_nothing_is_known_unless_nothing_remains(velocity):
    term = term_of(Q1, RULES.calendar)
    unknown = predictability(term, 8, velocity, date(2026, 3, 6))
    assert (unknown.days_to_complete, unknown.days, unknown.state) == (None, None, None)
    assert predictability(term, 0, velocity, date(2026, 3, 6)).days == 18


def test_over_is_unknown_and_has_no_days_left():
    found = predictability(term_of(Q1, RULES.calendar), 8, 0.5, date(2026, 4, 1))
    assert (found.working_days_left, found.days_to_complete, found.days) == (0, 16, None)


def test_what_is_lost_beyond_the_usual_is_taken_off():
    usual, now = Share(10, 100), Share(30, 100)
    assert security_coefficient(None, now, usual) == pytest.approx(0.2)
    assert security_coefficient(None, usual, now) == 0
    assert security_coefficient(0.4, now, usual) == 0.4
    assert security_coefficient(0.0, now, usual) == 0
    assert security_coefficient(None, Share(0, 0), usual) == 0


def test_a_child_that_went_to_another_epic_counts_where_it_was():
    one = a_child(1, 5, epic=200, changes=[linked("2026-02-02", "100", "200")])
    before, after = an_epic(100, one), an_epic(200, one)
    found = roadmap(term_of(Q1, RULES.calendar), [before], NOW)
    assert [day.total_points for day in found.burnup if day.day.month == 2] == [5] + [0] * 27
    assert found.total_points == 0
    found = roadmap(term_of(Q1, RULES.calendar), [before, after], NOW)
    assert {day.total_points for day in found.burnup if day.day >= date(2026, 1, 5)} == {5}


def test_an_epic_of_two_quarters_counts_in_both():
    both = an_epic(100, a_child(1, 5), labels=["q1-2026", "Q2-26", "Q1-26"])
    found = roadmap(term_of(Q1, RULES.calendar), [both], NOW)
    assert found.total_points == 5
    assert found.epics[0].also_of == ("Q2-26",)
    assert roadmap(term_of(Quarter(2026, 2), RULES.calendar), [both], NOW).total_points == 5


def test_what_carries_no_points_is_no_child_that_counts():
    sub_task = a_child(1, 5, subtask_of=9)
    below = a_child(2, 5, is_epic=True)
    assert an_epic(100, sub_task, below).children == []


def test_all_children_unestimated_is_no_percentage():
    found = roadmap(term_of(Q1, RULES.calendar), [an_epic(100, a_child(1), a_child(2))], NOW)
    assert found.progression_percent is None
    assert (found.epics[0].done_percent, found.epics[0].unestimated_count) == (None, 2)


def test_what_is_dated_later_than_the_data_has_not_happened():
    one = a_child(1, 5, changes=[moved("2026-03-20", "todo", "done")], status="done")
    found = roadmap(term_of(Q1, RULES.calendar), [an_epic(100, one)], NOW)
    assert (found.done_points, found.burnup[-1].done_points) == (0, 0)


def test_decimals_add_up_exactly():
    epics = [an_epic(100, a_child(1, 0.1), a_child(2, 0.2))]
    assert roadmap(term_of(Q1, RULES.calendar), epics, NOW).total_points == 0.3


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Q3-26", "Q3-26"),
        ("q3-26", "Q3-26"),
        ("Q3-2026", "Q3-26"),
        ("q3-2026", "Q3-26"),
        ("Q1-20", "Q1-20"),
        ("Q5-26", None),
        ("Q0-26", None),
        ("Q3-1926", None),
        ("Q3", None),
        ("xQ3-26", None),
        ("Q3-26x", None),
    ],
)
def test_how_a_quarter_is_written(label, name):
    found = read_quarter(label)
    assert (None if found is None else str(found)) == name


def test_labels_that_only_look_like_a_quarter():
    labels = ["Q5-26", "Q3_26", "2026-Q3", "q3", "Q12-2026", "Q3-26", "quality", "q", "team-q3-26"]
    assert odd_quarters(labels) == ("2026-Q3", "Q12-2026", "Q3_26", "Q5-26", "q3")
    assert quarters_in(labels) == (Quarter(2026, 3),)


def test_a_program_is_all_that_follows():
    labels = ["Project_jet", "Project_Project_", "Project_", "Project_a/b", "Project_北 京", "Proj"]
    assert programs_in(labels) == ("Project_", "a/b", "jet", "北 京")


@pytest.mark.parametrize(
    ("start", "quarter", "first", "last"),
    [
        (1, Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (1, Quarter(2026, 4), date(2026, 10, 1), date(2026, 12, 31)),
        (9, Quarter(2020, 2), date(2019, 12, 1), date(2020, 2, 29)),
        (9, Quarter(2020, 4), date(2020, 6, 1), date(2020, 8, 31)),
        (2, Quarter(2026, 4), date(2025, 11, 1), date(2026, 1, 31)),
        (12, Quarter(2026, 1), date(2025, 12, 1), date(2026, 2, 28)),
    ],
)
def test_quarters_follow_the_fiscal_year(start, quarter, first, last):
    assert (quarter.first_day(start), quarter.last_day(start)) == (first, last)
    assert quarter_of(first, start) == quarter_of(last, start) == quarter
    assert quarter.next().before() == quarter
