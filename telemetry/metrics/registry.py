"""Every figure by name: what it is called, its unit, what it means, where it comes from.

Read by the pages' definitions, the README's table and the API's descriptions. The long form of
each figure is its section, by slug, in definitions.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `keys` are the API's names for it, `source` what it is summed from.

    `field` is its field of `SprintFigures`, where that is not the first key.
    """

    slug: str
    title: str
    unit: str
    meaning: str
    source: str
    keys: tuple[str, ...]
    field: str = ""


def figures() -> Iterator[Figure]:
    """All figures, in the order of the pages."""
    for group in (SPRINT, BURNDOWN, ISSUES, TIME, IMPEDIMENTS, VELOCITY, QUARTER, FLOW):
        yield from group


@cache
def by_slug() -> dict[str, Figure]:
    """Every figure by its slug, which is also its anchor on the page of definitions."""
    return {figure.slug: figure for figure in figures()}


@cache
def by_key() -> dict[str, Figure]:
    """Every figure by the names that the API gives it."""
    return {key: figure for figure in figures() for key in figure.keys}


@cache
def by_field() -> dict[str, Figure]:
    """Every figure by the field of a sprint's figures that it would be, if it is one."""
    return {figure.field or next(iter(figure.keys), figure.slug): figure for figure in figures()}


_HISTORY: Final = "changelog of Sprint, estimate and Status; creation date"
_PLAN: Final = "committed points, the sprint's dates, the team's calendar"
_LOGS: Final = "work logs by the time they were started; sprint scope; impediments"
_CLOSED: Final = "facts of the team's last closed sprints"
_MOVES: Final = "changelog of Status; creation date"
_SPANS: Final = "labels, flags and nature as they are now; creation date; changelog of Status"

SPRINT: Final = (
    Figure(
        "committed",
        "Committed",
        "points",
        "What was in the sprint and not yet done at the moment it started.",
        _HISTORY,
        ("committed_points",),
    ),
    Figure(
        "added",
        "Added",
        "points",
        "Open work that came into the sprint after it started.",
        _HISTORY,
        ("added_points",),
    ),
    Figure(
        "removed",
        "Removed",
        "points",
        "Open work that was taken out of the sprint after it started.",
        _HISTORY,
        ("removed_points",),
    ),
    Figure(
        "reestimated",
        "Re-estimated",
        "points",
        "By how much estimates of open work in the sprint grew (negative: shrank) after the start.",
        _HISTORY,
        ("reestimated_points",),
    ),
    Figure(
        "burned",
        "Burned",
        "points",
        "Work that became done while in the sprint.",
        _HISTORY,
        ("burned_points",),
    ),
    Figure(
        "reopened",
        "Reopened",
        "points",
        "Work that was done and went back to open while in the sprint.",
        _HISTORY,
        ("reopened_points",),
    ),
    Figure(
        "completed",
        "Completed",
        "points",
        "What the sprint itself finished: in it and done at its end, and not done all along.",
        _HISTORY,
        ("completed_points",),
    ),
    Figure(
        "remaining",
        "Remaining",
        "points",
        "What is in the sprint and not done.",
        _HISTORY,
        ("remaining_points",),
    ),
    Figure(
        "done",
        "Done",
        "points",
        "What is in the sprint and done, including what was done before it started.",
        _HISTORY,
        ("done_points",),
    ),
    Figure(
        "in_progress",
        "In progress",
        "points",
        "What is in the sprint, started and not done.",
        _HISTORY,
        (),
        "in_progress_points",
    ),
    Figure(
        "total",
        "Total",
        "points",
        "All that is in the sprint now or was at its end: done and remaining together.",
        _HISTORY,
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
        _HISTORY,
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
        _HISTORY,
        ("unestimated_count",),
    ),
    Figure(
        "expected_remaining",
        "Expected remaining",
        "points",
        "What the ideal line leaves at this moment; it falls evenly over working time.",
        _PLAN,
        ("expected_remaining_points", "ideal_points"),
    ),
    Figure(
        "behind",
        "Behind",
        "points",
        "How much more remains than the ideal line leaves. Negative: ahead.",
        _PLAN,
        ("behind_points",),
    ),
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

BURNDOWN: Final = (
    Figure(
        "burndown",
        "Burndown",
        "points",
        "What remains at the end of each local day of the sprint, and every step in between.",
        _HISTORY,
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
        _HISTORY,
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
        _SPANS,
        ("is_impediment",),
    ),
)

TIME: Final = (
    Figure(
        "planned_time",
        "Planned time",
        "seconds",
        "Work logged on what was in the sprint at some moment and is no impediment.",
        _LOGS,
        ("planned_seconds",),
    ),
    Figure(
        "impediment_time",
        "Impediment time",
        "seconds",
        "Work logged on impediments.",
        _LOGS,
        ("impediment_seconds", "natures", "seconds"),
    ),
    Figure(
        "off_plan_time",
        "Off-plan time",
        "seconds",
        "All other work that the team logged: neither planned nor called an impediment.",
        _LOGS,
        ("off_plan_seconds",),
    ),
    Figure(
        "impediment_share",
        "Impediment share",
        "%",
        "Impediment time as a part of all logged time. Unknown where no time was logged.",
        _LOGS,
        ("impediment_share_percent",),
    ),
)

IMPEDIMENTS: Final = (
    Figure(
        "impediments",
        "Impediments",
        "issues",
        "Impediments that were opened, or worked on, in the time shown.",
        _SPANS,
        ("impediments", "count"),
        "impediment_count",
    ),
    Figure(
        "impediments_opened",
        "Opened",
        "issues",
        "Impediments created (or flagged) in the time shown.",
        _SPANS,
        ("opened_count", "opened_at"),
        "impediments_opened_count",
    ),
    Figure(
        "impediments_closed",
        "Closed",
        "issues",
        "Impediments that became done (or lost their flag) in the time shown, and are at its end.",
        _SPANS,
        ("closed_count", "closed_at"),
        "impediments_closed_count",
    ),
    Figure(
        "impediments_open",
        "Still open",
        "issues",
        "Impediments that are open at the end of the time shown.",
        _SPANS,
        ("open_count",),
        "impediments_open_count",
    ),
    Figure(
        "time_to_close",
        "Time to close",
        "hours",
        "The median time from opening to closing, of the impediments closed in the time shown.",
        _SPANS,
        ("median_hours_to_close",),
        "median_seconds_to_close",
    ),
    Figure(
        "open_days",
        "Open days",
        "working days",
        "The working days that impediments were open in the time shown; two open on one day are "
        "two. They stand for hours where a team logs no time.",
        f"{_SPANS}; the team's calendar",
        ("open_days", "present_count", "age_working_days"),
    ),
    Figure(
        "nature",
        "Nature",
        "",
        "Why an impediment happened, in the team's own words; unknown where nobody said.",
        "the team's nature field, else labels, component or type",
        ("by_nature", "nature"),
    ),
    Figure(
        "cumulative_share",
        "Cumulative share",
        "%",
        "The share of a nature in the hours, or open days, with those of all that cost more.",
        "impediment time or open days by nature",
        ("cumulative_percent", "share_percent"),
    ),
    Figure(
        "peak_day",
        "Peak days",
        "",
        "The five days with most impediment time, with the natures that took at least half of it "
        "and their issues.",
        _LOGS,
        ("peaks", "issue_keys"),
    ),
    Figure(
        "recurring",
        "What comes back",
        "issues",
        "Impediments, three or more, whose summaries share at least half of their words.",
        "summaries of the impediments opened or worked on in the time shown",
        ("recurring", "pattern"),
    ),
)

VELOCITY: Final = (
    Figure(
        "velocity",
        "Velocity",
        "points per working day",
        "What the last closed sprints completed, over the working days that they cover.",
        _CLOSED,
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
        _CLOSED,
        ("average_completion_percent",),
    ),
    Figure(
        "average_impediment",
        "Average impediment time",
        "seconds",
        "The mean impediment time of the last closed sprints.",
        _CLOSED,
        ("average_impediment_seconds",),
    ),
    Figure(
        "completed_of_committed",
        "Completed of committed",
        "%",
        "What each of the last closed sprints completed, as a part of what it committed to: the "
        "lowest, the middle and the highest. Above 100 where work was added and finished.",
        _CLOSED,
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

_EPICS: Final = "labels of epics; changelog of epic, estimate and Status of their children"

QUARTER: Final = (
    Figure(
        "roadmap",
        "Roadmap",
        "points",
        "The points of all children of the epics that have the quarter's label.",
        _EPICS,
        ("epics", "starts_on", "ends_on"),
    ),
    Figure(
        "progression",
        "Progression",
        "%",
        "Points done of all points of the quarter's epics, as of now.",
        _EPICS,
        ("progression_percent",),
    ),
    Figure(
        "working_days_left",
        "Working days left",
        "days",
        "The working days from today, included, to the quarter's last day; 0 once it is over.",
        "the team's calendar",
        ("working_days_left",),
    ),
    Figure(
        "days_to_complete",
        "Days to complete",
        "days",
        "The points that remain divided by velocity.",
        "the roadmap; velocity",
        ("days_to_complete",),
    ),
    Figure(
        "predictability",
        "Predictability",
        "days",
        "Working days left less days to complete: negative is late by so many working days.",
        "the roadmap; velocity; the team's calendar",
        ("predictability_days",),
    ),
    Figure(
        "security_coefficient",
        "Security coefficient",
        "",
        "The part of a quarter's capacity that is kept free: as configured, or by how much more "
        "than usual goes to impediments and off-plan work in it.",
        _LOGS,
        ("security_coefficient",),
    ),
    Figure(
        "capacity_limit",
        "Capacity limit",
        "points",
        "What the quarter's working days hold at the team's velocity, less the security.",
        "velocity; the team's calendar; the security coefficient",
        ("capacity_limit_points",),
    ),
    Figure(
        "at_end",
        "At its end",
        "points",
        "How a past quarter stood at its last day's end, with the epics, children, estimates and "
        "states of then.",
        _EPICS,
        ("at_end",),
    ),
    Figure(
        "weekly_completion",
        "Week by week",
        "%",
        "Progression at each week's end, with what came in and what came instead.",
        _EPICS,
        ("weeks", "impediments_opened", "scope_change_points"),
    ),
    Figure(
        "roadmap_burnup",
        "Burnup",
        "points",
        "Points in all and done at each day's end, of the epics that had the label then.",
        _EPICS,
        ("burnup",),
    ),
    Figure(
        "dependencies",
        "Dependencies",
        "issues",
        "Children of epics that are labelled dependency.",
        "labels as they are now",
        ("dependency_count",),
    ),
    Figure(
        "quarter_forecast",
        "Forecast of a quarter",
        "date",
        "When all epics of the running quarter are done, by chance, and the chance of its end.",
        "the last 60 working days of the roadmap; past quarters",
        ("forecast", "probability_percent", "dates", "done_by_end"),
    ),
    Figure(
        "quarter_drivers",
        "What moves the date",
        "working days",
        "An estimate of how many working days each thing moves the date with 85 percent.",
        "the forecast, computed without it",
        ("drivers",),
    ),
    Figure(
        "what_if",
        "What if",
        "",
        "The running quarter if its capacity, impediments, scope or security were otherwise.",
        "the days that its forecast is drawn from",
        ("what_if",),
    ),
    Figure(
        "program",
        "Program",
        "",
        "Epics with one label Project_NAME, of all teams together.",
        "labels of epics as they are now",
        ("program",),
    ),
)

FLOW: Final = (
    Figure(
        "cycle_time",
        "Cycle time",
        "elapsed days",
        "From first in progress to done. Unknown for what was never in progress.",
        _MOVES,
        ("cycle_days",),
    ),
    Figure(
        "lead_time",
        "Lead time",
        "elapsed days",
        "From creation to done.",
        _MOVES,
        ("lead_days",),
    ),
    Figure(
        "throughput",
        "Throughput",
        "items per week",
        "How many items became done in a week and still are.",
        _MOVES,
        ("throughput", "done_count"),
    ),
    Figure(
        "work_in_progress",
        "Work in progress",
        "items",
        "What is in progress now, and for how many days since it first was.",
        _MOVES,
        ("in_progress", "age_days"),
    ),
    Figure(
        "cumulative_flow",
        "Cumulative flow",
        "items",
        "How many items were to do, in progress and done at the end of each day.",
        _MOVES,
        ("cumulative", "todo_count", "in_progress_count"),
    ),
)
