"""What is said of a quarter in which something would be otherwise."""

from datetime import date

from telemetry.domain.calendar import ONE_DAY
from telemetry.metrics.what_if import Change, WhatIf, pace, security
from telemetry.report.quarter.shapes import QuarterReport
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
    sentence,
)

TOLD = 85  # the chance of the day that is told
NO_FORECAST = sentence(
    "Nothing is forecast yet, and there is no velocity: nothing can be computed with a change."
)


def why_not(found: QuarterReport) -> Sentence:
    """Why no change of the quarter can be computed; nothing where one can."""
    if found.is_over:
        return sentence("The quarter is over: nothing of it can be changed any more.")
    if found.is_to_come:
        return sentence(
            "The quarter has not begun: what a change makes of it is told once it runs."
        )
    if found.usual is None:
        return sentence("Nothing is forecast of this quarter yet, so nothing can be changed in it.")
    if found.outlook.why_none == "few_days" and not found.velocity_points_per_day:
        return NO_FORECAST
    return NOTHING


def lead(found: QuarterReport, change: Change | None) -> Sentence:
    """What a change makes of the chance and of the day, or that one may be tried."""
    if change is None:
        return sentence("Move a slider to see what becomes of the quarter; nothing of it is kept.")
    would = found.what_if
    if would is None:
        return sentence("The forecast is just being computed anew: look again in a moment.")
    said = _conditions(found, change)
    if not said:
        return sentence("Nothing is changed: these are the figures as they are.")
    return sentence("With ", said, ": ", _becomes(found, would), ".")


def _conditions(found: QuarterReport, change: Change) -> Sentence:
    usual = found.usual
    parts: list[Sentence] = []
    if more := change.capacity_change_percent:
        parts.append(sentence(percent(abs(more)), _more(more), " capacity"))
    only_share = Change(impediment_share_percent=change.impediment_share_percent)
    if usual is not None and pace(only_share, usual.impediments) != 1:
        parts.append(
            sentence(percent(change.impediment_share_percent), " of the time lost to impediments")
        )
    points = max(change.scope_change_points, -found.roadmap.remaining_points)  # at most all of it
    if points:
        parts.append(sentence(counted(abs(points), found.unit), _more(points), " scope"))
    if usual is not None and security(change, usual.security_coefficient) != (
        usual.security_coefficient
    ):
        kept = 100 * (change.security_coefficient or 0.0)
        parts.append(sentence(percent(kept), " kept free"))
    return _listed(parts)


def _more(value: float) -> str:
    return " more" if value > 0 else " less"


def _listed(parts: list[Sentence]) -> Sentence:
    found: list[Part] = []
    for place, one in enumerate(parts):
        joint = "" if not place else " and " if place == len(parts) - 1 else ", "
        found += [joint, one]
    return sentence(*found)


def _becomes(found: QuarterReport, would: WhatIf) -> Sentence:
    chance, was = would.outlook.probability_percent, found.outlook.probability_percent
    if chance is None:
        return _against_days(would, found)
    stays = was is not None and round(was) == round(chance)
    verb = "stays " if stays else "is "
    instead = None if was is None or stays else sentence(" instead of ", chance_of(was))
    on = would.outlook.dates[1]
    day = sentence("no day is ", percent(TOLD), " sure")
    if on is not None:
        day = sentence("all is done by ", figure(Day(on, found.today)), " with ", percent(TOLD))
    return sentence(
        f"the chance of the quarter’s end {verb}",
        chance_of(chance),
        instead,
        ", and ",
        day,
        _later(found, would),
    )


def _later(found: QuarterReport, would: WhatIf) -> Sentence:
    on, was = would.outlook.dates[1], found.outlook.dates[1]
    if on is None or was is None:
        return NOTHING
    if on == was:
        return sentence(", as it is")
    days = working_days_later(found, was, on)
    word = "later" if days > 0 else "earlier"
    return sentence(", ", counted(abs(days), "working day"), f" {word}")


def working_days_later(found: QuarterReport, was: date, on: date) -> int:
    """How many working days one day is after another; less than 0 before it."""
    if on < was:
        return -working_days_later(found, on, was)
    return found.calendar.working_days(was + ONE_DAY, on)


def _against_days(would: WhatIf, found: QuarterReport) -> Sentence:
    """Where nothing is forecast: what is left against the days, and what the quarter holds."""
    known, limit = would.predictability, would.capacity_limit_points
    need = sentence("what is left cannot be done")
    if would.outlook.why_none == "no_points":
        need = sentence("what is left is not known, for nothing has an estimate")
    elif known.days_to_complete is not None:
        days = figure(counted(known.days_to_complete, "working day"))
        need = sentence("what is left needs ", days, " of ", Number(known.working_days_left))
    if limit is None:
        return need
    return sentence(need, ", and the quarter holds ", figure(counted(round(limit), found.unit)))
