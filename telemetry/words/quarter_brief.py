"""What reviews and digests say of the running quarter, in two sentences."""

from datetime import date

from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.words.outlook import chance_of
from telemetry.words.questions import Decision
from telemetry.words.values import (
    NOTHING,
    Day,
    Sentence,
    counted,
    figure,
    percent,
    plural,
    sentence,
)

EVEN = 50  # percent
KEY = "quarter"


def brief(quarter: WatchedQuarter | None, today: date) -> Sentence:
    """Whether it holds, and how sure that is; nothing where nothing estimated is of it."""
    if quarter is None:
        return NOTHING
    if quarter.remaining_points <= 0:
        return sentence(f"All of {quarter.name} is done.")
    left = counted(quarter.remaining_points, quarter.unit)
    days = quarter.working_days_left
    opening = sentence(
        f"{quarter.name}: ",
        figure(left),
        f" {plural(quarter.remaining_points, 'is', 'are')} left, with ",
        counted(days, "working day"),
        " to go",
        _late(quarter),
        ".",
    )
    return sentence(opening, _chance(quarter, today))


def _late(quarter: WatchedQuarter) -> Sentence:
    late = quarter.late_days
    if late is None:
        return NOTHING
    if late >= 1:
        return sentence(": ", figure("about ", counted(round(late), "working day"), " late"))
    return sentence(": in time" if late <= -1 else ": just in time")


def _chance(quarter: WatchedQuarter, today: date) -> Sentence:
    if quarter.chance_percent is None:
        return NOTHING
    likely = NOTHING
    if quarter.likely_on not in (None, quarter.last_on):
        likely = sentence("; by ", Day(quarter.likely_on, today), " with ", percent(85))
    end, chance = Day(quarter.last_on, today), chance_of(quarter.chance_percent)
    return sentence(" The chance that all is done by ", end, " is ", chance, likely, ".")


def unlikely(quarter: WatchedQuarter | None) -> list[Decision]:
    """A quarter that will rather not be done by its end."""
    if quarter is None or quarter.chance_percent is None or quarter.chance_percent >= EVEN:
        return []
    late = max(quarter.late_days or 0.0, 0.0)
    too_many = quarter.points_too_many
    over = NOTHING
    if too_many and too_many >= 1:
        amount = figure(counted(round(too_many), quarter.unit))
        over = sentence("; ", amount, " more than fit into the days that are left")
    return [
        Decision(
            KEY,
            sentence(f"What comes out of {quarter.name}, or does its date move?"),
            sentence(
                "The chance that all is done by its end is ",
                chance_of(quarter.chance_percent),
                over,
                ".",
            ),
            late + 1.0,
        )
    ]
