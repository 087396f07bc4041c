"""Sentences as values: text, numbers with their units, days, and figures that lead somewhere.

They hold no markup and no address; who shows them writes them (`plain`, `markdown`, web pages).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.words import numbers
from telemetry.words.numbers import NARROW
from telemetry.words.targets import Target

ON_THE_LINE = 0.5  # points: nearer than this nobody is ahead or behind


@dataclass(frozen=True, slots=True)
class Unit:
    """A noun in both its numbers, or a sign, which is left out where the number is unknown."""

    one: str
    many: str
    gap: str = " "

    @property
    def is_sign(self) -> bool:
        return self.gap == NARROW


def noun(one: str) -> Unit:
    """A noun that takes an s: point, issue, hour, working day."""
    return Unit(one, one + "s")


PERCENT = Unit("%", "%", NARROW)
HOUR = Unit("h", "h", NARROW)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its unit; `digits` are the most decimals it takes, None: as its unit does.

    None as a value is unknown, never 0.
    """

    value: float | None
    unit: Unit | None = None
    digits: int | None = None
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A local day, and today's, which decides whether its year is said."""

    on: date | None
    today: date


@dataclass(frozen=True, slots=True)
class Moment:
    """A local day and minute."""

    at: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Period:
    """Two days that are told with their year."""

    first_on: date
    last_on: date


Value = Number | Day | Moment | Period


@dataclass(frozen=True, slots=True)
class Figure:
    """What a sentence is about; it leads to what is behind it where `target` is set."""

    parts: tuple[str | Value, ...]
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or more sentences, or a part of one; false where it says nothing."""

    parts: tuple[str | Value | Figure, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)


NOTHING = Sentence()
Part = str | Value | Figure | Sentence | None


def sentence(*parts: Part) -> Sentence:
    """The parts joined as they are; None and "" are left out."""
    return Sentence(tuple(_flat(parts)))


def _flat(parts: tuple[Part, ...]) -> Iterator[str | Value | Figure]:
    for part in parts:
        if isinstance(part, Sentence):
            yield from part.parts
        elif part is not None and part != "":
            yield part


def figure(*parts: str | Value, to: Target | None = None) -> Figure:
    """A figure of a sentence."""
    return Figure(parts, to)


def counted(count: float | None, one: str) -> Number:
    """The count with its noun."""
    return Number(count, noun(one))


def points(value: float | None) -> Number:
    """A number of points."""
    return Number(value, noun("point"))


def percent(value: float | None) -> Number:
    """A share of 100, without decimals."""
    return Number(value, PERCENT)


def hours(seconds: float | None) -> Number:
    """Seconds as hours."""
    return Number(None if seconds is None else seconds / 3600, HOUR)


def day_of(at: datetime | None, zone: ZoneInfo, today: date) -> Day:
    """The team's local day of an instant."""
    return Day(None if at is None else at.astimezone(zone).date(), today)


def plural(count: float, one: str, many: str) -> str:
    """The verb that goes with the count."""
    return numbers.plural(count, one, many)


def unique_most(amounts: Mapping[str, float]) -> str | None:
    """The name with the largest amount, None where several share it: none is most then."""
    most = max(amounts.values(), default=0)
    names = [name for name, amount in amounts.items() if amount == most]
    return names[0] if len(names) == 1 and most else None
