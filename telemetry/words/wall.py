"""What the wall says of one team in a few words; each says nothing where nothing is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.freshness import Freshness
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow
from telemetry.words.days import minute
from telemetry.words.numbers import NARROW
from telemetry.words.outlook import in_short
from telemetry.words.sprint import no_sprint
from telemetry.words.values import (
    NOTHING,
    ON_THE_LINE,
    Day,
    Moment,
    Number,
    Sentence,
    counted,
    day_of,
    hours,
    percent,
    plural,
    points,
    sentence,
)


def about(page: SprintPage, zone: ZoneInfo) -> Sentence:
    """Which sprint it is, and its how-manyeth working day."""
    sprint = page.sprint
    if sprint is None:
        return NOTHING
    if sprint.state == "closed":
        closed = day_of(sprint.completed_at, zone, page.today)
        return sentence(f"{sprint.name}, closed on ", closed)
    if page.working_day is None:
        return sentence(sprint.name)
    planned = page.working_days_planned
    of = sentence(" of ", Number(planned)) if planned else None
    return sentence(f"{sprint.name}, day ", Number(page.working_day), of)


def fresh(found: Freshness, now: datetime, zone: ZoneInfo) -> Sentence:
    """The moment as of which data are known, in the team's zone: a wall may show several."""
    if found.as_of is None:
        return sentence("no data yet")
    local = found.as_of.astimezone(zone)
    is_old = now - found.as_of > timedelta(days=1)
    at = Moment(local, now.astimezone(zone).date()) if is_old else minute(local)
    return sentence("stale, " if found.is_stale else None, at, f" {local:%Z}")


def why_no_points(page: SprintPage) -> Sentence:
    """Why there is nothing to burn down."""
    sprint = page.sprint
    if sprint is None:
        if not page.team.has_sprints:
            return sentence("This team’s board has no sprints (it is a kanban board).")
        return no_sprint(page)
    if sprint.figures is None:
        return sentence(f"{sprint.name} has no figures yet.")
    count = sprint.figures.unestimated_count
    if not count:
        return sentence(f"No issue with an estimate is in {sprint.name}.")
    many = counted(count, "open issue")
    none = plural(count, "not", "none of them")
    return sentence(many, f" in {sprint.name}, {none} estimated.")


def of_total(figures: SprintFigures) -> Sentence:
    """Of how many points."""
    return sentence("of ", points(figures.total_points))


def is_behind(sprint: SprintSummary, figures: SprintFigures) -> bool:
    """Whether a sprint is behind its ideal line, or was closed with something left."""
    if not figures.remaining_points:
        return False
    return sprint.state == "closed" or (figures.behind_points or 0) >= ON_THE_LINE


def pace(sprint: SprintSummary, figures: SprintFigures) -> Sentence:
    """How far behind or ahead it is."""
    left, behind = figures.remaining_points, figures.behind_points
    if not left:
        return sentence("all done")
    if sprint.state == "closed":
        return sentence(Number(left), " left")
    if behind is None or not figures.committed_points:
        return NOTHING
    if is_behind(sprint, figures):
        return sentence(Number(behind), " behind")
    if behind <= -ON_THE_LINE:
        return sentence(Number(-behind), " ahead")
    return sentence("on the line")


def outlook(page: SprintPage, sprint: SprintSummary, figures: SprintFigures) -> Sentence:
    """Whether all will be done in time, else when; of a closed sprint what of it was kept."""
    if sprint.state == "closed":
        kept = figures.commitment_kept_percent
        return NOTHING if kept is None else sentence(percent(kept), " of the commitment kept")
    if not figures.remaining_points:
        return NOTHING
    if found := in_short(figures):
        return sentence(f"≈{NARROW}", found)
    for chance, on in ((85, figures.projected_85_on), (50, figures.projected_50_on)):
        if on is not None:
            by = Day(on, page.today)
            return sentence(f"≈{NARROW}all done by ", by, ", ", percent(chance))
    return sentence(points(figures.remaining_points), " left")


def days_left(page: SprintPage) -> int | None:
    """Working days to the planned end, below 0 after it; None where that is not known."""
    is_running = page.sprint is not None and page.sprint.state != "closed"
    if not is_running or page.working_day is None or page.working_days_planned is None:
        return None
    return page.working_days_planned - page.working_day


def time_left(page: SprintPage) -> Sentence:
    """How many working days are left."""
    if page.sprint is None:
        return NOTHING
    if page.sprint.state == "closed":
        return sentence("No sprint is running")
    left = days_left(page)
    if left is None:
        return sentence("Running")
    if left < 0:
        return sentence(counted(-left, "day"), " over")
    return sentence(counted(left, "day"), " left") if left else sentence("last day")


def planned_end(page: SprintPage, sprint: SprintSummary, zone: ZoneInfo) -> Sentence:
    """When the sprint is to end, after how many days are left, which are working days."""
    if sprint.planned_end_at is None:
        return sentence("without a planned end")
    end = day_of(sprint.planned_end_at, zone, page.today)
    if sprint.state == "closed":
        return sentence("the last one was planned to end ", end)
    is_counted = (days_left(page) or 0) > 0
    return sentence("working days to " if is_counted else "planned end ", end)


def impediments(figures: SprintFigures | None) -> Sentence:
    """How many impediments came up; nothing without figures."""
    if figures is None:
        return NOTHING
    count = figures.impediment_count
    if count is None:
        return sentence("Impediments are not known")
    return sentence(counted(count, "impediment") if count else "No impediments")


def impediment_hours(figures: SprintFigures | None) -> Sentence:
    """What they took; nothing where no time was logged on them."""
    if figures is None or not figures.impediment_count or not figures.impediment_seconds:
        return NOTHING
    return sentence(hours(figures.impediment_seconds))


def still_open(rows: Sequence[ImpedimentRow]) -> Sentence:
    """How many impediments are open, and for how long the oldest is."""
    if not rows:
        return NOTHING
    ages = [row.age_working_days for row in rows if row.age_working_days is not None]
    oldest = NOTHING
    if ages:
        oldest = sentence(", the oldest for ", counted(max(ages), "working day"))
    verb = plural(len(rows), "is", "are")
    return sentence(counted(len(rows), "impediment"), f" {verb} open", oldest)
