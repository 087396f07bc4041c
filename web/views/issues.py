"""The issues behind a figure."""

from collections.abc import Callable, Mapping, Sequence

from telemetry.report.shapes import Burndown, SprintIssue, SprintPage

KINDS: Mapping[str, tuple[str, Callable[[SprintIssue], bool]]] = {
    "committed": ("committed at the start", lambda one: one.is_committed),
    "added": ("added after the start", lambda one: one.is_added),
    "removed": ("taken out", lambda one: one.outcome == "removed"),
    "completed": ("completed", lambda one: one.outcome == "completed"),
    "beyond": (
        "completed beyond the commitment",
        lambda one: one.outcome == "completed" and not one.is_committed,
    ),
    "done": ("done", lambda one: one.state == "done" and one.outcome != "removed"),
    "in_progress": (
        "in progress",
        lambda one: one.state == "in_progress" and one.outcome != "removed",
    ),
    "todo": ("to do", lambda one: one.state == "todo" and one.outcome != "removed"),
    "remaining": ("remaining", lambda one: one.outcome == "not_completed"),
    "unfinished": (
        "committed and not finished",
        lambda one: one.is_committed and one.outcome == "not_completed",
    ),
    "carried_over": ("carried over", lambda one: one.is_carried_over),
    "unestimated": (
        "without estimate",
        lambda one: one.points is None and one.outcome == "not_completed",
    ),
    "impediment": ("impediments in the sprint", lambda one: one.is_impediment),
    "elsewhere": (
        "completed before the start",
        lambda one: one.outcome == "completed_elsewhere",
    ),
}
MOVEMENTS = {"reestimated": "re-estimated", "burned": "burned", "reopened": "reopened"}
OUTCOMES = {
    "completed": "completed",
    "not_completed": "not completed",
    "removed": "taken out",
    "completed_elsewhere": "completed before",
}
STATES = {"todo": "to do", "in_progress": "in progress", "done": "done"}


def chosen(page: SprintPage, kind: str | None) -> tuple[str | None, list[SprintIssue]]:
    """The kind's words and its issues; all issues and None where the kind is not one."""
    rows = list(page.issues)
    if kind is not None and kind in KINDS:
        words, is_meant = KINDS[kind]
        return words, [one for one in rows if is_meant(one)]
    if kind is not None and kind in MOVEMENTS:
        keys = moved_keys(page.burndown, kind)
        return MOVEMENTS[kind], [one for one in rows if one.key in keys]
    return None, rows


def moved_keys(chart: Burndown | None, kind: str) -> set[str]:
    """Keys of the issues that made a step of one kind."""
    return {event.issue_key for event in chart.events if event.kind == kind} if chart else set()


def labels(one: SprintIssue) -> Sequence[str]:
    """What is remarkable about an issue, as badges."""
    marks = (
        (one.is_added, "added"),
        (one.is_carried_over, "carried over"),
        (one.is_impediment, "impediment"),
        (one.points is None, "no estimate"),
    )
    return [name for is_so, name in marks if is_so]
