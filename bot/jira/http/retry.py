"""When to ask Jira again, and how long to wait before: our own policy, not the package's.

Sources: developer.atlassian.com/cloud/jira/platform/rate-limiting; RFC 9110 (Retry-After).
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

longest_backoff_seconds = 60.0
longest_asked_seconds = 86_400.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long one question is asked before Jira counts as unavailable."""

    tries: int = 5
    budget_seconds: float = 300.0
    jitter: Callable[[], float] = random.random

    def wait_seconds(self, tried: int, failure: "Failure") -> float:
        """Seconds until the next try: never sooner than Jira asked, spread so that bots part."""
        backoff = min(failure.base_seconds * 2.0 ** (tried - 1), longest_backoff_seconds)
        spread = backoff * (0.5 + self.jitter() / 2)
        asked = failure.retry_after_seconds
        if asked:
            return asked + min(spread, 0.5 + asked / 4, 5.0)
        return spread


class Failure(Exception):
    """One try failed in a way that another may mend.

    `reason` completes the sentence "Jira did not answer: ..."; `is_garbled` tells that it did
    answer, but not as Jira does; `is_for_all` that Jira wants no request of ours until then.
    `retry_after_seconds` is what Jira asked for, if it did; `status` that of its answer. `remedy`
    is what to do where it stays, if that is more than to wait; `is_silent` whether it took long,
    None where that is by its time.
    """

    def __init__(
        self,
        reason: str,
        *,
        is_garbled: bool = False,
        is_for_all: bool = False,
        retry_after_seconds: float | None = None,
        base_seconds: float = 1.0,
        status: int | None = None,
        remedy: str = "",
        is_silent: bool | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_garbled = is_garbled
        self.is_for_all = is_for_all
        self.retry_after_seconds = retry_after_seconds
        self.base_seconds = base_seconds
        self.status = status
        self.remedy = remedy
        self.is_silent = is_silent


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or an HTTP date; None without one.

    A date is held against the server's own `Date`, so that no clock of ours matters. More than a
    day is a day: a mistaken header must not silence the bot for ever.
    """
    asked = number(headers, "Retry-After")
    if asked is None:
        until, now = date_of(headers, "Retry-After"), date_of(headers)
        if until is None or now is None:
            return None
        asked = (until - now).total_seconds()
    return min(max(asked, 0.0), longest_asked_seconds)


def number(headers: Mapping[str, str], name: str) -> float | None:
    """A header's finite number, no larger than a day has seconds; None where there is none."""
    try:
        value = float(headers.get(name, ""))
    except ValueError:
        return None
    return (
        min(max(value, -longest_asked_seconds), longest_asked_seconds) if isfinite(value) else None
    )


def date_of(headers: Mapping[str, str], name: str = "Date") -> datetime | None:
    """A header's HTTP date; None where there is none."""
    try:
        at = parsedate_to_datetime(headers.get(name, ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
