"""A channel looked at, or tried with a message: for `check` and `alerts test`."""

from dataclasses import dataclass
from uuid import uuid4

from bot.channels.sending import BAD_ADDRESS, addresses_of, send, service_name
from telemetry.words.alerts.message import Message
from telemetry.words.values import figure, sentence


@dataclass(frozen=True, slots=True)
class Tried:
    is_good: bool
    sentence: str


def look_at(secret: str) -> Tried:
    """What services the addresses of a channel are of; nothing is sent."""
    names = []
    addresses = addresses_of(secret)
    for place, address in enumerate(addresses, 1):
        name = service_name(address)
        if name is None:
            which = f"address {place} of {len(addresses)} " if len(addresses) > 1 else "it "
            return Tried(False, which + BAD_ADDRESS)
        names.append(name)
    if not names:
        return Tried(False, "it is empty; put an address for Apprise there")
    return Tried(True, f"{', '.join(names)}; its address is set")


def try_out(channel: str, secret: str) -> Tried:
    """Send a message that says that it is one to try."""
    looked = look_at(secret)
    if not looked.is_good:
        return looked
    said = sentence("● ", figure("telemetry"), f", channel {channel}: this is a message to try it.")
    more = sentence("Alerts of the teams arrive here as ", figure("one message"), " at a time.")
    outcome = send(Message(uuid4().hex, (said, more), None), addresses_of(secret))
    if outcome.way == "sent":
        return Tried(True, f"{looked.sentence}, and a message arrived")
    return Tried(False, outcome.reason or "the message did not arrive")
