"""What is said of a team's flow: how long items took, which lie, how many are done."""

from datetime import date

from telemetry.metrics.flow import FEWEST
from telemetry.report.shapes.flow import Flow, FlowItem, TypeFlow
from telemetry.words import targets as to
from telemetry.words.values import (
    NOTHING,
    Day,
    Figure,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    plural,
    sentence,
)

_PASSED = {0: "", 50: "past 50 of 100", 85: "past 85 of 100", 95: "past 95 of 100"}
_CYCLE, _PROGRESS = to.Flow("cycle-time"), to.Flow("in-progress")


def _of_type(whole: TypeFlow) -> str:
    return "" if whole.type_name is None else f" of type {whole.type_name}"


def _items(whole: TypeFlow, count: int, target: to.Target | None = None) -> Figure:
    """What is counted: items, or those of the type."""
    return figure(counted(count, "item"), _of_type(whole), to=target)


def took(found: Flow) -> Sentence:
    """How long the items took."""
    whole, known = found.whole, found.whole.cycle_days
    if found.as_of is None:
        return sentence("Nothing is known yet: the first pull of this team has not ended.")
    if not whole.done_count:
        return sentence(f"No item{_of_type(whole)} was done in these days.")
    done = _items(whole, whole.done_count)
    if known is None:
        return sentence(
            done,
            f" {plural(whole.done_count, 'was', 'were')} done in these days, ",
            _timed(whole),
            f" a known cycle time: percentiles need at least {FEWEST}.",
        )
    return sentence(
        "Of ",
        done,
        " done, 85 of 100 took at most ",
        figure(counted(known.days_85, "day"), to=_CYCLE),
        " from first in progress to done; half took at most ",
        figure(counted(known.days_50, "day"), to=_CYCLE),
        ".",
    )


def _timed(whole: TypeFlow) -> Part:
    count = whole.done_count - whole.never_begun_count
    if whole.done_count == 1:
        return "with" if count else "without"
    if not whole.never_begun_count:
        return "all with"
    return sentence(Number(count), " with") if count else "none with"


def why_no_cycle(whole: TypeFlow) -> str:
    """Why there is no chart of cycle times."""
    if whole.done_count:
        return "Nothing that was done in these days had been in progress before."
    return "Nothing was done in these days."


def lies(found: Flow) -> Sentence:
    """What is in progress, and how much of it for longer than usual."""
    whole, items = found.whole, found.in_progress
    if found.as_of is None:
        return sentence("Nothing is known yet.")
    if not items:
        return sentence(f"No item{_of_type(whole)} is in progress.")
    count, oldest, late = whole.in_progress_count, items[0], NOTHING
    if whole.late_count is not None:
        late = sentence(", ", _late(whole.late_count, count), " longer than 85 of 100 took")
    return sentence(
        _items(whole, count, _PROGRESS),
        f" {plural(count, 'is', 'are')} in progress",
        late,
        "; it is " if count == 1 else "; the oldest is ",
        figure(oldest.key, to=to.issue_page(oldest.url, oldest.key, oldest.summary)),
        ", in progress for ",
        counted(oldest.age_days or 0, "day"),
        ".",
    )


def _late(late: int, count: int) -> Sentence:
    """How many of those in progress are so for longer, before the word."""
    if count == 1:
        return sentence(figure("for") if late else "not for")
    many = "none" if not late else "all" if late == count else Number(late)
    return sentence(figure(many), " for")


def flows(found: Flow, mean: float | None, today: date) -> Sentence:
    """How much was done, at which mean a week, what is left, and whether it grew."""
    whole = found.whole
    if found.as_of is None or not found.days:
        return sentence("Nothing is known of these days yet.")
    first, last = found.days[0], found.days[-1]
    left = last.todo_count + last.in_progress_count
    grown = left - first.todo_count - first.in_progress_count
    change: Part = "as many as on "
    if grown:
        more = "more" if grown > 0 else "fewer"
        change = sentence(Number(abs(grown)), f" {more} than on ")
    return sentence(
        _items(whole, whole.done_count),
        f" {plural(whole.done_count, 'was', 'were')} done",
        NOTHING if mean is None else sentence(", ", Number(mean), " a week"),
        "; ",
        figure(Number(left)),
        f" {plural(left, 'is', 'are')} not done at the end, ",
        change,
        Day(first.day, today),
        ".",
    )


def passed(item: FlowItem) -> str:
    """The highest rank whose cycle time an item's age has passed."""
    return "" if item.passed is None else _PASSED[item.passed]
