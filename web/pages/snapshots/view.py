"""The page of what was known of a sprint, beside what is known now."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.snapshots import EditedIssue, Record, SprintRecords
from telemetry.words import snapshots as words
from telemetry.words.edits import (
    ChangeLine,
    FigureLine,
    change_line,
    figure_line,
)
from telemetry.words.values import Sentence
from web.pages.snapshots.chart import (
    DayPair,
    Side,
    day_pairs,
    then_and_now,
)
from web.show.chart import Figure

Lines = tuple[Burndown, Burndown]
# shown whether or not they differ; the others only where they do
_KEY = frozenset(
    {
        "committed",
        "added",
        "removed",
        "reestimated",
        "burned",
        "reopened",
        "remaining",
        "completed",
        "total",
        "completion",
        "commitment_kept",
        "carried_over",
        "behind",
        "planned_time",
        "impediment_time",
        "off_plan_time",
        "impediments",
    }
)


@dataclass(frozen=True, slots=True)
class IssueLine:
    issue: EditedIssue
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One record beside now; `moved` says where its start or close has another date now."""

    record: Record
    title: str
    column: str  # over the figures of then
    lead: Sentence
    moved: Sentence
    figures: tuple[FigureLine, ...]
    issues: tuple[IssueLine, ...]
    chart: Figure | None
    days: tuple[DayPair, ...]


def sections(
    records: SprintRecords, lines: Lines | None, zone: ZoneInfo, today: date
) -> tuple[Section, ...]:
    """The close first, then the start where it differs too or is all there is.

    `lines` are the burndowns of then and of now, None where there are no two to compare.
    """
    found = []
    if records.close is not None:
        found.append(_section(records, records.close, lines, zone, today))
    if records.start is not None and (records.close is None or records.start.is_edited):
        found.append(_section(records, records.start, None, zone, today))
    return tuple(found)


def _section(
    records: SprintRecords, record: Record, lines: Lines | None, zone: ZoneInfo, today: date
) -> Section:
    figures = tuple(
        figure_line(pair) for pair in record.figures if pair.slug in _KEY or pair.is_changed
    )
    chart, days = (None, []) if lines is None else _charted(records, record, lines, zone, today)
    return Section(
        record=record,
        title=words.title(record),
        column=words.column(record),
        lead=words.lead(records, record, zone, today),
        moved=words.moved(record, zone, today),
        figures=figures,
        issues=tuple(
            IssueLine(one, tuple(change_line(change) for change in one.changes))
            for one in record.issues
        ),
        chart=chart,
        days=tuple(days),
    )


def _charted(
    records: SprintRecords, record: Record, lines: Lines, zone: ZoneInfo, today: date
) -> tuple[Figure | None, list[DayPair]]:
    sprint, started = records.sprint, record.started_at
    if sprint is None or started is None:
        return None, []
    figures = sprint.figures
    if sprint.started_at is None or figures is None:
        return None, []
    committed = next(pair.then for pair in record.figures if pair.slug == "committed")
    before, now = lines
    old = Side(started, record.at, committed or 0.0, before)
    new = Side(sprint.started_at, figures.as_of, figures.committed_points, now)
    pairs = day_pairs(
        [(row.day, row.remaining_points) for row in before.days],
        [(row.day, row.remaining_points) for row in now.days],
    )
    return then_and_now(old, new, sprint.planned_end_at, now.days_off, zone, today), pairs
