"""A list of impediments."""

from collections.abc import Sequence
from dataclasses import dataclass

from telemetry.report.shapes.time import ImpedimentRow


@dataclass(frozen=True, slots=True)
class ImpedimentList:
    """`oldest` is the scale of the age bars; `words` say which impediments, None: open ones.

    `more` are left out of the rows. `has_time` is False where the team logs none.
    `back` is what a link says that shows those that stand there unasked, none where it is "".
    """

    rows: Sequence[ImpedimentRow]
    words: str | None
    oldest: float
    more: int = 0
    has_time: bool = True
    back: str = ""
    is_past: bool = False  # those open at a close
    logged: str = "Logged"  # over the hours: of which time they are
    whole: str = ""  # what the address asks for to have all listed; "" where it cannot

    @property
    def count(self) -> int:
        """How many impediments: an issue that was flagged twice stands in two rows."""
        return len({row.key for row in self.rows}) + self.more
