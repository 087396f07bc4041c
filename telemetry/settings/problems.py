"""What is wrong with a configuration, as sentences for a person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from telemetry.settings.source import Key, Source
from telemetry.settings.values import nearest

REMEDIES = {
    "jira": "add the block 'jira:' with url and auth",
    "jira.url": "add the address of Jira, such as https://jira.example.com",
    "jira.auth": "add auth: {kind: token, user: NAME, secret: env:JIRA_TOKEN}",
    "jira.auth.secret": "add secret: env:NAME or file:PATH",
    "channels.url": "add url: env:NAME or file:PATH, which holds its address for Apprise",
    "teams": "add at least one team with key and project",
    "teams.key": "add a short name for addresses, such as key: web",
    "teams.project": "add the key of its Jira project, such as project: WEB",
}
KINDS = {
    "int": "is not a whole number",
    "float": "is not a number",
    "bool": "is neither true nor false",
    "string": "is not text; write it in quotes",
    "date": "is not a day; write it as YYYY-MM-DD",
    "model": "is not a block of keys",
    "dict": "is not a block of keys",
    "mapping": "is not a block of keys",
    "tuple": "is not a list; write it in square brackets, in the environment as JSON",
}
LONGEST_VALUE = 200  # characters of what somebody wrote
LONGEST_SENTENCE = 1000
PRIVATE = {"auth", "channels", "privacy", "store", "webhook_secret"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: where it stands ("file:line" or a variable), the key's path, what to do."""

    place: str
    path: str
    sentence: str

    def __str__(self) -> str:
        path, sentence = cut(self.path, LONGEST_VALUE), cut(self.sentence, LONGEST_SENTENCE)
        stop = "" if sentence.endswith("?") else "."
        return f"{self.place}: {path}: {sentence}{stop}"


def cut(text: str, most: int) -> str:
    """The text, or its beginning where it is longer than that."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def problem_of(error: ErrorDetails, source: Source, model: type[BaseModel]) -> Problem:
    """A validation error as a problem; values that may be secret are not repeated."""
    path = tuple(error["loc"])
    sentence = _sentence(error, path, model).rstrip(".")
    return Problem(source.place(path), shown(path, source), sentence)


def shown(path: Key, source: Source) -> str:
    """The path as a person wrote it: `teams[0].key`, a single Jira without its site's name."""
    if path[:2] == ("jira", "default") and source.place(("jira", "default")) == source.place(
        ("jira",)
    ):
        path = ("jira", *path[2:])
    steps = path[:-1] if path[-1:] == ("[key]",) else path  # a name that is none stands before it
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.lstrip(".")


def _sentence(error: ErrorDetails, path: Key, model: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "wrong":
        return str(context["sentence"])
    if kind == "missing":
        remedy = REMEDIES.get(_general(path), "add it")
        return f"is missing; {remedy}"
    if error["input"] is None and kind != "wrong":
        return f"is empty; {REMEDIES.get(_general(path), 'write its value, or leave it out')}"
    if kind == "extra_forbidden":
        return f"is not a known key{nearest(str(path[-1]), _known(path[:-1], model))}"
    return _of_value(error, path)


def _of_value(error: ErrorDetails, path: Key) -> str:
    """What is wrong with a value that stands where it should."""
    kind, context = error["type"], error.get("ctx", {})
    value = _quoted(error["input"], path)
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return f"{value}is not one of {', '.join(choices)}{_near(error['input'], choices, path)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        word, limit = ("least", "ge") if "ge" in context else ("most", "le")
        return f"{value}is out of range; the {word} is {context[limit]:g}"
    if kind in ("too_short", "string_too_short"):
        return (
            f"is empty; {REMEDIES.get(_general(path), 'give at least one value or leave it out')}"
        )
    if _general(path) == "teams" and kind.startswith("tuple"):
        return "is not a list; begin each team with '- key: NAME', its other keys below that"
    known = KINDS.get(kind.split("_")[0])
    return f"{value}{known or 'is not what this key takes; see deploy/configuration.md'}"


def _near(value: Any, choices: list[str], path: Key) -> str:
    hint = "" if _is_private(path) else nearest(str(value), choices)
    return hint if hint.startswith("; did") else ""


def _quoted(value: Any, path: Key) -> str:
    """The value with a blank after it; nothing for blocks and where a secret may stand."""
    if _is_private(path) or isinstance(value, Mapping | list):
        return ""
    written = str(value).lower() if isinstance(value, bool) else repr(value)
    return f"{cut(written, LONGEST_VALUE)} "


def _is_private(path: Key) -> bool:
    return any(step in PRIVATE for step in path[:3])


def _general(path: Key) -> str:
    """The path without list places and names: the key's name in the documentation."""
    steps = [step for step in path if isinstance(step, str)]
    if steps[0] in ("jira", "channels") and len(steps) > 1:
        del steps[1]
    return ".".join(steps)


def _known(path: Key, model: type[BaseModel]) -> list[str]:
    """The keys that the block at `path` may have."""
    names = _general((*path, "")).split(".")[:-1] if path else []
    for name in names:
        inner = _block(model.model_fields[name].annotation) if name in model.model_fields else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _block(annotation: Any) -> type[BaseModel] | None:
    """The block's type in `Mapping[str, Block]`, `tuple[Block, ...]` or `Block | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _block(part))), None)
