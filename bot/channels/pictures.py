"""Pictures of a message: in the mail itself, after it in a chat, and nowhere where none go.

A chat gets them as a message of their own once the text has arrived: a picture that it refuses
must not have the text told again.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.channels.payload import Picture

if TYPE_CHECKING:
    from apprise import AppriseAttachment, NotifyBase

IN_MAILS = {"mailto", "mailtos"}
AFTER_CHATS = {"discord", "ntfy", "ntfys", "slack", "tgram"}
ONE_BY_ONE = {"ntfy", "ntfys", "tgram"}  # a picture is a message there, with words of its own


def schema(plugin: "NotifyBase") -> str:
    """What an address begins with."""
    return str(plugin.url(privacy=True)).partition(":")[0]  # type: ignore[no-untyped-call]


def are_inside(plugin: "NotifyBase") -> bool:
    """Whether a message's page shows them itself."""
    return schema(plugin) in IN_MAILS


def put_inside(plugin: "NotifyBase") -> None:
    """Let a mail show its pictures where its page names them."""
    mail: Any = plugin
    mail.inline = True


def come_after(plugin: "NotifyBase") -> bool:
    """Whether they follow the text; Slack takes files of a bot alone."""
    if schema(plugin) == "slack":
        return str(getattr(plugin, "mode", "")) == "bot"
    return schema(plugin) in AFTER_CHATS


def portions(plugin: "NotifyBase", pictures: Sequence[Picture]) -> list[Sequence[Picture]]:
    """The pictures as they go into messages of their own."""
    if schema(plugin) in ONE_BY_ONE:
        return [[one] for one in pictures]
    return [pictures]


def attached(pictures: Sequence[Picture]) -> "AppriseAttachment":
    """The pictures as Apprise takes them."""
    from apprise import AppriseAttachment  # noqa: PLC0415 (slow to load; only who sends pays)
    from apprise.attachment.memory import AttachMemory  # noqa: PLC0415

    made: type[Any] = AttachMemory
    return AppriseAttachment(
        [made(one.content, name=one.name, mimetype="image/png") for one in pictures]
    )
