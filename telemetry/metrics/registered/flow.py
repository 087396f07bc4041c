"""How work flows, with or without sprints."""

from typing import Final

from telemetry.metrics.registered.figure import MOVES, Figure

FLOW: Final = (
    Figure(
        "cycle_time",
        "Cycle time",
        "elapsed days",
        "From first in progress to done. Unknown for what was never in progress.",
        MOVES,
        ("cycle_days",),
    ),
    Figure(
        "lead_time",
        "Lead time",
        "elapsed days",
        "From creation to done.",
        MOVES,
        ("lead_days",),
    ),
    Figure(
        "throughput",
        "Throughput",
        "items per week",
        "How many items became done in a week and still are.",
        MOVES,
        ("throughput", "done_count"),
    ),
    Figure(
        "work_in_progress",
        "Work in progress",
        "items",
        "What is in progress now, and for how many days since it first was.",
        MOVES,
        ("in_progress", "age_days"),
    ),
    Figure(
        "cumulative_flow",
        "Cumulative flow",
        "items",
        "How many items were to do, in progress and done at the end of each day.",
        MOVES,
        ("cumulative", "todo_count", "in_progress_count"),
    ),
)
