"""Those whom one address names: each is sent to by itself, so that it gets nothing twice."""

from typing import TYPE_CHECKING, Any

from bot.channels.pictures import schema

if TYPE_CHECKING:
    from apprise import NotifyBase

# where Apprise keeps them
_KEPT = {
    "mailto": "targets",
    "mailtos": "targets",
    "mmost": "targets",
    "mmosts": "targets",
    "ntfy": "topics",
    "ntfys": "topics",
    "slack": "channels",
    "tgram": "targets",
}


def count(plugin: "NotifyBase | None") -> int:
    """How many an address names; one where that is not known."""
    return 1 if plugin is None else max(1, len(_targets(plugin)))


def choose(plugin: "NotifyBase", number: int) -> None:
    """Let only this one of them be sent to."""
    found = _targets(plugin)
    if len(found) > 1:
        chosen = sorted(found, key=str)[number : number + 1]
        setattr(plugin, _KEPT[schema(plugin)], chosen)


def _targets(plugin: "NotifyBase") -> list[Any]:
    return list(getattr(plugin, _KEPT.get(schema(plugin), ""), None) or ())
