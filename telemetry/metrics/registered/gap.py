"""Why a sprint completed less than it committed to."""

from typing import Final

from telemetry.metrics.registered.figure import Figure

GAP: Final = (
    Figure(
        "gap",
        "Why the gap",
        "points",
        "Committed minus completed, split issue by issue into parts that sum exactly; further "
        "parts, marked as estimates, say what may explain the unfinished one.",
        "outcomes of the sprint's issues; logged time above the usual",
        ("gap", "cause", "is_exact"),
    ),
    Figure(
        "impediment_cost",
        "Cost of impediments",
        "points",
        "An estimate of the points that the time lost to impediments could have brought: what it "
        "usually costs by now, and the surplus above that.",
        "logged time; points per planned hour of the last closed sprints",
        ("impediment_cost", "usual_points", "surplus_points"),
    ),
    Figure(
        "without_impediments",
        "Without impediments",
        "points",
        "An estimate of what would remain had the time lost to impediments and to unusual "
        "off-plan work gone into the plan.",
        "logged time; points per planned hour of the last closed sprints",
        ("remaining_without_impediments_points",),
    ),
)
