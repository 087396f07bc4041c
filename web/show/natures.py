"""Colour slots of natures: one colour for one nature in every team and sprint."""

from collections.abc import Callable, Iterable, Mapping

SLOTS = 5
UNKNOWN = "unknown"
OTHER = "other"


class NatureSlots:
    """Tells the colour of natures by their ranks, which the bot gives once and never changes.

    `read` reads all ranks; it is asked again only for a nature that had none when last read.
    """

    def __init__(self, read: Callable[[], Mapping[str, int]]) -> None:
        self._read = read
        self._ranks: Mapping[str, int] = {}

    def slots(self, names: Iterable[str]) -> dict[str, str]:
        """The slot of each nature: "1" to "5", "other" or "unknown"."""
        wanted = list(names)
        if any(name != UNKNOWN and name not in self._ranks for name in wanted):
            self._ranks = self._read()
        return {name: self._slot(name) for name in wanted}

    def _slot(self, name: str) -> str:
        if name == UNKNOWN:
            return UNKNOWN
        rank = self._ranks.get(name, SLOTS + 1)
        return str(rank) if rank <= SLOTS else OTHER
