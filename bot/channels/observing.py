"""What services answered while Apprise asked them: it tells neither the status nor when to retry.

Apprise asks through `requests` and mails through `smtplib`, says only whether it worked, and logs
the rest, addresses included. So the answers are noted where they pass, for the thread that wants
them, and its log is read and thrown away.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan
from typing import Any

from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException, Timeout

from bot.channels.bounded import LIMIT, read_some
from bot.jira.http.deadline import Deadline
from bot.jira.http.exchange import let_deadlines_end

LONGEST_WAIT = 6 * 3600.0  # whatever a service asks for
LONGEST_ANSWER = 64_000  # bytes of one that is looked at
DEADLINE_SECONDS = 50.0  # of all that is asked for one address; Apprise waits for a minute
_SMTP = re.compile(r"\((\d{3}), b?['\"]")
_TIMED_OUT = re.compile(r"timed out", re.IGNORECASE)


@dataclass(slots=True)
class Observed:
    """What came back: statuses of HTTP in order, codes of SMTP, and what kept it from coming.

    `said` are the words of the answers whose status is good.
    """

    deadline: Deadline
    statuses: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    retry_after: float | None = None
    smtp_codes: list[int] = field(default_factory=list)
    is_timed_out: bool = False
    is_unreachable: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it did not come in time, or not as a whole."""
        return self.is_timed_out or self.deadline.is_over


_observed: ContextVar[Observed | None] = ContextVar("observed", default=None)
_send = HTTPAdapter.send


def _watched(self: HTTPAdapter, request: Any, *given: Any, **named: Any) -> Any:
    """A request as ever; whoever observes is told what came of it."""
    seen = _observed.get()
    if seen is None:
        return _send(self, request, *given, **named)
    let_deadlines_end(self)
    request.headers["Accept-Encoding"] = "identity"
    try:
        with seen.deadline.adopted():
            response = _send(self, request, *given, **named)
        if not named.get("stream"):
            read_some(response, lambda: seen.is_late)
    except Timeout:
        seen.is_timed_out = True
        raise
    except RequestException:
        seen.is_unreachable = True
        raise
    said = ""
    if not named.get("stream"):
        said = response.content[:LONGEST_ANSWER].decode("utf-8", "replace")
    seen.statuses.append(response.status_code)
    if response.status_code < 300 and not named.get("stream"):
        seen.said.append(said)
    for wait in (_seconds(response.headers.get("Retry-After")), _seconds(_wait_within(said))):
        if wait is not None:
            seen.retry_after = max(wait, seen.retry_after or 0.0)
    return response


HTTPAdapter.send = _watched  # type: ignore[method-assign]


def _seconds(given: str | None) -> float | None:
    """How long a service wants to be left alone: seconds, or a date."""
    if not given:
        return None
    try:
        wait = float(given)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return None if isnan(wait) else min(max(wait, 0.0), LONGEST_WAIT)


def _answered(said: str) -> dict[str, Any]:
    """The JSON object that an answer is; an empty one where it is none."""
    try:
        found = json.loads(said) if said.lstrip().startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _wait_within(said: str) -> str | None:
    """How long a service's words ask to be left alone, as Telegram's and Discord's do."""
    found = _answered(said)
    parameters = found.get("parameters")
    within = parameters if isinstance(parameters, dict) else found
    wait = within.get("retry_after")
    return str(wait) if isinstance(wait, int | float) and not isinstance(wait, bool) else None


def is_no(said: str) -> bool:
    """Whether an answer of a good status says that the message was not taken."""
    said = said.strip()
    if said.lower().startswith("webhook message delivery failed"):  # as of Microsoft Teams
        return True
    found = _answered(said)
    is_bad = found.get("ok") is False or found.get("success") is False
    return is_bad or bool(found.get("error") or found.get("errors"))


class _Log(logging.Filter):
    """Takes from Apprise's log what SMTP said, and lets nothing through."""

    def filter(self, record: logging.LogRecord) -> bool:
        seen = _observed.get()
        if seen is not None:
            text = record.getMessage()
            seen.smtp_codes += [int(code) for code in _SMTP.findall(text)]
            seen.is_timed_out |= bool(_TIMED_OUT.search(text))
        return False


class _Requests(logging.Filter):
    """Lets through no line about a request that is observed: its address is a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        return _observed.get() is None


def keep_log() -> None:
    """Keep what is logged of addresses from everybody."""
    for name, kind in (("apprise", _Log), ("urllib3.connectionpool", _Requests)):
        logger = logging.getLogger(name)
        if not any(isinstance(one, kind) for one in logger.filters):
            logger.addFilter(kind())
    logging.getLogger("apprise").setLevel(logging.DEBUG)  # SMTP's codes stand there


@contextmanager
def observing() -> Iterator[Observed]:
    """What comes back in this thread meanwhile."""
    keep_log()
    with Deadline(DEADLINE_SECONDS) as deadline:
        seen = Observed(deadline)
        token, limit = _observed.set(seen), LIMIT.set(deadline)
        try:
            yield seen
        finally:
            _observed.reset(token)
            LIMIT.reset(limit)
