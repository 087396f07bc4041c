"""The way from the commitment to what was completed, as rows with bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.gap import Part
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words import gap as words
from telemetry.words.values import NOTHING, Sentence, counted, sentence
from web.show.links import issues_link
from web.show.text import here


@dataclass(frozen=True, slots=True)
class Step:
    """One row: `points` signed, `left` and `width` percentages of the scale.

    `look` is whole, exact, imp, off or hollow; `link` is where the issues behind it are listed.
    """

    label: str
    evidence: Sentence
    points: float
    left: float
    width: float
    look: str
    is_estimate: bool = False
    is_part: bool = False
    link: str | None = None
    joint: float | None = None


def waterfall(
    sprint: SprintSummary, issues: Sequence[SprintIssue], days_to_go: int | None
) -> list[Step]:
    """The rows in order; empty where nothing was committed."""
    figures = sprint.figures
    if figures is None or not figures.committed_points:
        return []
    committed, completed = figures.committed_points, figures.completed_points
    parts = words.parts_by_cause(sprint)
    scale = _highest(committed, parts)
    known = {issue.id: issue for issue in issues}
    steps = [_whole(words.LABELS["committed"], "committed", committed, scale, figures)]
    level = committed
    for cause in _EXACT:
        part = parts.get(cause)
        if part is None or (not part.points and cause != "unfinished"):
            continue
        after = level - part.points
        evidence = words.exact_evidence(part, known, days_to_go)
        link = here(words.listed(sprint.id, cause))
        steps.append(_step(words.LABELS[cause], evidence, level, after, scale, link=link))
        if cause == "unfinished":
            steps += _inside(sprint, parts, level, scale)
        level = after
    last = words.completed_label(sprint)
    steps.append(_whole(last, "completed", completed, scale, figures))
    return steps


_EXACT = ("removed", "reestimated", "completed_beyond", "unfinished")


def _highest(committed: float, parts: Mapping[str, Part]) -> float:
    levels, level = [committed], committed
    for cause in _EXACT:
        if cause in parts:
            level -= parts[cause].points
            levels.append(level)
    return max(levels)


def _whole(label: str, kind: str, points: float, scale: float, figures: SprintFigures) -> Step:
    count = figures.counts.get(kind)
    evidence = NOTHING if count is None else sentence(counted(count, "issue"))
    width = round(100 * points / scale, 2)
    return Step(label, evidence, points, 0, width, "whole", link=issues_link(kind), joint=width)


def _step(
    label: str, evidence: Sentence, before: float, after: float, scale: float, *, link: str
) -> Step:
    low, high = min(before, after), max(before, after)
    left, width = round(100 * low / scale, 2), round(100 * (high - low) / scale, 2)
    joint = round(100 * after / scale, 2)
    return Step(label, evidence, after - before, left, width, "exact", link=link, joint=joint)


def _inside(
    sprint: SprintSummary, parts: Mapping[str, Part], level: float, scale: float
) -> list[Step]:
    """Rows inside `not finished`: they fill exactly its width, from its right end down."""
    rows = []
    for cause, look in _PARTS.items():
        part = parts.get(cause)
        if part is None or not part.points or (cause == "behind" and "rest" in parts):
            continue
        low = level - part.points
        rows.append(
            Step(
                words.LABELS[cause],
                words.estimated_evidence(part, parts),
                -part.points,
                round(100 * low / scale, 2),
                round(100 * part.points / scale, 2),
                look,
                is_estimate=not part.is_exact,
                is_part=True,
                link=here(words.listed(sprint.id, cause)),
            )
        )
        level = low
    return rows


_PARTS = {
    "impediments": "imp",
    "off_plan": "off",
    "rest": "hollow",
    "behind": "hollow",
    "not_due": "hollow",
}
