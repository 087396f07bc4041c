"""What past days of roadmaps came to, told day by day."""

from collections import defaultdict
from datetime import date, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from telemetry.domain.calendar import ONE_DAY, days_between
from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_days import EpicDays, epic_days, epics_days
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import OUT, Child, EpicLabels, Spell, Step
from telemetry.metrics.forecast import Moves
from telemetry.metrics.quarter import term_of
from telemetry.metrics.roadmap_past import PastDay, drawn_days, experience, past_days
from telemetry.metrics.simulation import LEVELS
from telemetry.metrics.worked_days import Worked, worked_days
from tests.builders import at
from tests.metrics.drawn_roadmaps import CALENDAR, LATER, NOW, Q1, Q2, epics, has_label, sums


def value(step: Step) -> tuple[float, float]:
    total = 0.0 if step.state == OUT else step.points or 0.0
    return total, total if step.state == "done" else 0.0


def the_worked_days(every: list[Epic], as_of: datetime, terms) -> list[Worked]:
    found = []
    for term in terms:
        moved: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for epic in every:
            spells = [one for one in epic.labels.spells if one.quarter == str(term.quarter)]
            for child in epic.children:
                before = Step(child.steps[0].at, OUT, None)
                for step in child.steps:
                    is_labelled = any(
                        spell.since < step.at and (spell.until is None or step.at <= spell.until)
                        for spell in spells
                    )
                    if is_labelled and step.at <= as_of:
                        day = CALENDAR.day_of(step.at)
                        moved[day][0] += value(step)[1] - value(before)[1]
                        moved[day][1] += value(step)[0] - value(before)[0]
                    before = step
        waiting = [0.0, 0.0]
        for day in days_between(term.first, term.last):
            if day > CALENDAR.day_of(as_of):
                break
            waiting = [a + b for a, b in zip(waiting, moved[day], strict=True)]
            if CALENDAR.is_working_day(day):
                found.append(Worked(day, Moves(*waiting)))
                waiting = [0.0, 0.0]
    return found


def the_drawn_days(every: list[Epic], as_of: datetime, terms) -> list[Worked]:
    """The working days but those on which nothing came and nothing was left of the epics."""
    found = []
    for term in terms:
        for one in the_worked_days(every, as_of, [term]):
            end = CALENDAR.day_end(one.day)
            labelled = [each for each in every if has_label(each, str(term.quarter), end, LATER)]
            known = [sums(each.children, end, as_of) for each in labelled]
            if one.moves != Moves(0, 0) or any(total > done for total, done in known):
                found.append(one)
    return found


def drawn(every: list[Epic], as_of: datetime, terms=(Q1, Q2)) -> list[Worked]:
    return drawn_days(terms, every, epics_days(every, CALENDAR, as_of), as_of)


@given(epics(), st.sampled_from([NOW, LATER, at("2026-01-01 12:00")]))
def test_days_without_anything_to_do_are_not_drawn(every, as_of):
    assert drawn(every, as_of) == the_drawn_days(every, as_of, [Q1, Q2])


@given(epics(), st.sampled_from([NOW, LATER, at("2026-01-01 12:00")]))
def test_a_working_day_is_what_came_since_the_one_before(every, as_of):
    assert worked_days([Q1, Q2], every, as_of) == the_worked_days(every, as_of, [Q1, Q2])


def points_of(days: EpicDays, day: date) -> tuple[float, float]:
    total, done = days.at(day)
    return total / 3_600_000, done / 3_600_000


@given(epics(), st.sampled_from([NOW, LATER]))
def test_an_epic_is_told_whatever_its_labels(every, as_of):
    for epic in every:
        found = epic_days(epic, CALENDAR, as_of)
        last = CALENDAR.day_of(as_of)
        told = {
            day: sums(epic.children, CALENDAR.day_end(day), as_of)
            for day in days_between(date(2025, 12, 1), last)
        }
        assert {day: points_of(found, day) for day in told} == told
        for day in (date(2025, 12, 1), Q1.first, date(2026, 2, 4), last):
            empty = [one for one, (total, done) in told.items() if one >= day and total <= done]
            assert found.emptied_after(day) == (empty[0] if empty else None)


def the_past_days(every: list[Epic], as_of: datetime) -> list[PastDay]:
    """Those of the first quarter: every fifth working day with enough before and some left."""
    worked = the_worked_days(every, as_of, [Q1, Q2])
    some = the_drawn_days(every, as_of, [Q1, Q2])
    found = []
    inside = [one.day for one in worked if one.day <= Q1.last]
    for day in inside[4::5]:
        pool = tuple(one.moves for one in some if one.day <= day)[-120:]
        end = CALENDAR.day_end(day)
        labelled = [one for one in every if has_label(one, "Q1-26", end, as_of)]
        known = [epic_days(one, CALENDAR, as_of) for one in labelled]
        total = sum(points_of(one, day)[0] for one in known)
        done = sum(points_of(one, day)[1] for one in known)
        if (
            len(pool) < 20
            or not known
            or total <= done
            or not sum(one.done_points for one in pool) > 0
        ):
            continue
        ends = [one.emptied_after(day) for one in known]
        finished = None if None in ends else max(one for one in ends if one)
        took = None
        if finished:
            took = sum(map(CALENDAR.is_working_day, days_between(day + ONE_DAY, finished)))
            took = max(1, took + (not CALENDAR.is_working_day(finished)))
        by_end = sum(points_of(one, Q1.last)[1] for one in known)
        ahead = CALENDAR.working_days(day + ONE_DAY, Q1.last)
        found.append(
            PastDay(8105, Q1.last, day, total - done, ahead, finished, took, by_end - done, pool)
        )
    return found


@given(epics())
def test_past_days_tell_what_was_left_and_what_came_of_it(every):
    with_one = [an_epic(), *every]  # of which there is something to tell
    assert past_days([Q1, Q2], with_one, LATER) == the_past_days(with_one, LATER)
    assert past_days([Q1, Q2], every, LATER) == the_past_days(every, LATER)


def test_a_quarter_has_past_days_with_its_last_moment():
    every = [an_epic()]
    end = CALENDAR.day_end(Q1.last)
    assert past_days([Q1], every, end) == the_past_days(every, end) != []
    assert past_days([Q1], every, at("2026-03-31 23:59")) == []
    assert past_days([], every, end) == []


def test_a_past_day_draws_from_the_last_120_working_days():
    first = an_epic()
    both = [Spell(name, at("2025-12-01"), None) for name in ("Q1-26", "Q2-26")]
    epic = Epic(90, EpicLabels(("Q1-26", "Q2-26"), (), (), tuple(both)), first.children)
    found = past_days([Q1, Q2], [epic], CALENDAR.day_end(Q2.last))
    assert max(len(one.pool) for one in found) == 120


def test_what_is_done_on_a_day_off_took_until_the_next_working_day():
    start, saturday = at("2026-01-01 00:00"), at("2026-02-21")
    labels = an_epic().labels
    steps = (Step(start, "todo", 5.0), Step(at("2026-01-20"), "todo", 3.0))
    child = Child(1, False, (*steps, Step(saturday, "done", 3.0)))
    worked = Child(2, False, (Step(start, "todo", 1.0), Step(at("2026-01-15"), "done", 1.0)))
    every = [Epic(90, labels, [child, worked])]
    found = past_days([Q1], every, LATER)
    assert found == the_past_days(every, LATER) != []
    assert {one.finished_on for one in found} == {saturday.date()}


def a_team_of_chance(seed: int) -> list[Epic]:
    """Two quarters: in the first 30 points are to be done, in the second 40, and none later.

    On each working day 0, 1 or 2 are done, with the same chance, while any are left.
    """
    chance, found = Random(seed), []
    for number, (term, points) in enumerate(((Q1, 30), (Q2, 40))):
        start, children, left = CALENDAR.day_start(term.first), [], points
        for day in days_between(term.first, term.last):
            if CALENDAR.is_working_day(day):
                for _ in range(min(left, chance.randrange(3))):
                    steps = (Step(start, "todo", 1.0), Step(at(f"{day} 12:00"), "done", 1.0))
                    children.append(Child(100 * number + left, False, steps))
                    left -= 1
        spell = Spell(str(term.quarter), start, None)
        found.append(Epic(number, EpicLabels((str(term.quarter),), (), (), (spell,)), children))
    return found


def test_a_team_that_was_done_early_is_taken_for_as_quick_as_it_was_while_it_worked():
    held = {50: 0, 85: 0}
    said = 0
    for seed in range(40):
        every = a_team_of_chance(seed)
        assert len(drawn(every, CALENDAR.day_end(Q1.last), [Q1])) < 45 < 60
        for past in past_days([Q1, Q2], every, CALENDAR.day_end(Q2.last)):
            if past.quarter % 4 == 2 and past.took:
                days, said = experience(past).simulated.days, said + 1
                for percent in held:
                    held[percent] += past.took <= days[LEVELS.index(percent)]
    assert said > 200
    assert 0.43 * said <= held[50] <= 0.65 * said
    assert 0.78 * said <= held[85] <= 0.95 * said


def test_a_past_day_draws_from_its_quarter_and_the_two_before_alone():
    third, fourth = (term_of(Quarter(2026, number), CALENDAR) for number in (3, 4))
    terms = [Q1, Q2, third, fourth]
    days = CALENDAR.working_days(Q1.first, Q1.last)
    for quarter, least in (("Q3-26", days), ("Q4-26", 0)):
        spells = (Spell("Q1-26", at("2025-12-01"), None), Spell(quarter, at("2026-06-01"), None))
        done = Child(3, False, (Step(at("2026-10-02"), "done", 1.0),))
        labels = EpicLabels(("Q1-26", quarter), (), (), spells)
        epic = Epic(90, labels, [*an_epic().children, done])
        found = past_days(terms, [epic], CALENDAR.day_end(fourth.last))
        pools = [len(one.pool) for one in found if one.day > third.first]
        assert pools[0] == (least + 5 if least else 20)


def an_epic() -> Epic:
    """One child is done a month before the end, one never."""
    start = at("2026-01-01 00:00")
    steps = (Step(start, "todo", 5.0), Step(at("2026-01-20"), "done", 3.0))
    open_ = (Step(start, "todo", 1.0),)
    labels = EpicLabels(("Q1-26",), (), (), (Spell("Q1-26", at("2025-12-01"), None),))
    return Epic(90, labels, [Child(1, False, steps), Child(2, False, open_)])
