"""What a tracker's data contradict: the kinds, what to do about each, and one finding.

Read by the three modules that look for findings and by the page and the API that show them.
Nothing here names or ranks people: a finding is about an issue, a sprint or a status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from telemetry.domain.calendar import Calendar

GRACE_WORKING_DAYS: Final = 1  # people log work and close issues in either order
WORK_WINDOW: Final = timedelta(days=90)  # how far back work logs are looked at


class Contradiction(StrEnum):
    """The kinds, in the order in which they distort figures that a team looks at today."""

    UNESTIMATED = "unestimated"
    TWO_ACTIVE_SPRINTS = "two_active_sprints"
    LATE_SPRINT = "late_sprint"
    BACK_DATED = "back_dated"
    EMPTY_START = "empty_start"
    NO_COMPLETION = "no_completion"
    FUTURE_SPRINT = "future_sprint"
    FUTURE_CHANGE = "future_change"
    FUTURE_WORK = "future_work"
    WORK_AFTER_DONE = "work_after_done"
    LONG_WORK_LOG = "long_work_log"
    DOUBLED_WORK = "doubled_work"
    IMPEDIMENT_WITHOUT_TIME = "impediment_without_time"
    ESTIMATE_AFTER_DONE = "estimate_after_done"
    SUBTASK_ESTIMATE = "subtask_estimate"
    ODD_QUARTER = "odd_quarter"
    SEVERAL_QUARTERS = "several_quarters"
    CHILDLESS_EPIC = "childless_epic"
    OPEN_CHILDREN = "open_children"
    MENDED_HISTORY = "mended_history"
    MIGRATED_STATUS = "migrated_status"
    UNLISTED_STATUS = "unlisted_status"
    DOUBTED_CHANGES = "doubted_changes"
    ZONELESS = "zoneless"
    UNREAD = "unread"
    RECATEGORIZED = "recategorized"
    RELEVELLED = "relevelled"
    SHARED = "shared"
    OPEN_CHOICE = "open_choice"
    SETTING = "setting"


ABOUT_SPRINTS: Final = frozenset(
    {
        Contradiction.LATE_SPRINT,
        Contradiction.BACK_DATED,
        Contradiction.EMPTY_START,
        Contradiction.NO_COMPLETION,
        Contradiction.FUTURE_SPRINT,
    }
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A kind's title, and one sentence saying why it matters and what to do in Jira."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction of one issue (`issue_id`), sprint (`sprint_id`) or status (`status_id`).

    `at` is when what contradicts happened, `against_at` the instant that it contradicts: the
    issue became done, the sprint was to end, the impediment was closed. `count` is of work logs,
    changes, issues or working days, as the kind says. `before` and `after` are status ids or
    points; `sprint_ids` are the sprints concerned, `field_names` the fields that were mended or are
    dated in the future (values of `Field`, or `creation`); `crosses_done` tells of a migrated
    status whether that made the issue done, or no longer done.
    """

    kind: Contradiction
    issue_id: int | None = None
    sprint_id: int | None = None
    status_id: str | None = None
    at: datetime | None = None
    against_at: datetime | None = None
    seconds: int | None = None
    count: int | None = None
    before: str | float | None = None
    after: str | float | None = None
    sprint_ids: tuple[int, ...] = ()
    field_names: tuple[str, ...] = ()
    crosses_done: bool = False


def is_past_grace(calendar: Calendar, since: datetime, at: datetime) -> bool:
    """Whether an instant lies after the working day that follows another one's day."""
    return at >= grace_ends_at(calendar, since)


def grace_ends_at(calendar: Calendar, since: datetime) -> datetime:
    """The first instant after the working day that follows an instant's day."""
    last = calendar.add_working_days(calendar.day_of(since), GRACE_WORKING_DAYS)
    return calendar.day_end(last)


def data_of(finding: Finding) -> dict[str, Any]:
    """What a finding says beside its kind and what it is about, as JSON takes it."""
    return {name: value for name in _DATA if (value := getattr(finding, name)) != _DEFAULTS[name]}


def with_data(finding: Finding, data: Mapping[str, Any]) -> Finding:
    """The finding with what `data_of` made of it, read from JSON."""
    values = dict(data)
    for name in values.keys() & {"at", "against_at"}:
        values[name] = datetime.fromisoformat(values[name])
    for name in values.keys() & {"sprint_ids", "field_names"}:
        values[name] = tuple(values[name])
    return replace(finding, **values)


_DEFAULTS: Final = {one.name: one.default for one in fields(Finding)}
_DATA: Final = tuple(_DEFAULTS.keys() - {"kind", "issue_id", "sprint_id", "status_id"})


EXPLAINED: Final[Mapping[Contradiction, Explanation]] = {
    Contradiction.UNREAD: Explanation(
        "What could not be read",
        "It is left out of every figure, or stands as it was last known, and is read again at "
        "every pull: correct the value in Jira, or give the bot’s user the permission to see it.",
    ),
    Contradiction.SETTING: Explanation(
        "Settings that meet nothing",
        "What telemetry.yml names is not in Jira, so what rests on it is missing: correct the "
        "line, or what it names in Jira; ‘telemetry check’ tells the same.",
    ),
    Contradiction.SHARED: Explanation(
        "Teams that count the same",
        "Sprints, hours and impediments are in the figures of each of them: give each its own "
        "board, or narrow each with ‘jql:’.",
    ),
    Contradiction.OPEN_CHOICE: Explanation(
        "What boards leave open",
        "Jira does not tell for sure what a point is, or what is done, so figures go by what is "
        "named here: set the board as it is meant, or say it in telemetry.yml.",
    ),
    Contradiction.RECATEGORIZED: Explanation(
        "Statuses that mean something else than before",
        "Past sprints count by today’s category, so their figures moved without any work: set it "
        "back in Jira if that was not meant, or name with ‘done_statuses:’ what is done.",
    ),
    Contradiction.RELEVELLED: Explanation(
        "Issue types of another level than before",
        "Epics and sub-tasks carry no points, in past sprints either, so figures moved without any "
        "work: set the level of the type back in Jira if that was not meant.",
    ),
    Contradiction.DOUBTED_CHANGES: Explanation(
        "Changes that could be those of several fields",
        "Jira’s history names the field, and several are called so: figures take the changes that "
        "lead to today’s values, and others do, too: look whether the issue’s past estimates are "
        "right, and give the fields names of their own for changes to come.",
    ),
    Contradiction.ZONELESS: Explanation(
        "Dates without a time zone",
        "They are read as UTC, so they may be hours off and lie on another day: let what wrote or "
        "passes them on (an import, an app, a proxy) give their offset, as Jira does.",
    ),
    Contradiction.UNESTIMATED: Explanation(
        "Open issues without an estimate in a running sprint",
        "They count as nothing, so the burndown shows less work than there is: estimate them, or "
        "set ‘estimate: issue_count’ for a team that does not estimate.",
    ),
    Contradiction.TWO_ACTIVE_SPRINTS: Explanation(
        "Issues in two active sprints",
        "Both sprints count their points, so they are promised twice: leave each in the sprint "
        "that it is worked on in.",
    ),
    Contradiction.LATE_SPRINT: Explanation(
        "Sprints that ran on long after their planned end",
        "Velocity divides by days that were not planned, and the ideal line stays at zero: "
        "complete a sprint when it ends, or correct its end date.",
    ),
    Contradiction.BACK_DATED: Explanation(
        "Sprints dated back from the day they were started",
        "They count from when they really were started, so the plan in Jira promises days that "
        "were not there: set the start date to that day.",
    ),
    Contradiction.EMPTY_START: Explanation(
        "Sprints with nothing in them when they started",
        "Nothing counts as committed and all of it as added, as when the start date was set back "
        "before the planning: fill a sprint before it starts, and start it when planning ends.",
    ),
    Contradiction.NO_COMPLETION: Explanation(
        "Closed sprints without a completion date",
        "Their planned end is taken instead, so what was done later is missing: reopen and "
        "complete such a sprint in Jira, or correct its end date.",
    ),
    Contradiction.FUTURE_SPRINT: Explanation(
        "Sprints that run or are closed, and are dated in the future",
        "A start or a close that has not come counts from its day on, until then such a sprint has "
        "no figures or runs on in them: correct its dates.",
    ),
    Contradiction.FUTURE_CHANGE: Explanation(
        "Changes dated in the future",
        "They have not happened yet, so figures show the issue as it was before: such dates come "
        "from an import or from a clock that was wrong, and there is nothing to do once they pass.",
    ),
    Contradiction.FUTURE_WORK: Explanation(
        "Work logged in the future",
        "Its hours count on days that have not come, not on those when it was done: correct the "
        "start of the work log.",
    ),
    Contradiction.WORK_AFTER_DONE: Explanation(
        "Work logged on issues that were already done",
        "Its hours count as planned work though nothing of the plan was left (one working day is "
        "allowed for): reopen the issue, or log the work where it was done.",
    ),
    Contradiction.LONG_WORK_LOG: Explanation(
        "Work logs longer than 24 hours",
        "All of their hours count on the day of their start and make a peak of it: log the work "
        "day by day, or correct a wrong unit.",
    ),
    Contradiction.DOUBLED_WORK: Explanation(
        "Work logs that another issue shows, too",
        "Jira shows one work log, by its id, under several issues, as after an import or by an "
        "app: it counts once, under the issue where it was changed last; delete it where it does "
        "not belong.",
    ),
    Contradiction.IMPEDIMENT_WITHOUT_TIME: Explanation(
        "Impediments without time",
        "The team logs time, but what these cost is in no figure (one working day is allowed "
        "for): log the work on the impediment or its sub-tasks, or take its label away.",
    ),
    Contradiction.ESTIMATE_AFTER_DONE: Explanation(
        "Estimates changed after done",
        "Completed points and velocity change after the fact: put the estimate back, and take "
        "what was learnt into the next planning.",
    ),
    Contradiction.SUBTASK_ESTIMATE: Explanation(
        "Sub-tasks with estimates in a running sprint",
        "Sub-tasks carry no points, so these count nowhere: give the estimate to the parent.",
    ),
    Contradiction.ODD_QUARTER: Explanation(
        "Epics with a label that is no quarter",
        "It looks like one and is read as none, so the epic is in no roadmap by it: write it as "
        "Q1 to Q4 and the year in which the fiscal year ends, such as Q3-26.",
    ),
    Contradiction.SEVERAL_QUARTERS: Explanation(
        "Epics of several quarters",
        "Their children count in each of them, what is done and what is left alike: take the label "
        "of the quarter away that they are no longer promised for, or split the epic.",
    ),
    Contradiction.CHILDLESS_EPIC: Explanation(
        "Epics that are done without children",
        "Nothing below them says what was done, so they count as nothing in their quarter and its "
        "progress: link the issues that were done for them, or take the quarter’s label away.",
    ),
    Contradiction.OPEN_CHILDREN: Explanation(
        "Closed epics with open children",
        "What is open below them is still left in their quarter, its forecast and its date: close "
        "the children, move them to another epic, or reopen the epic.",
    ),
    Contradiction.MENDED_HISTORY: Explanation(
        "Issues whose history is not what Jira shows now",
        "Their changes end elsewhere, or name ids that mean something else here, as after an "
        "import or a scripted edit: figures follow what Jira shows now, so correct an issue whose "
        "present value is wrong.",
    ),
    Contradiction.MIGRATED_STATUS: Explanation(
        "Status changes made by a workflow migration",
        "Nobody worked then, yet burndown and cycle time show a step that day: there is nothing "
        "to mend, but correct an issue whose status is wrong since.",
    ),
    Contradiction.UNLISTED_STATUS: Explanation(
        "Statuses that Jira no longer lists",
        "Jira does not say whether they mean done, so they count as said here: name them in "
        "‘done_statuses’ if that is wrong, and move the issues that are still in one.",
    ),
}
