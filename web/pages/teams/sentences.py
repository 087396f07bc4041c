"""The sentences of the list of teams."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from telemetry.report.shapes import TeamRow, TeamSprint
from web.show.numbers import (
    counted,
    day_of,
    number,
    percent,
    plural,
)
from web.show.text import (
    Run,
    Sentence,
    figure,
    sentence,
)

LATE_PERCENT = 10.0  # behind the ideal line by more than this asks for attention


def is_late(behind: float | None) -> bool:
    """Whether a team is so far behind, in percent of its scope, that its line says so."""
    return behind is not None and round(behind) > LATE_PERCENT  # as it is shown


def teams(rows: Sequence[TeamRow]) -> Sentence:
    """How many teams are behind, which most, what impediments took, whose data are old."""
    if not rows:
        return sentence("No team is configured yet: telemetry.yml names them.")
    running = [row for row in rows if row.sprint is not None and row.sprint.state == "active"]
    behind = [(behind_percent(row), row) for row in running]
    late = [(value, row) for value, row in behind if value is not None and is_late(value)]
    parts: list[Run | str | None] = []
    if not running:
        parts.append("No sprint is running.")
    elif not late:
        parts.append(f"No team is more than {percent(LATE_PERCENT)} behind.")
    else:
        worst = max(late, key=lambda pair: pair[0])[1]
        figures = worst.sprint.figures if worst.sprint else None
        late_by = figures.behind_points if figures else None
        total = figures.total_points if figures else None
        verb = plural(len(late), "is", "are")
        whose = "" if len(running) == len(rows) else " with a running sprint"
        parts += [
            f"{number(len(late))} of {counted(len(running), 'team')}{whose} {verb} more than ",
            f"{percent(LATE_PERCENT)} behind, ",
            figure(worst.name, f"/teams/{quote(worst.key, safe='')}"),
            f" most, with {number(late_by)} of {points(total)}.",
        ]
    return sentence(*parts, *_all_impediments(running), *_old(rows))


def behind_percent(row: TeamRow) -> float | None:
    """Points behind the ideal line, of the points in scope; None where either is unknown.

    Nothing committed leaves no line to be behind.
    """
    figures = row.sprint.figures if row.sprint else None
    if figures is None or figures.behind_points is None or not figures.total_points:
        return None
    if not figures.committed_points:
        return None
    return 100 * figures.behind_points / figures.total_points


def _all_impediments(running: Sequence[TeamRow]) -> list[Run | str]:
    every = [row.sprint.figures for row in running if row.sprint and row.sprint.figures]
    times = [figures.time for figures in every]
    logged = sum(time.all_seconds for time in times)
    if not logged:
        return []
    share = 100 * sum(time.impediment_seconds for time in times) / logged
    return [" Impediments took ", figure(percent(share)), " of the hours in the running sprints."]


def _old(rows: Sequence[TeamRow]) -> list[Run | str]:
    stale = [row for row in rows if row.freshness.is_stale]
    if not stale:
        return []
    link = "/?only=attention&sort=age"
    if len(stale) == 1:
        return [" ", figure(f"{stale[0].name}’s data", link), " are not up to date."]
    return [" The data of ", figure(f"{number(len(stale))} teams", link), " are not up to date."]


def nothing_running(sprint: TeamSprint, zone: ZoneInfo, today: date) -> Sentence:
    """That no sprint runs, and how the last one ended."""
    closed = day_of(sprint.completed_at, zone, today)
    return sentence(f"No sprint is running; the last one, {sprint.name}, closed on {closed}.")


def points(value: float | None) -> str:
    """A number of points with its noun."""
    return f"{number(value)} {plural(value or 0, 'point')}"
