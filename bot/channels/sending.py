"""Sends a message through Apprise, and says how that went without a word of the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.channels import plain_text, targets
from bot.channels.observing import Observed, is_no, observing
from bot.channels.payload import Dialect, Payload, Post, Sendable, captions, payload
from bot.channels.pictures import are_inside, attached, come_after, portions, put_inside, schema
from bot.channels.services import declared, dialect_of, plugin_of, shows_tables
from telemetry.logs import get_logger

if TYPE_CHECKING:
    from apprise import Apprise, AppriseAttachment, NotifyBase

log = get_logger()

HEADER = "X-Telemetry-Message"
Way = Literal["sent", "retry", "failed"]
BAD_ADDRESS = "is no address that Apprise knows; check what its url names"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending went: sent, worth another try, or failed for good, and why.

    `reached` are the places of the addresses that have the message; `retry_after` is what a
    service asked for, in seconds.
    """

    way: Way
    reached: tuple[int, ...] = ()
    reason: str | None = None
    retry_after: float | None = None


def addresses_of(secret: str) -> list[str]:
    """The addresses of a channel: one a line."""
    return [line.strip() for line in secret.splitlines() if line.strip()]


def service_name(address: str) -> str | None:
    """What kind of service an address is of, None where it is no address."""
    plugin = plugin_of(address)
    return None if plugin is None else str(plugin.service_name)


def send(message: Sendable, addresses: Sequence[str], reached: Sequence[int] = ()) -> Outcome:
    """Send to those addresses that have not got it yet; one that fails delays no other.

    Where an address names several, each has a place of its own.
    """
    got, failures = set(reached), []
    each = [
        (address, number)
        for address in addresses
        for number in range(targets.count(plugin_of(address)))
    ]
    for place, (address, number) in enumerate(each):
        if place in got:
            continue
        outcome = _send(message, address, number)
        if outcome.way == "sent":
            got.add(place)
        else:
            failures.append((place, outcome))
    return _together(failures, tuple(sorted(got)), len(each))


def _together(failures: Sequence[tuple[int, Outcome]], got: tuple[int, ...], count: int) -> Outcome:
    """The outcome of all addresses: one worth another try keeps the message waiting."""
    if not failures:
        return Outcome("sent", got)
    again = [one for one in failures if one[1].way == "retry"]
    waits = [one.retry_after for _, one in again if one.retry_after is not None]
    reasons = [
        f"address {place + 1} of {count} {one.reason}" if count > 1 else f"It {one.reason}"
        for place, one in failures
    ]
    reason = "; ".join(reasons)
    whole = reason[0].upper() + reason[1:] + "."
    return Outcome("retry" if again else "failed", got, whole, max(waits, default=None))


def _send(message: Sendable, address: str, number: int) -> Outcome:
    from apprise import Apprise  # noqa: PLC0415 (slow to load; only who sends pays)

    with observing() as seen:
        plugin = plugin_of(address)
        if plugin is None:
            return Outcome("failed", reason=BAD_ADDRESS)
        made = payload(message, dialect_of(plugin), has_tables=shows_tables(plugin))
        beside = payload(message, Dialect.TEXT)
        _identify(plugin, message.id)
        targets.choose(plugin, number)
        service = Apprise(asset=plugin.asset)
        service.add(plugin)
        inside = _inside(plugin, message)
        with plain_text.beside(f"{beside.title}\n\n{beside.body}\n"):
            form = declared(plugin, made)
            is_sent = bool(service.notify(made.body, made.title, body_format=form, attach=inside))
        is_sent = is_sent and not _says_no(plugin, seen)
        outcome = Outcome("sent") if is_sent else _failure(seen)
    if is_sent and isinstance(message, Post) and message.pictures and come_after(plugin):
        _send_after(service, plugin, message)
    return outcome


def takes_pictures(address: str) -> bool:
    """Whether who reads this address sees pictures."""
    plugin = plugin_of(address)
    return plugin is not None and (are_inside(plugin) or come_after(plugin))


def _inside(plugin: "NotifyBase", message: Sendable) -> "AppriseAttachment | None":
    """The pictures that go with the text itself."""
    if not isinstance(message, Post) or not message.pictures or not are_inside(plugin):
        return None
    put_inside(plugin)
    return attached(message.pictures)


def _send_after(service: "Apprise", plugin: "NotifyBase", post: Post) -> None:
    """Send pictures whose text has arrived; where they are refused, the text stands alone."""
    dialect = dialect_of(plugin)
    for some in portions(plugin, post.pictures):
        said = captions(some, dialect)
        with observing() as seen:
            form = declared(plugin, Payload("", said, dialect))
            is_sent = service.notify(said, body_format=form, attach=attached(some))
            if not is_sent or _says_no(plugin, seen):
                log.warning("pictures not sent", message=post.id)
                return


def _identify(plugin: "NotifyBase", message_id: str) -> None:
    """Put the message's id into a header where the service has some."""
    headers = getattr(plugin, "headers", None)
    if isinstance(headers, dict):
        headers[HEADER] = message_id


def _says_no(plugin: "NotifyBase", seen: Observed) -> bool:
    """Whether a service that answered well by its status says in words that it did not."""
    if schema(plugin) in ("mmost", "mmosts") and str(getattr(plugin, "mode", "")) != "bot":
        return any(said.strip() not in ("", "ok") for said in seen.said)
    return any(map(is_no, seen.said))


def _failure(seen: Observed) -> Outcome:
    """Why it did not work, and whether another try may."""
    refusal = next((one for one in reversed(seen.statuses) if one >= 300), None)
    if refusal is not None:
        return _refused(refusal, seen.retry_after)
    if seen.smtp_codes:
        for_good = next((code for code in seen.smtp_codes if code >= 500), None)
        if for_good is not None:
            return Outcome("failed", reason=_refused_mail(for_good))
        return Outcome("retry", reason=f"put the mail off ({seen.smtp_codes[-1]})")
    if seen.is_late:
        return Outcome("retry", reason="did not answer in time")
    if seen.statuses:
        reason = f"answered {seen.statuses[-1]} with an error inside"
        return Outcome("retry", reason=reason, retry_after=seen.retry_after)
    return Outcome("retry", reason="cannot be reached; check its host and port")


def _refused(status: int, retry_after: float | None) -> Outcome:
    if status == 429:
        return Outcome("retry", reason="asks us to wait (429)", retry_after=retry_after)
    if status in (408, 425) or status >= 500:
        reason = f"answered {status}, an error of its own"
        return Outcome("retry", reason=reason, retry_after=retry_after)
    return Outcome("failed", reason=_refusal(status))


def _refusal(status: int) -> str:
    if status in (401, 403):
        return f"refused us ({status}); check the token in its url, and that it was not withdrawn"
    if status in (404, 410):
        return f"knows no such address ({status}); check the path in its url"
    if 300 <= status < 400:
        return f"sends us elsewhere ({status}); put its new address into its url"
    return f"refused the message ({status}); check its url, and what the service wants"


def _refused_mail(code: int) -> str:
    if code in (530, 534, 535):
        return f"refused user or password of the mail ({code}); check them in its url"
    return f"refused the mail ({code}); check sender and recipients in its url"
