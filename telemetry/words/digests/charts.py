"""The charts that digests carry as pictures, and what each shows in words."""

from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words.digests.digest import NAME, Chart
from telemetry.words.tame import tame
from telemetry.words.values import Number, Sentence, figure, hours, points, sentence


def charts_path(page: SprintPage) -> str:
    """Where the charts of a sprint stand."""
    return "" if page.sprint is None else f"/teams/{page.team.key}/sprints/{page.sprint.id}"


def burndown(page: SprintPage) -> tuple[Chart, ...]:
    """The points left, change by change; none without points."""
    sprint = page.sprint
    if sprint is None or page.burndown is None or sprint.figures is None:
        return ()
    if not sprint.figures.total_points:
        return ()
    left, of = Number(sprint.figures.remaining_points), points(sprint.figures.total_points)
    says = sentence("Burndown", _of(sprint), ": ", figure(left, " of ", of), " are left.")
    return (Chart("burndown", says),)


def impediments(page: SprintPage) -> tuple[Chart, ...]:
    """The hours of impediments each day; how many were open where nobody logs time."""
    sprint = page.sprint
    if sprint is None or sprint.figures is None:
        return ()
    if page.open_time is not None:
        says = sentence("Impediments open each working day", _of(sprint), ", by nature.")
        return (Chart("open-time", says),)
    lost = figure(hours(sprint.figures.time.impediment_seconds))
    says = sentence("Impediment hours each day", _of(sprint), ", by nature: ", lost, " in all.")
    return (Chart("impediment-time", says),)


def _of(sprint: SprintSummary) -> Sentence:
    return sentence(" of ", tame(sprint.name, NAME))
