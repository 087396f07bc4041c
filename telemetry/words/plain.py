"""Sentences as plain text."""

from telemetry.words.days import day, minute, period
from telemetry.words.numbers import POINT, UNKNOWN, hours_digits, number, plural, signed
from telemetry.words.values import (
    HOUR,
    PERCENT,
    Day,
    Figure,
    Moment,
    Number,
    Sentence,
    Value,
)


def plain(said: Sentence | Figure, decimal: str = POINT) -> str:
    """The text, its numbers written with this decimal sign."""
    return "".join(
        plain(part, decimal) if isinstance(part, Figure) else written(part, decimal)
        for part in said.parts
    )


def written(part: str | Value, decimal: str = POINT) -> str:
    """A part as text."""
    match part:
        case str():
            return part
        case Number():
            return _number(part, decimal)
        case Day():
            return day(part.on, part.today)
        case Moment():
            return f"{day(part.at.date(), part.today)}, {minute(part.at)}"
        case _:
            return period(part.first_on, part.last_on)


def _number(given: Number, decimal: str) -> str:
    value, unit = given.value, given.unit
    text = number(value, _digits(given), decimal)
    if given.is_signed:
        text = signed(text)
    if unit is None:
        return text
    if value is None and unit.is_sign:
        return UNKNOWN
    shown = round(value or 0, _digits(given))
    return f"{text}{unit.gap}{plural(shown, unit.one, unit.many)}"


def _digits(given: Number) -> int:
    if given.digits is not None:
        return given.digits
    if given.unit is HOUR:
        return hours_digits(given.value or 0)
    return 0 if given.unit is PERCENT else 1
