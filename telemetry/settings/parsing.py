"""YAML as a tree of text, lists and blocks, with errors in people's words.

No line of the file is repeated: it may hold a secret. Numbers stay as they were written, so that a
key 01 is not 1; aliases and tags are refused, as they hide what is meant and may grow without end.
"""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from telemetry.errors import ConfigurationError

DEEPEST = 50
TAG = "tag:yaml.org,2002:"
QUOTED = "put it in quotes"


class Written(str):
    """A number as it was written; shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class _Refused(Exception):
    """What is YAML and yet not to be in a configuration, with its mark."""

    def __init__(self, mark: Any, sentence: str) -> None:
        super().__init__(sentence)
        self.mark = mark


def parsed(path: Path, text: str) -> Any:
    """The tree of the text. Raises ConfigurationError that names the line and what is wrong."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415 (heavy)
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    try:
        return _reader().load(StringIO(text))
    except _Refused as error:
        raise _wrong(path, error.mark, str(error)) from None
    except MarkedYAMLError as error:
        twice = re.search(r'^found duplicate key "([^"]*)"', error.problem or "")
        if twice:
            line = error.problem_mark.line + 1
            sentence = f"the key '{twice[1]}' stands there twice; keep one of them."
            raise ConfigurationError(f"{path}:{line}: {sentence}") from None
        mark, sentence = _told(error, text.splitlines())
        raise _wrong(path, mark, sentence) from None
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        sentence = "a sign stands here that is no text (a control character); remove it"
        raise ConfigurationError(f"{path}:{line}: column {column}: {sentence}.") from None
    except (YAMLError, ValueError, RecursionError):
        raise ConfigurationError(f"{path}:1: is not YAML; check its special signs.") from None


def _wrong(path: Path, mark: Any, sentence: str) -> ConfigurationError:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return ConfigurationError(f"{path}:{line}: column {column}: {sentence}.")


def _reader() -> Any:
    from ruamel.yaml import YAML  # noqa: PLC0415 (heavy)
    from ruamel.yaml.composer import Composer  # noqa: PLC0415
    from ruamel.yaml.constructor import RoundTripConstructor  # noqa: PLC0415
    from ruamel.yaml.events import AliasEvent  # noqa: PLC0415

    class Plain(Composer):
        """Refuses aliases, anchors, tags and what is too deep."""

        levels = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            event = self.parser.peek_event()
            if isinstance(event, AliasEvent):
                raise _Refused(event.start_mark, _alias("*"))
            if getattr(event, "anchor", None) is not None:
                raise _Refused(event.start_mark, _alias("&"))
            if getattr(event, "tag", None) not in (None, "!", f"{TAG}str"):
                raise _Refused(event.start_mark, f"a value that begins with '!': {QUOTED}")
            if index is None and getattr(event, "value", None) == "<<":
                raise _Refused(event.start_mark, "the key '<<' puts in another block; write it out")
            if self.levels >= DEEPEST:
                raise _Refused(event.start_mark, f"more than {DEEPEST} levels stand in each other")
            self.levels += 1
            try:
                return super().compose_node(parent, index)
            finally:
                self.levels -= 1

    class AsWritten(RoundTripConstructor):
        """Leaves numbers and dates as text: a wrong one is then an error like all others."""

    for kind, make in (("int", Written), ("float", Written), ("timestamp", str)):
        AsWritten.add_constructor(f"{TAG}{kind}", _making(make))
    yaml = YAML(typ="rt")
    yaml.Composer = Plain
    yaml.Constructor = AsWritten
    return yaml


def _making(make: type[str]) -> Callable[[Any, Any], str]:
    return lambda constructor, node: make(constructor.construct_scalar(node))


def _alias(sign: str) -> str:
    what = "repeats another (an alias)" if sign == "*" else "gives itself a name (an anchor)"
    return f"a value that begins with '{sign}' {what}; write it out, or {QUOTED} if it is text"


_PROBLEMS = (
    (r"^found character '\\t'", "a tab stands here; indent with blanks"),
    (r"^found character '(.)'", f"a value cannot begin with '{{0}}'; {QUOTED}"),
    (r"^found unknown escape", "a backslash in double quotes means something else; use single"),
    (r"^could not find expected ':'", "a colon is missing after the key; write 'key: value'"),
    (r"^but found another document", "a second document begins here; keep one, without '---'"),
    (r"chomping or indentation", f"after '|' or '>' begins a text of lines below; else {QUOTED}"),
    (r"^expected alphabetic or numeric", f"a value cannot begin with '&' or '*'; {QUOTED}"),
)
_OPEN = {
    "flow sequence": "the list that opens with '[' in line {0} lacks its ']' or a comma",
    "flow mapping": "the block that opens with '{{' in line {0} lacks its '}}' or a comma",
    "quoted scalar": "the quotation mark that opens in line {0} is not closed",
}
_ELSE = (
    ("found '<scalar>'", f"text follows a value that has ended; {QUOTED} as a whole"),
    ("found ']'", "a bracket closes here that was not opened"),
    ("found '}'", "a bracket closes here that was not opened"),
    ("", "this line stands neither below nor beside the one above; check its indentation"),
)


def _told(error: Any, lines: list[str]) -> tuple[Any, str]:
    """Where the error is, and what it is in people's words."""
    problem, context, mark = error.problem or "", error.context or "", error.problem_mark
    for pattern, sentence in _PROBLEMS:
        found = re.search(pattern, problem)
        if found:
            at = error.context_mark if problem.startswith("could not find") else mark
            return at or mark, sentence.format(*found.groups())
    opened = next((what for what in _OPEN if context.endswith(what)), None)
    if opened:
        return mark, _OPEN[opened].format((error.context_mark or mark).line + 1)
    if problem.startswith("mapping values"):
        before = lines[mark.line][: mark.column] if mark.line < len(lines) else ""
        if ": " in before:
            return mark, f"a second colon stands in one value; {QUOTED}, or begin a new line"
        return mark, "this line is indented deeper than its key, or the key above lacks its colon"
    return mark, next(sentence for end, sentence in _ELSE if problem.endswith(end))
