"""What is forecast of a sprint, and how well such forecasts came true."""

from typing import Final

from telemetry.metrics.registered.figure import Figure

FORECASTS: Final = (
    Figure(
        "finish_in_time",
        "Chance of the planned end",
        "percent",
        "The chance that nothing is left by the planned end: simulated on the team's own days, "
        "corrected by what its earlier forecasts really took. Unknown while too few sprints have "
        "closed.",
        "points done and added per working day of the last closed sprints; past forecasts",
        ("finish_in_time_percent", "finish_in_time_calibration"),
    ),
    Figure(
        "done_by_planned_end",
        "Done by the planned end",
        "points",
        "The points that will be done by the planned end with 50 and with 85 percent, from the "
        "same forecast.",
        "points done and added per working day of the last closed sprints; past forecasts",
        ("done_by_planned_end", "done_by_planned_end_calibration"),
    ),
    Figure(
        "projected_finish",
        "Projected finish",
        "date",
        "The day by which the rest is done with 50, 85 and 95 percent, from the same forecast. "
        "Without a day where too many of such rests were never done.",
        "points done and added per working day of the last closed sprints; past forecasts",
        ("projected_finish_on", "projected_finish_dates"),
    ),
    Figure(
        "calibration",
        "Calibration",
        "percent",
        "Of what would have been forecast on each working day of the sprints closed in the past "
        "year, from what was known then: how much held.",
        "the forecast made again on past days; what really came of each sprint",
        ("projected_finish_calibration", "promised_percent", "came_true_percent"),
    ),
    Figure(
        "forecast_record",
        "Shown forecasts",
        "",
        "What pages forecast, recorded once a day as it was first shown and kept for a year: held "
        "against what came once the days it gave are over.",
        "the record of forecasts; what really came of each sprint, epic, quarter and program",
        ("forecast_count", "subject_count", "gone_count"),
    ),
    Figure(
        "brier",
        "Brier score",
        "",
        "The mean square by which chances of the planned end were off: 0 is perfect, 0.25 is what "
        "a coin scores. Beside it what always saying how often it came would have scored.",
        "chances that were given; whether all was done by the planned end",
        ("brier", "base_brier", "skill_percent"),
    ),
    Figure(
        "forecast_width",
        "Width of forecasts",
        "working days",
        "Working days from the day given with 50 percent to the one given with 85; the median. Of "
        "two forecasts that keep their word the narrower one tells more.",
        "days that were given, by the team's calendar",
        ("median_width_working_days", "median_working_days"),
    ),
    Figure(
        "pinball_loss",
        "Missed by",
        "working days",
        "The mean pinball loss: by how many working days a given day was missed, weighed by its "
        "chance, so that neither too early nor too late a day pays.",
        "days that were given; when all was done",
        ("pinball_loss",),
    ),
)
