"""JQL as far as a bot may send it: text to a tree, with Jira's complaints for the rest."""

import re
from dataclasses import dataclass

from bot.simulator.flavours import cloud_fields, datacenter_fields

fields = {
    "project": "project",
    "sprint": "sprint",
    "id": "id",
    "key": "id",
    "issue": "id",
    "issuekey": "id",
    "parent": "parent",
    "epic link": "epic",
    "issuetype": "type",
    "type": "type",
    "labels": "labels",
    "component": "component",
    "status": "status",
    "statuscategory": "category",
    "updated": "updated",
    "updateddate": "updated",
    "created": "created",
    "createddate": "created",
    "originalestimate": "original estimate",
    "timeoriginalestimate": "original estimate",
}
for _own in (cloud_fields, datacenter_fields):
    _named = {"points": _own.points, "other points": _own.other_points, "nature": _own.nature}
    fields |= {f"cf[{one.partition('_')[2]}]": name for name, one in _named.items()}
_token = re.compile(
    r"\s*(?:(?P<quoted>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<sign>>=|<=|!=|!~|[=<>~(),])"
    r"|(?P<word>[^\s\"'=<>!~(),]+))"
)
_comparisons = {"=", "!=", ">", ">=", "<", "<="}


class JqlError(ValueError):
    """The query is wrong; the text is what Jira would answer."""


@dataclass(frozen=True, slots=True)
class Clause:
    """`field operator values`; operators: = != > >= < <= in, not in, is, is not."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Both:
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Either:
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Node"


Node = Clause | Both | Either | Not


@dataclass(frozen=True, slots=True)
class Query:
    where: Node | None
    order: tuple[tuple[str, bool], ...]
    """Fields with whether they descend."""


def parse(text: str) -> Query:
    """The query as a tree; raises JqlError."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position = 0
        text = text.strip()
        while position < len(text):
            match = _token.match(text, position)
            if match is None:
                raise JqlError(
                    f"Error in the JQL Query: The character '{text[position]}' is not allowed "
                    f"here. (line 1, character {position + 1})"
                )
            kind = match.lastgroup or "word"
            value = match.group(kind)
            if kind == "quoted":
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            self.tokens.append((kind, value))
            position = match.end()
        self.index = 0

    def peek(self) -> str:
        """The next bare word or sign in lower case; empty at the end and before quotes."""
        if self.index >= len(self.tokens):
            return ""
        kind, value = self.tokens[self.index]
        return "" if kind == "quoted" else value.lower()

    def take(self, what: str) -> tuple[str, str]:
        if self.index >= len(self.tokens):
            raise JqlError(f"Error in the JQL Query: Expecting {what} but got end of the query.")
        self.index += 1
        return self.tokens[self.index - 1]

    def expect(self, sign: str) -> None:
        _, value = self.take(f"'{sign}'")
        if value.lower() != sign:
            raise JqlError(f"Error in the JQL Query: Expecting '{sign}' but got '{value}'.")

    def query(self) -> Query:
        where = None
        if self.index < len(self.tokens) and self.peek() != "order":
            where = self.either()
        order: list[tuple[str, bool]] = []
        if self.peek() == "order":
            self.index += 1
            self.expect("by")
            order.append(self.ordering())
            while self.peek() == ",":
                self.index += 1
                order.append(self.ordering())
        if self.index < len(self.tokens):
            value = self.tokens[self.index][1]
            raise JqlError(
                f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{value}'."
            )
        if len(order) > 7:
            raise JqlError("The JQL query has more than 7 fields in its ORDER BY clause.")
        return Query(where, tuple(order))

    def ordering(self) -> tuple[str, bool]:
        name = _field(self.take("a field name")[1])
        if self.peek() in {"asc", "desc"}:
            return name, self.take("an order")[1].lower() == "desc"
        return name, False

    def either(self) -> Node:
        node = self.both()
        while self.peek() in {"or", "||"}:
            self.index += 1
            node = Either(node, self.both())
        return node

    def both(self) -> Node:
        node = self.unary()
        while self.peek() in {"and", "&&"}:
            self.index += 1
            node = Both(node, self.unary())
        return node

    def unary(self) -> Node:
        if self.peek() in {"not", "!"}:
            self.index += 1
            return Not(self.unary())
        if self.peek() == "(":
            self.index += 1
            node = self.either()
            self.expect(")")
            return node
        return self.clause()

    def clause(self) -> Clause:
        name = _field(self.take("a field name")[1])
        _, value = self.take("an operator")
        operator = value.lower()
        if operator == "not":
            self.expect("in")
            return Clause(name, "not in", self.values())
        if operator == "in":
            return Clause(name, "in", self.values())
        if operator == "is":
            if self.peek() == "not":
                self.index += 1
                operator = "is not"
            _, empty = self.take("EMPTY")
            if empty.lower() not in {"empty", "null"}:
                raise JqlError(f"Error in the JQL Query: Expecting EMPTY but got '{empty}'.")
            return Clause(name, operator, ())
        if operator not in _comparisons:
            raise JqlError(f"Error in the JQL Query: Expecting operator but got '{value}'.")
        return Clause(name, operator, (self.value(),))

    def value(self) -> str:
        kind, value = self.take("a value")
        if kind == "sign":
            raise JqlError(f"Error in the JQL Query: Expecting a value but got '{value}'.")
        return value

    def values(self) -> tuple[str, ...]:
        self.expect("(")
        found = [self.value()]
        while self.peek() == ",":
            self.index += 1
            found.append(self.value())
        self.expect(")")
        return tuple(found)


def _field(name: str) -> str:
    found = fields.get(name.lower())
    if found is None:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return found
