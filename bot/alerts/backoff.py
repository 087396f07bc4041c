"""When a message is tried again; pure."""

from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(hours=24)
LEAST_TRIES = 10  # over a weekend, or where the clock jumped, a day passes with one


def next_try(attempts: int, now: datetime, retry_after: float | None) -> datetime:
    """After so many tries: 30 s, then twice as long each time up to an hour; later where asked."""
    doubled: int = 2 ** min(max(attempts, 1) - 1, 10)
    wait = min(FIRST * doubled, LONGEST)
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=retry_after))
    return now + wait


def is_given_up(first_at: datetime, now: datetime, attempts: int) -> bool:
    """Whether it has been tried for long enough, and often enough."""
    return now - first_at >= GIVEN_UP_AFTER and attempts >= LEAST_TRIES
