"""The order of a sprint's list of issues, and which of them pass its filters."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from telemetry.report.shapes.issues import OffPlanIssue, SprintIssue
from telemetry.words.edits import OUTCOMES, STATES
from web.show.issue_rows import ORDER_OF_OUTCOMES, ORDER_OF_STATES, outcome_of

OUTCOME_WORDS: Mapping[str, str] = {
    "completed": OUTCOMES["completed"],
    "not_completed": OUTCOMES["not_completed"],
    "in_progress": STATES["in_progress"],
    "todo": STATES["todo"],
    "removed": OUTCOMES["removed"],
    "completed_elsewhere": OUTCOMES["completed_elsewhere"],
}
OUTCOME_PATTERN = "^({})?$".format("|".join(OUTCOME_WORDS))
IMPEDIMENT_WORDS: Mapping[str, str] = {"yes": "impediments only", "no": "without impediments"}
_number = re.compile(r"([0-9]{1,18})")


R = TypeVar("R", SprintIssue, OffPlanIssue)
Row = SprintIssue | OffPlanIssue
Rank = tuple[tuple[float, str], ...] | None  # None: unknown, which stands last in both directions


@dataclass(frozen=True, slots=True)
class Order:
    """A column: the words for its first order and for the reverse; amounts begin with the most."""

    words: str
    reverse_words: str
    is_amount: bool = False


ORDERS: Mapping[str, Order] = {
    "key": Order("by key", "by key, backwards"),
    "type": Order("by type", "by type, backwards"),
    "status": Order("what is to do first", "what is done first"),
    "points": Order("most points first", "fewest points first", is_amount=True),
    "outcome": Order("what is completed first", "what is completed last"),
    "hours": Order("most hours first", "fewest hours first", is_amount=True),
}
SORTS = "^(-?({}))?$".format("|".join(ORDERS))


@dataclass(frozen=True, slots=True)
class Listing:
    """What the address asks of the list; "" leaves as it is, `-` before a column reverses."""

    sort: str = ""
    q: str = ""
    type: str = ""
    outcome: str = ""
    impediment: str = ""

    @property
    def chosen(self) -> dict[str, object]:
        """The choices that the address holds."""
        return {
            "sort": self.sort,
            "q": self.q,
            "type": self.type,
            "outcome": self.outcome,
            "impediment": self.impediment,
        }

    @property
    def is_filtered(self) -> bool:
        """Whether some issues may be left out."""
        return bool(self.q.strip() or self.type or self.outcome or self.impediment)

    @property
    def order(self) -> str:
        """The order in words; "" where nobody asked for one."""
        if not self.sort:
            return ""
        order = ORDERS[self.sort.removeprefix("-")]
        return order.reverse_words if self.sort.startswith("-") else order.words

    def aria_sort(self, column: str) -> str:
        """`ascending`, `descending`, or "" where the list is in the order of another column."""
        if self.sort.removeprefix("-") != column:
            return ""
        return (
            "descending" if self.sort.startswith("-") != ORDERS[column].is_amount else "ascending"
        )

    def toggled(self, column: str) -> str:
        """What a click on the column asks for: its first order, then its reverse."""
        return f"-{column}" if self.sort == column else column


AS_IT_IS = Listing()


def listed(rows: Sequence[R], listing: Listing) -> list[R]:
    """The rows that pass, in the order that is asked for."""
    wanted = [row for row in rows if _passes(row, listing)]
    if not listing.sort:
        return wanted
    column = listing.sort.removeprefix("-")
    ranked = [(_RANKS[column](row), row) for row in sorted(wanted, key=_by_key)]
    known = [(rank, row) for rank, row in ranked if rank is not None]
    is_reverse = listing.sort.startswith("-") != ORDERS[column].is_amount
    known.sort(key=lambda pair: pair[0], reverse=is_reverse)
    return [row for _, row in known] + [row for rank, row in ranked if rank is None]


def types_of(rows: Sequence[Row]) -> list[str]:
    """The issue types that a list can be narrowed to."""
    return sorted({row.type for row in rows}, key=str.casefold)


def outcomes_of(rows: Sequence[SprintIssue], *, is_running: bool) -> list[str]:
    """The outcomes that a list can be narrowed to; in a running sprint what is left has a state."""
    found = {outcome_of(row) for row in rows}
    if not is_running and found & {"todo", "in_progress"}:
        found = (found - {"todo", "in_progress"}) | {"not_completed"}
    return [name for name in OUTCOME_WORDS if name in found]


def _passes(row: Row, listing: Listing) -> bool:
    words = listing.q.casefold().split()
    text = f"{row.key} {row.summary or ''} {row.type} {row.status}".casefold()
    if not all(word in text for word in words) or listing.type not in ("", row.type):
        return False
    if not isinstance(row, SprintIssue):
        return True
    if listing.outcome and listing.outcome not in (row.outcome, outcome_of(row)):
        return False
    return not listing.impediment or row.is_impediment == (listing.impediment == "yes")


def _by_key(row: Row) -> tuple[tuple[float, str], ...]:
    """K8S-9 before K8S-12."""
    parts = _number.split(row.key)
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)


def _by_outcome(row: Row) -> Rank:
    if not isinstance(row, SprintIssue):
        return None
    return ((ORDER_OF_OUTCOMES.index(outcome_of(row)), ""),)


def _by_points(row: Row) -> Rank:
    points = row.points if isinstance(row, SprintIssue) else None
    return None if points is None else ((points, ""),)


def _by_status(row: Row) -> Rank:
    state = row.state if isinstance(row, SprintIssue) else "todo"
    return ((ORDER_OF_STATES.index(state), row.status.casefold()),)


_RANKS: Mapping[str, Callable[[Row], Rank]] = {
    "key": _by_key,
    "type": lambda row: ((0, row.type.casefold()),),
    "status": _by_status,
    "points": _by_points,
    "outcome": _by_outcome,
    "hours": lambda row: ((row.seconds, ""),),
}
