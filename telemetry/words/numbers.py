"""Numbers as text: the decimal sign is the reader's, thousands are set apart by a space.

Every language understands that space, and it never breaks.
"""

from functools import lru_cache

NARROW = "\u202f"  # narrow no-break space, before % and h
MINUS = "\u2212"
UNKNOWN = "–"
POINT = "."


@lru_cache(8192)  # 1 µs, 450 times a page
def number(value: float | None, digits: int = 1, decimal: str = POINT) -> str:
    """The value with at most `digits` decimals, a true minus and thousands set apart."""
    if value is None:
        return UNKNOWN
    rounded = round(value, digits)
    text = (
        f"{abs(rounded):,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{abs(rounded):,.0f}"
    )
    return (MINUS if rounded < 0 else "") + text.replace(",", NARROW).replace(POINT, decimal)


def digits_apart(before: float | None, after: float | None) -> int:
    """One decimal, or as many more as tell the two apart."""
    if before is None or after is None or before == after:
        return 1
    return next((n for n in range(1, 5) if round(before, n) != round(after, n)), 5)


def signed(text: str) -> str:
    """A number's text with + or its true minus; 0 has no sign, nor what is not known."""
    return text if text.startswith(MINUS) or text in ("0", UNKNOWN) else "+" + text


def hours_digits(hours: float) -> int:
    """One decimal below 100 hours, so that parts and sums agree, none above."""
    return 1 if abs(hours) < 100 else 0


def plural(count: float, one: str, many: str | None = None) -> str:
    """The noun that goes with the count as it is written: `1 point`, `1.5 points`, `0 points`."""
    return one if abs(round(count, 1)) == 1 else (many or one + "s")
