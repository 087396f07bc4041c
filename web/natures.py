"""Colour slots of natures: one colour for one nature in every team and sprint."""

from collections.abc import Iterable, Mapping
from threading import Lock

SLOTS = ("1", "2", "3", "4", "5")
UNKNOWN = "unknown"


class NatureSlots:
    """Gives the five colours to natures, those with most time first, and never takes one back."""

    def __init__(self) -> None:
        self._slots: dict[str, str] = {}
        self._lock = Lock()

    @property
    def is_empty(self) -> bool:
        """Whether no nature has a colour yet."""
        return not self._slots

    def learn(self, seconds_by_nature: Mapping[str, int]) -> None:
        """Gives free slots to the natures that have none, most time first."""
        ranked = sorted(seconds_by_nature, key=lambda name: (-seconds_by_nature[name], name))
        with self._lock:
            for name in ranked:
                if name != UNKNOWN and name not in self._slots and len(self._slots) < len(SLOTS):
                    self._slots[name] = SLOTS[len(self._slots)]

    def slots(self, names: Iterable[str]) -> dict[str, str]:
        """The slot of each nature: "1" to "5", "other" or "unknown"."""
        return {
            name: UNKNOWN if name == UNKNOWN else self._slots.get(name, "other") for name in names
        }
