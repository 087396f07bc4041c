"""What a decoded answer must be like before anybody reads it.

An answer without its list must never pass for an empty one: what is not listed counts as gone.
"""

from collections.abc import Callable, Sequence
from typing import Any

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


def a_list_with(*ids: str) -> Shape:
    """The shape of a list of objects, each with numeric ids of these names."""

    def problem(data: Any) -> str:
        if not isinstance(data, list):
            return "its answer is not a list"
        if all(isinstance(one, dict) and all(is_id(one.get(name)) for name in ids) for one in data):
            return ""
        return "its answer lists other things than Jira's"

    return problem


a_list = a_list_with()


def list_of(name: str, *ids: str) -> Shape:
    """The shape of an object that holds a list of objects, each with numeric ids of these names."""
    shape_of_list = a_list_with(*ids)

    def problem(data: Any) -> str:
        if not isinstance(data, dict):
            return an_object(data)
        if not isinstance(data.get(name), list):
            return f"its answer has no list '{name}'"
        return f"its '{name}' are not Jira's" if shape_of_list(data[name]) else ""

    return problem


def issues_with(fields: Sequence[str]) -> Shape:
    """The shape of a page of issues: with `fields`, unless nothing but ids was asked for."""
    shape_of_page = list_of("issues", "id")

    def problem(data: Any) -> str:
        wrong = shape_of_page(data)
        if wrong or list(fields) == ["id"]:
            return wrong
        has_fields = all(isinstance(issue.get("fields"), dict) for issue in data["issues"])
        return "" if has_fields else "its issues have no fields"

    return problem


def is_id(value: object) -> bool:
    """Tells whether a value is a number as Jira's ids are, be it in quotes."""
    return type(value) is int or (isinstance(value, str) and value.isdecimal())
