"""What came instead, invented: with time logged, without, with nothing at all."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from telemetry.metrics.open_time import OpenSpan, open_days, open_each_day
from telemetry.metrics.peaks import PeakDay
from telemetry.report.impediments.lists import Recurring, rows_by
from telemetry.report.impediments.shapes import ImpedimentReport, Stretch
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow, NatureTime, OpenRow, OpenTime, TimeRow
from tests.web import invented
from tests.web.invented import AS_OF, HOUR, PARIS

QUIET = "identity"  # a team whose time nobody logs
SPARED = "first"  # a team without impediments


def impediment_report(
    team_key: str, sprint: SprintSummary | None, past: list[SprintSummary], over: int, by: str
) -> ImpedimentReport:
    """What a team shows: 'empty' was never pulled, SPARED had no impediment, QUIET no time."""
    if team_key == "empty":
        return ImpedimentReport(None, False, None)
    before = past[:over]
    natures = invented.CHINESE if team_key == "chinese" else invented.NATURES
    names = {a.nature: b.nature for a, b in zip(invented.NATURES, natures, strict=True)}
    daily = tuple(
        replace(row, natures={names[name]: s for name, s in row.natures.items()})
        for row in invented.daily()
    )
    found = tuple(replace(row, nature=names[row.nature]) for row in invented.impediments())
    if team_key == SPARED:
        daily = tuple(
            replace(r, time=replace(r.time, impediment_seconds=0), natures={}) for r in daily
        )
        found = ()
    logs_time = team_key != QUIET
    open_daily = tuple(open_rows(found, daily))
    this = _stretch(sprint.name if sprint else "The last 4 weeks", 1, daily, found, natures)
    earlier = None
    if before or sprint is None:
        label = f"The {len(before)} sprints before" if sprint else f"The {4 * over} weeks before"
        label = before[0].name if len(before) == 1 else label
        earlier = replace(this, label=label, parts=len(before) or over, median_hours_to_close=21.5)
    sprints = [_sprint_row(one) for one in [*reversed(before), *([sprint] if sprint else [])]]
    return ImpedimentReport(
        sprint=sprint,
        logs_time=logs_time,
        this=this if found else replace(this, count=0, present_count=0, by_nature=(), seconds=0),
        before=earlier,
        open=found[:3],
        found=found,
        peaks=peaks(daily) if logs_time and found else (),
        recurring=tuple(groups(found)),
        rows=rows_by(daily, by, sprints),
        sprint_rows=tuple(sprints),
        open_rows=open_daily
        if by == "day"
        else tuple(replace(r, label="S") for r in open_daily[:3]),
        daily=daily,
        open_daily=open_daily,
        days_off=tuple(row.start_on for row in daily if invented.is_off(row.start_on)),
        usual_days_to_close=2.1,
    )


def between(team_key: str, first: date, last: date, by: str) -> ImpedimentReport:
    """The same of days, whichever they are."""
    found = impediment_report(team_key, None, [], 1, by)
    count = (last - first).days + 1
    this = found.this and replace(
        found.this,
        label="This day" if count == 1 else f"These {count} days",
        first_on=first,
        last_on=last,
    )
    before = found.before and replace(
        found.before, label="The day before" if count == 1 else f"The {count} days before", parts=1
    )
    return replace(
        found, this=this, before=before, is_of_days=True, is_past=True, step="day", sprint_rows=()
    )


def _sprint_row(sprint: SprintSummary) -> TimeRow:
    started_on = sprint.started_at.astimezone(PARIS).date()
    return TimeRow(started_on, sprint.figures.time, {}, sprint.name, sprint.id)


def open_rows(found: tuple[ImpedimentRow, ...], daily: tuple[TimeRow, ...]) -> list[OpenRow]:
    spans = [
        OpenSpan(n, row.nature, row.opened_at.date(), (row.closed_at or AS_OF).date())
        for n, row in enumerate(found)
    ]
    days = [row.start_on for row in daily if not invented.is_off(row.start_on)]
    each_day = open_each_day(spans, days)
    return [OpenRow(row.start_on, each_day.get(row.start_on, {})) for row in daily]


def open_time() -> OpenTime:
    """What the sprint's page of a team without logged time has."""
    rows = open_rows(invented.impediments(), invented.daily())
    lasted = open_days(row.natures for row in rows)
    counts = Counter(row.nature for row in invented.impediments())
    natures = tuple(NatureTime(name, n, n, 0, lasted[name]) for name, n in counts.items())
    return OpenTime(counts.total(), natures, tuple(rows), invented.impediments())


def _stretch(label, parts, daily, found, natures) -> Stretch:
    lasted = open_days(row.natures for row in open_rows(found, daily))
    rows = tuple(
        NatureTime(row.nature, row.count, row.count, row.seconds, lasted.get(row.nature, 0))
        for row in natures
    )
    return Stretch(
        label=label,
        parts=parts,
        start=AS_OF - timedelta(days=14),
        end=AS_OF,
        first_on=daily[0].start_on,
        last_on=daily[-1].start_on,
        count=sum(row.count for row in rows),
        present_count=sum(row.count for row in rows),
        opened_count=9,
        closed_count=7,
        open_count=3,
        seconds=sum(row.seconds for row in rows),
        median_hours_to_close=16.8,
        by_nature=rows,
    )


def peaks(daily) -> tuple[PeakDay, ...]:
    worst = sorted(daily, key=lambda row: -row.time.impediment_seconds)[:3]
    return tuple(
        PeakDay(
            row.start_on,
            row.time.impediment_seconds,
            (max(row.natures, key=row.natures.__getitem__),),
            ("K8S-2326", "K8S-2334"),
            3,
        )
        for row in worst
    )


def groups(found: tuple[ImpedimentRow, ...]) -> list[Recurring]:
    if not found:
        return []
    first, last = found[0].opened_at.date(), found[-1].opened_at.date()
    return [Recurring("… waits for <the> network team", 30 * HOUR, 14, first, last, found)]
