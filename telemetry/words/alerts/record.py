"""What it means that an alert came true, by rule."""

from collections.abc import Mapping

_NOT_DONE = "the sprint closed with more than 15 % of its committed points not completed"
CAME_TRUE: Mapping[str, str] = {
    "sprint_behind": _NOT_DONE,
    "sprint_at_risk": _NOT_DONE,
    "scope_grown": _NOT_DONE,
    "impediment_time": "the sprint’s share of impediments ended above the team’s usual",
    "impediment_open": "it took at least twice as long to close as 85 of 100 do",
    "quarter_at_risk": "the quarter’s epics were not all done at its end",
}
