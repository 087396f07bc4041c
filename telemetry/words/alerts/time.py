"""What the alerts of a team's time say."""

from datetime import date

from telemetry.metrics.figures import TimeSplit
from telemetry.report.alerts.watched import WatchedIssue
from telemetry.words.alerts.said import Said
from telemetry.words.alerts.sprints import issue
from telemetry.words.values import (
    NOTHING,
    Day,
    Part,
    Sentence,
    counted,
    figure,
    hours,
    percent,
    sentence,
)


def impediment_time(
    time: TimeSplit, usual: float, since: date, today: date, named: tuple[WatchedIssue, ...]
) -> Said:
    """Impediments that take more than usual."""
    spent = figure(hours(time.impediment_seconds))
    against = sentence(" in 5 working days, ", hours(usual), " is usual.")
    share = sentence(percent(time.impediment_share_percent), " of the time logged since ")
    return Said(
        sentence("impediments took ", spent, against),
        sentence(share, Day(since, today), ".", _open(named)),
    )


def off_plan_time(time: TimeSplit, share: float, since: date, today: date) -> Said:
    """Work that is neither planned nor called an impediment."""
    spent = sentence(hours(time.off_plan_seconds), " of ", hours(time.all_seconds))
    return Said(
        sentence(
            "off-plan work took ", figure(percent(share)), " of the time logged: ", spent, "."
        ),
        sentence("Counted over 5 working days since ", Day(since, today), "."),
    )


def peak_day(
    on: date, seconds: int, others: int, today: date, named: tuple[WatchedIssue, ...]
) -> Said:
    """A day on which impediments took more than on nearly all before."""
    headline = sentence("impediments took ", figure(hours(seconds)), " on ", Day(on, today), ".")
    rank = sentence("More than on all but ", counted(2, "day"), " of the last ")
    return Said(headline, sentence(rank, counted(others, "working day"), ".", _open(named)))


def no_work_logged(days: int, since: date, today: date) -> Said:
    """A team that logs its work, and logged none."""
    return Said(
        sentence("nobody logged work for ", figure(counted(days, "working day")), "."),
        sentence("Nothing is logged since ", Day(since, today), "; until then it was, daily."),
    )


def _open(named: tuple[WatchedIssue, ...]) -> Sentence:
    """The open impediments that took most."""
    if not named:
        return NOTHING
    parts: list[Part] = []
    for one in named:
        parts += [", " if parts else None, issue(one), " (open for ", _days(one), ")"]
    return sentence(" Open: ", *parts, ".")


def _days(one: WatchedIssue) -> Sentence:
    return sentence(counted(int(one.age_days), "working day"))
