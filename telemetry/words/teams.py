"""What is said of all teams, and of a team that has no running sprint."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.report.shapes.teams import TeamRow, TeamSprint
from telemetry.words.targets import StaleTeams, Team
from telemetry.words.values import (
    NOTHING,
    Number,
    Sentence,
    counted,
    day_of,
    figure,
    percent,
    plural,
    points,
    sentence,
    unique_most,
)

LATE_PERCENT = 10.0  # behind the ideal line by more than this asks for attention


def is_late(behind: float | None) -> bool:
    """Whether a team is so far behind, in percent of its scope, that its line says so."""
    return behind is not None and round(behind) > LATE_PERCENT  # as it is shown


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


def teams(rows: Sequence[TeamRow]) -> Sentence:
    """How many teams are behind, which most, what impediments took, whose data are old."""
    if not rows:
        return sentence("No team is configured yet: telemetry.yml names them.")
    running = [row for row in rows if row.sprint is not None and row.sprint.state == "active"]
    whose = "" if len(running) == len(rows) else " with a running sprint"
    return sentence(_all_behind(running, whose), _all_impediments(running), _old(rows))


def _all_behind(running: Sequence[TeamRow], whose: str) -> Sentence:
    if not running:
        return sentence("No sprint is running.")
    behind = [(behind_percent(row), row) for row in running]
    late = [(value, row) for value, row in behind if value is not None and is_late(value)]
    if not late:
        return sentence("No team is more than ", percent(LATE_PERCENT), " behind.")
    worst = max(late, key=lambda pair: pair[0])[1]
    name = figure(worst.name, to=Team(worst.key))
    figures = worst.sprint.figures if worst.sprint else None
    behind_of = sentence(
        " with ",
        Number(figures.behind_points if figures else None),
        " of ",
        points(figures.total_points if figures else None),
        ".",
    )
    over = sentence(" more than ", percent(LATE_PERCENT), " behind")
    if len(running) == 1:
        only = f", the only team{whose}," if whose else ""
        return sentence(name, f"{only} is", over, ",", behind_of)
    verb = plural(len(late), "is", "are")
    start = sentence(_of_all(len(late), len(running)), f"{whose} {verb}", over)
    if len(late) == 1:
        return sentence(start, ": ", name, ",", behind_of)
    is_alone = unique_most({row.key: value for value, row in late}) is not None
    return sentence(start, ", ", name, " most," if is_alone else " among them,", behind_of)


def _of_all(count: int, whole: int) -> Sentence:
    """A part of several teams, or all of them."""
    if count < whole:
        return sentence(Number(count), " of ", counted(whole, "team"))
    return sentence("Both teams") if whole == 2 else sentence("All ", counted(whole, "team"))


def _all_impediments(running: Sequence[TeamRow]) -> Sentence:
    every = [row.sprint.figures for row in running if row.sprint and row.sprint.figures]
    times = [one.time for one in every if one.time.impediment_seconds is not None]
    logged = sum(time.all_seconds for time in times)
    if not logged:
        return NOTHING
    share = figure(percent(100 * sum(time.impediment_seconds or 0 for time in times) / logged))
    return sentence(" Impediments took ", share, " of the hours in the running sprints.")


def _old(rows: Sequence[TeamRow]) -> Sentence:
    stale = [row for row in rows if row.freshness.is_stale]
    if not stale:
        return NOTHING
    if len(stale) == 1:
        whose = figure(f"{stale[0].name}’s data", to=StaleTeams())
        return sentence(" ", whose, " are not up to date.")
    many = figure(counted(len(stale), "team"), to=StaleTeams())
    return sentence(" The data of ", many, " are not up to date.")


def why_no_figures(row: TeamRow, today: date) -> Sentence:
    """Why a team has no running sprint with figures."""
    sprint = row.sprint
    if sprint is None or not row.has_sprints or row.freshness.as_of is None:
        return why_no_sprint(row)
    if sprint.state != "active":
        return nothing_running(sprint, ZoneInfo(row.timezone), today)
    if sprint.figures is None:
        return sentence(f"The figures of {sprint.name} are not computed yet.")
    count = sprint.figures.unestimated_count
    is_open = Number(count) if count else "none"
    return sentence(f"No issue of {sprint.name} has an estimate (", is_open, " open).")


def why_no_sprint(row: TeamRow) -> Sentence:
    """Why a team has no sprint at all."""
    if not row.has_sprints:
        return sentence("The board has no sprints (kanban): time and impediments only.")
    if row.freshness.as_of is None:
        return sentence("Nothing is read yet: the first pull has not ended.")
    return sentence("This team has no sprint yet.")


def nothing_running(sprint: TeamSprint, zone: ZoneInfo, today: date) -> Sentence:
    """That no sprint runs, and how the last one ended."""
    closed = day_of(sprint.completed_at, zone, today)
    return sentence(f"No sprint is running; the last one, {sprint.name}, closed on ", closed, ".")
