"""What holds of digests in every schedule: each is told once a channel, within its window."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from bot.alerts.backoff import LEAST_TRIES
from bot.channels.payload import Post
from bot.digests.due import WINDOWS
from telemetry.domain.calendar import Calendar
from telemetry.store import schema as s
from telemetry.store.engine import reading
from tests.alerts.happening import DIGEST_AT

D = s.digests.c


@dataclass(slots=True)
class HoldingDigests:
    """`failures` are what did not hold, each a sentence."""

    engine: Engine
    failures: list[str]
    _seen: dict[tuple[str, str, str], str] = field(default_factory=dict)  # by key and service
    _tries: dict[str, list[datetime]] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)

    def arrives(self, post: Post, service: str, *, is_again: bool) -> None:
        """A digest reached one of the services of a channel."""
        with reading(self.engine) as connection:
            [row] = connection.execute(select(D.key, D.channel).where(D.message_id == post.id))
        key = (row.key, row.channel, service)
        known = self._seen.get(key)
        if known is not None and not (known == post.id and is_again):
            self.failures.append(f"digest {row.key} was told twice in {service}")
        self._seen[key] = post.id

    def refuses(self, post: Post) -> None:
        """A channel will not have it."""
        self._refused.add(post.id)

    def fails(self, post: Post, now: datetime) -> None:
        """A channel did not answer."""
        self._tries.setdefault(post.id, []).append(now)

    def end(self, calm_since: datetime, now: datetime, channels: tuple[str, ...]) -> None:
        """All is well again: nothing waits that is due, and what was due since then has a row.

        Where a clock was ahead it may have been told, or refused, before.
        """
        with reading(self.engine) as connection:
            rows = connection.execute(s.digests.select()).all()
        told = {(row.told_at, row.channel) for row in rows}
        for row in rows:
            if row.state == "waiting" and row.due_at > now:
                continue
            reason = self._why_untold(row.state, row.message_id, row.error)
            if reason is not None:
                self.failures.append(f"digest {row.key} in {row.channel}: {reason}")
        for due in _due(calm_since, now - WINDOWS["portfolio"]):
            for channel in channels:
                if (due, channel) not in told:
                    self.failures.append(f"the digest of {due} is not told in {channel}")

    def _why_untold(self, state: str, message_id: str, error: str | None) -> str | None:
        match state:
            case "sent":
                return None if message_id in self._seen.values() else "it was not told"
            case "failed":
                return None if message_id in self._refused else "nobody refused it"
            case "given_up":
                count = len(self._tries.get(message_id, []))
                return None if count >= LEAST_TRIES else f"given up after {count} tries"
            case "dropped":
                return None
            case _:
                return f"it is {state} ({error})"


def _due(since: datetime, until: datetime) -> Iterator[datetime]:
    """The hours at which digests were due on the days after, on which a bot looked at 15:00.

    It is late then, so on a day off it would wait for longer than anybody wants to hear of it.
    """
    calendar = Calendar(holidays="FR")
    for day in calendar.days(since, until)[1:]:
        due = datetime.combine(day, DIGEST_AT, UTC)
        if calendar.is_working_day(day) and due <= until:
            yield due
