"""What is registered of a figure, and the sources that many share."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `keys` are the API's names for it, `source` what it is summed from.

    `field` is its field of `SprintFigures`, where that is not the first key.
    """

    slug: str
    title: str
    unit: str
    meaning: str
    source: str
    keys: tuple[str, ...]
    field: str = ""


HISTORY: Final = "changelog of Sprint, estimate and Status; creation date"
PLAN: Final = "committed points, the sprint's dates, the team's calendar"
LOGS: Final = "work logs by the time they were started; sprint scope; impediments"
CLOSED: Final = "facts of the team's last closed sprints"
MOVES: Final = "changelog of Status; creation date"
SPANS: Final = "labels, flags and nature as they are now; creation date; changelog of Status"
EPICS: Final = "labels of epics; changelog of epic, estimate and Status of their children"
