"""When to ask Jira again, and how long to wait before: our own policy, not the package's.

Sources: developer.atlassian.com/cloud/jira/platform/rate-limiting; RFC 9110 (Retry-After).
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

longest_backoff_seconds = 60.0


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
        if failure.retry_after_seconds:
            return failure.retry_after_seconds + min(spread, 5.0)
        return spread


class Failure(Exception):
    """One try failed in a way that another may mend.

    `reason` completes the sentence "Jira did not answer: ..."; `is_garbled` tells that it did
    answer, but not in JSON. `retry_after_seconds` is what Jira asked for, if it did.
    """

    def __init__(
        self,
        reason: str,
        *,
        is_garbled: bool = False,
        retry_after_seconds: float | None = None,
        base_seconds: float = 1.0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_garbled = is_garbled
        self.retry_after_seconds = retry_after_seconds
        self.base_seconds = base_seconds


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or an HTTP date; None without one.

    A date is held against the server's own `Date`, so that no clock of ours matters.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
        return max((until - parsedate_to_datetime(headers["Date"])).total_seconds(), 0.0)
    except (KeyError, TypeError, ValueError):
        return None
