"""The figures of a sprint's impediments beside the mean of those before it."""

from dataclasses import dataclass

from telemetry.report.impediments.shapes import ImpedimentReport, Stretch
from telemetry.words.numbers import UNKNOWN
from web.show.links import sprint_impediments
from web.show.numbers import (
    hours,
    number,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of the sprint beside the mean of those before it."""

    label: str
    slug: str
    this: str
    before: str
    link: str  # where the sprint's impediments behind it are listed; "" without a sprint


def pairs(found: ImpedimentReport, team_key: str) -> list[Pair]:
    """One pair a figure, none before anything is known."""
    this, before = found.this, found.before
    if this is None:
        return []

    def each(name: str) -> str:
        return number(found.mean_before(name))

    def to_close(one: Stretch | None) -> str:
        median = None if one is None else one.median_hours_to_close
        return UNKNOWN if median is None else hours(median * 3600)

    count = "count" if found.logs_time else "present_count"
    rows = [("Impediments", "impediments", number(getattr(this, count)), each(count))]
    if found.logs_time:
        usual = hours(found.mean_before("seconds"))
        rows.append(("Impediment time", "impediment_time", hours(this.seconds), usual))
    else:
        rows.append(("Open days", "open_days", number(this.open_days), each("open_days")))
    rows += [
        ("Opened", "impediments_opened", number(this.opened_count), each("opened_count")),
        ("Closed", "impediments_closed", number(this.closed_count), each("closed_count")),
        ("Time to close", "time_to_close", to_close(this), to_close(before)),
    ]
    return [Pair(*row, _listing(found, team_key, row[1], row[2])) for row in rows]


def _listing(found: ImpedimentReport, team_key: str, slug: str, said: str) -> str:
    if found.sprint is None or said in ("0", UNKNOWN):
        return ""
    closed = ("impediments_closed", "time_to_close")
    kind = "state:opened" if slug == "impediments_opened" else "all"
    return sprint_impediments(team_key, found.sprint.id, "state:closed" if slug in closed else kind)
