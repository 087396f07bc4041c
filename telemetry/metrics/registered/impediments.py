"""Logged time, and what kept the team from its plan."""

from typing import Final

from telemetry.metrics.registered.figure import LOGS, SPANS, Figure

TIME: Final = (
    Figure(
        "planned_time",
        "Planned time",
        "seconds",
        "Work logged on what was in the sprint at some moment and is no impediment.",
        LOGS,
        ("planned_seconds",),
    ),
    Figure(
        "impediment_time",
        "Impediment time",
        "seconds",
        "Work logged on impediments.",
        LOGS,
        ("impediment_seconds", "natures", "seconds"),
    ),
    Figure(
        "off_plan_time",
        "Off-plan time",
        "seconds",
        "All other work that the team logged: neither planned nor called an impediment.",
        LOGS,
        ("off_plan_seconds",),
    ),
    Figure(
        "impediment_share",
        "Impediment share",
        "%",
        "Impediment time as a part of all logged time. Unknown where no time was logged.",
        LOGS,
        ("impediment_share_percent",),
    ),
)

IMPEDIMENTS: Final = (
    Figure(
        "impediments",
        "Impediments",
        "issues",
        "Impediments that were opened, or worked on, in the time shown.",
        SPANS,
        ("impediments", "count"),
        "impediment_count",
    ),
    Figure(
        "impediments_opened",
        "Opened",
        "issues",
        "Impediments created (or flagged) in the time shown.",
        SPANS,
        ("opened_count", "opened_at"),
        "impediments_opened_count",
    ),
    Figure(
        "impediments_closed",
        "Closed",
        "issues",
        "Impediments that became done (or lost their flag) in the time shown, and are at its end.",
        SPANS,
        ("closed_count", "closed_at"),
        "impediments_closed_count",
    ),
    Figure(
        "impediments_open",
        "Still open",
        "issues",
        "Impediments that are open at the end of the time shown.",
        SPANS,
        ("open_count",),
        "impediments_open_count",
    ),
    Figure(
        "time_to_close",
        "Time to close",
        "hours",
        "The median time from opening to closing, of the impediments closed in the time shown.",
        SPANS,
        ("median_hours_to_close",),
        "median_seconds_to_close",
    ),
    Figure(
        "open_days",
        "Open days",
        "working days",
        "The working days that impediments were open in the time shown; two open on one day are "
        "two. They stand for hours where a team logs no time.",
        f"{SPANS}; the team's calendar",
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
        LOGS,
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
