"""How old data are, and how pulls went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a team's data are. `reason` says in one sentence why it is stale, if it is."""

    as_of: datetime | None  # Jira's clock at the last complete pull; None before the first
    pulled_at: datetime | None  # our clock then
    is_stale: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    started_at: datetime
    ended_at: datetime | None
    state: str  # running | done | failed
    issues_changed: int
    work_logs_changed: int
    requests: int
    error: str | None
    site: str
    kind: str  # first | incremental | full | reconcile
    issues_read: int | None = None  # how far a running pull is
    issues_total: int | None = None  # of about how many
    found: Mapping[str, int] | None = None  # what a comparison with Jira found, by its name
