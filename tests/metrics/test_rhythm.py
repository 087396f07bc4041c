"""When a sprint to come runs, by its dates or by the team's habit; which of its days are off."""

from datetime import date

from telemetry.domain.calendar import (
    Calendar,
    DayOff,
    named_days_off,
)
from telemetry.metrics.rhythm import PlannedDays, Rhythm, in_turn, planned_days, usual_rhythm

FORTNIGHT = Rhythm(12, 3)  # Monday to Friday of the next week, then a weekend
MONDAY, FRIDAY = date(2026, 5, 4), date(2026, 5, 15)
CALENDAR = Calendar()
NO_DATES = (None, None)


def test_the_habit_is_the_median_of_lengths_and_gaps():
    sprints = [
        (date(2026, 3, 2), date(2026, 3, 13)),
        (date(2026, 3, 16), date(2026, 3, 27)),
        (date(2026, 3, 30), date(2026, 4, 17)),
    ]
    assert usual_rhythm(reversed(sprints)) == Rhythm(12, 3)
    assert usual_rhythm([]) is None


def test_one_sprint_is_followed_on_the_next_day():
    assert usual_rhythm([(MONDAY, FRIDAY)]) == Rhythm(12, 1)


def test_a_sprint_may_start_on_the_day_on_which_one_ends():
    days = [(date(2026, 4, 1), date(2026, 4, 15)), (date(2026, 4, 15), date(2026, 4, 29))]
    assert usual_rhythm(days) == Rhythm(15, 0)


def test_given_dates_are_taken_as_they_are():
    found = planned_days((MONDAY, FRIDAY), None, MONDAY, None, CALENDAR)
    assert found == PlannedDays(MONDAY, FRIDAY, False, False)


def test_a_missing_end_or_start_is_assumed():
    assert planned_days((MONDAY, None), None, MONDAY, FORTNIGHT, CALENDAR) == PlannedDays(
        MONDAY, FRIDAY, False, True
    )
    assert planned_days((None, FRIDAY), None, date(2026, 4, 1), FORTNIGHT, CALENDAR) == PlannedDays(
        MONDAY, FRIDAY, True, False
    )


def test_without_dates_it_follows_the_one_before():
    found = planned_days(NO_DATES, date(2026, 5, 1), date(2026, 4, 28), FORTNIGHT, CALENDAR)
    assert found == PlannedDays(MONDAY, FRIDAY, True, True, date(2026, 5, 1))


def test_it_never_starts_in_the_past_nor_on_a_day_off():
    late = planned_days(NO_DATES, date(2026, 3, 1), date(2026, 5, 2), FORTNIGHT, CALENDAR)
    assert late.first_on == MONDAY  # the 2nd is a Saturday
    holiday = Calendar(days_off=(MONDAY,))
    found = planned_days(NO_DATES, date(2026, 5, 1), MONDAY, FORTNIGHT, holiday)
    assert found.first_on == date(2026, 5, 5)


def test_dates_that_are_over_or_turned_round_are_none():
    for given in ((date(2026, 3, 2), date(2026, 3, 13)), (FRIDAY, date(2026, 5, 8))):
        found = planned_days(given, None, MONDAY, FORTNIGHT, CALENDAR)
        assert found == PlannedDays(MONDAY, FRIDAY, True, True)


def test_without_dates_and_habit_nothing_is_known():
    assert planned_days(NO_DATES, MONDAY, MONDAY, None, CALENDAR) is None
    assert planned_days((MONDAY, None), MONDAY, MONDAY, None, CALENDAR) is None


def test_sprints_planned_ahead_follow_each_other():
    found = in_turn([NO_DATES, NO_DATES], date(2026, 5, 1), MONDAY, FORTNIGHT, CALENDAR)
    assert [days.first_on for days in found] == [MONDAY, date(2026, 5, 18)]


def test_holidays_are_named_and_days_off_of_the_team_are_not():
    calendar = Calendar(holidays="FR", days_off=(date(2026, 12, 24),))
    assert named_days_off(calendar, date(2026, 12, 21), date(2027, 1, 3)) == (
        DayOff(date(2026, 12, 24), None),
        DayOff(date(2026, 12, 25), "Christmas Day"),
        DayOff(date(2027, 1, 1), "New Year's Day"),
    )


def test_a_holiday_outside_the_working_week_is_not_named():
    assert named_days_off(Calendar(holidays="FR"), date(2026, 8, 15), date(2026, 8, 16)) == ()
    assert named_days_off(CALENDAR, MONDAY, FRIDAY) == ()


def test_a_sprint_of_one_day_and_one_that_ends_today_keep_their_dates():
    assert planned_days((FRIDAY, FRIDAY), None, MONDAY, FORTNIGHT, CALENDAR) == PlannedDays(
        FRIDAY, FRIDAY, False, False
    )
    assert planned_days((MONDAY, FRIDAY), None, FRIDAY, FORTNIGHT, CALENDAR) == PlannedDays(
        MONDAY, FRIDAY, False, False
    )


def test_an_end_whose_start_would_be_over_begins_today():
    today = date(2026, 5, 12)
    found = planned_days((None, FRIDAY), None, today, FORTNIGHT, CALENDAR)
    assert found == PlannedDays(today, FRIDAY, True, False)


def test_sprints_that_overlap_say_nothing_of_the_gap():
    days = [(date(2026, 4, 1), date(2026, 4, 15)), (date(2026, 4, 10), date(2026, 4, 24))]
    assert usual_rhythm(days) == Rhythm(15, 1)


def test_an_unknown_sprint_leaves_the_one_before_as_it_is():
    found = in_turn([(MONDAY, FRIDAY), NO_DATES], None, MONDAY, None, CALENDAR)
    assert found == [PlannedDays(MONDAY, FRIDAY, False, False), None]


def test_a_part_of_a_country_names_its_own_holidays():
    days = (date(2026, 1, 5), date(2026, 1, 7))
    assert named_days_off(Calendar(holidays="DE-BY"), *days) == (
        DayOff(date(2026, 1, 6), "Epiphany"),
    )
    assert named_days_off(Calendar(holidays="DE"), *days) == ()


def test_the_day_on_which_the_sprint_before_ends_is_not_worked_again():
    ahead = PlannedDays(FRIDAY, date(2026, 5, 29), False, False, before_on=FRIDAY)
    assert ahead.working_days(CALENDAR) == 10
    assert PlannedDays(FRIDAY, date(2026, 5, 29), False, False).working_days(CALENDAR) == 11
    weekend = PlannedDays(date(2026, 5, 16), date(2026, 5, 29), False, False, date(2026, 5, 16))
    assert weekend.working_days(CALENDAR) == 10
    earlier = PlannedDays(date(2026, 5, 18), date(2026, 5, 29), False, False, FRIDAY)
    assert earlier.working_days(CALENDAR) == 10


def test_each_sprint_knows_the_one_before_it():
    dates = [(MONDAY, FRIDAY), (FRIDAY, date(2026, 5, 29)), NO_DATES]
    found = in_turn(dates, date(2026, 5, 1), MONDAY, FORTNIGHT, CALENDAR)
    assert [one.before_on for one in found] == [date(2026, 5, 1), FRIDAY, date(2026, 5, 29)]
    assert [one.working_days(CALENDAR) for one in found] == [10, 10, 10]
