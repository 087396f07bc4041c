"""What a sprint is made of, and how far it is: its scope, burndown and issues."""

from typing import Final

from telemetry.metrics.registered.figure import HISTORY, PLAN, SPANS, Figure

SPRINT: Final = (
    Figure(
        "committed",
        "Committed",
        "points",
        "What was in the sprint and not yet done at the moment it started.",
        HISTORY,
        ("committed_points",),
    ),
    Figure(
        "added",
        "Added",
        "points",
        "Open work that came into the sprint after it started.",
        HISTORY,
        ("added_points",),
    ),
    Figure(
        "removed",
        "Removed",
        "points",
        "Open work that was taken out of the sprint after it started.",
        HISTORY,
        ("removed_points",),
    ),
    Figure(
        "reestimated",
        "Re-estimated",
        "points",
        "By how much estimates of open work in the sprint grew (negative: shrank) after the start.",
        HISTORY,
        ("reestimated_points",),
    ),
    Figure(
        "burned",
        "Burned",
        "points",
        "Work that became done while in the sprint.",
        HISTORY,
        ("burned_points",),
    ),
    Figure(
        "reopened",
        "Reopened",
        "points",
        "Work that was done and went back to open while in the sprint.",
        HISTORY,
        ("reopened_points",),
    ),
    Figure(
        "completed",
        "Completed",
        "points",
        "What the sprint itself finished: in it and done at its end, and not done all along.",
        HISTORY,
        ("completed_points",),
    ),
    Figure(
        "remaining",
        "Remaining",
        "points",
        "What is in the sprint and not done.",
        HISTORY,
        ("remaining_points",),
    ),
    Figure(
        "done",
        "Done",
        "points",
        "What is in the sprint and done, including what was done before it started.",
        HISTORY,
        ("done_points",),
    ),
    Figure(
        "in_progress",
        "In progress",
        "points",
        "What is in the sprint, started and not done.",
        HISTORY,
        (),
        "in_progress_points",
    ),
    Figure(
        "total",
        "Total",
        "points",
        "All that is in the sprint now or was at its end: done and remaining together.",
        HISTORY,
        ("total_points", "scope_points"),
    ),
    Figure(
        "completion",
        "Completion",
        "%",
        "The share of the sprint's points that is done. Unknown while it holds no points.",
        "done and total points",
        ("completion_percent",),
    ),
    Figure(
        "commitment_kept",
        "Commitment kept",
        "%",
        "The share of the committed points whose issues the sprint completed.",
        HISTORY,
        ("commitment_kept_percent",),
    ),
    Figure(
        "carried_over",
        "Carried over",
        "points",
        "Committed work that was already in an earlier sprint when that one closed.",
        "changelog of Sprint; closing dates of earlier sprints",
        ("carried_over_points",),
    ),
    Figure(
        "unestimated",
        "Unestimated",
        "issues",
        "Open issues in the sprint without an estimate: work that no points show.",
        HISTORY,
        ("unestimated_count",),
    ),
    Figure(
        "expected_remaining",
        "Expected remaining",
        "points",
        "What the ideal line leaves at this moment; it falls evenly over working time.",
        PLAN,
        ("expected_remaining_points", "ideal_points"),
    ),
    Figure(
        "behind",
        "Behind",
        "points",
        "How much more remains than the ideal line leaves. Negative: ahead.",
        PLAN,
        ("behind_points",),
    ),
)

BURNDOWN: Final = (
    Figure(
        "burndown",
        "Burndown",
        "points",
        "What remains at the end of each local day of the sprint, and every step in between.",
        HISTORY,
        ("days", "events", "kind", "points"),
    ),
)

ISSUES: Final = (
    Figure(
        "outcome",
        "Outcome",
        "",
        "What became of an issue in the sprint: completed, not completed, removed, or completed "
        "elsewhere.",
        HISTORY,
        ("outcome",),
    ),
    Figure(
        "is_added",
        "Added after the start",
        "",
        "The issue was not in the sprint when it started.",
        "changelog of Sprint; creation date",
        ("is_added",),
    ),
    Figure(
        "is_impediment",
        "Impediment",
        "",
        "The issue is one that keeps the team from its plan, by label or, where the team wants it, "
        "by flag.",
        SPANS,
        ("is_impediment",),
    ),
)
