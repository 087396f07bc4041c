"""What the alert of a quarter says."""

from datetime import date

from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.words.alerts.said import Said
from telemetry.words.alerts.sprints import issue
from telemetry.words.outlook import chance_of
from telemetry.words.values import (
    NOTHING,
    Day,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    percent,
    plural,
    sentence,
)


def at_risk(quarter: WatchedQuarter, today: date, fell: float | None) -> Said:
    """A quarter that is late, or whose chance `fell` by so much within five working days."""
    late = quarter.late_days
    left = counted(quarter.remaining_points, quarter.unit)
    if late is not None and late >= 1:
        headline = sentence(
            figure("about ", counted(round(late), "working day"), " late"),
            ": ",
            left,
            f" left {plural(quarter.remaining_points, 'needs', 'need')} ",
            counted(round(quarter.days_to_complete or 0), "working day"),
            ", ",
            Number(quarter.working_days_left),
            f" {plural(quarter.working_days_left, 'is', 'are')} left.",
        )
        return Said(headline, sentence(_chance(quarter, today, fell), _furthest(quarter)))
    was, now = quarter.chance_before_percent, quarter.chance_percent
    headline = sentence(
        "the chance that all is done by its end fell from ",
        percent(was),
        " to ",
        figure(percent(now)),
        " within 5 working days.",
    )
    end = Day(quarter.last_on, today)
    state = sentence(
        left, f" {plural(quarter.remaining_points, 'is', 'are')} left until ", end, "."
    )
    return Said(headline, sentence(state, _likely(quarter, today), _furthest(quarter)))


def _chance(quarter: WatchedQuarter, today: date, fell: float | None) -> Sentence:
    if quarter.chance_percent is None:
        return NOTHING
    before: Part = None
    if fell is not None:
        was = percent(quarter.chance_before_percent)
        before = sentence(", ", was, " within the last 5 working days")
    end = Day(quarter.last_on, today)
    return sentence(
        "The chance that all is done by ",
        end,
        " is ",
        chance_of(quarter.chance_percent),
        before,
        ".",
        _likely(quarter, today),
    )


def _likely(quarter: WatchedQuarter, today: date) -> Sentence:
    if quarter.likely_on is None:
        return NOTHING
    return sentence(" Likely done by ", Day(quarter.likely_on, today), " (", percent(85), ").")


def _furthest(quarter: WatchedQuarter) -> Sentence:
    """The epics with most left, and what comes out to be in time where velocity tells."""
    parts: list[Part] = []
    for one in quarter.furthest:
        parts += [", " if parts else None, issue(one)]
    held: Part = None
    if parts:
        amount = Number(quarter.furthest_points)
        held = sentence(" ", *parts, f" {plural(len(quarter.furthest), 'holds', 'hold')} ", amount)
        held = sentence(held, " of what is left.")
    if quarter.points_too_many and quarter.points_too_many >= 1:
        out = counted(round(quarter.points_too_many), quarter.unit)
        held = sentence(held, " Taking out ", out, " would bring it back.")
    return sentence(held)
