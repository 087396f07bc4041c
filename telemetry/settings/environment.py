"""Values from the environment, laid over those of the file.

`TELEMETRY_STORE__URL` is `store.url`, `TELEMETRY_TEAMS__0__KEY` the key of the first team; lists
and blocks may also be given as JSON. Names are matched without case, `_` also for `-`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from telemetry.settings.models import Settings
from telemetry.settings.parsing import DEEPEST
from telemetry.settings.problems import Problem
from telemetry.settings.source import Key, Source
from telemetry.settings.values import has_password, nearest

PREFIX = "TELEMETRY_"
SECRETS = ("secret", "webhook_secret")


def overlay(source: Source, environ: Mapping[str, str]) -> list[Problem]:
    """Lay the environment's values over the source; what cannot be placed is a problem.

    A secret given directly becomes a reference to its own variable, so that no setting holds it.
    """
    problems: list[Problem] = []
    for name in sorted(environ):
        steps = name.removeprefix(PREFIX).split("__")
        if not name.startswith(PREFIX) or not all(steps):
            continue
        top = steps[0].casefold()
        if top not in Settings.model_fields:
            if len(steps) > 1:
                hint = nearest(top, Settings.model_fields)
                problems.append(Problem(name, top, f"is not a known key{hint}"))
            continue
        try:
            value = _value(environ[name])
            path = _put(source.tree, steps, value, name)
        except ValueError as error:
            problems.append(Problem(name, ".".join(steps).casefold(), str(error)))
            continue
        source.places = {k: v for k, v in source.places.items() if k[: len(path)] != path}
        source.places[path] = name
        for length in range(1, len(path)):  # blocks that the file does not have
            source.places.setdefault(path[:length], name)
    return problems


def _value(text: str) -> Any:
    stripped = text.strip()
    if stripped == "null":
        return None
    if stripped[:1] in ("[", "{"):
        try:
            value = json.loads(stripped, object_pairs_hook=_block)
            is_deep = _depth(value) > DEEPEST
        except _Twice:
            raise
        except RecursionError:
            is_deep = True
        except ValueError:
            raise ValueError("begins like JSON and is not; check its brackets and quotes") from None
        if is_deep:
            raise ValueError(f"has more than {DEEPEST} levels in each other")
        return value
    return text


class _Twice(ValueError):
    """A key stands twice in one block."""


def _block(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise _Twice(f"has the key {twice!r} twice; keep one")
    return dict(pairs)


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(_depth, inner), default=0)


def _put(tree: dict[str, Any], steps: list[str], value: Any, name: str) -> Key:
    """Set the value; the path that it got."""
    holder: Any = tree
    path: Key = ()
    for position, step in enumerate(steps):
        key = _key(holder, step)
        path = (*path, key)
        if position == len(steps) - 1:
            holder[key] = _reference(path, value, name)
            break
        if isinstance(holder, list) or holder.get(key) is not None:
            holder = holder[key]
        else:
            holder[key] = [] if steps[position + 1].isdecimal() else {}
            holder = holder[key]
    return path


def _key(holder: Any, step: str) -> str | int:
    if isinstance(holder, dict):
        folded = {key.casefold().replace("-", "_"): str(key) for key in holder}
        return folded.get(step.casefold(), step.casefold())
    if not isinstance(holder, list):
        raise ValueError("is below a value that is no block; check the variable's name")
    if not re.fullmatch("[0-9]{1,6}", step) or int(step) > len(holder):
        raise ValueError(
            f"{step!r} is not a place in a list of {len(holder)}; count from 0 without gaps"
        )
    if int(step) == len(holder):
        holder.append({})
    return int(step)


def _reference(path: Key, value: Any, name: str) -> Any:
    if not isinstance(value, str) or value.startswith(("env:", "file:")):
        return value
    is_secret = (
        path[-1] in SECRETS
        or path == ("privacy", "key")
        or (path[0] == "channels" and path[-1] == "url")
        or (path == ("store", "url") and has_password(value))
    )
    return f"env:{name}" if is_secret else value
