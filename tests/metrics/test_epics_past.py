"""What would have been said of epics and programs on past days: rolling origin."""

from datetime import date, timedelta

import numpy as np
import pytest

from telemetry.metrics.correction import Corrected, Record, corrected
from telemetry.metrics.epic_days import epic_days
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics_past import (
    Part,
    epic_experiences,
    epics_tested,
    epics_to_stored,
    few_runs,
    part_from_stored,
    parts_to_stored,
    programs_tested,
    said_of_epics,
)
from telemetry.metrics.forecast import Moves
from telemetry.metrics.judged import Past, Today
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.roadmap_outlook import roadmap_outlook
from telemetry.metrics.roadmap_past import LookedAt, experience, looked_at, past_days
from telemetry.metrics.roadmap_runs import SOME, Known, PartRuns, RoadmapRuns
from tests.metrics.made_quarters import CALENDAR, NOW, TERMS, made_epics

TODAY = Today(date(2026, 1, 6), CALENDAR)
FOURTH = 3  # the place of the quarter that has three behind it


@pytest.fixture(scope="module")
def every() -> list[Epic]:
    return made_epics(1)


@pytest.fixture(scope="module")
def looked(every) -> list[LookedAt]:
    return looked_at(TERMS, every, NOW)


def of_epics(looked: list[LookedAt]) -> Record:
    runs = few_runs()
    return Record(one for day in looked if day.past.pool for one in epic_experiences(day, runs))


def until(epics: list[Epic], end) -> list[Epic]:
    """What was known of these epics at an instant."""
    known = []
    for epic in epics:
        children = [
            one._replace(steps=tuple(step for step in one.steps if step.at < end))
            for one in epic.children
        ]
        labels = epic.labels._replace(
            spells=tuple(one for one in epic.labels.spells if one.since < end),
            quarters=tuple(one.quarter for one in epic.labels.spells if one.since < end),
        )
        known.append(Epic(epic.issue_id, labels, [one for one in children if one.steps]))
    return known


def test_a_past_day_says_what_would_have_been_shown_the_next_morning(every, looked):
    record = of_epics(looked)
    told = [one for one in looked if one.past.quarter == looked[-1].past.quarter]
    assert len(told) >= 10
    for one in told[::3]:
        past, end = one.past, CALENDAR.day_end(one.past.day)
        term = next(term for term in TERMS if term.last == past.closed_on)
        then = until(every, end)
        quarters = Record(map(experience, past_days(TERMS, then, end)))
        epics = of_epics(looked_at(TERMS, then, end))
        known = Known(past.pool, quarters.seen(past.day), (), epics.seen(past.day))
        found = roadmap(term, then, end)
        tomorrow = past.day + timedelta(days=1)
        shown = roadmap_outlook(term, found, known, tomorrow)
        days = tuple(
            None if on is None else CALENDAR.working_days(tomorrow, on) for on in shown.dates
        )
        whole = Corrected(days, shown.probability_percent / 100, ())
        seen = record.seen(past.day, FOURTH + 1)
        said = said_of_epics(one, whole, seen, PartRuns())
        dates = [
            tuple(None if n is None else CALENDAR.add_working_days(past.day, n) for n in each.days)
            for each in said
        ]
        assert [epic.issue_id for epic in one.epics] == [issue_id for issue_id, _ in shown.epics]
        assert dates == [told.dates for _, told in shown.epics]
        assert [100 * each.in_time for each in said] == pytest.approx(
            [told.probability_percent for _, told in shown.epics]
        )


def test_epics_are_followed_until_nothing_of_them_is_left(every, looked):
    days = {epic.issue_id: epic_days(epic, CALENDAR, NOW) for epic in every}
    for one in looked:
        day = one.past.day
        for epic in one.epics:
            assert epic.finished_on == days[epic.issue_id].emptied_after(day)
            if epic.finished_on is None:
                assert epic.took is None
            else:
                worked = CALENDAR.working_days(day + timedelta(days=1), epic.finished_on)
                is_off = not CALENDAR.is_working_day(epic.finished_on)
                assert epic.took == max(1, worked + is_off)
        left = sum(epic.remaining_points for epic in one.epics)
        assert left == pytest.approx(one.past.remaining_points)
    assert any(epic.took is None for one in looked for epic in one.epics)


def test_programs_are_those_of_the_day(looked):
    first = [one for one in looked if one.past.quarter == looked[-1].past.quarter]
    names = [sorted({name for epic in one.epics for name in epic.programs}) for one in first]
    assert names[0] == ["Basalt", "Evergreen"]
    assert names[-1] == ["Evergreen"]


def test_each_epic_that_was_open_is_an_experience_of_its_quarter(every, looked):
    assert any(not one.past.pool for one in looked)
    good = [one for one in looked if one.past.pool]
    assert [one.past for one in good] == past_days(TERMS, every, NOW)
    assert all(bool(epic_experiences(one, few_runs())) == bool(one.place % 2) for one in good)
    for one in (each for each in good if each.place % 2):
        found = epic_experiences(one, PartRuns())
        assert [(each.finished_on, each.took) for each in found] == [
            (epic.finished_on, epic.took) for epic in one.epics
        ]
        past, whole = one.past, experience(one.past)
        assert {(each.sprint_id, each.day, each.closed_on, each.ahead) for each in found} == {
            (past.quarter, past.day, past.closed_on, past.ahead)
        }
        assert found[-1].simulated.days == whole.simulated.days
        medians = [each.simulated.median_days or 999 for each in found]
        assert medians == sorted(medians)


def test_a_quarters_epics_are_seen_once_it_is_over(looked):
    record, days = of_epics(looked), [one.past for one in looked if one.past.pool]
    first = {one.closed_on: one.day for one in reversed(days)}
    for count, (closed_on, day) in enumerate(sorted(first.items())):
        assert record.sprint_count(day) == count
        assert record.sprint_count(closed_on) == count + 1
    then, now = record.seen(min(first)).took, record.seen(CALENDAR.day_of(NOW))
    assert now.counts.min() > 1  # several epics a day
    later = np.isinf(then) & np.isfinite(now.took[: len(then)])
    assert later.any()  # what was left over came in the next quarter: not known at its end


@pytest.mark.parametrize(
    "pool",
    [
        [Moves(0.0, 2.0), Moves(5.0, 0.0), Moves(1.0, 1.0), Moves(2.25, 0.75), Moves(-1.0, 0.0)],
        [Moves(1.0, -3.0), Moves(0.0, 1.0), Moves(2.0, 0.0)],  # more is taken out than there is
        [Moves(1.0, 0.0)],
    ],
)
def test_parts_of_a_whole_are_simulated_as_each_alone(pool):
    runs, parts = PartRuns(), (2.5, 10.0, 40.0)
    runs.draw([Moves(9.0, 1.0)], 3, 5.0)  # what was drawn before is forgotten
    runs.draw(pool, 3, 40.0)
    for ahead in (None, 0, 25, 1000):
        for part, found in zip(parts, runs.parts(parts, ahead), strict=True):
            alone = RoadmapRuns(pool, 3, SOME).of(part, ahead, part / 40.0)
            assert (found.days, found.in_time) == (alone.days, alone.in_time)
            assert found.points == ()


def test_what_is_stored_of_a_day_is_read_again(looked):
    one = looked[-3]
    seen, whole = of_epics(looked).seen(one.past.day, FOURTH + 1), experience(one.past)
    said = said_of_epics(one, corrected(whole.simulated, one.past.ahead, seen), seen, PartRuns())
    stored = epics_to_stored(one, said)
    found = dict(epics_tested(stored, one.past.day, one.past.ahead, TODAY))
    tomorrow = one.past.day + timedelta(days=1)
    for epic, told in zip(one.epics, said, strict=True):
        gone = TODAY.gone(tomorrow)
        assert found[epic.issue_id] == Past(
            tomorrow, one.past.ahead, gone, told.days, told.in_time, epic.took
        )
    assert epics_to_stored(one, None) == []
    mine = [place for place, epic in enumerate(one.epics) if "Evergreen" in epic.programs]
    parts = dict(map(part_from_stored, parts_to_stored(one, said, CALENDAR)))
    part = parts["Evergreen"]
    assert part.chance_percent == 100 * min(said[place].in_time for place in mine)
    last = max(said[place].days[0] or 0 for place in mine)
    assert part.dates[0] == CALENDAR.add_working_days(one.past.day, last)
    unsaid = dict(map(part_from_stored, parts_to_stored(one, None, CALENDAR)))["Evergreen"]
    assert (unsaid.chance_percent, unsaid.dates) == (None, ())
    assert (unsaid.day, unsaid.last, unsaid.finished_on) == part[:3]


MONDAY = date(2025, 11, 3)
LAST = date(2025, 12, 31)


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


DONE, DATES = on(9), (on(4), on(8), None)


def part(day=MONDAY, finished=DONE, chance=60.0, dates=DATES):
    return Part(day, LAST, finished, chance, dates)


LATER = part(finished=on(15), chance=40.0, dates=(on(7), on(7), on(11)))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part()], (4, 6, 0.6, 7)),
        ([part(), LATER], (5, 6, 0.4, 11)),  # chance by chance the latest day, the least chance
        ([LATER, part()], (5, 6, 0.4, 11)),
        ([part(), part(finished=None)], (4, 6, 0.6, None)),
        ([part(), part(dates=(None, None, None))], (None, None, 0.6, 7)),
        ([part(), part(day=on(1))], (3, 5, 0.6, 6)),  # a day off
        ([part(), part(chance=None, dates=())], None),  # of one team nothing could be said
        ([part(), part(day=on(8))], None),  # quarters that begin on other days
    ],
)
def test_a_program_is_as_late_as_the_latest_of_its_teams(parts, expected):
    found = dict(programs_tested({("Evergreen", 8104, 2): parts}, TODAY))
    if expected is None:
        assert found == {}
        return
    one = found[("Evergreen", 8104)]
    assert (one.days[0], one.days[1], one.chance, one.took) == expected
    assert one.day == max(each.day for each in parts) + timedelta(days=1)
