"""What later edits changed of a sprint: the note on its page, and the page of then and now."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.metrics.registry import by_slug
from telemetry.report.shapes import (
    Burndown,
    EditedIssue,
    Record,
    SprintRecords,
    SprintSummary,
)
from web.pages.snapshots.chart import (
    DayPair,
    Side,
    day_pairs,
    then_and_now,
)
from web.pages.snapshots.words import (
    SHORT,
    ChangeLine,
    FigureLine,
    change_line,
    figure_line,
)
from web.show.chart import Figure
from web.show.numbers import (
    counted,
    day_of,
)
from web.show.text import (
    Sentence,
    figure,
    sentence,
)

NAMED = 3
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
_NOTHING = "Nothing is kept of this sprint yet"


@dataclass(frozen=True, slots=True)
class Note:
    """The amber line: what changed, the issues named with what changed of them, how many more."""

    opening: str
    issues: tuple[tuple[EditedIssue, str], ...]
    closing: str


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
    moved: str | None
    figures: tuple[FigureLine, ...]
    issues: tuple[IssueLine, ...]
    chart: Figure | None
    days: tuple[DayPair, ...]


def note(records: SprintRecords) -> Note | None:
    """What the sprint page says of later edits, or None where nothing differs."""
    record = records.edited
    if record is None:
        return None
    count = len(record.changed_figures)
    changed = counted(count, "figure") if count else "No figure"
    verb = "has" if count < 2 else "have"
    since = f"it was first read, {_delay(record)}" if record.is_late else "the"
    opening = f"{changed} {verb} changed since {since} {_moment(records, record)}"
    if not record.issues:
        titles = dict.fromkeys(
            by_slug()[pair.slug].title.lower() for pair in record.changed_figures
        )
        return Note(f"{opening}: {_listed(list(titles))}", (), ".")
    named = tuple((one, _short(one)) for one in record.issues[:NAMED])
    more = len(record.issues) - len(named)
    were = "was edited later." if len(record.issues) == 1 else "were edited later."
    rest = f" and {counted(more, 'more issue')} " if more else " "
    return Note(f"{opening}{'' if count else ', but'}: ", named, rest + were)


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


def nothing_yet(sprint: SprintSummary | None) -> tuple[str, str]:
    """Why there is no record, and when there will be one."""
    if sprint is not None and sprint.state == "future":
        return f"{_NOTHING}: it has not started.", "Its start is kept five minutes after it."
    if sprint is not None and sprint.figures is None:
        return f"{_NOTHING}: it has no start date in the tracker.", "So it has no figures either."
    return (
        f"{_NOTHING}.",
        "A record is made by the first complete pull that comes five minutes or more after the "
        "start, and another one after the close.",
    )


def _moment(records: SprintRecords, record: Record) -> str:
    is_open = records.sprint is not None and records.sprint.state == "active"
    return "first close" if is_open and record.moment == "close" else record.moment


def _delay(record: Record) -> str:
    """How long after its moment a late record was made."""
    return f"{counted((record.taken_at - record.at).days, 'day')} after the"


def _title(record: Record) -> str:
    moment = record.moment
    if record.is_late:
        return f"What was first known, some time after the {moment}"
    return f"What was known at the {moment}"


def _column(record: Record) -> str:
    return "First read" if record.is_late else f"At the {record.moment}"


def _short(one: EditedIssue) -> str:
    return ", ".join(dict.fromkeys(SHORT[change.kind] for change in one.changes))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _section(
    records: SprintRecords, record: Record, lines: Lines | None, zone: ZoneInfo, today: date
) -> Section:
    figures = tuple(
        figure_line(pair) for pair in record.figures if pair.slug in _KEY or pair.is_changed
    )
    chart, days = (None, []) if lines is None else _charted(records, record, lines, zone, today)
    return Section(
        record=record,
        title=_title(record),
        column=_column(record),
        lead=_lead(records, record, zone, today),
        moved=_moved(record, zone, today),
        figures=figures,
        issues=tuple(
            IssueLine(one, tuple(change_line(change) for change in one.changes))
            for one in record.issues
        ),
        chart=chart,
        days=tuple(days),
    )


def _lead(records: SprintRecords, record: Record, zone: ZoneInfo, today: date) -> Sentence:
    when = f"{_moment(records, record)} on {day_of(record.at, zone, today)}"
    read = day_of(record.taken_at, zone, today)
    since = (
        f"it was first read on {read}, {_delay(record)} {when}" if record.is_late else f"the {when}"
    )
    if not record.has_figures_now:
        return sentence(
            "This sprint is no longer one of the team’s in Jira: only what was known at its ",
            f"{when} is left.",
        )
    if not record.is_edited:
        return sentence(f"Nothing has changed since {since}: then and now are the same.")
    count, edited = len(record.changed_figures), len(record.issues)
    changed = figure(counted(count, "figure")) if count else "no figure"
    verb = "has" if count < 2 else "have"
    parts = [f"Since {since}, ", changed, f" {verb} changed"]
    if edited:
        parts += [
            ", and " if count else ", but ",
            figure(counted(edited, "issue"), f"#edited-{record.moment}"),
        ]
        parts.append(" differs" if edited == 1 else " differ")
    return sentence(*parts, ".")


def _moved(record: Record, zone: ZoneInfo, today: date) -> str | None:
    if not record.has_figures_now or record.now_at == record.at:
        return None
    name = "It was closed" if record.moment == "close" else "It started"
    was = f"{name} on {_stamp(record.at, zone, today)}"
    if record.now_at is None:
        return f"{was} and was opened again since."
    again = "Jira now says" if record.moment == "start" else "Jira now has its close at"
    return f"{was}; {again} {_stamp(record.now_at, zone, today)}."


def _stamp(at: datetime, zone: ZoneInfo, today: date) -> str:
    return f"{day_of(at, zone, today)}, {at.astimezone(zone):%H:%M}"


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
