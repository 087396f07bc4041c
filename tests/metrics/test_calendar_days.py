"""Local days, working days, and the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.domain.calendar import Calendar, public_holidays
from telemetry.errors import ConfigurationError
from tests.builders import at

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Paris",
        "America/Sao_Paulo",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "America/Havana",
        "Australia/Lord_Howe",
        "America/St_Johns",
    ]
)
INSTANTS = st.datetimes(
    min_value=datetime(2012, 1, 2), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
)
DAYS = st.dates(min_value=date(2012, 1, 2), max_value=date(2030, 1, 1))


@given(ZONES, INSTANTS)
def test_an_instant_lies_in_its_day(zone: str, instant: datetime) -> None:
    calendar = Calendar(zone)
    day = calendar.day_of(instant)
    assert calendar.day_start(day) <= instant < calendar.day_end(day)


@given(ZONES, DAYS)
def test_days_follow_each_other_without_gap_or_overlap(zone: str, day: date) -> None:
    calendar = Calendar(zone)
    assert calendar.day_end(day) == calendar.day_start(day + timedelta(days=1))
    assert calendar.day_of(calendar.day_start(day)) == day
    length = calendar.day_end(day) - calendar.day_start(day)
    assert timedelta(hours=23) <= length <= timedelta(hours=25)


@given(ZONES, INSTANTS, st.integers(0, 40 * 24 * 60), st.floats(0, 1))
def test_working_time_splits_anywhere(
    zone: str, start: datetime, minutes: int, share: float
) -> None:
    calendar = Calendar(zone, days_off=(date(2020, 6, 1),))
    end = start + timedelta(minutes=minutes)
    middle = start + timedelta(minutes=int(minutes * share))
    whole = calendar.working_seconds(start, end)
    parts = calendar.working_seconds(start, middle) + calendar.working_seconds(middle, end)
    assert whole == pytest.approx(parts, abs=1e-6)
    assert 0 <= whole <= (end - start).total_seconds()


@given(ZONES, INSTANTS, st.integers(0, 40 * 24 * 60))
def test_a_week_of_seven_days_works_all_the_time(zone: str, start: datetime, minutes: int) -> None:
    calendar = Calendar(zone, ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    end = start + timedelta(minutes=minutes)
    assert calendar.working_seconds(start, end) == (end - start).total_seconds()


@settings(deadline=None)  # the first use of a year's holidays is slow
@given(DAYS, st.integers(0, 60))
def test_every_day_is_worked_or_not(day: date, length: int) -> None:
    calendar = Calendar("Europe/Paris", holidays="FR")
    last = day + timedelta(days=length)
    not_worked = calendar.days_not_worked(day, last)
    assert calendar.working_days(day, last) + len(not_worked) == length + 1


@settings(deadline=None)
@given(DAYS, st.integers(-40, 900))
def test_the_days_worked_are_those_that_are_working_days(day: date, length: int) -> None:
    calendar = Calendar(holidays="FR", days_off=(date(2024, 12, 31), date(2025, 1, 2)))
    last = day + timedelta(days=length)
    every = (day + timedelta(days=n) for n in range(length + 1))
    assert calendar.working_days(day, last) == sum(map(calendar.is_working_day, every))


@settings(deadline=None)
@given(DAYS, st.integers(1, 60))
def test_adding_working_days_passes_as_many(day: date, count: int) -> None:
    calendar = Calendar("Europe/Paris", holidays="FR")
    then = calendar.add_working_days(day, count)
    assert calendar.is_working_day(then)
    assert calendar.working_days(day + timedelta(days=1), then) == count


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Paris", date(2026, 3, 29), 23),
        ("Europe/Paris", date(2026, 10, 25), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("America/Sao_Paulo", date(2018, 2, 17), 25),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Asia/Kathmandu", date(2026, 3, 4), 24),
    ],
)
def test_a_day_is_as_long_as_its_clock_says(zone: str, day: date, hours: int) -> None:
    calendar = Calendar(zone, ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    start, end = calendar.day_start(day), calendar.day_end(day)
    assert end - start == timedelta(hours=hours)
    assert calendar.working_seconds(start, end) == hours * 3600


def test_holidays_and_days_off_are_not_worked() -> None:
    calendar = Calendar("Europe/Paris", holidays="FR", days_off=(date(2026, 7, 13),))
    assert calendar.days_not_worked(date(2026, 7, 13), date(2026, 7, 19)) == [
        date(2026, 7, 13),
        date(2026, 7, 14),
        date(2026, 7, 18),
        date(2026, 7, 19),
    ]
    assert calendar.working_days(date(2026, 7, 13), date(2026, 7, 19)) == 3


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in public_holidays("DE-BY", 2026)
    assert epiphany not in public_holidays("DE", 2026)


@pytest.mark.parametrize("code", ["Atlantis", "DE-XX"])
def test_an_unknown_country_is_named(code: str) -> None:
    with pytest.raises(ConfigurationError, match=code):
        public_holidays(code, 2026)


def test_a_week_without_a_working_day_is_an_error_not_an_endless_search() -> None:
    with pytest.raises(ConfigurationError, match="no working day"):
        Calendar(working_week=()).add_working_days(date(2026, 3, 4), 1)


def test_an_end_before_the_start_has_no_working_time() -> None:
    assert Calendar().working_seconds(at("2026-03-05"), at("2026-03-04")) == 0
    assert Calendar().working_days(date(2026, 3, 5), date(2026, 3, 4)) == 0


def test_calendars_are_values() -> None:
    assert {Calendar("UTC"): 1}[Calendar("UTC")] == 1


def test_the_first_of_january_is_worked_where_it_is_no_holiday() -> None:
    every_day = Calendar(working_week=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    assert every_day.working_days(date(2025, 12, 30), date(2026, 1, 2)) == 4
    assert every_day.working_days(date(2024, 12, 31), date(2026, 1, 1)) == 1 + 365 + 1
    assert every_day.working_days(date(2026, 1, 2), date(2025, 12, 30)) == 0
    assert every_day.working_days(date(2026, 1, 9), date(2026, 1, 5)) == 0
    assert every_day.is_working_day(date(2024, 12, 31))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Apia", "America/Havana"])
@pytest.mark.parametrize("end", ["2011-12-31T11:00", "2012-03-01T04:30", "2010-03-05T20:00"])
def test_working_time_of_years_is_that_of_their_days(zone: str, end: str) -> None:
    calendar = Calendar(zone, holidays="FR", days_off=(date(2011, 6, 1),))
    start, until = at("2010-03-05T13:00"), at(end)
    of_days = sum(
        calendar.working_seconds(
            max(start, calendar.day_start(day)), min(until, calendar.day_end(day))
        )
        for day in calendar.days(start, until)
    )
    assert calendar.working_seconds(start, until) == of_days
