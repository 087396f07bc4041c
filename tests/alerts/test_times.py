"""When messages are told: quiet hours, days off, days of 23 and 25 hours, tries."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.backoff import is_given_up, next_try
from bot.alerts.times import next_morning, told_from
from telemetry.domain.calendar import Calendar
from telemetry.settings.alerting import QuietHours

USUAL = QuietHours(start=time(19), end=time(8))
PARIS = Calendar(timezone="Europe/Paris", days_off=(date(2026, 3, 5),))


def local(zone, text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-03-03T12:00", "2026-03-03T12:00"),
        ("2026-03-03T18:59", "2026-03-03T18:59"),
        ("2026-03-03T19:00", "2026-03-04T08:00"),
        ("2026-03-03T03:00", "2026-03-03T08:00"),
        ("2026-03-03T08:00", "2026-03-03T08:00"),
        ("2026-03-04T22:00", "2026-03-06T08:00"),  # the 5th is a day off
        ("2026-03-06T20:00", "2026-03-09T08:00"),  # a weekend
        ("2026-03-07T12:00", "2026-03-09T08:00"),
        ("2026-03-28T12:00", "2026-03-30T08:00"),  # the clocks are set forward
        ("2026-10-24T12:00", "2026-10-26T08:00"),  # and back
    ],
)
def test_messages_wait_out_nights_and_days_off(now, told):
    zone = "Europe/Paris"
    assert told_from(local(zone, now), USUAL, PARIS) == local(zone, told)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"])
def test_the_hours_are_the_teams(zone):
    calendar = Calendar(timezone=zone)
    at = told_from(local(zone, "2026-03-03T20:00"), USUAL, calendar)
    assert at == local(zone, "2026-03-04T08:00")


def test_without_quiet_hours_only_days_off_are_waited_for():
    now = local("Europe/Paris", "2026-03-06T23:00")
    assert told_from(now, None, PARIS) == now
    saturday = local("Europe/Paris", "2026-03-07T12:00")
    assert told_from(saturday, None, PARIS) == local("Europe/Paris", "2026-03-09T00:00")
    assert next_morning(now, None, PARIS) == local("Europe/Paris", "2026-03-09T00:00")
    tuesday = local("Europe/Paris", "2026-03-03T12:00")
    assert next_morning(tuesday, None, PARIS) == local("Europe/Paris", "2026-03-04T08:00")


def test_quiet_hours_may_lie_within_a_day_or_be_none_at_all():
    lunch = QuietHours(start=time(12), end=time(14))
    now = local("Europe/Paris", "2026-03-03T12:30")
    assert told_from(now, lunch, PARIS) == local("Europe/Paris", "2026-03-03T14:00")
    assert told_from(now, QuietHours(start=time(12), end=time(12)), PARIS) == now


def test_an_end_within_the_hour_that_the_clocks_skip_or_repeat_is_met():
    every = Calendar(
        timezone="Europe/Paris", working_week=("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    )
    quiet = QuietHours(start=time(19), end=time(2, 30))
    skipped = told_from(local("Europe/Paris", "2026-03-29T00:30"), quiet, every)
    assert skipped == local("Europe/Paris", "2026-03-29T03:30")
    twice = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert told_from(twice, quiet, every) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_calendar_without_working_days_silences_nobody():
    never = Calendar(working_week=())
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert told_from(now, USUAL, never) == now


def test_tries_come_later_and_later_up_to_an_hour_and_for_a_day():
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    waits = [(next_try(n, now, None) - now).total_seconds() for n in range(1, 10)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert next_try(1, now, 90.0) - now == timedelta(seconds=90)
    assert next_try(9, now, 90.0) - now == timedelta(hours=1)
    assert not is_given_up(now, now + timedelta(hours=23, minutes=59), 30)
    assert is_given_up(now, now + timedelta(hours=24), 30)
    assert not is_given_up(now, now + timedelta(days=3), 2)
