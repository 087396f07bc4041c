"""What the page and the API say of each contradiction: its value in words, its group, the lead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.metrics.contradictions import (
    EXPLAINED,
    Contradiction,
)
from telemetry.report.quality.report import (
    Quality,
    QualityRow,
)
from web.show.numbers import (
    UNKNOWN,
    counted,
    day_of,
    hours,
    number,
    plural,
)
from web.show.text import (
    Sentence,
    figure,
    sentence,
)

ROWS_SHOWN = 10  # of a kind; the rest is folded


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: what it is about, and in words what contradicts."""

    row: QualityRow
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one kind."""

    kind: str
    title: str
    why: str
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:ROWS_SHOWN]

    @property
    def folded(self) -> tuple[Line, ...]:
        return self.lines[ROWS_SHOWN:]

    @property
    def noun(self) -> str:
        """What the findings are about, as the head of their column."""
        finding = self.lines[0].row.finding
        if finding.issue_id is not None:
            return "Issue"
        return "Sprint" if finding.sprint_id is not None else "Status"


def groups(found: Quality, zone: ZoneInfo, today: date) -> list[Group]:
    """The kinds that have findings, each with its words."""
    words = _Words(zone, today)
    return [
        Group(
            kind.value,
            EXPLAINED[kind].title,
            EXPLAINED[kind].why,
            tuple(Line(row, words.value(row)) for row in rows),
        )
        for kind, rows in found.rows.items()
    ]


def lead(found: Quality, every: Sequence[Group]) -> Sentence:
    """How much contradicts, and what most of it is."""
    if found.as_of is None:
        return sentence("Nothing is known yet: the first pull of this team has not ended.")
    if not every:
        return sentence("Nothing contradicts in what Jira tells of this team.")
    most = max(every, key=lambda group: len(group.lines))
    count = figure(counted(found.count, "contradiction"))
    name = figure(_lower(most.title), f"#{most.kind}")
    where = " in what Jira tells of this team"
    if len(every) == 1:
        return sentence(count, f"{where}: ", name, ".")
    of = f"{where}, of {len(every)} kinds; most frequent: "
    return sentence(count, of, name, f" ({number(len(most.lines))}).")


def window(found: Quality) -> str:
    """What was looked at."""
    closed = (
        "the last closed one"
        if found.closed_sprints == 1
        else f"the last {found.closed_sprints} closed ones"
    )
    return f"the running sprints, {closed}, and the work logs of 90 days"


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]


class _Words:
    """Says what contradicts; days are the team's, with their year where it is another."""

    def __init__(self, zone: ZoneInfo, today: date) -> None:
        self._zone = zone
        self._today = today
        self._by_kind: Mapping[Contradiction, Callable[[QualityRow], str]] = {
            Contradiction.UNESTIMATED: self._sprints,
            Contradiction.TWO_ACTIVE_SPRINTS: self._sprints,
            Contradiction.LATE_SPRINT: self._late,
            Contradiction.BACK_DATED: self._back_dated,
            Contradiction.EMPTY_START: self._empty,
            Contradiction.NO_COMPLETION: self._uncompleted,
            Contradiction.FUTURE_WORK: self._work,
            Contradiction.WORK_AFTER_DONE: self._after_done,
            Contradiction.LONG_WORK_LOG: self._work,
            Contradiction.IMPEDIMENT_WITHOUT_TIME: self._impediment,
            Contradiction.ESTIMATE_AFTER_DONE: self._estimate,
            Contradiction.SUBTASK_ESTIMATE: lambda row: _points(row.finding.after),
            Contradiction.MIGRATED_STATUS: self._migrated,
            Contradiction.UNLISTED_STATUS: _unlisted,
        }

    def value(self, row: QualityRow) -> str:
        return self._by_kind[row.finding.kind](row)

    def _day(self, at: datetime | None) -> str:
        return day_of(at, self._zone, self._today)

    def _sprints(self, row: QualityRow) -> str:
        return "in " + " and ".join(row.sprints)

    def _late(self, row: QualityRow) -> str:
        one = row.finding
        end = "still running" if one.at is None else f"completed on {self._day(one.at)}"
        late = counted(one.count or 0, "working day")
        return f"planned until {self._day(one.against_at)}, {end}: {late} late"

    def _back_dated(self, row: QualityRow) -> str:
        one = row.finding
        days = counted(one.count or 0, "working day")
        return f"dated {self._day(one.at)}, started {self._minute(one.against_at)}: {days} later"

    def _empty(self, row: QualityRow) -> str:
        one = row.finding
        came = "its only issue" if one.count == 1 else f"the first of {one.count} issues"
        return f"started {self._minute(one.against_at)}; {came} came {self._minute(one.at)}"

    def _minute(self, at: datetime | None) -> str:
        if at is None:
            return UNKNOWN
        return f"{self._day(at)}, {at.astimezone(self._zone):%H:%M}"

    def _uncompleted(self, row: QualityRow) -> str:
        planned = row.finding.against_at
        if planned is None:
            return "no planned end either: counted as running"
        return f"counted as completed at its planned end, {self._minute(planned)}"

    def _work(self, row: QualityRow) -> str:
        one = row.finding
        if one.count == 1:
            return f"{hours(one.seconds)} on {self._day(one.at)}"
        logs = counted(one.count or 0, "work log")
        return f"{hours(one.seconds)} in {logs}, the last on {self._day(one.at)}"

    def _after_done(self, row: QualityRow) -> str:
        return f"{self._work(row)}; done since {self._day(row.finding.against_at)}"

    def _impediment(self, row: QualityRow) -> str:
        one = row.finding
        if one.against_at is None:
            return f"open since {self._day(one.at)}"
        return f"opened {self._day(one.at)}, closed {self._day(one.against_at)}"

    def _estimate(self, row: QualityRow) -> str:
        one = row.finding
        before, after = _points(one.before), _points(one.after)
        since = self._day(one.against_at)
        return f"from {before} to {after} on {self._day(one.at)}; done since {since}"

    def _migrated(self, row: QualityRow) -> str:
        one = row.finding
        times = f", in {one.count} steps" if one.count and one.count > 1 else ""
        return f"from {row.before} to {row.after} on {self._day(one.at)}{times}"


def _points(value: str | float | None) -> str:
    if not isinstance(value, int | float):
        return "no estimate"
    return f"{number(value, 2)} {plural(value, 'point')}"


def _unlisted(row: QualityRow) -> str:
    return f"{row.meaning}; {counted(row.finding.count or 0, 'issue')} had it"
