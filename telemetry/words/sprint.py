"""The sentence that opens each block of a sprint's page, written from the block's figures alone."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import Nature, SprintFigures
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import TimeRow
from telemetry.words.outlook import borrowed, why_unknown, will_it_be_done
from telemetry.words.targets import SprintImpediments, SprintIssues
from telemetry.words.time import instead_open
from telemetry.words.values import (
    NOTHING,
    ON_THE_LINE,
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
    unique_most,
)


def expected(sprint: SprintSummary | None, today: date, zone: ZoneInfo) -> Sentence:
    """Whether it will be done, what of it is, against the ideal line, and when the rest may be."""
    if sprint is None:
        return NOTHING
    figures = sprint.figures
    if figures is None:
        return sentence(sprint.no_figures_reason)
    if not figures.total_points and not figures.committed_points:
        return _without_points(sprint, figures)
    if sprint.state == "closed":
        return _closed(sprint, figures)
    if not figures.remaining_points:
        all_points = figure(points(figures.done_points), to=SprintIssues(sprint.id, "done"))
        return sentence("All ", all_points, " are done.")
    return sentence(
        will_it_be_done(sprint, figures, today, zone),
        _done_so_far(sprint, figures),
        ". ",
        _outlook(sprint, figures, today, zone),
    )


def _without_points(sprint: SprintSummary, figures: SprintFigures) -> Sentence:
    count = figures.unestimated_count
    if not count:
        return sentence("No issue with an estimate is in this sprint.")
    listed = SprintIssues(sprint.id, "unestimated")
    if count == 1:
        return sentence("Its only open issue is ", figure("not estimated", to=listed), ".")
    return sentence(
        "None of the ",
        figure(counted(count, "open issue"), to=listed),
        " is estimated, so there are no points to burn down.",
    )


def _closed(sprint: SprintSummary, figures: SprintFigures) -> Sentence:
    kept, left = figures.commitment_kept_percent, figures.remaining_points
    of_commitment = NOTHING
    if kept is not None:
        share = figure(percent(kept), to=SprintIssues(sprint.id, "kept"))
        of_commitment = sentence("; ", share, " of the commitment was kept")
    at_close = sentence("; nothing was left at the close")
    if left:
        amount = figure(points(left), to=SprintIssues(sprint.id, "remaining"))
        at_close = sentence("; ", amount, f" {plural(left, 'was', 'were')} left at the close")
    return sentence(_done_of_total(sprint, figures), " were done", of_commitment, at_close, ".")


def _done_of_total(sprint: SprintSummary, figures: SprintFigures) -> Figure:
    done, total = Number(figures.done_points), points(figures.total_points)
    return figure(done, " of ", total, to=SprintIssues(sprint.id, "done"))


def _done_so_far(sprint: SprintSummary, figures: SprintFigures) -> Sentence:
    against = _against_the_line(sprint, figures)
    if figures.done_points:
        return sentence(_done_of_total(sprint, figures), " are done", against)
    whole = figure(points(figures.total_points), to=SprintIssues(sprint.id, "remaining"))
    return sentence("Nothing of ", whole, " is done yet", against)


def _against_the_line(sprint: SprintSummary, figures: SprintFigures) -> Part:
    behind = figures.behind_points
    if not figures.committed_points:
        return "; nothing was committed at the start, so no ideal line says what to expect"
    if behind is None:
        return None
    if abs(behind) < ON_THE_LINE:
        nothing_due = not figures.done_points and figures.expected_remaining_points is not None
        return ", and none was expected by now" if nothing_due else ", exactly on the ideal line"
    word = " behind" if behind > 0 else " ahead of"
    amount = figure(Number(abs(behind)), word, to=SprintIssues(sprint.id, "remaining"))
    return sentence(", ", amount, " the ideal line")


def _outlook(
    sprint: SprintSummary, figures: SprintFigures, today: date, zone: ZoneInfo
) -> Sentence:
    planned = sprint.planned_end_at
    end = planned.astimezone(zone).date() if planned else None
    passed = sure = NOTHING
    if end and end < today:
        passed = sentence("The planned end, ", Day(end, today), ", has passed. ")
    if figures.projected_50_on is None:
        why = why_unknown(sprint) if passed else NOTHING
        when = sentence("When the rest will be done cannot be told: ", why) if why else NOTHING
        return sentence(passed, when)
    rest = figure(Day(figures.projected_50_on, today), to=SprintIssues(sprint.id, "remaining"))
    if figures.projected_85_on is not None:
        by = Day(figures.projected_85_on, today)
        sure = sentence("; by ", by, " with ", percent(85))
    beside = _beside(figures.projected_50_on, end) if end and end >= today else None
    lent = borrowed(sprint.outlook.worth if sprint.outlook else None) if passed else NOTHING
    return sentence(passed, lent, "Likely the rest is done by ", rest, beside, sure, ".")


def _beside(projected: date, end: date) -> Sentence:
    if projected == end:
        return sentence(", the planned end")
    days = abs((projected - end).days)
    word = "after" if projected > end else "before"
    return sentence(", ", counted(days, "day"), f" {word} the planned end")


def instead(page: SprintPage) -> Sentence:
    """How many impediments came up, what they cost, which kind, and the worst day."""
    sprint = page.sprint
    if sprint is None or sprint.figures is None:
        return sentence("No time is known for this sprint yet.")
    if page.team.impediments_unknown is not None:
        return sentence(page.team.impediments_unknown)
    return _instead(page, sprint, sprint.figures)


def _instead(page: SprintPage, sprint: SprintSummary, figures: SprintFigures) -> Sentence:
    listed = SprintImpediments(sprint.id)
    if page.open_time is not None:
        return instead_open(page.open_time, listed, is_running=sprint.state == "active")
    found, time = figures.impediments, figures.time
    logged = time.all_seconds
    so_far = " so far" if sprint.state == "active" else ""
    if not found.count:
        if not logged:
            return sentence(f"No time was logged{so_far}, and no impediment came up.")
        spent = figure(hours(logged), to=SprintIssues(sprint.id, "logged"))
        return sentence(f"No impediment came up{so_far}, in ", spent, " logged.")
    count = figure(counted(found.count, "impediment"), to=listed)
    if not found.seconds:
        rest = "no time was logged on " + plural(found.count, "it", "them")
        return sentence(count, f" came up{so_far}; ", rest, ".")
    return sentence(
        count,
        " took ",
        figure(hours(found.seconds), to=listed),
        ", ",
        percent(time.impediment_share_percent),
        " of the time logged. ",
        which(found.by_nature),
        _worst(sprint, page.daily, page.today),
    )


def which(rows: Sequence[Nature]) -> str:
    """Which nature came most often and which cost most, each only where one alone does."""
    if not rows:
        return ""
    if len(rows) == 1:
        only = rows[0]
        whose, they = ("Its", "It was") if only.count == 1 else ("Their", "All were")
        is_unknown = only.nature == "unknown"
        return f"{whose} nature is unknown" if is_unknown else f"{they} {only.nature}"
    often = unique_most({row.nature: row.count for row in rows})
    costly = unique_most({row.nature: row.seconds for row in rows})
    if often is None or costly is None:
        costs = f"The highest cost was that of {costly}" if costly else "No single nature cost most"
        return f"Most often it was {often}" if often else costs
    if often == costly:
        return f"Most often, and at the highest cost, it was {costly}"
    return f"Most often it was {often}, but {costly} cost most"


def _worst(sprint: SprintSummary, rows: Sequence[TimeRow], today: date) -> Sentence:
    days = [row for row in rows if row.time.impediment_seconds]
    if len(days) < 2:
        return sentence(".")
    worst = max(days, key=lambda row: row.time.impediment_seconds or 0)
    listed = SprintImpediments(sprint.id, f"day:{worst.start_on}")
    on = figure(Day(worst.start_on, today), to=listed)
    spent = hours(worst.time.impediment_seconds)
    return sentence("; ", on, " was the worst day, with ", spent, ".")


def no_sprint(page: SprintPage) -> Sentence:
    """Why a team has no sprint to show; nothing where it has one."""
    match page.no_sprint_reason:
        case None:
            return NOTHING
        case "not_pulled":
            return sentence("Nothing has been pulled from Jira for this team yet.")
        case "no_sprints":
            return sentence(
                "This team's board has no sprints (it is a kanban board), so there is no burndown: "
                "its time and its impediments are shown instead."
            )
        case "not_started":
            return sentence(f"No sprint has started yet; {page.choices[0].name} is planned.")
        case "none_yet":
            return sentence("This team's board has no sprint yet.")
