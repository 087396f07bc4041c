"""The mutants of a module: its source with one small thing changed each.

A thing is an operator, a constant, a condition, a returned value or a statement. Left alone are
annotations, decorators, `strict=` of `zip`, and texts for readers: those with a space or a capital.
"""

import ast
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from difflib import unified_diff
from types import CodeType
from typing import Any, TypeVar

OTHER_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OTHER_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OTHER_NAMES = {
    "min": "max",
    "any": "all",
    "bisect_left": "bisect_right",
}
OTHER_NAMES |= {other: name for name, other in OTHER_NAMES.items()}
DROPPED = (ast.Raise, ast.Continue, ast.Break, ast.Delete, ast.AugAssign)
NOT_MUTATED = ("annotation", "returns", "decorator_list", "bases", "type_params")
LONGEST = 120  # letters of a line that is shown
FOR_READERS = re.compile(r" |^[A-Z][-a-z]+$")
Function = ast.FunctionDef | ast.AsyncFunctionDef
Made = TypeVar("Made")
Place = tuple[ast.AST, str, int | None]  # the parent, its field, the place in a list


@dataclass(frozen=True)
class Mutant:
    """One change; `function` holds it, None where it is outside of any ("Class.method")."""

    function: str | None
    lines: range  # of the statement, or of its head
    place: Place
    other: ast.AST


class Source:
    """A module's source and all its mutants, in the order of the text."""

    def __init__(self, text: str, filename: str) -> None:
        self.filename = filename
        self.tree = ast.parse(text, filename)
        self.mutants = list(_mutants(self.tree))

    def compiled(self, mutant: Mutant) -> CodeType:
        """The whole module with the one change."""
        return self._with(mutant, lambda: compile(self.tree, self.filename, "exec"))

    def diff(self, mutant: Mutant) -> list[str]:
        """The lines that the change takes away and adds, in the style of `ast.unparse`."""
        before = ast.unparse(self.tree).splitlines()
        after = self._with(mutant, lambda: ast.unparse(self.tree)).splitlines()
        lines = list(unified_diff(before, after, n=0, lineterm=""))[2:]
        changed = [line for line in lines if not line.startswith("@@")]
        return _cut(*changed) if len(changed) == 2 and len(changed[0]) > LONGEST else changed

    def _with(self, mutant: Mutant, made: Callable[[], Made]) -> Made:
        parent, field, number = mutant.place
        holder = getattr(parent, field)
        original = holder if number is None else holder[number]
        _put(mutant.place, ast.fix_missing_locations(ast.copy_location(mutant.other, original)))
        try:
            return made()
        finally:
            _put(mutant.place, original)


def function_codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a module's functions and methods, without the functions inside them."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & 0x1:  # optimised: a function, not the body of a class
                yield inner
            else:
                yield from function_codes(inner)


def _cut(before: str, after: str) -> list[str]:
    """What differs between two long lines, with some of what stands around it."""
    pairs = enumerate(zip(before[1:], after[1:], strict=False), 1)
    differs = next((place for place, (one, other) in pairs if one != other), len(before))
    start = max(1, differs - LONGEST // 2)
    return [
        f"{line[0]}    …{line[start : start + LONGEST]}{'…' * (len(line) > start + LONGEST)}"
        for line in (before, after)
    ]


def _put(place: Place, node: ast.AST) -> None:
    parent, field, number = place
    if number is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[number] = node


def _mutants(tree: ast.Module) -> Iterator[Mutant]:
    for place, statement, function in _places(tree, tree.body[0], None, ""):
        parent, field, number = place
        value = getattr(parent, field)
        node = value if number is None else value[number]
        for other in _others(node, field):
            yield Mutant(function, _lines(statement), place, other)


def _places(
    parent: ast.AST, statement: ast.stmt, function: str | None, path: str
) -> Iterator[tuple[Place, ast.stmt, str | None]]:
    for field, value in ast.iter_fields(parent):
        if field in NOT_MUTATED:
            continue
        is_list = isinstance(value, list)
        for number, node in enumerate(value if is_list else [value]):
            if not isinstance(node, ast.AST) or _is_silent(node, parent):
                continue
            inside = node if isinstance(node, ast.stmt) else statement
            # defaults and class bodies run when the module is imported
            holder = function
            if isinstance(parent, Function) and function is None and field == "body":
                holder = path
            yield (parent, field, number if is_list else None), inside, holder
            deeper = path
            if isinstance(node, Function | ast.ClassDef) and holder is None:
                deeper = f"{path}.{node.name}".lstrip(".")
            yield from _places(node, inside, holder, deeper)


def _is_silent(node: ast.AST, parent: ast.AST) -> bool:
    """Docstrings, parts of formatted texts, `strict=`, `__all__`."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return True
    if isinstance(node, ast.Assign) and "__all__" in ast.dump(node.targets[0]):
        return True
    return isinstance(parent, ast.JoinedStr) and isinstance(node, ast.Constant)


def _lines(statement: ast.stmt) -> range:
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if body:
        last = max(statement.lineno, body[0].lineno - 1)
    return range(statement.lineno, last + 1)


def _others(node: ast.AST, field: str) -> Iterator[ast.AST]:
    """What may stand in place of a node."""
    yield from _other_expressions(node)
    if isinstance(node, ast.Constant):
        yield from map(ast.Constant, _other_values(node.value))
    if field in {"test", "ifs"} and isinstance(node, ast.expr) and not _has_opposite(node):
        yield ast.UnaryOp(ast.Not(), node)
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if is_call or isinstance(node, DROPPED):
        yield ast.Pass()
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))


def _other_expressions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for number, operator in enumerate(node.ops):
                for other in OTHER_COMPARISONS[type(operator)]:
                    changed = deepcopy(node)
                    changed.ops[number] = other()
                    yield changed
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for number in range(len(node.values)):
                rest = node.values[:number] + node.values[number + 1 :]
                yield ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in OTHER_OPERATORS and not _is_joined(node):
            yield ast.BinOp(node.left, OTHER_OPERATORS[type(node.op)](), node.right)
        case ast.AugAssign() if type(node.op) in OTHER_OPERATORS:
            yield ast.AugAssign(node.target, OTHER_OPERATORS[type(node.op)](), node.value)
        case ast.Name(id=name) if name in OTHER_NAMES:
            yield ast.Name(OTHER_NAMES[name], ast.Load())
        case _:
            pass


def _other_values(value: object) -> Iterator[Any]:
    match value:
        case bool():
            yield not value
        case int() | float():
            yield value + 1
            yield value - 1
        case str() if not FOR_READERS.search(value):
            yield f"{value}XX"
        case _:
            pass


def _has_opposite(node: ast.AST) -> bool:
    """Whether its opposite is among its other expressions already."""
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return is_not or isinstance(node, ast.Compare)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_joined(node: ast.BinOp) -> bool:
    """Texts or tuples put together: less would only be an error."""
    return any(
        isinstance(side, ast.JoinedStr | ast.List | ast.Tuple)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
