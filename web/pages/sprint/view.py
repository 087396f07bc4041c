"""All that the template of the sprint page shows beside the page's own figures."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintChoice, SprintName, SprintSummary
from telemetry.words.days import period
from telemetry.words.outlook import why_missing
from web.pages.sprint import gap
from web.pages.sprint.burndown_chart import (
    burndown,
    span_of,
)
from web.pages.sprint.changes import SYMBOLS
from web.pages.sprint.impediments import sprint_impediments
from web.pages.sprint.issues import (
    IssueList,
    issue_list,
)
from web.pages.sprint.listing import AS_IT_IS, Listing
from web.pages.sprint.open_time import (
    OpenView,
    open_view,
)
from web.pages.sprint.without import has_line
from web.show import bars
from web.show.calibration import Calibration, calibration
from web.show.chart import Figure
from web.show.impediment_chart import impediment_time
from web.show.impediment_list import ImpedimentList
from web.show.numbers import (
    counted,
)
from web.show.share_lines import ShareLine, share_lines
from web.show.text import text

if TYPE_CHECKING:
    from web.http.site import Site


@dataclass(frozen=True, slots=True)
class LedgerLine:
    label: str
    points: float
    is_signed: bool
    kind: str
    slug: str
    count: int | None


@dataclass(frozen=True, slots=True)
class SprintView:
    dates: str
    working_day: str
    previous: SprintChoice | None
    following: SprintChoice | None
    strip: list[bars.Column]
    bar: bars.Completion | None
    ledger: list[LedgerLine]
    burndown: Figure | None
    impediment_chart: Figure | None
    open: OpenView | None  # instead of hours, where no time is logged
    natures: bars.NatureTable | None
    slots: dict[str, str]
    nature_names: list[str]
    impediments: ImpedimentList
    waterfall: list[gap.Step]
    shares: list[ShareLine]
    issues: IssueList
    urls: dict[str, str]  # of the sprint's issues, by key
    calibration: "Calibration | None"
    why_no_forecast: str
    others: list[SprintName]  # sprints that run beside this one
    is_last: bool
    has_line_without: bool

    @property
    def drawn(self) -> frozenset[str]:
        """The kinds of what the burndown draws."""
        traces = self.burndown["data"] if self.burndown else ()
        return frozenset(trace["name"].partition(",")[0] for trace in traces)

    @property
    def has_marks(self) -> bool:
        """Whether it marks a change of scope."""
        return not self.drawn.isdisjoint(name for _, name in SYMBOLS.values())


def sprint_view(
    site: "Site",
    page: SprintPage,
    zone: ZoneInfo,
    issue_kind: str,
    impediment_kind: str,
    listing: Listing = AS_IT_IS,
) -> SprintView:
    """The view of a page that has a sprint."""
    sprint = page.sprint
    if sprint is None:
        raise ValueError("a page without a sprint has no sprint view")
    listed = sprint_impediments(site, page, sprint, zone, impediment_kind)
    names = _natures(page, sprint, listed)
    slots = site.slots(names)
    place = next((n for n, one in enumerate(page.choices) if one.id == sprint.id), 0)
    chart = page.burndown
    span = span_of(sprint, chart, zone, page.today) if chart else None
    usual = page.usual_daily_impediment_seconds
    figures, estimates = sprint.figures, sprint.estimates
    return SprintView(
        dates=_dates(sprint, zone),
        working_day=_working_day(page, sprint),
        previous=page.choices[place + 1] if place + 1 < len(page.choices) else None,
        following=page.choices[place - 1] if place else None,
        strip=bars.strip(page.choices, sprint.id),
        bar=bars.completion(figures, is_running=sprint.state == "active"),
        ledger=ledger(figures, is_running=sprint.state == "active") if figures else [],
        burndown=burndown(sprint, chart, zone, page.today)
        if chart and _has_points(chart)
        else None,
        impediment_chart=impediment_time(page.daily, span, slots, usual, lists=True)
        if span
        else None,
        open=open_view(site, page, zone),
        natures=bars.natures(
            figures.natures if figures else (),
            slots,
            estimates.usual_natures if estimates else None,
        ),
        slots=slots,
        nature_names=[n for n in names if any(row.natures.get(n) for row in page.daily)],
        impediments=listed,
        waterfall=gap.waterfall(sprint, page.issues, _days_to_go(page)),
        shares=share_lines(page.shares, page.team.key, sprint.id),
        issues=issue_list(
            page,
            issue_kind,
            zone,
            lambda: site.reports.off_plan(page.team.key, sprint.id),
            listing,
        ),
        urls={one.key: one.url for one in page.issues},
        calibration=calibration(sprint.outlook.worth if sprint.outlook else None),
        why_no_forecast=text(why_missing(sprint)),
        others=_others(page, sprint),
        is_last=_is_last(page, place),
        has_line_without=chart is not None and has_line(chart),
    )


def _others(page: SprintPage, sprint: SprintSummary) -> list[SprintName]:
    """The sprints that run at the same time; none beside a sprint that does not run."""
    running = page.team.active_sprints if sprint.state == "active" else ()
    return [one for one in running if one.id != sprint.id]


def _is_last(page: SprintPage, place: int) -> bool:
    """Whether this is the newest closed sprint while none runs: what a team sees between two."""
    since = (one.state for one in page.choices[: place + 1])
    return not page.team.active_sprints and [s for s in since if s != "future"] == ["closed"]


def _has_points(chart: Burndown) -> bool:
    """Whether there ever was anything to burn down."""
    return any(event.points for event in chart.events) or any(
        day.scope_points or day.remaining_points for day in chart.days
    )


def _natures(page: SprintPage, sprint: SprintSummary, listed: ImpedimentList) -> list[str]:
    names = [row.nature for row in sprint.figures.natures] if sprint.figures else []
    names += [name for row in page.daily for name in row.natures]
    names += [row.nature for row in listed.rows]
    return list(dict.fromkeys(names))


def _days_to_go(page: SprintPage) -> int | None:
    is_active = page.sprint is not None and page.sprint.state == "active"
    if not is_active or page.working_day is None or page.working_days_planned is None:
        return None
    return page.working_days_planned - page.working_day


def _dates(sprint: SprintSummary, zone: ZoneInfo) -> str:
    def local(one: SprintSummary) -> tuple[date | None, date | None]:
        end = one.completed_at or one.planned_end_at
        return (
            one.started_at.astimezone(zone).date() if one.started_at else None,
            end.astimezone(zone).date() if end else None,
        )

    first, last = local(sprint)
    if first is None:
        return "not started"
    return period(first, last) if last else f"since {first:%Y-%m-%d}, without a planned end"


def _working_day(page: SprintPage, sprint: SprintSummary) -> str:
    if sprint.state == "active" and page.working_day is not None:
        planned = page.working_days_planned
        return f"working day {page.working_day}" + (f" of {planned}" if planned else "")
    if sprint.state == "closed" and sprint.figures is not None:
        return counted(sprint.figures.working_days, "working day")
    return ""


def ledger(figures: SprintFigures, *, is_running: bool) -> list[LedgerLine]:
    """The signed parts from the commitment to what is left."""
    last = "Remaining now" if is_running else "Left at the close"
    rows = (
        ("Committed at the start", figures.committed_points, False, "committed"),
        ("Added", figures.added_points, True, "added"),
        ("Removed", -figures.removed_points, True, "removed"),
        ("Re-estimated", figures.reestimated_points, True, "reestimated"),
        ("Burned", -figures.burned_points, True, "burned"),
        ("Reopened", figures.reopened_points, True, "reopened"),
        (last, figures.remaining_points, False, "remaining"),
    )
    return [
        LedgerLine(label, points, is_signed, kind, kind, figures.counts.get(kind))
        for label, points, is_signed, kind in rows
    ]
