"""What is said of contradictions: how many there are, and of each what contradicts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.metrics.contradictions import EXPLAINED, Contradiction
from telemetry.report.quality.report import Quality
from telemetry.report.quality.rows import QualityRow
from telemetry.words import targets as to
from telemetry.words.numbers import UNKNOWN, digits_apart
from telemetry.words.values import (
    Moment,
    Number,
    Part,
    Sentence,
    Value,
    counted,
    day_of,
    figure,
    hours,
    noun,
    sentence,
    unique_most,
)


def lead(found: Quality) -> Sentence:
    """How much contradicts, and what most of it is."""
    if found.as_of is None:
        return sentence("Nothing is known yet: the first pull of this team has not ended.")
    if not found.rows:
        return sentence("Nothing contradicts in what Jira tells of this team.")
    most = max(found.rows, key=lambda kind: len(found.rows[kind]))
    title = EXPLAINED[most].title
    count = figure(counted(found.count, "contradiction"))
    name = figure(title[0].lower() + title[1:], to=to.Quality(most.value))
    where = " in what Jira tells of this team"
    if len(found.rows) == 1:
        return sentence(count, f"{where}: ", name, ".")
    kinds = counted(len(found.rows), "kind")
    if unique_most({kind.value: len(rows) for kind, rows in found.rows.items()}) is None:
        return sentence(count, f"{where}, of ", kinds, ".")
    often = Number(len(found.rows[most]))
    return sentence(count, f"{where}, of ", kinds, "; most frequent: ", name, " (", often, ").")


def window(found: Quality) -> Sentence:
    """What was looked at."""
    if not found.closed_sprints:
        return sentence("the running sprints, and the work logs of 90 days")
    closed: Part = "the last closed one"
    if found.closed_sprints != 1:
        closed = sentence("the last ", Number(found.closed_sprints), " closed ones")
    return sentence("the running sprints, ", closed, ", and the work logs of 90 days")


class Words:
    """Says what contradicts; days are the team's, with their year where it is another."""

    def __init__(self, zone: ZoneInfo, today: date) -> None:
        self._zone = zone
        self._today = today
        self._by_kind: Mapping[Contradiction, Callable[[QualityRow], Sentence]] = {
            Contradiction.UNREAD: lambda row: sentence(
                row.said, "; since ", self._day(row.finding.at)
            ),
            Contradiction.DOUBTED_CHANGES: lambda row: sentence(row.said),
            Contradiction.ZONELESS: lambda row: sentence(
                row.said, ": read as UTC; since ", self._day(row.finding.at)
            ),
            Contradiction.SETTING: lambda row: sentence(row.said),
            Contradiction.SHARED: lambda row: sentence(row.said),
            Contradiction.OPEN_CHOICE: lambda row: sentence(row.said),
            Contradiction.RECATEGORIZED: lambda row: sentence(row.said),
            Contradiction.RELEVELLED: lambda row: sentence(row.said),
            Contradiction.ODD_QUARTER: lambda row: sentence(row.said),
            Contradiction.SEVERAL_QUARTERS: lambda row: sentence(row.said),
            Contradiction.CHILDLESS_EPIC: lambda row: sentence(row.said),
            Contradiction.OPEN_CHILDREN: lambda row: sentence(row.said),
            Contradiction.UNESTIMATED: _sprints,
            Contradiction.TWO_ACTIVE_SPRINTS: _sprints,
            Contradiction.LATE_SPRINT: self._late,
            Contradiction.BACK_DATED: self._back_dated,
            Contradiction.EMPTY_START: self._empty,
            Contradiction.NO_COMPLETION: self._uncompleted,
            Contradiction.FUTURE_SPRINT: self._future_sprint,
            Contradiction.FUTURE_CHANGE: self._future_change,
            Contradiction.FUTURE_WORK: self._work,
            Contradiction.WORK_AFTER_DONE: self._after_done,
            Contradiction.LONG_WORK_LOG: self._work,
            Contradiction.DOUBLED_WORK: self._work,
            Contradiction.IMPEDIMENT_WITHOUT_TIME: self._impediment,
            Contradiction.ESTIMATE_AFTER_DONE: self._estimate,
            Contradiction.SUBTASK_ESTIMATE: lambda row: sentence(_points(row.finding.after)),
            Contradiction.MENDED_HISTORY: self._mended,
            Contradiction.MIGRATED_STATUS: self._migrated,
            Contradiction.UNLISTED_STATUS: _unlisted,
        }

    def value(self, row: QualityRow) -> Sentence:
        """What contradicts in one finding."""
        return self._by_kind[row.finding.kind](row)

    def _day(self, at: datetime | None) -> Value:
        return day_of(at, self._zone, self._today)

    def _minute(self, at: datetime | None) -> Part:
        return UNKNOWN if at is None else Moment(at.astimezone(self._zone), self._today)

    def _late(self, row: QualityRow) -> Sentence:
        one = row.finding
        end: Part = "still running"
        if one.at is not None:
            end = sentence("completed on ", self._day(one.at))
        late = counted(one.count or 0, "working day")
        return sentence("planned until ", self._day(one.against_at), ", ", end, ": ", late, " late")

    def _back_dated(self, row: QualityRow) -> Sentence:
        one = row.finding
        started, days = self._minute(one.against_at), counted(one.count or 0, "working day")
        return sentence("dated ", self._day(one.at), ", started ", started, ": ", days, " later")

    def _empty(self, row: QualityRow) -> Sentence:
        one = row.finding
        came: Part = "its only issue"
        if one.count != 1:
            came = sentence("the first of ", Number(one.count), " issues")
        started, at = self._minute(one.against_at), self._minute(one.at)
        return sentence("started ", started, "; ", came, " came ", at)

    def _uncompleted(self, row: QualityRow) -> Sentence:
        planned = row.finding.against_at
        if planned is None:
            return sentence("no planned end either: counted as running")
        return sentence("counted as completed at its planned end, ", self._minute(planned))

    def _work(self, row: QualityRow) -> Sentence:
        one = row.finding
        if one.count == 1:
            return sentence(hours(one.seconds), " on ", self._day(one.at))
        logs = counted(one.count or 0, "work log")
        return sentence(hours(one.seconds), " in ", logs, ", the last on ", self._day(one.at))

    def _after_done(self, row: QualityRow) -> Sentence:
        return sentence(self._work(row), "; done since ", self._day(row.finding.against_at))

    def _impediment(self, row: QualityRow) -> Sentence:
        one = row.finding
        if one.against_at is None:
            return sentence("open since ", self._day(one.at))
        closed = self._day(one.against_at)
        return sentence("opened ", self._day(one.at), ", closed ", closed)

    def _estimate(self, row: QualityRow) -> Sentence:
        one = row.finding
        since = self._day(one.against_at)
        before, after = _points(one.before, one.after), _points(one.after, one.before)
        changed = sentence("from ", before, " to ", after)
        return sentence(changed, " on ", self._day(one.at), "; done since ", since)

    def _mended(self, row: QualityRow) -> Sentence:
        listed = _listed(row.finding.field_names)
        return sentence(f"{listed}; last changed on ", self._day(row.finding.at))

    def _future_change(self, row: QualityRow) -> Sentence:
        one = row.finding
        changes = counted(one.count or 0, "change")
        return sentence(
            f"{_listed(one.field_names)}: ", changes, ", the last ", self._minute(one.at)
        )

    def _future_sprint(self, row: QualityRow) -> Sentence:
        one = row.finding
        says = "is closed, completed on " if one.count else "runs, starts on "
        return sentence(says, self._minute(one.at))

    def _migrated(self, row: QualityRow) -> Sentence:
        one = row.finding
        moved = f"from {row.before} to {row.after} on "
        many = one.count is not None and one.count > 1
        times = sentence(", in ", Number(one.count), " steps") if many else None
        return sentence(moved, self._day(one.at), times)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _sprints(row: QualityRow) -> Sentence:
    return sentence("in " + " and ".join(row.sprints))


def _points(value: str | float | None, beside: str | float | None = None) -> Part:
    """Points, told apart from those beside them."""
    if not isinstance(value, int | float):
        return "no estimate"
    other = beside if isinstance(beside, int | float) else None
    return Number(value, noun("point"), digits_apart(value, other))


def _unlisted(row: QualityRow) -> Sentence:
    return sentence(f"{row.meaning}; ", counted(row.finding.count or 0, "issue"), " had it")
