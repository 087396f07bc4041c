"""Answers that many ask for at the same time, made once."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class _Entry(Generic[V]):
    def __init__(self) -> None:
        self.lock = Lock()
        self.made: tuple[V] | None = None


class Remembered(Generic[V]):
    """The values last asked for by key, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[Hashable, _Entry[V]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of the key; who asks while it is being made waits for it. Raises as `make`."""
        with self._lock:
            entry = self._entries.pop(key, None) or _Entry[V]()
            self._entries[key] = entry
            while len(self._entries) > self._most:
                del self._entries[next(iter(self._entries))]
        with entry.lock:
            if entry.made is None:
                entry.made = (make(),)
            return entry.made[0]
