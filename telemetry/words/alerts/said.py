"""What an alert says: its headline, and what is behind it and what would change it."""

from dataclasses import dataclass

from telemetry.words.values import NOTHING, Sentence


@dataclass(frozen=True, slots=True)
class Said:
    """`headline` follows a team's and a subject's name; `more` are whole sentences."""

    headline: Sentence
    more: Sentence = NOTHING


TITLES = {
    "sprint_behind": "behind",
    "sprint_at_risk": "at risk",
    "scope_grown": "scope grown",
    "impediment_time": "impediment time",
    "impediment_open": "impediment open",
    "peak_day": "peak day",
    "off_plan_time": "off-plan time",
    "unestimated": "unestimated",
    "work_ageing": "work ageing",
    "no_work_logged": "no work logged",
    "sprint_started": "sprint started",
    "sprint_closed": "sprint closed",
    "quarter_at_risk": "quarter at risk",
    "data_stale": "data stale",
    "pull_failing": "pull failing",
    "delivery_failing": "delivery failing",
}
