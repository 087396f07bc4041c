"""Jira's clock during one pull, held against ours: from it follows how far figures run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.jira.client import Jira
from telemetry.domain.bounds import EARLIEST, latest_of
from telemetry.errors import TrackerError

MOST_AHEAD = timedelta(minutes=15)  # of our clock: figures run no further


class JiraClock:
    """Asks Jira for its time once and lets it go on as ours does.

    `began_at` is its time when the pull began, and `asked_at` ours; where it tells none, or one
    out of bounds (`is_told`), ours stands for it.
    """

    def __init__(self, jira: Jira, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        told = _told(jira, clock())
        self.asked_at = clock()
        self.is_told = told is not None
        self.began_at = told or self.asked_at

    def now(self) -> datetime:
        """Jira's time now: what is dated later has not happened yet."""
        return self.began_at + (self._clock() - self.asked_at)

    def as_of(self, newest_at: datetime | None) -> datetime:
        """How far figures run: to what was told, or the newest event of the pull if later.

        Where Jira tells no time, only to the newest event. Never far ahead of our clock.
        """
        if self.is_told:
            until = max(self.began_at, newest_at or self.began_at)
        else:
            until = newest_at or self.began_at
        return min(until, self._clock() + MOST_AHEAD)


def _told(jira: Jira, now: datetime) -> datetime | None:
    try:
        told = jira.server_time().astimezone(UTC)
    except TrackerError as error:
        if error.is_of_site:
            raise
        return None
    return told if EARLIEST <= told <= latest_of(now) else None
