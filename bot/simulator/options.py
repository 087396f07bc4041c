"""How a simulated site is to behave, and the count of what it was asked."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from bot.simulator.faults import Faults


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, frozen=True)
class Options:
    """Every knob of a site; the defaults are an ordinary, well-behaved Jira."""

    user: str = "bot@example.com"
    token: str = "simulated-token"  # noqa: S105 - a secret of no worth
    anonymous: Literal["refused", "empty", "public"] = "empty"
    """Without credentials: 401, 200 without issues, or 200 with all of them."""
    clock: Callable[[], datetime] = utc_now
    """Jira's own time: of `serverInfo`, of `Date` headers and of what is young."""
    index_lag_seconds: float = 0
    """Searches do not see younger changes, moves and deletions; reading an issue does."""
    delay_seconds: float = 0
    """Time that every request takes at least."""
    page_cut: int | None = None
    """No page is longer than this, whatever was asked for."""
    thin_pages: bool = False
    """Cloud: pages come back smaller than asked, in the middle of a list as well."""
    is_prepared: bool = False
    """Answers are kept as bytes by method, URL and body, and given again unchanged."""
    has_work_log_lists: bool = True
    """Old Data Centers answer 404 to the site's updated, deleted and listed work logs."""
    hidden_projects_are_empty: bool = False
    """A search in a project out of sight finds nothing; else it is a 400."""
    faults: Faults | None = None
    """Called before each request: gives the answer, or what to do to it; see `faults`."""
    webhook_url: str | None = None
    """Where `running` posts Jira's webhooks for every act on the world."""
    webhook_secret: str = ""
    """Signs them (`X-Hub-Signature`); without one they are not signed."""
    webhook_retry_seconds: tuple[float, ...] = (1, 4, 15)
    """Pauses before each new attempt at one that was not taken."""
    webhook_loss: float = 0
    """The chance of each event never to be sent."""
    webhook_duplication: float = 0
    """The chance of each to be sent twice, under one identifier."""
    webhook_delay: float = 0
    """The chance of each to be late, by up to `webhook_delay_seconds`; others overtake it."""
    webhook_delay_seconds: float = 1
    webhook_seed: int = 0


@dataclass(slots=True, frozen=True)
class Served:
    """One request that was served, enough to send it again."""

    method: str
    target: str
    body: bytes
    status: int


@dataclass(slots=True)
class RequestLog:
    """The requests in their order, counted in all and by path (numbers and keys as `*`)."""

    served: list[Served] = field(default_factory=list)
    by_path: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return len(self.served)

    def add(self, served: Served) -> None:
        path = served.target.partition("?")[0]
        self.served.append(served)
        self.by_path[
            re.sub(r"(?<=/)(\d{2,}|[A-Z][A-Z0-9]+(-\d+)?|(?<=[a-z]/)\d)(?=/|$)", "*", path)
        ] += 1

    def clear(self) -> None:
        self.served.clear()
        self.by_path.clear()
