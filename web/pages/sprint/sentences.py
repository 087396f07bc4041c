"""The sentence that opens each block, written from the block's figures alone."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import Nature, SprintFigures
from telemetry.report.shapes import SprintPage, SprintSummary, TimeRow
from web.pages.impediments.sentences import instead_open
from web.pages.sprint.gap import parts_by_cause
from web.pages.teams.sentences import points
from web.show.numbers import (
    ON_THE_LINE,
    counted,
    day,
    hours,
    number,
    percent,
    plural,
)
from web.show.text import (
    Run,
    Sentence,
    figure,
    issues_link,
    sentence,
)

IMPEDIMENTS = "?impediments=all#impediments"


def expected(page: SprintPage, zone: ZoneInfo) -> Sentence:
    """What of the sprint is done, against the ideal line, and when the rest may be."""
    sprint = page.sprint
    if sprint is None or sprint.figures is None:
        return sentence((sprint and sprint.no_figures_reason) or "")
    figures = sprint.figures
    if not figures.total_points and not figures.committed_points:
        return _withoutpoints(figures)
    if sprint.state == "closed":
        return _closed(figures)
    if not figures.remaining_points:
        return sentence(
            "All ", figure(points(figures.done_points), issues_link("done")), " are done."
        )
    return sentence(*_done_so_far(figures), ". ", *_outlook(sprint, figures, page.today, zone))


def _withoutpoints(figures: SprintFigures) -> Sentence:
    count = figures.unestimated_count
    if not count:
        return sentence("No issue with an estimate is in this sprint.")
    link = issues_link("unestimated")
    if count == 1:
        return sentence("Its only open issue is ", figure("not estimated", link), ".")
    return sentence(
        "None of the ",
        figure(f"{count} open issues", link),
        " is estimated, so there are no points to burn down.",
    )


def _closed(figures: SprintFigures) -> Sentence:
    done = figure(
        f"{number(figures.done_points)} of {points(figures.total_points)}", issues_link("done")
    )
    parts: list[Run | str] = [done, " were done"]
    if figures.commitment_kept_percent is not None:
        kept = figure(percent(figures.commitment_kept_percent), issues_link("kept"))
        parts += ["; ", kept, " of the commitment was kept"]
    left = figures.remaining_points
    if left:
        verb = plural(left, "was", "were")
        parts += [
            "; ",
            figure(points(left), issues_link("remaining")),
            f" {verb} left at the close",
        ]
    else:
        parts.append("; nothing was left at the close")
    return sentence(*parts, ".")


def _done_so_far(figures: SprintFigures) -> list[Run | str]:
    done, total = figures.done_points, figures.total_points
    if not done:
        first = figure(points(total), issues_link("remaining"))
        start: list[Run | str] = ["Nothing of ", first, " is done yet"]
    else:
        start = [figure(f"{number(done)} of {points(total)}", issues_link("done")), " are done"]
    return [*start, *_against_the_line(figures)]


def _against_the_line(figures: SprintFigures) -> list[Run | str]:
    behind = figures.behind_points
    if not figures.committed_points:
        return ["; nothing was committed at the start, so no ideal line says what to expect"]
    if behind is None:
        return []
    if abs(behind) < ON_THE_LINE:
        nothing_due = not figures.done_points and figures.expected_remaining_points is not None
        return [", and none was expected by now" if nothing_due else ", exactly on the ideal line"]
    word = "behind" if behind > 0 else "ahead of"
    return [
        ", ",
        figure(f"{number(abs(behind))} {word}", issues_link("remaining")),
        " the ideal line",
    ]


def _outlook(
    sprint: SprintSummary, figures: SprintFigures, today: date, zone: ZoneInfo
) -> list[Run | str]:
    planned = sprint.planned_end_at
    end = planned.astimezone(zone).date() if planned else None
    parts: list[Run | str] = []
    if end and end < today:
        parts += [f"The planned end, {day(end, today)}, has passed. "]
    if figures.projected_50_on is None:
        return parts or ([f"The sprint is planned to end on {day(end, today)}."] if end else [])
    rest = figure(day(figures.projected_50_on, today), issues_link("remaining"))
    parts += ["At the recent pace the rest is done on ", rest]
    if end and end >= today:
        parts.append(_beside(figures.projected_50_on, end))
    if figures.projected_85_on is not None:
        parts.append(f"; by {day(figures.projected_85_on, today)} with {percent(85)} confidence")
    return [*parts, "."]


def _beside(projected: date, end: date) -> str:
    if projected == end:
        return ", the planned end"
    days = abs((projected - end).days)
    word = "after" if projected > end else "before"
    return f", {counted(days, 'day')} {word} the planned end"


def instead(page: SprintPage) -> Sentence:
    """How many impediments came up, what they cost, which kind, and the worst day."""
    sprint = page.sprint
    if sprint is None or sprint.figures is None:
        return sentence("No time is known for this sprint yet.")
    if page.open_time is not None:
        return instead_open(page.open_time, is_running=sprint.state == "active")
    found, time = sprint.figures.impediments, sprint.figures.time
    logged = time.all_seconds
    so_far = " so far" if sprint.state == "active" else ""
    if not found.count:
        if not logged:
            return sentence(f"No time was logged{so_far}, and no impediment came up.")
        spent = figure(hours(logged), issues_link("logged"))
        return sentence(f"No impediment came up{so_far}, in ", spent, " logged.")
    link = IMPEDIMENTS
    count = figure(counted(found.count, "impediment"), link)
    if not found.seconds:
        rest = "no time was logged on " + plural(found.count, "it", "them")
        return sentence(count, f" came up{so_far}; ", rest, ".")
    share = percent(time.impediment_share_percent)
    start = sentence(
        count, " took ", figure(hours(found.seconds), link), f", {share} of the time logged. "
    )
    return Sentence((*start.runs, *_which(found.by_nature), *_worst(page.daily, page.today)))


def _which(rows: Sequence[Nature]) -> tuple[Run, ...]:
    if not rows:
        return ()
    costly = max(rows, key=lambda row: row.seconds)
    often = max(rows, key=lambda row: (row.count, row.seconds))
    if len(rows) == 1:
        whose, they = ("Its", "It was") if costly.count == 1 else ("Their", "All were")
        is_unknown = costly.nature == "unknown"
        text = f"{whose} nature is unknown" if is_unknown else f"{they} {costly.nature}"
    elif often.nature == costly.nature:
        text = f"Most often, and at the highest cost, it was {costly.nature}"
    else:
        text = f"Most often it was {often.nature}, but {costly.nature} cost most"
    return (Run(text),)


def _worst(rows: Sequence[TimeRow], today: date) -> tuple[Run, ...]:
    days = [row for row in rows if row.time.impediment_seconds]
    if len(days) < 2:
        return (Run("."),)
    worst = max(days, key=lambda row: row.time.impediment_seconds)
    spent = hours(worst.time.impediment_seconds)
    on = figure(day(worst.start_on, today), f"?impediments=day:{worst.start_on}#impediments")
    return (Run("; "), on, Run(f" was the worst day, with {spent}."))


def why(page: SprintPage) -> Sentence:
    """What of the commitment is missing, and what it went to."""
    sprint = page.sprint
    if sprint is None or sprint.figures is None:
        return sentence("Nothing can be explained before the sprint starts.")
    figures = sprint.figures
    if not figures.committed_points:
        return sentence("No points were committed at the start, so there is no gap to explain.")
    parts = parts_by_cause(sprint)
    unfinished = parts["unfinished"].points if "unfinished" in parts else 0.0
    taken = parts["removed"].points if "removed" in parts else 0.0
    is_open = sprint.state == "active"
    if not unfinished and not taken:
        return sentence(
            "Everything committed is finished: ",
            figure(points(figures.committed_points), issues_link("committed")),
            ".",
        )
    verb = plural(unfinished, "is", "are") if is_open else plural(unfinished, "was", "were")
    text = counted(unfinished, "committed point")
    start: list[Run | str] = [figure(text, issues_link("unfinished")), f" {verb} not finished"]
    if not unfinished:
        start = ["Everything committed that stayed in the sprint is finished"]
    start += _days_to_go(page) if is_open and unfinished else []
    return sentence(
        *start, *_causes({part.cause: part.points for part in sprint.gap}), *_taken(taken), "."
    )


def _days_to_go(page: SprintPage) -> list[Run | str]:
    if page.working_day is None or page.working_days_planned is None:
        return []
    left = page.working_days_planned - page.working_day
    if left < 0:
        return [", after the planned end"]
    return [
        ", on the last working day" if not left else f", with {counted(left, 'working day')} to go"
    ]


def _causes(points: dict[str, float]) -> list[Run | str]:
    said = [
        (points.get(cause, 0.0), name, link)
        for cause, name, link in _ESTIMATED
        if number(points.get(cause, 0.0)) != "0"
    ]
    if not said:
        return []
    first, *others = said
    parts: list[Run | str] = [
        f". {first[1][0].upper()}{first[1][1:]} cost about ",
        figure(number(first[0]), first[2]),
    ]
    parts += [" of them" if first[0] != points.get("unfinished") else ""]
    for amount, name, link in others:
        parts += [f" and {name} about ", figure(number(amount), link)]
    return parts


_ESTIMATED = (
    ("impediments", "impediments", IMPEDIMENTS),
    ("off_plan", "off-plan work", issues_link("off_plan")),
)


def _taken(taken: float) -> list[Run | str]:
    if not taken:
        return []
    verb = plural(taken, "was", "were")
    return ["; ", figure(f"{number(taken)} more", issues_link("taken_out")), f" {verb} taken out"]
