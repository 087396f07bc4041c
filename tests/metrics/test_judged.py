"""Forecasts that were shown, held against what came, and added up."""

from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.correction import Corrected
from telemetry.metrics.epic_days import EpicDays
from telemetry.metrics.forecast import PERCENTILES
from telemetry.metrics.hindsight import LATEST, Hindsight, pinball_loss, worth
from telemetry.metrics.hindsight import to_stored as hindsight_to_stored
from telemetry.metrics.judged import (
    Burned,
    Past,
    Said,
    Today,
    all_emptied_on,
    back_tested,
    empty_spells,
    recorded,
    tally,
)
from telemetry.metrics.tally import (
    Level,
    Month,
    Tally,
    beside,
    from_stored,
    median_of,
    to_stored,
    together,
)

MONDAY = date(2026, 3, 2)
CALENDAR = Calendar(days_off=(date(2026, 3, 6),))
LATER = Today(date(2026, 12, 1), CALENDAR)
SAID = Said(MONDAY, ("2026-03-04", "2026-03-10", None), 75.0, date(2026, 3, 13), done=(10.0, 6.0))


def on(day: int) -> date:
    return MONDAY + timedelta(days=day - 2)


@pytest.mark.parametrize(
    ("finished_on", "took"),
    [
        (None, None),
        (MONDAY - timedelta(days=3), 1),  # it was done before the day: as soon as can be
        (on(2), 1),
        (on(4), 3),
        (on(6), 5),  # a day off counts for the working day after it
        (on(9), 5),
        (date(2026, 12, 1), None),  # today is not over
    ],
)
def test_what_was_shown_is_told_in_working_days(finished_on, took):
    found = recorded(SAID, finished_on, LATER, 8.0)
    assert (found.days, found.ahead, found.took) == ((3, 6, None), 9, took)
    assert (found.chance, found.points, found.did_points) == (0.75, (10.0, 6.0), 8.0)


def test_nothing_is_known_of_a_sprint_without_an_end_or_dates():
    found = recorded(Said(MONDAY, (None, None, None), None, None), on(4), LATER)
    assert (found.days, found.ahead, found.chance) == ((None, None, None), None, None)
    assert tally([found], 1).count == 1
    assert tally([found], 1).chance_count == 0


def levels(found: Tally) -> list[tuple[int, int]]:
    return [(one.held, one.count) for one in found.dates]


@pytest.mark.parametrize(
    ("today", "finished_on", "expected"),
    [
        (on(4), None, [(0, 0), (0, 0), (0, 0)]),
        (on(5), None, [(0, 1), (0, 0), (0, 0)]),  # the day is over
        (on(5), on(3), [(1, 1), (0, 0), (0, 0)]),  # what came early is not judged early
        (on(10), on(9), [(0, 1), (0, 0), (0, 0)]),
        (on(11), on(9), [(0, 1), (1, 1), (0, 0)]),
    ],
)
def test_a_day_is_judged_once_it_is_over(today, finished_on, expected):
    past = recorded(SAID, finished_on, Today(today, CALENDAR))
    assert levels(tally([past], 1)) == expected


def test_chances_are_judged_at_the_planned_end_beside_how_often_it_came():
    came = replace(recorded(SAID, on(4), LATER), chance=0.9)
    late = replace(recorded(SAID, on(20), LATER), chance=0.3)
    never = replace(recorded(SAID, None, LATER), chance=1.0)
    found = tally([came, late, never], 1)
    assert found.chance_count == 3
    assert found.brier == pytest.approx((0.01 + 0.09 + 1) / 3)
    assert found.came_share == pytest.approx(1 / 3)
    assert found.base_brier == pytest.approx(2 / 9)
    assert found.skill == pytest.approx(1 - found.brier / found.base_brier)
    by_tenth = {place: tuple(one) for place, one in enumerate(found.bins) if one[0]}
    assert by_tenth == {3: (1, 0.3, 0), 9: (2, 1.9, 1)}
    always = tally([came], 1)
    assert (always.base_brier, always.skill) == (0, None)
    early = recorded(SAID, on(4), Today(on(13), CALENDAR))
    assert tally([early], 1).chance_count == 0
    assert (Tally().brier, Tally().skill, Tally().came_share) == (None, None, None)


def test_amounts_hold_where_as_much_was_done():
    found = tally([recorded(SAID, None, LATER, did) for did in (10.0, 9.5, 5.0, None)], 1)
    assert [(one.held, one.count) for one in found.amounts] == [(1, 3), (2, 3)]


def test_widths_are_the_working_days_between_the_two_days_by_month():
    wide = Past(on(3), 9, 99, (2, 7, 9), 0.5, None)
    april = Past(date(2026, 4, 1), 9, 3, (2, 4, None), 0.5, 4)
    none = Past(on(4), 9, 99, (2, None, None), 0.5, 1)
    found = tally([wide, april, none], 2)
    assert found.median_width == 3.5
    assert {name: (m.median_width, m.held, m.count) for name, m in found.months.items()} == {
        "2026-03": (5, 0, 1),
        "2026-04": (2, 0, 0),
    }
    assert {name: m.widths for name, m in found.months.items()} == {
        "2026-03": {5: 1},
        "2026-04": {2: 1},
    }
    assert (found.first_on, found.last_on) == (on(3), date(2026, 4, 1))
    assert (found.dates[0].median_ahead, found.dates[2].median_ahead) == (2, 9)


@pytest.mark.parametrize(("took", "held"), [(6, 1), (7, 1), (8, 0), (None, 0)])
def test_the_day_with_85_percent_is_judged_by_month_once_it_is_over(took, held):
    every = [Past(on(3), 9, gone, (2, 7, 9), 0.5, took) for gone in (6, 7, 8)]
    found = tally(every, 1).months["2026-03"]
    assert (found.held, found.count, found.held_percent) == (2 * held, 2, 100 * held)
    assert (Month(3, 4).held_percent, Month().held_percent) == (75, None)
    assert (Level(3, 4).held_percent, Level().held_percent) == (75, None)


def test_what_was_never_done_is_held_against_the_longest_time_once_that_is_over():
    early, late = (
        Past(on(3), None, int(gone), (2, 7, 9), None, None) for gone in (LATEST - 1, LATEST)
    )
    assert [one.loss_count for one in tally([early], 1).dates] == [0, 0, 0]
    losses = [pinball_loss(LATEST, said, p) for said, p in zip((2, 7, 9), PERCENTILES, strict=True)]
    assert [one.mean_loss for one in tally([late], 1).dates] == losses


@pytest.mark.parametrize(
    ("values", "median"),
    [((), None), ((3,), 3), ((1, 4), 2.5), ((1, 1, 4), 1), ((1, 2, 2, 9), 2), ((1, 1, 3, 3), 2)],
)
def test_the_median_of_counted_values(values, median):
    assert median_of({value: values.count(value) for value in values}) == median


def rounded(value):
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    return round(value, 6) if isinstance(value, float) else value


def test_tallies_add_up_and_are_stored_as_they_are():
    every = [
        recorded(replace(SAID, day=on(day)), finished, LATER, 7.0)
        for day in range(2, 12)
        for finished in (on(day + 3), None)
    ]
    parts = [tally(every[:7], 1, 2), tally(every[7:], 1, 1), Tally()]
    whole = tally(every, 2, 3)
    assert rounded(to_stored(together(parts))) == rounded(to_stored(whole))
    stored = orjson.loads(orjson.dumps(to_stored(whole)))
    assert from_stored(stored) == whole
    assert together(()) == Tally()
    gone = Tally(gone_count=2, subject_count=3)
    assert together([gone, Tally(), gone]) == Tally(gone_count=4, subject_count=6)
    assert from_stored(orjson.loads(orjson.dumps(to_stored(gone)))) == gone
    assert beside(whole) == [to_stored(whole), to_stored(Tally())]
    assert beside(gone, whole) == [to_stored(gone), to_stored(whole)]


def test_past_days_are_judged_as_what_they_were_worth_is():
    today = date(2026, 3, 20)
    said = Corrected((5, 8, None), 0.75, (10.0, 6.0))
    every = [
        Hindsight(on(13), on(2 + day), 9 - day, took, 8.0, said, said)
        for day, took in ((0, 5), (1, 8), (3, None), (8, 3))
    ]
    known = worth(every, Calendar(), today).corrected
    judging = Today(today, Calendar())
    found = tally((back_tested(hindsight_to_stored(one), judging) for one in every), 1)
    assert levels(found) == [(one.held_count, one.count) for one in known.dates]
    assert [one.mean_loss for one in found.dates] == [one.loss for one in known.dates]
    assert (found.brier, found.chance_count) == (known.brier, known.count)


def test_an_epic_is_done_when_nothing_is_left_and_again_after_it_was_opened():
    days = EpicDays([on(2), on(4), on(6), on(9)], [5, 5, 8, 8], [0, 5, 5, 8])
    spells = empty_spells(days)
    assert spells == [[on(4).toordinal(), on(6).toordinal()], [on(9).toordinal(), None]]
    ends = [all_emptied_on([spells], on(day)) for day in (2, 4, 5, 6, 9, 20)]
    assert ends == [on(4), on(4), on(5), on(9), on(9), on(20)]
    assert empty_spells(EpicDays([on(2), on(3), on(4)], [5, 5, 6], [5, 5, 6])) == [
        [on(2).toordinal(), None]
    ]
    sooner = [[on(3).toordinal(), None]]
    assert all_emptied_on([spells, sooner], on(2)) == on(4)
    assert all_emptied_on([sooner, spells], on(7)) == on(9)
    still_open = empty_spells(EpicDays([on(2)], [3], [0]))
    assert still_open == []
    assert all_emptied_on([spells, still_open], on(2)) is None
    assert all_emptied_on([], on(2)) is None


def test_a_sprint_is_finished_on_the_first_day_without_a_rest_or_when_what_it_left_is():
    burned = Burned([on(2), on(3), on(4)], [3.0, 0.0, 2.0], [0.0, 3.0, 3.0], on(12))
    assert [burned.finished_on(on(day)) for day in (2, 3, 4)] == [on(3), on(3), on(12)]
    assert [burned.done_by(on(day)) for day in (1, 2, 3, 8)] == [None, 0.0, 3.0, 3.0]


def test_working_days_are_those_of_the_calendar_however_far():
    today = Today(on(20), CALENDAR)
    for first, last in (
        (on(2), on(2)),
        (on(4), on(11)),
        (on(11), on(4)),
        (on(2), date(2030, 1, 1)),
        (date(2020, 1, 1), on(2)),
        (on(2), date(2020, 1, 1)),
        (date(2030, 1, 1), date(2030, 2, 1)),
        (date(2030, 2, 1), date(2030, 1, 1)),
    ):
        assert today.working_days(first, last) == CALENDAR.working_days(first, last)
