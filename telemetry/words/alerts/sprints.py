"""What the alerts of a running sprint say."""

from datetime import date

from telemetry.domain.calendar import Calendar
from telemetry.metrics.figures import SprintFigures
from telemetry.report.alerts.watched import WatchedIssue, WatchedSprint
from telemetry.words.alerts.said import Said
from telemetry.words.targets import External
from telemetry.words.values import (
    NOTHING,
    Day,
    Figure,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    hours,
    percent,
    plural,
    points,
    sentence,
)

UNUSUAL = 1.25  # times the usual: from here on impediments are told beside a sprint's state
TWICE = (1.75, 2.25)


def for_days(count: int) -> Sentence:
    """Since how many ends of working days; nothing where it is new."""
    return sentence(" for ", counted(count, "working day")) if count else NOTHING


def issue(one: WatchedIssue) -> Figure:
    """An issue by its key, which leads to the tracker."""
    return figure(one.key, to=External(one.url))


def behind(
    sprint: WatchedSprint, figures: SprintFigures, calendar: Calendar, today: date, days: int
) -> Said:
    """A sprint that is behind its ideal line."""
    total, expected = figures.total_points, figures.expected_remaining_points
    headline = sentence(
        figure(Number(figures.behind_points), " of ", points(total), " behind"), for_days(days), "."
    )
    due = None if expected is None else max(0.0, total - expected)
    done = sentence(Number(due), " of ", Number(total), " expected by now, ")
    state = sentence(done, Number(figures.done_points), " done.")
    return Said(headline, sentence(state, _impediments(sprint), _end(sprint, calendar, today)))


def at_risk(
    sprint: WatchedSprint, chance: float, calendar: Calendar, today: date, days: int
) -> Said:
    """A sprint that is hardly done by its planned end."""
    end = sprint.summary.planned_end_at
    on = Day(None if end is None else calendar.day_of(end), today)
    figures = sprint.summary.figures
    left = None if figures is None else figures.remaining_points
    likely = figure("all done by ", on, " in ", Number(round(chance)), " of 100 futures")
    headline = sentence(likely, for_days(days), ".")
    state = sentence(points(left), f" {plural(left or 0, 'is', 'are')} left now.")
    return Said(headline, sentence(state, _impediments(sprint), _end(sprint, calendar, today)))


def scope_grown(figures: SprintFigures, share: float) -> Said:
    """A sprint into which more came than was taken out."""
    committed = points(figures.committed_points)
    grown = (
        figures.added_points + figures.reestimated_points - figures.removed_points
    )  # what is behind the share
    headline = sentence(
        "scope grew by ", figure(percent(share)), ": ", points(grown), " onto ", committed, "."
    )
    parts: list[Part] = [Number(figures.added_points), " added, "]
    parts += [Number(figures.reestimated_points, is_signed=True), " re-estimated, "]
    parts += [Number(figures.removed_points), " taken out. Taking out "]
    return Said(headline, sentence(*parts, points(grown), " would bring it back."))


def unestimated(count: int, days: int) -> Said:
    """A sprint with open issues that nobody estimated."""
    some = figure(counted(count, "open issue"))
    headline = sentence(some, f" {plural(count, 'has', 'have')} no estimate", for_days(days), ".")
    return Said(headline, sentence("Points and forecasts do not know of them."))


def started(figures: SprintFigures, end: date | None, today: date, usual: float | None) -> Said:
    """A sprint that began."""
    committed = figure(points(figures.committed_points), " committed")
    until = NOTHING if end is None else sentence(" until ", Day(end, today))
    carried = sentence(", ", Number(figures.carried_over_points), " of them carried over")
    more: list[Part] = []
    if figures.unestimated_count:
        more += [counted(figures.unestimated_count, "issue"), " without an estimate. "]
    if usual is not None:
        more += ["Completed on average: ", percent(usual), "."]
    is_carried = bool(figures.carried_over_points)
    return Said(
        sentence("started with ", committed, until, carried if is_carried else None, "."),
        sentence(*more),
    )


def closed(figures: SprintFigures) -> Said:
    """A sprint that was closed."""
    kept = figures.commitment_kept_percent
    completed = figure(points(figures.completed_points), " completed")
    committed = sentence(" of ", Number(figures.committed_points), " committed")
    kept_said = NOTHING
    if kept is not None:
        kept_said = sentence("; ", percent(kept), " of the commitment was kept")
    time = figures.time
    spent = NOTHING
    if time.impediment_seconds:
        share = percent(time.impediment_share_percent)
        spent = sentence("Impediments took ", hours(time.impediment_seconds), ", ", share, ". ")
    left = sentence(points(figures.remaining_points), " left open.")
    return Said(
        sentence("closed with ", completed, committed, kept_said, "."),
        sentence(spent, left if figures.remaining_points else "Nothing was left open."),
    )


def _impediments(sprint: WatchedSprint) -> Sentence:
    """What impediments took, against the usual, where that is more; and the costliest."""
    figures, usual = sprint.summary.figures, sprint.usual_impediment_seconds
    if figures is None or not figures.impediment_seconds:
        return NOTHING
    spent = figures.impediment_seconds
    if usual is not None and spent < usual * UNUSUAL:
        return NOTHING
    against = NOTHING
    if usual:
        times = spent / usual
        is_twice = TWICE[0] <= times <= TWICE[1]
        much = "twice" if is_twice else sentence(Number(times), " times")
        against = sentence(", ", much, " the usual")
    alone = NOTHING
    if sprint.costly:
        alone = sentence("; ", issue(sprint.costly[0]), " alone ", hours(sprint.costly[0].seconds))
    return sentence(" Impediments took ", hours(spent), against, alone, ".")


def _end(sprint: WatchedSprint, calendar: Calendar, today: date) -> Sentence:
    """What stays open at the planned end, and when all is likely done."""
    figures, found, end = sprint.summary.figures, sprint.outlook, sprint.summary.planned_end_at
    if figures is None or found is None or end is None:
        return NOTHING
    left = sentence("about ", points(found.left_points), f" {_stay(found.left_points)} open on ")
    stays = sentence(" At this pace ", left, Day(calendar.day_of(end), today))
    by = figures.projected_85_on
    done = sentence("; likely done by ", Day(by, today), " (", percent(85), ")") if by else NOTHING
    return sentence(stays, done, ".")


def _stay(left: float) -> str:
    return plural(left, "stays", "stay")
