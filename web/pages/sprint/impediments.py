"""Which of a sprint's impediments its page lists, as its address asks for them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow
from telemetry.words.days import day

if TYPE_CHECKING:
    from web.http.site import Site
from web.show.impediment_list import ImpedimentList

STATES: Mapping[str, Literal["opened", "closed"]] = {
    "state:opened": "opened",
    "state:closed": "closed",
}


def sprint_impediments(
    site: "Site", page: SprintPage, sprint: SprintSummary, zone: ZoneInfo, kind: str
) -> ImpedimentList:
    """The open impediments; with a kind, all of the sprint, those of one nature or of one day."""
    rows: Sequence[ImpedimentRow] = page.open_impediments
    words, back = None, ""
    if kind and sprint.started_at is not None and sprint.window_end_at is not None:
        back = "only the open ones"
        on = _day(kind)
        first, last = (
            at.astimezone(zone).date() for at in (sprint.started_at, sprint.window_end_at)
        )
        if on is not None and first <= on <= last:
            rows = _on(site, page, on, zone)
            did = "opened or worked on" if page.open_time is None else "open on"
            words = f"{did} {day(on, page.today)}"
        elif kind in STATES:
            which = STATES[kind]
            rows = site.reports.sprint_impediments(page.team.key, sprint.id, which)
            words = f"{which} in this sprint"
        else:
            rows, words = _of_sprint(site, page, sprint.id, kind)
    ages = [row.age_working_days or 0 for row in rows]
    oldest = max([*ages, page.usual_days_to_close or 0, 1])
    return ImpedimentList(
        rows,
        words,
        oldest,
        has_time=page.open_time is None,
        back=back,
        is_past=sprint.state == "closed",
        logged="Logged in the sprint",
    )


def _of_sprint(
    site: "Site", page: SprintPage, sprint_id: int, kind: str
) -> tuple[Sequence[ImpedimentRow], str]:
    """Those of the nature `kind`, or all of the sprint; of a team without time those open in it."""
    every: Sequence[ImpedimentRow]
    if page.open_time is None:
        every = site.reports.sprint_impediments(page.team.key, sprint_id, "touched")
    else:
        every = page.open_time.impediments
    of_nature = [row for row in every if row.nature == kind]
    return (of_nature, f"of nature {kind}") if of_nature else (every, "of this sprint")


def _on(site: "Site", page: SprintPage, on: date, zone: ZoneInfo) -> Sequence[ImpedimentRow]:
    """Those opened or worked on on a day; those open then, of a team that logs no time."""
    if page.open_time is None:
        return site.reports.impediments(page.team.key, on, on, "touched")

    def was_open(row: ImpedimentRow) -> bool:
        closed_on = row.closed_at.astimezone(zone).date() if row.closed_at else on
        return row.opened_at.astimezone(zone).date() <= on <= closed_on

    return [row for row in page.open_time.impediments if was_open(row)]


def _day(kind: str) -> date | None:
    """The day that `day:2026-05-07` names, None for another text."""
    what, _, text = kind.partition(":")
    try:
        return date.fromisoformat(text) if what == "day" else None
    except ValueError:
        return None
