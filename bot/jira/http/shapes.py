"""What a decoded answer must be like before anybody reads it.

An answer without its list must never pass for an empty one: what is not listed counts as gone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

NAMELESS = "nameless"  # how many objects without an id were taken out of an answer's list
LARGEST_ID = 2**63 - 1  # what a store holds

Shape = Callable[[Any], str]
"""Tells what is wrong with decoded JSON, as "its answer ..."; "" where it is as described."""


def an_object(data: Any) -> str:
    """What is wrong with an answer that has to be an object; "" where it is one."""
    return "" if isinstance(data, dict) else "its answer is not an object"


def an_object_with(*names: str) -> Shape:
    """The shape of an object that has objects, or plain values other than null, of these names."""

    def problem(data: Any) -> str:
        for name in names:
            if isinstance(data, dict) and data.get(name) is None:
                return f"its answer has no '{name}'"
        return an_object(data)

    return problem


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list of objects, each with numeric ids of these names; `name` is its own in an object.

    One damaged object does not cost the others: only a list without any good one is refused.
    """

    name: str | None
    ids: tuple[str, ...]

    def __call__(self, data: Any) -> str:
        if self.name is not None and not isinstance(data, dict):
            return an_object(data)
        values = self.values(data)
        if not isinstance(values, list):
            what = "is not a list" if self.name is None else f"has no list '{self.name}'"
            return f"its answer {what}"
        if not values or any(self.is_good(one) for one in values):
            return ""
        what = "answer lists other things than" if self.name is None else f"'{self.name}' are not"
        return f"its {what} Jira's"

    def is_good(self, value: Any) -> bool:
        """Tells whether a value is such an object."""
        return isinstance(value, dict) and all(is_id(value.get(name)) for name in self.ids)

    def drop_nameless(self, data: Any) -> int:
        """Take the objects without their ids out of the list; how many there were.

        An answer that is an object remembers the number as `nameless`.
        """
        values = self.values(data)
        good = [one for one in values if self.is_good(one)]
        dropped = len(values) - len(good)
        if dropped:
            values[:] = good
            if self.name is not None:
                data[NAMELESS] = dropped
        return dropped

    def values(self, data: Any) -> Any:
        """The list itself."""
        return data if self.name is None else data.get(self.name)


@dataclass(frozen=True, slots=True)
class IssuesShape(ListShape):
    """A page of issues: with fields, unless nothing but ids was asked for."""

    has_fields: bool = True

    def __call__(self, data: Any) -> str:
        wrong = ListShape.__call__(self, data)
        if wrong or not self.has_fields or not data["issues"]:
            return wrong
        some = any(
            isinstance(issue, dict) and isinstance(issue.get("fields"), dict)
            for issue in data["issues"]
        )
        return "" if some else "its issues have no fields"


def a_list_with(*ids: str) -> ListShape:
    """The shape of a list of objects, each with numeric ids of these names."""
    return ListShape(None, ids)


a_list = a_list_with()


def list_of(name: str, *ids: str) -> ListShape:
    """The shape of an object that holds a list of objects, each with numeric ids of these names."""
    return ListShape(name, ids)


def issues_with(fields: Sequence[str]) -> IssuesShape:
    """The shape of a page of issues: with `fields`, unless nothing but ids was asked for."""
    return IssuesShape("issues", ("id",), list(fields) != ["id"])


def is_id(value: object) -> bool:
    """Tells whether a value is a number as Jira's ids are, be it in quotes."""
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) < 19
    return type(value) is int and 0 <= value <= LARGEST_ID
