"""Who the bot is for Jira."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Auth:
    """Credentials: `token` is Cloud's (with a user: Basic; without: Bearer), `pat` a Bearer.

    The secret is left out of the representation, so that no log or error can show it.
    """

    kind: Literal["token", "basic", "pat"]
    user: str | None = None
    secret: str = field(default="", repr=False)

    @property
    def is_bearer(self) -> bool:
        return self.kind == "pat" or (self.kind == "token" and not self.user)

    @property
    def who(self) -> str:
        """The name for messages: the user, or the kind of credential where it has none."""
        return f"user '{self.user}'" if self.user and not self.is_bearer else f"the {self.kind}"
