"""The configuration as a plain tree that remembers where each value was written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from re import search
from typing import Any

from telemetry.errors import ConfigurationError

Key = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """Values as nested dicts and lists; `places` maps a path to "file:line" or a variable."""

    title: str
    tree: dict[str, Any] = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)

    def place(self, path: Key) -> str:
        """Where the value stands, or the block that should hold it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.title

    def value(self, path: Key) -> Any:
        """The value at a path, None where there is none."""
        value: Any = self.tree
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def read_source(path: Path | None) -> Source:
    """The configuration file's tree; empty without a file.

    Raises ConfigurationError when the file is absent or is not YAML. The message never repeats
    a line, which may hold a secret.
    """
    if path is None:
        return Source("the environment")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path} does not exist; write it as the README shows, or name another with -c."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigurationError(f"{path} cannot be read: {reason}.") from None
    source = Source(str(path))
    loaded = _parsed(path, text)
    if loaded is not None and not isinstance(loaded, dict):
        raise ConfigurationError(f"{path}:1: is not a mapping of keys such as 'jira:'.")
    source.places[()] = f"{path}:1"
    source.tree = _plain(loaded or {}, (), source.places, str(path))
    return source


def _parsed(path: Path, text: str) -> Any:
    from ruamel.yaml import YAML  # noqa: PLC0415 (only who has a file pays)
    from ruamel.yaml.constructor import RoundTripConstructor  # noqa: PLC0415
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    class Constructor(RoundTripConstructor):
        """Leaves dates as text: a wrong one is then an error like all others."""

    Constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
    )
    yaml = YAML(typ="rt")
    yaml.Constructor = Constructor
    try:
        return yaml.load(StringIO(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path}:{line}: {_yaml_sentence(error.problem or '')}") from None
    except (YAMLError, ValueError):
        raise ConfigurationError(f"{path}: is not YAML; check its special characters.") from None


def _yaml_sentence(problem: str) -> str:
    twice = search(r'duplicate key "([^"]*)"', problem)
    if twice:
        return f"the key {twice[1]!r} stands there twice; keep one of them."
    if "\\t" in problem or "token" in problem:
        return "is not YAML; check indentation (blanks, no tabs), quotes and colons."
    return "is not YAML here; check indentation, quotes, brackets and colons."


def _plain(value: Any, path: Key, places: dict[Key, str], title: str) -> Any:
    """Plain dicts, lists and scalars of a loaded tree, noting the line of each."""
    if isinstance(value, dict):
        tree = {}
        for key, inner in value.items():
            step = (*path, str(key))
            _note(value, key, step, places, title)
            tree[str(key)] = _plain(inner, step, places, title)
        return tree
    if isinstance(value, list):
        for index in range(len(value)):
            _note(value, index, (*path, index), places, title)
        return [_plain(v, (*path, i), places, title) for i, v in enumerate(value)]
    for kind in (str, float):
        if isinstance(value, kind):
            return kind(value)
    return int(value) if type(value) is not bool and isinstance(value, int) else value


def _note(holder: Any, key: Any, path: Key, places: dict[Key, str], title: str) -> None:
    position = (holder.lc.data or {}).get(key)
    if position:
        places[path] = f"{title}:{position[0] + 1}"


def walk(tree: Any, path: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Every value below with its path, containers included."""
    items: Any = ()
    if isinstance(tree, Mapping):
        items = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    for key, value in items:
        yield (*path, key), value
        yield from walk(value, (*path, key))
