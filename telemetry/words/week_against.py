"""A week beside the one before it, and beside itself as it was when it froze."""

from collections.abc import Callable
from math import isclose

from telemetry.report.reviews.week_shapes import WeekEdits, WeekFigures, WeekReview
from telemetry.words.reviews import Line
from telemetry.words.values import NOTHING, Number, Part, Sentence, counted, hours, sentence


def against(review: WeekReview) -> tuple[Line, ...]:
    """The week beside the one before it; none where that is not known."""
    now, then = review.kept.figures, review.kept.before
    if then is None:
        return ()
    lines = [
        _line("Items done", now, then, lambda one: Number(one.done_count)),
        _line("Half took at most", now, then, lambda one: _days(one.cycle_days)),
        _line("Items created", now, then, lambda one: Number(one.came_count)),
        _line("In progress at the end", now, then, lambda one: Number(one.in_progress_count)),
    ]
    if now.done_points is not None or then.done_points is not None:
        lines.insert(1, _line("Points done", now, then, lambda one: Number(one.done_points or 0)))
    if review.kept.has_time:
        lines.append(
            _line("Impediments", now, then, lambda one: hours(one.time.impediment_seconds))
        )
    lines.append(_line("Impediments opened", now, then, lambda one: Number(one.opened_count)))
    return tuple(lines)


def _line(
    label: str, now: WeekFigures, then: WeekFigures, said: Callable[[WeekFigures], Number]
) -> Line:
    return Line(label, sentence(said(now)), sentence(said(then)))


def _days(value: float | None) -> Number:
    return counted(None if value is None else round(value, 1), "day")


def since(edits: WeekEdits | None) -> Sentence:
    """What later edits changed of a week that froze; nothing where none did."""
    if edits is None or not edits.is_edited:
        return NOTHING
    then, now = edits.then, edits.now
    pairs = (
        ("items done", Number(then.done_count), Number(now.done_count)),
        ("points done", Number(then.done_points), Number(now.done_points)),
        ("days that half took at most", _plain(then.cycle_days), _plain(now.cycle_days)),
        ("items created", Number(then.came_count), Number(now.came_count)),
        ("items begun", Number(then.begun_count), Number(now.begun_count)),
        ("items reopened", Number(then.reopened_count), Number(now.reopened_count)),
        ("in progress", Number(then.in_progress_count), Number(now.in_progress_count)),
        ("time logged", hours(then.time.all_seconds), hours(now.time.all_seconds)),
        (
            "time on impediments",
            hours(then.time.impediment_seconds),
            hours(now.time.impediment_seconds),
        ),
        ("impediments", Number(then.impediment_count), Number(now.impediment_count)),
        ("impediments opened", Number(then.opened_count), Number(now.opened_count)),
        ("impediments closed", Number(then.closed_count), Number(now.closed_count)),
        ("impediments open", Number(then.open_count), Number(now.open_count)),
    )
    parts: list[Part] = []
    for label, was, is_ in pairs:
        if not _is_same(was.value, is_.value):
            parts += ["; " if parts else None, f"{label} ", was, " then, ", is_, " now"]
    return sentence(*parts, ".") if parts else NOTHING


def _plain(value: float | None) -> Number:
    return Number(None if value is None else round(value, 1))


def _is_same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, abs_tol=1e-6)
