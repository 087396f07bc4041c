"""A list of what changed when, in order of time."""

from bisect import bisect_left
from collections.abc import Iterator


class Journal:
    """The last instants of numbered things; put in order only when that is asked for."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, int]] = []
        self._is_sorted = True
        self._most = 1000

    def add(self, at: int, number: int) -> None:
        """Enters that something changed; instants may come in any order."""
        entry = (at, number)
        if self._entries and entry < self._entries[-1]:
            self._is_sorted = False
        self._entries.append(entry)
        if len(self._entries) > self._most:
            self._compact()

    def since(self, at: int) -> Iterator[tuple[int, int]]:
        """The entries at or after an instant, oldest first; overtaken ones may be among them."""
        if not self._is_sorted:
            self._compact()
        entries = self._entries
        return (entries[place] for place in range(bisect_left(entries, (at, 0)), len(entries)))

    def _compact(self) -> None:
        """Keeps the last entry of each number only, in order."""
        self._entries.sort()
        latest = {number: at for at, number in self._entries}
        self._entries = sorted((at, number) for number, at in latest.items())
        self._is_sorted = True
        self._most = 1000 + 2 * len(self._entries)
