"""What is said of later edits: the note on a sprint's page, and what differs from then to now."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.metrics.registry import by_slug
from telemetry.report.shapes.snapshots import EditedIssue, Record, SprintRecords
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words.edits import SHORT
from telemetry.words.targets import Edited
from telemetry.words.values import (
    NOTHING,
    Moment,
    Sentence,
    counted,
    day_of,
    figure,
    plural,
    sentence,
)

NAMED = 3
_NOTHING = "Nothing is kept of this sprint yet"


@dataclass(frozen=True, slots=True)
class Note:
    """What changed, the issues named with what changed of them, how many more."""

    opening: Sentence
    issues: tuple[tuple[EditedIssue, str], ...]
    closing: Sentence


def note(records: SprintRecords) -> Note | None:
    """What the sprint page says of later edits, or None where nothing differs."""
    record = records.edited
    if record is None:
        return None
    count = len(record.changed_figures)
    opening = sentence(
        counted(count, "figure") if count else "No figure",
        f" {plural(max(count, 1), 'has', 'have')} changed since ",
        sentence("it was first read, ", _delay(record)) if record.is_late else "the",
        f" {_moment(records, record)}",
    )
    if not record.issues:
        titles = dict.fromkeys(
            by_slug()[pair.slug].title.lower() for pair in record.changed_figures
        )
        return Note(sentence(opening, f": {_listed(list(titles))}"), (), sentence("."))
    named = tuple((one, _short(one)) for one in record.issues[:NAMED])
    more = len(record.issues) - len(named)
    were = f" {plural(len(record.issues), 'was', 'were')} edited later."
    rest = sentence(" and ", counted(more, "more issue")) if more else NOTHING
    return Note(sentence(opening, f"{'' if count else ', but'}: "), named, sentence(rest, were))


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


def title(record: Record) -> str:
    """What a record holds."""
    if record.is_late:
        return f"What was first known, some time after the {record.moment}"
    return f"What was known at the {record.moment}"


def column(record: Record) -> str:
    """What stands over the figures of then."""
    return "First read" if record.is_late else f"At the {record.moment}"


def lead(records: SprintRecords, record: Record, zone: ZoneInfo, today: date) -> Sentence:
    """How much has changed since the record's moment."""
    when = sentence(f"{_moment(records, record)} on ", day_of(record.at, zone, today))
    since = sentence("the ", when)
    if record.is_late:
        read = day_of(record.taken_at, zone, today)
        since = sentence("it was first read on ", read, ", ", _delay(record), " ", when)
    if not record.has_figures_now:
        return sentence(
            "This sprint is no longer one of the team’s in Jira: only what was known at its ",
            when,
            " is left.",
        )
    if not record.is_edited:
        return sentence("Nothing has changed since ", since, ": then and now are the same.")
    count = len(record.changed_figures)
    return sentence(
        "Since ",
        since,
        ", ",
        figure(counted(count, "figure")) if count else "no figure",
        f" {plural(max(count, 1), 'has', 'have')} changed",
        _differing(records.sprint_id, record, ", and " if count else ", but "),
        ".",
    )


def _differing(sprint_id: int, record: Record, joined: str) -> Sentence:
    edited = len(record.issues)
    if not edited:
        return NOTHING
    many = figure(counted(edited, "issue"), to=Edited(sprint_id, record.moment))
    return sentence(joined, many, plural(edited, " differs", " differ"))


def moved(record: Record, zone: ZoneInfo, today: date) -> Sentence:
    """That its start or close has another date now; nothing where it has not."""
    if not record.has_figures_now or record.now_at == record.at:
        return NOTHING

    def stamp(at: datetime) -> Moment:
        return Moment(at.astimezone(zone), today)

    name = "It was closed on " if record.moment == "close" else "It started on "
    if record.now_at is None:
        return sentence(name, stamp(record.at), " and was opened again since.")
    again = "Jira now says" if record.moment == "start" else "Jira now has its close at"
    return sentence(name, stamp(record.at), f"; {again} ", stamp(record.now_at), ".")


def _moment(records: SprintRecords, record: Record) -> str:
    is_open = records.sprint is not None and records.sprint.state == "active"
    return "first close" if is_open and record.moment == "close" else record.moment


def _delay(record: Record) -> Sentence:
    """How long after its moment a late record was made."""
    return sentence(counted((record.taken_at - record.at).days, "day"), " after the")


def _short(one: EditedIssue) -> str:
    return ", ".join(dict.fromkeys(SHORT[change.kind] for change in one.changes))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
