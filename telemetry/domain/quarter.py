"""Quarters of the organisation's year, and the labels that name them and programs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

PROGRAM = "Project_"
LABEL = re.compile(r"q([1-4])-(?:20)?([0-9]{2})", re.IGNORECASE)
LIKE_A_QUARTER = re.compile(r"q[-_/.:]?[0-9][-_/.:0-9]*|[0-9]{2,4}[-_/.:]*q[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of the fiscal year that ends in `year`."""

    year: int
    number: int  # from 1 to 4

    def __str__(self) -> str:
        return f"Q{self.number}-{self.year % 100:02d}"

    def first_day(self, fiscal_year_start: int = 1) -> date:
        """Its first day, where fiscal years begin with this month."""
        month = fiscal_year_start + 3 * (self.number - 1)
        year = self.year - (fiscal_year_start > 1)
        return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)

    def last_day(self, fiscal_year_start: int = 1) -> date:
        """Its last day."""
        return self.next().first_day(fiscal_year_start) - timedelta(days=1)

    def next(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def before(self) -> "Quarter":
        """The quarter before it."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def quarter_of(day: date, fiscal_year_start: int = 1) -> Quarter:
    """The quarter in which a day lies."""
    months = (day.month - fiscal_year_start) % 12
    year = day.year + (fiscal_year_start > 1 and day.month >= fiscal_year_start)
    return Quarter(year, months // 3 + 1)


def read_quarter(text: str) -> Quarter | None:
    """The quarter that a label names, in any case and with two or four digits; None for none."""
    found = LABEL.fullmatch(text)
    return None if found is None else Quarter(2000 + int(found[2]), int(found[1]))


def quarters_in(labels: Iterable[str]) -> tuple[Quarter, ...]:
    """The quarters that these labels name, in order."""
    return tuple(sorted({found for label in labels if (found := read_quarter(label))}))


def odd_quarters(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels that look like a quarter and are none."""
    return tuple(
        sorted({one for one in labels if LIKE_A_QUARTER.fullmatch(one) and not read_quarter(one)})
    )


def programs_in(labels: Iterable[str]) -> tuple[str, ...]:
    """The programs that these labels name: all that follows `Project_`, as it is written."""
    names = (one.removeprefix(PROGRAM) for one in labels if one.startswith(PROGRAM))
    return tuple(sorted({name for name in names if name}))
