"""What forecasts were worth: of the dates given with a chance, how many held.

Read by reports, beside every forecast. Only dates that have passed are judged: to count of the
later ones those that have come true already would flatter. A date holds up to and on its day.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """The dates given with one chance: how many can be judged, and how many of them held."""

    promised_percent: int
    held_count: int
    count: int

    @property
    def came_true_percent(self) -> float | None:
        """None where no date can be judged."""
        return 100 * self.held_count / self.count if self.count else None
