"""The configuration as a plain tree that remembers where each value was written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telemetry.errors import ConfigurationError
from telemetry.settings.files import Unreadable, read_small
from telemetry.settings.parsing import Written, parsed

MOST_BYTES = 1024 * 1024
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
        text = read_small(path, MOST_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path} does not exist; write it as the README shows, or name another with -c."
        ) from None
    except (Unreadable, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, Unreadable) else "it is not UTF-8 text"
        raise ConfigurationError(f"{path} cannot be read: {reason}.") from None
    source = Source(str(path))
    loaded = parsed(path, text)
    if loaded is not None and not isinstance(loaded, dict):
        raise ConfigurationError(f"{path}:1: is not a mapping of keys such as 'jira:'.")
    source.places[()] = f"{path}:1"
    source.tree = _plain(loaded or {}, (), source.places, str(path))
    return source


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
    return str(value) if isinstance(value, str) and not isinstance(value, Written) else value


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
