"""What a review keeps of a close beside the figures of its record, as JSON of ids and numbers.

Titles and keys of issues are left out: they are looked up when the review is shown, so that they
vanish with their issue. Goal, names and rules are kept as they were.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from telemetry.domain.team import TeamRules
from telemetry.metrics.figures import NAMES, from_stored, to_stored
from telemetry.metrics.recurring import pattern_of
from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.impediments.lists import Recurring
from telemetry.report.reviews.shapes import NO_AGEING, Ageing, FlowIssue
from telemetry.report.shapes.next_sprint import NextIssue, NextSprint
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow, OpenTime
from telemetry.report.sprint.snapshots import NOT_VISIBLE, Title
from telemetry.store.snapshots import Known, from_record, to_record
from telemetry.store.teams import rules_from_json, rules_to_json

FORMAT = 1
_DATES = ("started_at", "planned_end_at", "completed_at")
Titles = Mapping[int, Title]


@dataclass(frozen=True, slots=True)
class Beside:
    """What was known at the close beside the sprint's own figures.

    A field that is added needs a default: reviews that froze before are read with it.
    """

    impediments: tuple[ImpedimentRow, ...] = ()
    open_impediments: tuple[ImpedimentRow, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    open_time: OpenTime | None = None
    usual_days_to_close: float | None = None
    ahead: NextSprint | None = None
    ageing: Ageing = NO_AGEING
    quarter: WatchedQuarter | None = None
    impediments_unknown: str | None = None  # why nobody could tell what is an impediment


@dataclass(frozen=True, slots=True)
class Kept:
    """A review as it is kept: `earlier` are the sprints closed before, newest first."""

    name: str
    goal: str
    rules: TeamRules
    earlier: tuple[SprintSummary, ...]
    beside: Beside


def to_json(kept: Kept) -> dict[str, Any]:
    """What `from_json` reads."""
    return {
        "format": FORMAT,
        "name": kept.name,
        "goal": kept.goal,
        "rules": rules_to_json(kept.rules),
        "earlier": [_sprint_to_json(one) for one in kept.earlier],
        "beside": _adapter().dump_python(_untitled(kept.beside), mode="json"),
    }


def from_json(record: Mapping[str, Any]) -> Kept:
    """A review as it was kept, without the titles of its issues."""
    return Kept(
        name=record["name"],
        goal=record["goal"],
        rules=rules_from_json(record["rules"]),
        earlier=tuple(_sprint_from_json(one) for one in record["earlier"]),
        beside=_adapter().validate_python(record["beside"]),
    )


@cache  # 28 ms, for each review that is read
def _adapter() -> TypeAdapter[Beside]:
    return TypeAdapter(Beside)


def _sprint_to_json(sprint: SprintSummary) -> dict[str, Any]:
    dates = {name: getattr(sprint, name) for name in _DATES}
    figures = {} if sprint.figures is None else to_stored(sprint.figures)
    return {"id": sprint.id, "name": sprint.name, **to_record(Known(dates, figures))}


def _sprint_from_json(record: Mapping[str, Any]) -> SprintSummary:
    known = from_record(record, ("dates", "figures"))
    return closed(record["id"], record["name"], "", known)


def closed(
    sprint_id: int, name: str, goal: str, known: Known, *, is_hidden: bool = False
) -> SprintSummary:
    """A closed sprint from its record; a figure that the record has not is unknown.

    `is_hidden` tells that nobody could tell what is an impediment.
    """
    figures = from_stored([known.figures.get(name) for name in NAMES]) if known.figures else None
    if figures is not None and is_hidden:
        figures = figures.without_impediments()
    started_at, planned_end_at, completed_at = (known.dates.get(name) for name in _DATES)
    return SprintSummary(
        id=sprint_id,
        name=name,
        state="closed",
        goal=goal,
        started_at=started_at,
        planned_end_at=planned_end_at,
        completed_at=completed_at,
        figures=figures,
        no_figures_reason=None,
    )


def _untitled(beside: Beside) -> Beside:
    ahead, open_time = beside.ahead, beside.open_time
    return Beside(
        impediments=tuple(map(bare, beside.impediments)),
        open_impediments=tuple(map(bare, beside.open_impediments)),
        recurring=tuple(map(bare_group, beside.recurring)),
        open_time=open_time
        and replace(open_time, impediments=tuple(map(bare, open_time.impediments))),
        usual_days_to_close=beside.usual_days_to_close,
        ahead=ahead
        and replace(
            ahead,
            sprint=ahead.sprint and replace(ahead.sprint, goal="", figures=None, estimates=None),
            issues=tuple(replace(one, key="", summary="", url="") for one in ahead.issues),
            coming=None,
        ),
        ageing=replace(
            beside.ageing,
            issues=tuple(replace(one, key="", summary="", url="") for one in beside.ageing.issues),
        ),
        quarter=beside.quarter and replace(beside.quarter, furthest=()),
        impediments_unknown=beside.impediments_unknown,
    )


def bare(row: ImpedimentRow) -> ImpedimentRow:
    """An impediment without its title."""
    return replace(row, key="", summary="", url="")


def bare_group(one: Recurring) -> Recurring:
    """What came back, without titles and what these have in common."""
    return replace(one, pattern="", issues=tuple(map(bare, one.issues)))


def issue_ids(beside: Beside) -> set[int]:
    """The issues whose titles are shown."""
    rows = [*beside.impediments, *beside.open_impediments]
    rows += [row for group in beside.recurring for row in group.issues]
    rows += beside.open_time.impediments if beside.open_time else ()
    ahead = beside.ahead.issues if beside.ahead else ()
    coming = {one.id for one in ahead} | {one.id for one in beside.ageing.issues}
    return {row.id for row in rows} | coming


def named(row: ImpedimentRow, titles: Titles) -> ImpedimentRow:
    """An impediment with the title that it has now."""
    title = title_of(titles, row.id)
    return replace(row, key=title.key, summary=title.summary, url=title.url)


def came_back(groups: Iterable[Recurring], titles: Titles) -> tuple[Recurring, ...]:
    """What came back, with the titles of now; only where one issue is left."""

    def group(one: Recurring) -> Recurring:
        found = {row.id: titles[row.id].summary for row in one.issues if row.id in titles}
        known = {issue_id: text for issue_id, text in found.items() if text is not None}
        pattern = pattern_of(known) if known else None
        issues = tuple(named(row, titles) for row in one.issues)
        return replace(one, pattern=pattern, issues=issues)

    return tuple(group(one) for one in groups if any(row.id in titles for row in one.issues))


def titled(beside: Beside, titles: Titles) -> Beside:
    """With the keys and titles that the issues have now."""

    def every(rows: Iterable[ImpedimentRow]) -> tuple[ImpedimentRow, ...]:
        return tuple(named(row, titles) for row in rows)

    open_time, ahead = beside.open_time, beside.ahead
    return replace(
        beside,
        impediments=every(beside.impediments),
        open_impediments=every(beside.open_impediments),
        recurring=came_back(beside.recurring, titles),
        open_time=open_time and replace(open_time, impediments=every(open_time.impediments)),
        ahead=ahead
        and replace(ahead, issues=tuple(_next_named(one, titles) for one in ahead.issues)),
        ageing=replace(beside.ageing, issues=issues_named(beside.ageing.issues, titles)),
    )


def _next_named(one: NextIssue, titles: Titles) -> NextIssue:
    title = title_of(titles, one.id)
    return replace(one, key=title.key, summary=title.summary, url=title.url)


def title_of(titles: Titles, issue_id: int) -> Title:
    """What names an issue now, or one that is no longer visible."""
    return titles.get(issue_id) or Title(NOT_VISIBLE, "", "")


def issues_named(issues: Iterable[FlowIssue], titles: Titles) -> tuple[FlowIssue, ...]:
    """The items with the titles that they have now."""
    found = ((one, title_of(titles, one.id)) for one in issues)
    return tuple(
        replace(one, key=title.key, summary=title.summary, url=title.url) for one, title in found
    )
