"""A folder of files that one program writes: it knows what it wrote, and touches nothing else.

What it wrote stands in `MANIFEST` beside the files, as groups of files with the key of what they
were made from.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, Final

import orjson

from telemetry.errors import ConfigurationError, StoreError

MANIFEST: Final = ".telemetry-export.json"
_FORMAT: Final = 1


class Folder:
    """The folder as the last run left it; `written` and `removed` count what this one did."""

    def __init__(self, path: Path, *, is_forced: bool = False) -> None:
        self.path = path
        self.written = self.removed = 0
        self._wrote = _manifest(path)
        self._groups: dict[str, dict[str, Any]] = {}
        if self._wrote is None:
            if path.exists() and not path.is_dir():
                raise ConfigurationError(f"{path} is no folder: name another one")
            if path.is_dir() and any(path.iterdir()) and not is_forced:
                raise ConfigurationError(
                    f"{path} holds files that no export wrote: name an empty folder, or --force "
                    "to write among them"
                )
            self._wrote = {}
            self._told: bytes | None = None
            self._tell()
        else:
            self._told = _body(self._wrote)

    def keeps(self, group: str, key: str) -> bool:
        """Whether the group's files are there and were made from this key; they then stay."""
        assert self._wrote is not None  # noqa: S101 - set when made
        known = self._wrote.get(group)
        if known is None or known["key"] != key:
            return False
        if not all((self.path / name).is_file() for name in known["files"]):
            return False
        self._groups[group] = known
        return True

    def names(self, group: str) -> list[str]:
        """The files that the group has now."""
        return list(self._groups[group]["files"])

    def put(self, group: str, key: str, files: Mapping[str, bytes]) -> None:
        """The group is these files now, by their path; those that are the same stay as they are."""
        known = {
            name: one
            for group in (self._wrote or {}).values()
            for name, one in group["files"].items()
        }
        found = {}
        for name, body in files.items():
            if not _is_below(name):
                raise StoreError(f"{name!r} leads out of {self.path}: nothing is written there")
            digest = found[name] = hashlib.sha256(body).hexdigest()
            if known.get(name) != digest or not (self.path / name).is_file():
                self._write(name, body)
                self.written += 1
        self._groups[group] = {"key": key, "files": found}

    def finish(self) -> None:
        """Remove what this run did not put or keep and nobody changed since, and write it down."""
        assert self._wrote is not None  # noqa: S101 - set when made
        now = {name for group in self._groups.values() for name in group["files"]}
        for group in self._wrote.values():
            for name, digest in group["files"].items():
                if name not in now and _is_below(name) and self._is_as_written(name, digest):
                    self._remove(name)
        self._wrote = self._groups
        self._tell()

    def _is_as_written(self, name: str, digest: str) -> bool:
        with suppress(OSError):
            return hashlib.sha256((self.path / name).read_bytes()).hexdigest() == digest
        return False

    def _remove(self, name: str) -> None:
        file = self.path / name
        with suppress(OSError):
            file.unlink()
            self.removed += 1
            for parent in file.relative_to(self.path).parents[:-1]:
                (self.path / parent).rmdir()  # the first one that is not empty stays, and ends it

    def save(self) -> None:
        """Write down what is done so far, so that a run that is broken off is known."""
        self._wrote = {**(self._wrote or {}), **self._groups}
        self._tell()

    def _tell(self) -> None:
        body = _body(self._wrote or {})
        if body != self._told:
            self._write(MANIFEST, body)
            self._told = body

    def _write(self, name: str, body: bytes) -> None:
        target = self.path / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, made = tempfile.mkstemp(dir=target.parent, prefix=".telemetry-")
            try:
                with os.fdopen(descriptor, "wb") as out:
                    out.write(body)
                Path(made).chmod(0o644)
                os.replace(made, target)
            except BaseException:
                Path(made).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise StoreError(f"{target} can't be written: {error.strerror}") from None


def _body(groups: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"format": _FORMAT, "groups": groups}, option=orjson.OPT_SORT_KEYS)


def _manifest(path: Path) -> dict[str, dict[str, Any]] | None:
    """What an earlier run wrote; None where none did, or nobody can tell."""
    try:
        found = orjson.loads((path / MANIFEST).read_bytes())
        groups = found["groups"]
        is_ours = found["format"] == _FORMAT and all(
            isinstance(one["key"], str) and all(_is_below(name) for name in one["files"])
            for one in groups.values()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return groups if is_ours else None


def _is_below(name: str) -> bool:
    """Whether a path leads into the folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
