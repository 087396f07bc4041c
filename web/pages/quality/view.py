"""What the page and the API say of each contradiction: its value in words, its group, the lead."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.metrics.contradictions import (
    EXPLAINED,
    Contradiction,
    Finding,
)
from telemetry.report.quality.report import Quality
from telemetry.report.quality.rows import QualityRow
from telemetry.words.quality import Words
from web.show.text import text

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
        nouns = {_noun(line.row.finding) for line in self.lines}
        return nouns.pop() if len(nouns) == 1 else "About"


def _noun(finding: Finding) -> str:
    if finding.issue_id is not None:
        return "Issue"
    if finding.sprint_id is not None:
        return "Sprint"
    if finding.status_id is not None:
        return "Status"
    return "List" if finding.kind is Contradiction.UNREAD else "Setting"


def groups(found: Quality, zone: ZoneInfo, today: date) -> list[Group]:
    """The kinds that have findings, each with its words."""
    said = Words(zone, today)
    return [
        Group(
            kind.value,
            EXPLAINED[kind].title,
            EXPLAINED[kind].why,
            tuple(Line(row, text(said.value(row))) for row in rows),
        )
        for kind, rows in found.rows.items()
    ]
