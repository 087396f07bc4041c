"""Guards the reading of Jira's values: one that cannot be read is left out and named.

Bounds are those of the field: instants from 1990 to two years ahead, ids that a store holds,
texts as long as Jira's own.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.translate.values import Raw, instant, number
from telemetry.domain.bounds import EARLIEST

NO_END = datetime.max.replace(tzinfo=UTC)
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
LONGEST_SECONDS = 366 * 86_400
_longest_key = 64
_longest_text = 255
_largest_estimate = 1e9
_longest_shown = 40
_most_named = 20
_half_a_character = "\ufffd"
T = TypeVar("T")


class Unreadable(ValueError):
    """A value that an issue or a sprint cannot do without; the message names it."""


class Guard:
    """Reads the values of one issue or sprint; `named` says what was left out or mended.

    `estimates` says the same of estimates, `doubted` what may be otherwise, and `zoneless` which
    dates told no time zone. `latest` is the last instant that can be read.
    """

    def __init__(self, latest: datetime) -> None:
        self._latest = latest
        self._named: list[str] = []
        self._estimates: list[str] = []
        self._doubted: list[str] = []
        self._zoneless: list[str] = []

    @property
    def named(self) -> tuple[str, ...]:
        """What was left out or mended, each once."""
        return _each_once(self._named)

    @property
    def estimates(self) -> tuple[str, ...]:
        """The estimates that were left out, each once."""
        return _each_once(self._estimates)

    @property
    def doubted(self) -> tuple[str, ...]:
        """What was read although it may mean something else, each once."""
        return _each_once(self._doubted)

    @property
    def zoneless(self) -> tuple[str, ...]:
        """The dates without a time zone, read as UTC, each once."""
        return _each_once(self._zoneless)

    def doubt(self, what: str) -> None:
        """Note what may mean something else."""
        self._doubted.append(what)

    def without_zone(self, what: str) -> None:
        """Note a date that tells no time zone."""
        self._zoneless.append(what)

    def name(self, what: str, value: Any = None) -> None:
        """Note a value that is left out."""
        self._named.append(f"{what}{_shown(value)}")

    def attempt(self, what: str, read: Callable[[], T], default: T, value: Any = None) -> T:
        """What `read` returns, or the default where it cannot."""
        try:
            return read()
        except UNREADABLE:
            self.name(what, value)
            return default

    def optional_instant(self, what: str, value: Any, part: str = "") -> datetime | None:
        """The instant; None without one, or where it cannot be read or lies out of bounds.

        `part` is what names it where it tells no time zone.
        """
        if value in (None, "", "<null>"):
            return None
        try:
            return self.instant(part or what, value)
        except UNREADABLE:
            self.name(what, value)
            return None

    def instant(self, what: str, value: Any) -> datetime:
        """The instant; raises ValueError where it lies out of bounds."""
        if type(value) is not str and type(value) is not int and type(value) is not float:
            raise TypeError("no instant")
        at = instant(value, lambda: self.without_zone(what))
        if not EARLIEST <= at <= self._latest:
            raise ValueError("an instant out of bounds")
        return at

    def is_within(self, at: datetime) -> bool:
        """Tells whether the instant lies within the bounds."""
        return EARLIEST <= at <= self._latest

    def text(self, what: str, value: Any, most: int = _longest_text) -> str:
        """The text without what is too long; "" where it is none."""
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.name(what)
            return ""
        text = str(value)
        if len(text) > most or _half_a_character in text:
            self.name(what if len(text) > most else f"half a character in {what}")
        return text[:most]

    def texts(self, what: str, values: Any, read: Callable[[Any], Any]) -> tuple[str, ...]:
        """The texts that `read` finds in a list's values; empty and odd ones are left out."""
        if values is None or values == []:
            return ()
        if not isinstance(values, list):
            self.name(what)
            return ()
        found = (self.text(what, self.attempt(what, lambda v=v: read(v), None)) for v in values)  # type: ignore[misc]
        return tuple(text for text in found if text)

    def estimate(self, what: str, value: Any, read: Callable[[Any], float | None]) -> float | None:
        """The estimate; None without one, or where it is no sensible number."""
        try:
            found = read(value)
        except UNREADABLE:
            found = None
        is_given = number(found) is None and value not in (None, "", [], {})
        if is_given or (found is not None and abs(found) > _largest_estimate):
            option = as_object(value).get("value", value)
            self._estimates.append(f"{what}{_shown(option)}")
            return None
        return found


def _each_once(said: Iterable[str]) -> tuple[str, ...]:
    every = tuple(dict.fromkeys(said))
    if len(every) <= _most_named:
        return every
    return (*every[:_most_named], f"{len(every) - _most_named} more")


def as_object(value: Any) -> Raw:
    """The object, or an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The list, or an empty one in the place of anything else."""
    return value if isinstance(value, list) else []


def id_of(what: str, value: Any) -> int:
    """The id; raises Unreadable where it is none that a store holds."""
    if type(value) is int and 0 <= value < 2**63:
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        return int(value)
    raise Unreadable(what)


def key_of(what: str, value: Any) -> str:
    """A key or an id as a text; raises Unreadable where it is none."""
    if type(value) is int:
        return str(value)
    if not isinstance(value, str) or not 0 < len(value) <= _longest_key:
        raise Unreadable(what)
    return value


def needed(what: str, read: Callable[[], T]) -> T:
    """What `read` returns; raises Unreadable with the name where it cannot."""
    try:
        return read()
    except UNREADABLE as error:
        raise Unreadable(what) from error


def names_of(values: Iterable[str]) -> str:
    """What could not be read, as one text."""
    return "; ".join(values)


def _shown(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(str(value)[: _longest_shown + 1].split())
    return f" ({text[:_longest_shown]}{'…' if len(text) > _longest_shown else ''})"
