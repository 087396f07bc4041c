"""Pieces of JQL."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jira.jql import any_of, instant, quote


def test_quotes_and_backslashes_cannot_end_a_value():
    assert quote('a" OR "b\\') == '"a\\" OR \\"b\\\\"'


def test_numbers_stay_bare_and_texts_are_quoted():
    assert any_of("sprint", [1, 2]) == "sprint in (1, 2)"
    assert any_of("project", ["A", "IN"]) == 'project in ("A", "IN")'


def test_an_empty_list_is_refused():
    with pytest.raises(ValueError, match="no JQL"):
        any_of("id", [])


def test_an_instant_is_floored_to_the_minute_in_the_users_zone():
    at = datetime(2026, 3, 2, 10, 59, 59, tzinfo=UTC)
    assert instant(at, ZoneInfo("Asia/Shanghai")) == '"2026/03/02 18:59"'


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Europe/Paris", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ("Europe/Paris", datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
        ("Atlantic/Azores", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2025, 4, 5, 15, 10, tzinfo=UTC)),
    ],
)
def test_a_local_minute_that_comes_twice_is_never_written(zone, at):
    assert_is_before(at, ZoneInfo(zone))


zones = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kathmandu", "UTC"])


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), zones)
def test_jira_reads_an_instant_as_itself_or_a_little_before(at, zone):
    assert_is_before(at, ZoneInfo(zone))


def assert_is_before(at, zone):
    text = instant(at, zone)
    read = datetime.strptime(text, '"%Y/%m/%d %H:%M"').replace(tzinfo=zone)
    for fold in (0, 1):
        meant = read.replace(fold=fold).astimezone(UTC)
        assert at - timedelta(hours=3) < meant <= at
