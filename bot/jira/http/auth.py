"""Who the bot is for Jira, and where that is written."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

from telemetry.secrecy import Hidden, said


@dataclass(frozen=True, slots=True)
class Auth:
    """Credentials: `token` is Cloud's (with a user: Basic; without: Bearer), `pat` a Bearer.

    The secret is hidden, so that no log or error can show it.
    """

    kind: Literal["token", "basic", "pat"]
    user: str | None = None
    secret: Hidden | str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "secret", Hidden.of(self.secret))

    @property
    def is_bearer(self) -> bool:
        return self.kind == "pat" or (self.kind == "token" and not self.user)

    def reveal(self) -> str:
        """The secret itself."""
        return Hidden.of(self.secret).reveal()

    def said(self, text: str) -> str:
        """What a server says in an error, without a secret that it repeats."""
        pair = f"{self.user or ''}:{self.reveal()}"
        return said(text, (self.reveal(), b64encode(pair.encode()).decode()))

    @property
    def who(self) -> str:
        """The name for messages: the user, or the kind of credential where it has none."""
        return f"user '{self.user}'" if self.user and not self.is_bearer else f"the {self.kind}"


@dataclass(frozen=True, slots=True)
class Written:
    """Where the address and the credentials of a Jira are written, for messages."""

    url: str = "url"
    auth: str = "auth"

    @classmethod
    def at(cls, url: str, auth: str) -> Self:
        """From places such as "telemetry.yml:3: jira.url"."""
        return cls(_named(url), _named(auth))


def _named(place: str) -> str:
    where, _, key = place.rpartition(": ")
    return f"{key} ({where})" if where else key


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of which Jira and by whom, for messages.

    `said` makes of what a server says what may be shown of it; `most_bytes` may be its answer.
    """

    url: str
    path: str
    who: str
    written: Written
    said: Callable[[str], str]
    most_bytes: int
