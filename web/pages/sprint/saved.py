"""All lists of a sprint's page at once, for one that no server answers: a script chooses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from telemetry.report.shapes.issues import OffPlanIssue
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow
from web.pages.sprint.impediments import STATES, sprint_impediments
from web.pages.sprint.issues import (
    KINDS,
    MOVEMENTS,
    OFF_PLAN_WORDS,
    WHOLE,
    chosen,
    moments,
    together,
)
from web.show.impediment_list import ImpedimentList
from web.show.links import OFF_PLAN
from web.show.numbers import counted

if TYPE_CHECKING:
    from web.http.site import Site


@dataclass(frozen=True, slots=True)
class Lists:
    """`script` says of each choice its title and the places of its rows in the whole table."""

    off_plan: Sequence[OffPlanIssue]
    impediments: ImpedimentList
    script: dict[str, dict[str, Any]]


def lists(site: "Site", page: SprintPage, sprint: SprintSummary, zone: ZoneInfo) -> Lists:
    """The lists that links on the page ask for."""
    off_plan = site.reports.off_plan(page.team.key, sprint.id)
    shown, of_impediments = _impediments(site, page, sprint, zone)
    return Lists(
        off_plan,
        shown,
        {"issues": _issues(page, off_plan, zone), "impediments": of_impediments},
    )


def _issues(
    page: SprintPage, off_plan: Sequence[OffPlanIssue], zone: ZoneInfo
) -> dict[str, dict[str, Any]]:
    places = {one.key: n for n, one in enumerate(page.issues)}
    found: dict[str, dict[str, Any]] = {}
    of_kinds = ((kind, *chosen(page, kind, zone)) for kind in (*KINDS, *MOVEMENTS))
    for kind, words, rows in (*of_kinds, *moments(page, zone)):
        points = together(rows)
        title = f"{counted(len(rows), 'issue')} {words}{', ' if points else ''}{points}"
        found[kind] = found[f"{WHOLE}-{kind}"] = {
            "title": title,
            "rows": [places[one.key] for one in rows],
        }
    title = f"{counted(len(off_plan), 'issue')} {OFF_PLAN_WORDS}"
    found[OFF_PLAN] = {"title": title, "rows": [], "other": OFF_PLAN}
    return found


def _impediments(
    site: "Site", page: SprintPage, sprint: SprintSummary, zone: ZoneInfo
) -> tuple[ImpedimentList, dict[str, dict[str, Any]]]:
    """All impediments of any list, and which of them each list has; "" is what stands unasked."""
    natures = dict.fromkeys(name for row in page.daily for name in row.natures)
    if sprint.figures is not None:
        natures |= dict.fromkeys(row.nature for row in sprint.figures.natures)
    of_days = page.daily if page.open_time is None else page.open_time.daily
    days = [f"day:{row.start_on}" for row in of_days if any(row.natures.values())]
    asked = ("", WHOLE, *STATES, *natures, *days)
    made = {kind: sprint_impediments(site, page, sprint, zone, kind) for kind in asked}
    places: dict[tuple[object, ...], int] = {}
    rows: list[ImpedimentRow] = []
    for one in made.values():
        for row in one.rows:
            if _row(row) not in places:
                places[_row(row)] = len(rows)
                rows.append(row)
    script = {
        kind: {"title": _title(one), "rows": [places[_row(row)] for row in one.rows]}
        for kind, one in made.items()
    }
    oldest = max(one.oldest for one in made.values())
    whole = replace(
        made[WHOLE], rows=rows, oldest=oldest, words=made[WHOLE].words or "of this sprint", back=""
    )
    return whole, script


def _row(row: ImpedimentRow) -> tuple[object, ...]:
    return row.key, row.opened_at


def _title(found: ImpedimentList) -> str:
    count = counted(found.count, "impediment")
    if found.words:
        return f"{count} {found.words}"
    verb = "is" if found.count == 1 else "are"
    past = "was" if found.count == 1 else "were"
    return f"{count} {past} open at the close" if found.is_past else f"{count} {verb} still open"
