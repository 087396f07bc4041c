"""The pace that Jira asks for: shared by all requests of one client, whichever thread makes them.

Sources: developer.atlassian.com/cloud/jira/platform/rate-limiting (Retry-After, X-RateLimit-Reset,
-Remaining, -NearLimit, RateLimit-Reason); Data Center's X-RateLimit-Interval-Seconds. Headers are
hints: what is unknown or malformed is passed over.
"""

import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.jira.http.retry import (
    date_of,
    longest_asked_seconds,
    number,
    retry_after,
)

_near_limit_pace_seconds = 0.5
_slowest_pace_seconds = 5.0
_pace_lasts_seconds = 30.0  # answers of other resources may not tell it again
_longest_announced_seconds = 60.0  # only a refusal may ask for more
_rounding_seconds = 0.001
_a_word = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class Limits:
    """When the next request of a client may be made."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._not_before = self._slow_until = self._last_at = float("-inf")
        self._pace_seconds = 0.0
        self._reason = ""

    @property
    def reason(self) -> str:
        """Why requests wait; it completes the sentence "Jira did not answer: ..."."""
        with self._lock:
            return self._reason

    def wait_seconds(self) -> float:
        """Seconds until a request may be made; 0.0 where one may be made now, by the caller."""
        with self._lock:
            now = self._clock()
            ready = self._not_before
            if now < self._slow_until:
                ready = max(ready, self._last_at + self._pace_seconds)
            if ready - now > _rounding_seconds:
                return ready - now
            self._last_at = now
            return 0.0

    def hold(self, seconds: float, reason: str) -> None:
        """Let no request begin before that."""
        with self._lock:
            until = self._clock() + seconds
            if until > self._not_before:
                self._not_before, self._reason = until, reason

    def note(self, headers: Mapping[str, str]) -> None:
        """Slow down where an answer, though given, says that the limit is near or reached."""
        remaining, left = number(headers, "X-RateLimit-Remaining"), seconds_to_reset(headers)
        if remaining is not None and remaining <= 0:
            wait = retry_after(headers) or left or number(headers, "X-RateLimit-Interval-Seconds")
            if wait is not None and wait > 0:
                self.hold(
                    min(wait, _longest_announced_seconds),
                    "it has no requests left for us (X-RateLimit-Remaining: 0)",
                )
        if headers.get("X-RateLimit-NearLimit", "").strip().lower() == "true":
            pace = left / remaining if left and remaining and remaining > 0 else 0.0
            with self._lock:
                self._pace_seconds = min(max(pace, _near_limit_pace_seconds), _slowest_pace_seconds)
                self._slow_until = self._clock() + _pace_lasts_seconds
                self._reason = self._reason or "it is near its limit of requests"


def refusal_seconds(status: int, headers: Mapping[str, str]) -> float | None:
    """How long Jira asks to be left alone, by an answer that refuses; None where it does not say.

    Data Center may say `retry-after: 0` and mean: as soon as its bucket is filled again.
    """
    after = retry_after(headers)
    if after or status != 429:
        return after
    return seconds_to_reset(headers) or number(headers, "X-RateLimit-Interval-Seconds") or after


def seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until `X-RateLimit-Reset`, an ISO instant, on the server's own clock."""
    now = date_of(headers)
    try:
        until = datetime.fromisoformat(headers.get("X-RateLimit-Reset", "").strip())
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        seconds = None if now is None else (until - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return None if seconds is None else min(max(seconds, 0.0), longest_asked_seconds)


def limit_reason(headers: Mapping[str, str]) -> str:
    """`RateLimit-Reason`, such as jira-quota-tenant-based, where it is a plain word; or ""."""
    told = headers.get("RateLimit-Reason", "").strip()
    return told if _a_word.fullmatch(told) else ""
