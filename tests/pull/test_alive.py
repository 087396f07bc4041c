"""Whether a bot is at work, from when its pulls began and ended."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.alive import asleep_sites
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import begin_pull, end_pull, newest_pulls

NOW = datetime(2026, 5, 6, 13, tzinfo=UTC)
EVERY = timedelta(minutes=10)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("began", "ended", "state", "said"),
    [
        (2 * MINUTE, MINUTE, "done", ""),
        (31 * MINUTE, 30 * MINUTE, "done", ""),
        (32 * MINUTE, 31 * MINUTE, "done", "no pull has begun since 31 minutes"),
        (5 * HOUR, 5 * HOUR, "failed", ""),  # Jira may have asked to be left alone
        (7 * HOUR, 7 * HOUR, "failed", "no pull has begun since 7 hours"),
        (20 * HOUR, None, "running", ""),  # a first one of a large site
        (50 * HOUR, None, "running", "its pull began 2 days ago"),
    ],
)
def test_the_newest_pull_tells(store, began, ended, state, said):
    with writing(store) as connection:
        for at, after in ((NOW - 90 * HOUR, NOW - 89 * HOUR), (NOW - began, ended and NOW - ended)):
            number = begin_pull(connection, site="default", kind="incremental", at=at)
            if after:
                end_pull(connection, number, at=after, state=state)
    with reading(store) as connection:
        newest = newest_pulls(connection, ["default", "other"])
    found = list(asleep_sites(["default"], newest, NOW, EVERY))
    assert found == ([f"site 'default': {said}"] if said else [])


def test_without_a_pull_none_is_at_work(store):
    with reading(store) as connection:
        newest = newest_pulls(connection, ["default"])
    assert list(asleep_sites(["default"], newest, NOW, EVERY)) == [
        "site 'default': no pull has begun yet"
    ]
