"""What the list of a sprint's issues offers to choose: its order, and what it leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web.pages.sprint.listing import (
    IMPEDIMENT_WORDS,
    ORDERS,
    OUTCOME_WORDS,
    Listing,
)
from web.show.links import query


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where a click leads and what it then is; `aria_sort` as it is now."""

    href: str
    words: str
    aria_sort: str
    sign: str


@dataclass(frozen=True, slots=True)
class Filters:
    """`kept` are the other choices of the address, which the form hands on."""

    listing: Listing
    heads: Mapping[str, Head]
    orders: Sequence[tuple[str, str]]
    impediments: Mapping[str, str]
    kept: Mapping[str, object]
    clear: str

    def href(self, **changes: object) -> str:
        """The same list with other choices."""
        return query({**self.kept, **self.listing.chosen}, changes, "issues")

    def outcomes(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """What can be chosen of the outcomes that the list has, with the one that is."""
        wanted = {*names, self.listing.outcome}
        return [(name, words) for name, words in OUTCOME_WORDS.items() if name in wanted]

    def types(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """What can be chosen of the types that the list has, with the one that is."""
        given = self.listing.type
        every = [*names, given] if given and given not in names else names
        return [(name, name) for name in every]


def filters(listing: Listing, chosen: Mapping[str, object]) -> Filters:
    """The choices beside those that the address holds already."""
    kept = {name: value for name, value in chosen.items() if name != "sort" and value}
    every = {**kept, **listing.chosen}
    orders = [(name, order.words) for name, order in ORDERS.items()]
    orders += [(f"-{name}", order.reverse_words) for name, order in ORDERS.items()]
    return Filters(
        listing=listing,
        heads={name: _head(name, listing, every) for name in ORDERS},
        orders=orders,
        impediments=IMPEDIMENT_WORDS,
        kept=kept,
        clear=query({**kept, "sort": listing.sort}, {}, "issues"),
    )


def _head(column: str, listing: Listing, every: Mapping[str, object]) -> Head:
    to = listing.toggled(column)
    order = ORDERS[column]
    words = order.reverse_words if to.startswith("-") else order.words
    now = listing.aria_sort(column)
    return Head(
        query(every, {"sort": to}, "issues"), words, now, "▴" if now == "ascending" else "▾"
    )
