"""The service of an address, and what who reads there is shown: its dialect, and tables or not."""

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.channels import plain_text
from bot.channels.observing import keep_log
from bot.channels.payload import Dialect, Payload
from bot.channels.pictures import schema

if TYPE_CHECKING:
    from apprise import NotifyBase

# services that read Markdown whatever they are told
READS_MARKDOWN = {"discord", "guilded", "mmost", "mmosts", "revolt", "rocket", "rockets", "zulip"}
# those that show tables: in Markdown, or as columns of plain text that programs or mails are given
SHOWS_TABLES = {
    "form",
    "forms",
    "json",
    "jsons",
    "mmost",
    "mmosts",
    "revolt",
    "xml",
    "xmls",
    "zulip",
}
READ_SECONDS = 15.0


def plugin_of(address: str) -> "NotifyBase | None":
    """The service of an address, with patience for slow ones; None where it is none."""
    from apprise import Apprise, AppriseAsset, OverflowMode  # noqa: PLC0415 (slow; only who sends pays)

    _load_services()
    asset = AppriseAsset(
        app_id="telemetry",
        app_desc="Agile telemetry",
        async_mode=False,
        image_url_mask="",  # no picture that every reader's chat would ask a stranger for
        image_url_logo="",
        http_redirects=False,  # what follows one arrives without its text
    )
    try:
        plugin = Apprise.instantiate(address, asset=asset)
    except Exception:
        return None  # whatever a service makes of a wrong address
    if plugin is not None:
        plugin.overflow_mode = OverflowMode.SPLIT  # what is too long for one message, as several
        if "rto=" not in address:
            plugin.socket_read_timeout = READ_SECONDS
        if schema(plugin) == "tgram" and "mdv=" not in address:
            telegram: Any = plugin
            telegram.markdown_ver = "MarkdownV2"  # the older one cannot write every address
    return plugin


@cache
def _load_services() -> None:
    """Let Apprise look at its services once: some load modules that Python is to lose."""
    from apprise import Apprise  # noqa: PLC0415 (as above)

    keep_log()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Apprise.instantiate("json://localhost")
    plain_text.take_over()


def dialect_of(plugin: "NotifyBase") -> Dialect:
    """What a service reads."""
    formats = _formats(plugin)
    if schema(plugin) == "slack":
        return Dialect.SLACK
    if schema(plugin) in READS_MARKDOWN:
        return Dialect.MARKDOWN
    if formats[0] == "html" and "markdown" not in formats:
        return Dialect.HTML
    if formats[0] == "text" or "markdown" not in formats:
        return Dialect.TEXT
    return Dialect.MARKDOWN


def shows_tables(plugin: "NotifyBase") -> bool:
    """Whether who reads a service's messages sees tables as such."""
    return schema(plugin) in SHOWS_TABLES


def _formats(plugin: "NotifyBase") -> list[str]:
    given = plugin.notify_format
    return [str(one.value) for one in (given if isinstance(given, tuple) else (given,))]


def declared(plugin: "NotifyBase", made: Payload) -> str:
    """What Apprise is told: a dialect that it would take away goes through as it is."""
    name = "markdown" if made.dialect is Dialect.SLACK else made.dialect.value
    return name if name in _formats(plugin) else "text"
