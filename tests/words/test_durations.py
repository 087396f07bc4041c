"""Lengths of time as people say them."""

from datetime import timedelta

import pytest

from telemetry.words.durations import duration, took


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a second"),
        (0.4, "less than a second"),
        (1, "1 second"),
        (-1, "1 second"),
        (89, "89 seconds"),
        (90, "2 minutes"),
        (300, "5 minutes"),
        (89 * 60, "89 minutes"),
        (5 * 3600 + 60, "5 hours"),
        (47 * 3600, "47 hours"),
        (2 * 86_400, "2 days"),
        (28_636_147, "331 days"),
        (-28_636_147, "331 days"),
        (20_000 * 365 * 86_400, "7\u202f300\u202f000 days"),
    ],
)
def test_a_length_is_told_in_its_largest_unit(seconds, words):
    assert duration(timedelta(seconds=seconds)) == words


def test_work_below_a_minute_keeps_a_decimal():
    assert took(timedelta(seconds=6.23)) == "6.2\u202fs"
    assert took(timedelta(seconds=6.23), ",") == "6,2\u202fs"
    assert took(timedelta(minutes=12, seconds=4)) == "12 minutes"
