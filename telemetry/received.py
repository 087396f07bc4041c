"""What the demo's own chat and mailbox received, which its bot fills and its pages show."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

KEPT = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the chat."""

    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: its page and the plain text beside it."""

    at: datetime
    subject: str
    sender: str
    page: str
    plain: str


def _deque() -> "deque[Said | Mail]":
    return deque(maxlen=KEPT)


@dataclass(frozen=True, slots=True)
class Received:
    """Everything that came, the newest first."""

    everything: "deque[Said | Mail]" = field(default_factory=_deque)

    def take(self, one: Said | Mail) -> None:
        """Keep what came."""
        self.everything.appendleft(one)

    def said(self) -> Iterator[Said]:
        """The messages of the chat, the newest first."""
        return (one for one in list(self.everything) if isinstance(one, Said))

    def mails(self) -> Iterator[Mail]:
        """The mails, the newest first."""
        return (one for one in list(self.everything) if isinstance(one, Mail))
