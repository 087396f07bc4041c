"""A folder of files that one program writes: it knows what it wrote, and touches nothing else.

What it wrote stands in `MANIFEST` beside the files, as groups of files with the key of what they
were made from.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Final

import orjson
from filelock import FileLock, Timeout

from telemetry.errors import ConfigurationError, StoreError

MANIFEST: Final = ".telemetry-export.json"
LOCK: Final = ".telemetry-export.lock"
NEW: Final = ".telemetry-export.new"  # a folder of what is not in its place yet
FIRST: Final = "index.html"
_BEGUN: Final = "begun"  # a group: what a run had begun to put in its place
_FORMAT: Final = 1


class Folder:
    """The folder as the last run left it; `written` and `removed` count what this one did.

    What is put is written beside the old files, and takes their place when all is there: who is
    stopped before, or finds the disk full, leaves the folder as it was.
    """

    def __init__(self, path: Path, *, is_forced: bool = False) -> None:
        self.path = path
        self.written = self.removed = 0
        self._is_forced = is_forced
        self._wrote: dict[str, dict[str, Any]] = {}
        self._groups: dict[str, dict[str, Any]] = {}
        self._new: dict[str, str] = {}
        self._read()

    def _read(self) -> None:
        found = _manifest(self.path)
        if found is None and self.path.exists() and not self.path.is_dir():
            raise ConfigurationError(f"{self.path} is no folder: name another one")
        if found is None and not self._is_forced and _holds_others(self.path):
            raise ConfigurationError(
                f"{self.path} holds files that no export wrote: name an empty folder, or --force "
                "to write among them"
            )
        self._wrote = found or {}
        self._told = _body(self._wrote) if found is not None else b""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within, no other process writes here, and what was not finished is gone at the end.

        Raises StoreError where another one does, or nothing can be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / LOCK, timeout=0)
            lock.acquire()
        except Timeout:
            raise StoreError(
                f"another export writes into {self.path} just now: wait until it has ended"
            ) from None
        except OSError as error:
            raise StoreError(f"{self.path} can't be written: {error.strerror}") from None
        try:
            self._sweep()
            self._read()  # another one may have ended since
            self._tell(self._wrote)
            yield
        finally:
            self._sweep()
            lock.release()

    def keeps(self, group: str, key: str) -> bool:
        """Whether the group's files are there and were made from this key; they then stay."""
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
        known = self._known
        found = {}
        for name, body in files.items():
            digest = found[name] = hashlib.sha256(body).hexdigest()
            if known.get(name) != digest or not (self.path / name).is_file():
                self._look(name, name in known)
                said = f"{self.path / name} can't be written, and what was there stays as it was"
                _write(self.path / NEW / name, body, said)
                self._new[name] = digest
        self._groups[group] = {"key": key, "files": found}

    @cached_property
    def _known(self) -> dict[str, str]:
        """What earlier runs wrote, by its path; "" where nobody knows which of two it is."""
        known = {
            name: one for group in self._wrote.values() for name, one in group["files"].items()
        }
        begun = self._wrote.get(_BEGUN, {"files": ()})["files"]
        return {**known, **dict.fromkeys(begun, "")}

    def _look(self, name: str, is_ours: bool) -> None:
        """Raises where a file cannot take its place, before any has."""
        target = self.path / name
        if not _is_below(name):
            raise StoreError(f"{name!r} leads out of {self.path}: nothing is written there")
        within = [self.path / one for one in PurePosixPath(name).parents][:-1]
        for one in within:
            if one.exists() and not one.is_dir():
                raise StoreError(f"{one} is in the way of a folder: move it, or name another one")
        if target.is_dir():
            raise StoreError(f"{target} is in the way of a file: move it, or name another folder")
        if target.exists() and not is_ours and not self._is_forced:
            raise ConfigurationError(
                f"{target} was written by no export: move it, or --force to write over it"
            )

    def finish(self) -> None:
        """Put the new files in their place, the first page last; remove what this run did not put
        or keep and nobody changed since, and write it down.
        """
        before = self._wrote
        if self._new:
            unsure = {name: {**group, "key": ""} for name, group in before.items()}
            self._tell({**unsure, _BEGUN: {"key": "", "files": self._new}})
        for name in sorted(self._new, key=lambda name: name == FIRST):
            _move(self.path / NEW / name, self.path / name)
            self.written += 1
        now = {name for group in self._groups.values() for name in group["files"]}
        for group in before.values():
            for name, digest in group["files"].items():
                if name not in now and _is_below(name) and self._is_as_written(name, digest):
                    self._remove(name)
        self._wrote = self._groups
        self._tell(self._wrote)

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

    def _tell(self, groups: Mapping[str, Any]) -> None:
        body = _body(groups)
        if body != self._told:
            _write(self.path / MANIFEST, body)
            self._told = body

    def _sweep(self) -> None:
        shutil.rmtree(self.path / NEW, ignore_errors=True)


def _holds_others(path: Path) -> bool:
    return path.is_dir() and any(one.name not in {LOCK, NEW} for one in path.iterdir())


def _write(target: Path, body: bytes, said: str = "") -> None:
    """Write a whole file, or none. Raises StoreError with what is `said`, and why."""
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
        what = said or f"{target} can't be written"
        raise StoreError(f"{what}: {error.strerror}") from None


def _move(made: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(made, target)
    except OSError as error:
        raise StoreError(
            f"{target} can't be written: {error.strerror}; what is there is of two times until "
            "another run ends well"
        ) from None


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
