"""Sentences as JSON values, so that what was said can be kept and written again later.

What a figure leads to is kept as far as it is a page of the tracker: lists on our pages belong to
the page that shows the sentence.
"""

from datetime import date
from typing import Any

from telemetry.words.targets import External
from telemetry.words.values import HOUR, PERCENT, Day, Figure, Number, Sentence, Unit, Value

_SIGNS = {unit.one: unit for unit in (PERCENT, HOUR)}


def to_json(said: Sentence) -> list[Any]:
    """The sentence as lists, texts and numbers. Raises TypeError for a moment or a period."""
    return [
        {"figure": [_value(one) for one in part.parts], "url": _url(part)}
        if isinstance(part, Figure)
        else _value(part)
        for part in said.parts
    ]


def from_json(stored: list[Any]) -> Sentence:
    """The sentence that `to_json` wrote."""
    return Sentence(tuple(_part(one) for one in stored))


def _url(part: Figure) -> str | None:
    return part.target.url if isinstance(part.target, External) else None


def _value(part: str | Value) -> Any:
    match part:
        case str():
            return part
        case Number(value, unit, digits, is_signed):
            names = None if unit is None else [unit.one, unit.many]
            return {"number": value, "unit": names, "digits": digits, "is_signed": is_signed}
        case Day(on, today):
            return {"day": None if on is None else on.isoformat(), "today": today.isoformat()}
    raise TypeError(f"{part!r} is not kept in an alert")


def _part(stored: Any) -> str | Value | Figure:
    if isinstance(stored, dict) and "figure" in stored:
        url = stored["url"]
        values = tuple(_read(one) for one in stored["figure"])
        return Figure(values, None if url is None else External(url))
    return _read(stored)


def _read(stored: Any) -> str | Value:
    if isinstance(stored, str):
        return stored
    if "day" in stored:
        on = stored["day"]
        return Day(
            None if on is None else date.fromisoformat(on), date.fromisoformat(stored["today"])
        )
    unit = stored["unit"]
    named = None if unit is None else _SIGNS.get(unit[0]) or Unit(*unit)
    return Number(stored["number"], named, stored["digits"], stored["is_signed"])
