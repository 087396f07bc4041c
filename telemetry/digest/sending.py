"""Who sends digests: the bot says so when its commands are added, as nothing here knows it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from telemetry.context import Context
from telemetry.errors import TelemetryError

if TYPE_CHECKING:
    from telemetry.settings.digesting import DigestKind

Sender: TypeAlias = "Callable[[Context, DigestKind, str], list[str]]"
_senders: list[Sender] = []


def send_with(sender: Sender) -> None:
    """Let this send what the command `digest --send` is to; it returns the channels reached."""
    _senders[:] = [sender]


def send(context: Context, kind: "DigestKind", team: str) -> list[str]:
    """Send a digest of a team, or of all, to its channels; those that it reached."""
    if not _senders:
        raise TelemetryError("the part 'bot' is not installed: install agile-telemetry again")
    return _senders[0](context, kind, team)
