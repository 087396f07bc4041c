"""What the last closed sprints tell of the next."""

from typing import Final

from telemetry.metrics.registered.figure import CLOSED, Figure

VELOCITY: Final = (
    Figure(
        "velocity",
        "Velocity",
        "points per working day",
        "What the last closed sprints completed, over the working days that they cover.",
        CLOSED,
        ("velocity_points_per_day",),
    ),
    Figure(
        "working_days",
        "Working days",
        "days",
        "The days worked from a sprint's start to its end, both included, by the team's calendar.",
        "the team's working week, holidays and days off",
        ("working_days",),
    ),
    Figure(
        "average_completion",
        "Average completion",
        "%",
        "The mean completion of the last closed sprints.",
        CLOSED,
        ("average_completion_percent",),
    ),
    Figure(
        "average_impediment",
        "Average impediment time",
        "seconds",
        "The mean impediment time of the last closed sprints.",
        CLOSED,
        ("average_impediment_seconds",),
    ),
    Figure(
        "completed_of_committed",
        "Completed of committed",
        "%",
        "What each of the last closed sprints completed, as a part of what it committed to: the "
        "lowest, the middle and the highest. Above 100 where work was added and finished.",
        CLOSED,
        (),
    ),
    Figure(
        "capacity",
        "Capacity",
        "points",
        "An estimate of what the working days of a sprint to come hold: velocity times working "
        "days, with the range of the last closed sprints.",
        "velocity; the planned dates, else the usual ones; the team's calendar",
        ("capacity", "low_points", "median_points", "high_points"),
    ),
    Figure(
        "coming_over",
        "May come over",
        "points",
        "An estimate of what the running sprint leaves of its present scope at its planned end: "
        "all points less those that are done by then with 50 percent.",
        "points in the sprint; the forecast of what is done by its planned end",
        ("coming",),
    ),
)
