"""The issues behind a figure, a change or a day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.issues import OffPlanIssue, SprintIssue
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.words.days import day
from web.pages.sprint.listing import AS_IT_IS, Listing, listed, outcomes_of, types_of
from web.show.links import OFF_PLAN
from web.show.numbers import (
    counted,
    number,
)

KINDS: Mapping[str, tuple[str, Callable[[SprintIssue], bool]]] = {
    "committed": ("committed at the start", lambda one: one.is_committed),
    "kept": (
        "committed and completed",
        lambda one: one.is_committed and one.outcome == "completed",
    ),
    "taken_out": (
        "committed and taken out",
        lambda one: one.is_committed and one.outcome == "removed",
    ),
    "regauged": (
        "committed, completed and re-estimated",
        lambda one: (
            one.is_committed
            and one.outcome == "completed"
            and (one.initial_points or 0) != (one.points or 0)
        ),
    ),
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
    "total": ("in scope", lambda one: one.outcome != "removed"),
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
    "planned": (
        "with planned hours in the sprint",
        lambda one: one.seconds > 0 and not one.is_impediment,
    ),
    "logged": ("with time logged in the sprint", lambda one: one.seconds > 0),
    "elsewhere": (
        "completed before the start",
        lambda one: one.outcome == "completed_elsewhere",
    ),
}
MOVEMENTS = {
    "added": "added after the start",
    "removed": "taken out after the start",
    "reestimated": "re-estimated",
    "burned": "burned",
    "reopened": "reopened",
}
SHOWN = 50  # issues; the rest of a longer list is one link away
WHOLE = "all"
OFF_PLAN_WORDS = "with off-plan hours in the sprint"


@dataclass(frozen=True, slots=True)
class IssueList:
    """`words` say which issues, None: all; `more` are left out of the rows, `whole` shows them.

    `count` are those that pass the filters, of `all_count`. `off_plan` stands instead of the rows
    where the issues were never in the sprint.
    """

    words: str | None
    rows: Sequence[SprintIssue]
    count: int
    all_count: int
    more: int = 0
    whole: str = WHOLE
    off_plan: Sequence[OffPlanIssue] | None = None
    points: str = ""  # of all of them together
    types: Sequence[str] = ()
    outcomes: Sequence[str] = ()
    has_impediments: bool = False


def issue_list(
    page: SprintPage,
    kind: str,
    zone: ZoneInfo,
    off_plan: Callable[[], Sequence[OffPlanIssue]],
    listing: Listing = AS_IT_IS,
) -> IssueList:
    """The issues that `kind` asks for, the first of them; with `all-` before it every one."""
    is_whole = kind == WHOLE or kind.startswith(f"{WHOLE}-")
    asked = kind.removeprefix(WHOLE).removeprefix("-") if is_whole else kind
    if asked == OFF_PLAN:
        every = off_plan()
        found = listed(every, listing)
        return IssueList(
            OFF_PLAN_WORDS, (), len(found), len(every), off_plan=found, types=types_of(every)
        )
    words, whole_list = chosen(page, asked, zone)
    rows = listed(whole_list, listing)
    more = 0 if is_whole else max(0, len(rows) - SHOWN)
    whole = f"{WHOLE}-{asked}" if words is not None else WHOLE
    is_running = page.sprint is not None and page.sprint.state == "active"
    return IssueList(
        words,
        rows[: len(rows) - more],
        len(rows),
        len(whole_list),
        more,
        whole,
        points="" if words is None and not listing.is_filtered else together(rows),
        types=types_of(whole_list),
        outcomes=outcomes_of(whole_list, is_running=is_running),
        has_impediments=any(one.is_impediment for one in whole_list),
    )


def together(rows: Sequence[SprintIssue]) -> str:
    """The points of the issues, also as they were when these came into the sprint."""
    now = sum(one.points or 0 for one in rows)
    first = sum(one.initial_points or 0 for one in rows)
    if first == now:
        return counted(now, "point") if now else ""
    return f"{counted(first, 'point')} when they came in, {number(now)} now"


def chosen(
    page: SprintPage, kind: str | None, zone: ZoneInfo
) -> tuple[str | None, list[SprintIssue]]:
    """The kind's words and its issues; all issues and None where the kind is not one."""
    rows = list(page.issues)
    if kind is not None and kind in KINDS:
        words, is_meant = KINDS[kind]
        return words, [one for one in rows if is_meant(one)]
    if kind is not None and kind in MOVEMENTS:
        keys = moved_keys(page.burndown, kind)
        return MOVEMENTS[kind], [one for one in rows if one.key in keys]
    moment = _moment(kind)
    if moment is not None:
        words, keys = _changed(page.burndown, *moment, zone, page.today)
        return words, [one for one in rows if one.key in keys]
    return None, rows


def moved_keys(chart: Burndown | None, kind: str) -> set[str]:
    """Keys of the issues that made a step of one kind."""
    return {event.issue_key for event in chart.events if event.kind == kind} if chart else set()


def _moment(kind: str | None) -> tuple[datetime, bool] | None:
    """What `day:2026-05-07` or `at:2026-05-07T09:00` names, and whether it is a whole day."""
    what, _, text = (kind or "").partition(":")
    try:
        if what == "day":
            return datetime.combine(date.fromisoformat(text), datetime.min.time()), True
        return (datetime.strptime(text, "%Y-%m-%dT%H:%M"), False) if what == "at" else None  # noqa: DTZ007 (the team's local time)
    except ValueError:
        return None


def _changed(
    chart: Burndown | None, moment: datetime, is_day: bool, zone: ZoneInfo, today: date
) -> tuple[str, set[str]]:
    """Words and keys of the issues changed on a local day, or in a local minute."""
    length = 10 if is_day else 16
    wanted = moment.isoformat()[:length]
    keys = {
        event.issue_key
        for event in (chart.events if chart else ())
        if event.at.astimezone(zone).isoformat()[:length] == wanted
    }
    return _changed_words(moment, is_day, today), keys


def _changed_words(moment: datetime, is_day: bool, today: date) -> str:
    words = f"changed on {day(moment.date(), today)}"
    return words if is_day else f"{words} at {moment:%H:%M}"


def moments(page: SprintPage, zone: ZoneInfo) -> Iterator[tuple[str, str, list[SprintIssue]]]:
    """What `chosen` gives for each day of a sprint and each minute of its changes, with its kind:
    in one pass, where asking for each would take half of a saved page's time.
    """
    chart = page.burndown
    if chart is None:
        return
    keys: dict[str, set[str]] = {str(one.day): set() for one in chart.days}
    for event in chart.events:
        minute = event.at.astimezone(zone).isoformat()[:16]
        keys.setdefault(minute, set()).add(event.issue_key)
        if minute[:10] in keys:
            keys[minute[:10]].add(event.issue_key)
    for text, found in keys.items():
        is_day = len(text) == 10
        words = _changed_words(datetime.fromisoformat(text), is_day, page.today)
        rows = [one for one in page.issues if one.key in found]
        yield f"{'day' if is_day else 'at'}:{text}", words, rows
