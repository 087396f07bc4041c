"""The list of teams: which lines pass a filter, and their order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from telemetry.words.teams import is_late
from web.pages.teams.row import TeamLine


def _seconds_old(line: TeamLine) -> float | None:
    at = line.row.freshness.pulled_at
    return None if at is None else -at.timestamp()


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by: the value, and what its first and its reverse order are called."""

    value: Callable[[TeamLine], float | None]
    words: str
    reverse_words: str


ORDERS: Mapping[str, Order] = {
    "behind": Order(lambda line: line.figures.behind, "most behind first", "most ahead first"),
    "sprint": Order(
        lambda line: line.gone_percent, "sprints nearest their end first", "newest sprints first"
    ),
    "done": Order(lambda line: line.figures.done_percent, "most done first", "least done first"),
    "impediments": Order(
        lambda line: line.figures.impediment_percent,
        "most impediment time first",
        "least impediment time first",
    ),
    "kept": Order(
        lambda line: line.figures.kept_percent,
        "commitment kept best first",
        "commitment kept least first",
    ),
    "age": Order(_seconds_old, "oldest data first", "newest data first"),
}
SORTS = "^-?(team|{})$".format("|".join(ORDERS))


def ordered(lines: Sequence[TeamLine], sort: str) -> list[TeamLine]:
    """The lines by a column, `-` before its name reverses; without a value last, then by name."""
    by_name = sorted(lines, key=lambda line: (line.row.name.casefold(), line.row.key))
    column, sign = sort.removeprefix("-"), 1 if sort.startswith("-") else -1
    if column == "team":
        return by_name if sign < 0 else by_name[::-1]
    value = ORDERS[column].value
    return sorted(by_name, key=lambda line: (value(line) is None, sign * (value(line) or 0.0)))


def order_words(sort: str) -> str:
    """The order in words."""
    column, is_reverse = sort.removeprefix("-"), sort.startswith("-")
    if column == "team":
        return "by name, backwards" if is_reverse else "by name"
    return ORDERS[column].reverse_words if is_reverse else ORDERS[column].words


def is_wanted(line: TeamLine, q: str, only: str) -> bool:
    """Whether a line passes the filters: a part of the name; what needs attention alone.

    That is what is behind by more than 10 %, stale, or has settings to correct.
    """
    words = q.strip().casefold()
    if words and words not in line.row.name.casefold() and words not in line.row.key.casefold():
        return False
    row = line.row
    needs_attention = row.freshness.is_stale or row.misfits or is_late(line.figures.behind)
    return not only or bool(needs_attention)


def the_one(teams: Sequence[tuple[str, str]], q: str) -> str | None:
    """The key of the only team that the words name, of key and name of all; None: none or many."""
    words = q.strip().casefold()
    same = [key for key, name in teams if words in (key.casefold(), name.casefold())]
    part = [key for key, name in teams if words and words in f"{key} {name}".casefold()]
    found = same or part
    return found[0] if len(found) == 1 else None
