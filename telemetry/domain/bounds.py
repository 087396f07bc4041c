"""The time in which things happen that a tracker tells: what lies outside is no value."""

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=731)
# Jira's search may show a change some minutes late: a record of a start, a close or a week's end
# made at once could miss the last ones before it, and it is never made again
SETTLING = timedelta(minutes=5)
FARTHEST = datetime(2200, 1, 1, tzinfo=UTC)
"""What is computed lies before: a forecast looks ten years ahead of what was read."""


def latest_of(now: datetime) -> datetime:
    """The last instant that can be read: two years ahead of our clock."""
    return now + AHEAD


def bounded(at: datetime) -> datetime:
    """The instant, or the nearest one that can be reckoned with."""
    return min(max(at, EARLIEST), FARTHEST)
