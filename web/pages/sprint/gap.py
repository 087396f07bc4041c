"""The way from the commitment to what was completed, as rows with bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.gap import Cause, Part
from telemetry.report.shapes import SprintIssue, SprintSummary
from web.show.numbers import (
    NARROW,
    counted,
    number,
)
from web.show.text import issues_link

NAMED = 3  # issues of a part that are named


@dataclass(frozen=True, slots=True)
class Step:
    """One row: `points` signed, `left` and `width` percentages of the scale.

    `look` is whole, exact, imp, off or hollow; `link` is where the issues behind it are listed;
    `issues` are keys with addresses, named before the evidence where they are few.
    """

    label: str
    evidence: str
    points: float
    left: float
    width: float
    look: str
    is_estimate: bool = False
    is_part: bool = False
    link: str | None = None
    joint: float | None = None
    issues: tuple[tuple[str, str], ...] = ()


def parts_by_cause(sprint: SprintSummary) -> dict[str, Part]:
    """The parts by cause, with `unfinished` also where a running sprint gives it in two."""
    parts: dict[str, Part] = {part.cause: part for part in sprint.gap}
    halves = [parts[cause] for cause in ("not_due", "behind") if cause in parts]
    if "unfinished" not in parts and halves:
        ids = tuple(dict.fromkeys(one for half in halves for one in half.issue_ids))
        points = sum(half.points for half in halves)
        parts["unfinished"] = Part(Cause.UNFINISHED, points, True, ids)
    return parts


def waterfall(
    sprint: SprintSummary, issues: Sequence[SprintIssue], days_to_go: int | None
) -> list[Step]:
    """The rows in order; empty where nothing was committed."""
    figures = sprint.figures
    if figures is None or not figures.committed_points:
        return []
    committed, completed = figures.committed_points, figures.completed_points
    parts = parts_by_cause(sprint)
    scale = _highest(committed, parts)
    known = {issue.id: issue for issue in issues}
    steps = [_whole("Committed at the start", "committed", committed, scale, figures)]
    level = committed
    for cause, label in _EXACT:
        part = parts.get(cause)
        if part is None or (not part.points and cause != "unfinished"):
            continue
        after = level - part.points
        few, evidence = _evidence(part, known)
        if cause == "unfinished" and days_to_go is not None and days_to_go > 0:
            evidence += f", {counted(days_to_go, 'working day')} to go"
        step = _step(label, evidence, level, after, scale, link=issues_link(_LINKS[cause]))
        steps.append(replace(step, issues=few))
        if cause == "unfinished":
            steps += _inside(parts, level, scale)
        level = after
    last = "Completed so far" if sprint.state == "active" else "Completed"
    steps.append(_whole(last, "completed", completed, scale, figures))
    return steps


_EXACT = (
    ("removed", "Taken out"),
    ("reestimated", "Re-estimated and completed"),
    ("completed_beyond", "Completed beyond the commitment"),
    ("unfinished", "Not finished"),
)
_LINKS = {
    "removed": "taken_out",
    "reestimated": "regauged",
    "completed_beyond": "beyond",
    "unfinished": "unfinished",
}


def _highest(committed: float, parts: Mapping[str, Part]) -> float:
    levels, level = [committed], committed
    for cause, _ in _EXACT:
        if cause in parts:
            level -= parts[cause].points
            levels.append(level)
    return max(levels)


def _whole(label: str, kind: str, points: float, scale: float, figures: SprintFigures) -> Step:
    count = figures.counts.get(kind)
    evidence = "" if count is None else counted(count, "issue")
    width = round(100 * points / scale, 2)
    return Step(label, evidence, points, 0, width, "whole", link=issues_link(kind), joint=width)


def _step(
    label: str, evidence: str, before: float, after: float, scale: float, *, link: str
) -> Step:
    low, high = min(before, after), max(before, after)
    left, width = round(100 * low / scale, 2), round(100 * (high - low) / scale, 2)
    joint = round(100 * after / scale, 2)
    return Step(label, evidence, after - before, left, width, "exact", link=link, joint=joint)


def _evidence(
    part: Part, known: Mapping[int, SprintIssue]
) -> tuple[tuple[tuple[str, str], ...], str]:
    """A few issues by key and address, or how many they are; what became of a single one."""
    count = len(part.issue_ids)
    found = [known[one] for one in part.issue_ids if one in known]
    if not 1 <= count <= NAMED or len(found) < count:
        return (), counted(count, "issue") if count else ""
    said = ""
    if part.cause == "reestimated" and count == 1:
        said = f" went from {_points(found[0].initial_points)} to {_points(found[0].points)}"
    return tuple((one.key, one.url) for one in found), said


def _points(points: float | None) -> str:
    return "no estimate" if points is None else number(points)


def _inside(parts: Mapping[str, Part], level: float, scale: float) -> list[Step]:
    """Rows inside `not finished`: they fill exactly its width, from its right end down."""
    rows = []
    for cause, label, look, said, link in _PARTS:
        part = parts.get(cause)
        if part is None or not part.points or (cause == "behind" and "rest" in parts):
            continue
        low = level - part.points
        evidence = said
        if part.hours is not None:
            evidence = f"{number(part.hours)}{NARROW}h over the usual"
        elif cause == "rest" and "behind" in parts:
            evidence = _OTHER_THAN_HOURS if _is_explained(parts) else _WITHIN_THE_USUAL
        rows.append(
            Step(
                label,
                evidence,
                -part.points,
                round(100 * low / scale, 2),
                round(100 * part.points / scale, 2),
                look,
                is_estimate=not part.is_exact,
                is_part=True,
                link=link,
            )
        )
        level = low
    return rows


def _is_explained(parts: Mapping[str, Part]) -> bool:
    """Whether hours above the usual explain something."""
    return any(parts[cause].points for cause in ("impediments", "off_plan") if cause in parts)


_OTHER_THAN_HOURS = "behind the ideal line, and not explained by hours"
_WITHIN_THE_USUAL = (
    "behind the ideal line; the hours lost so far are no more than a whole sprint usually loses"
)
_PARTS = (
    ("impediments", "impediments", "imp", "", "?impediments=all#impediments"),
    ("off_plan", "off-plan work", "off", "", issues_link("off_plan")),
    ("rest", "rest", "hollow", "not explained by hours", issues_link("unfinished")),
    (
        "behind",
        "behind the ideal line",
        "hollow",
        "what may explain it is not known yet",
        issues_link("unfinished"),
    ),
    (
        "not_due",
        "not due yet",
        "hollow",
        "unfinished, and not yet asked for by the ideal line",
        issues_link("unfinished"),
    ),
)
