"""What the review of a week says: what was done, what came instead, and what lies."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telemetry.report.reviews.week_shapes import (
    WeekFigures,
    WeekKept,
    WeekReview,
    WeekSprint,
)
from telemetry.words.sprint import which
from telemetry.words.tame import tame
from telemetry.words.targets import External
from telemetry.words.values import (
    NOTHING,
    Day,
    Moment,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    hours,
    percent,
    plural,
    points,
    sentence,
)

NAME = 80  # characters of a sprint's name
DONE, PROGRESS, IMPEDIMENTS = (External(f"#{name}") for name in ("done", "progress", "impediments"))


def title(review: WeekReview) -> str:
    """What a week is called."""
    return f"Week {review.week.number} of {review.week.year}"


def status(review: WeekReview, zone: ZoneInfo) -> Sentence:
    """Whether it is a draft, when it froze, or that nobody kept it."""

    def at(moment: datetime) -> Moment:
        return Moment(moment.astimezone(zone), review.today)

    if review.frozen is None:
        if review.is_over:
            return sentence(
                "Not kept when it was over: as history tells it on ", at(review.as_of), "."
            )
        return sentence("Draft: the week is not over, and its figures move until it is.")
    if review.frozen.is_late:
        taken = at(review.frozen.taken_at)
        return sentence("As known on ", taken, ", when the week was over for long.")
    return sentence("Frozen at its end, as known on ", at(review.frozen.taken_at), ".")


def done(review: WeekReview) -> Sentence:
    """How much was done, beside the usual, how long it took, and what came in."""
    kept, so_far = review.kept, "" if review.is_over else " so far"
    figures, usual = kept.figures, kept.usual.done_count
    count = figures.done_count
    beside: Part = None
    if usual is not None:
        beside = sentence("; ", figure(Number(usual)), " is usual")
    if not count:
        opening = sentence(f"Nothing was done{so_far}", beside, ". ")
    else:
        some = figure(counted(count, "item"), to=DONE)
        opening = sentence(some, f" {plural(count, 'was', 'were')} done{so_far}", beside, ". ")
    return sentence(opening, _took(figures), _came(figures))


def _took(figures: WeekFigures) -> Sentence:
    if figures.cycle_days is None:
        return NOTHING
    took = figure(counted(round(figures.cycle_days, 1), "day"))
    if figures.done_count == 1:
        return sentence("It took ", took, " from first in progress to done. ")
    return sentence("Half took at most ", took, " from first in progress to done. ")


def _came(figures: WeekFigures) -> Sentence:
    came, begun, back = figures.came_count, figures.begun_count, figures.reopened_count
    parts: list[Part] = [
        figure(counted(came, "item")),
        f" {plural(came, 'was', 'were')} created, ",
        figure(Number(begun)),
        f" {plural(begun, 'was', 'were')} begun",
    ]
    if back:
        parts += [", ", Number(back), f" {plural(back, 'was', 'were')} reopened"]
    return sentence(*parts, ".")


def sprint(one: WeekSprint) -> Sentence:
    """What moved in a sprint that ran in the week."""
    burned = figure(points(one.burned_points))
    left = figure(points(one.left_points))
    return sentence(
        f"{tame(one.name, NAME)}: ",
        burned,
        f" {plural(one.burned_points, 'was', 'were')} burned, ",
        left,
        f" {plural(one.left_points, 'is', 'are')} left at the end.",
    )


def instead(review: WeekReview) -> Sentence:
    """How many impediments came up, what they cost against the usual, and the worst day."""
    kept = review.kept
    figures, time = kept.figures, kept.figures.time
    so_far = "" if review.is_over else " so far"
    if kept.impediments_unknown is not None:
        return sentence(kept.impediments_unknown)
    if kept.open_time is not None:
        return _open_instead(kept, so_far)
    count = figures.impediment_count
    if not count:
        spent = sentence("in ", figure(hours(time.all_seconds)), " logged")
        rest = spent if time.all_seconds else sentence("and no time was logged")
        return sentence(f"No impediment came up{so_far}, ", rest, ".")
    some = figure(counted(count, "impediment"), to=IMPEDIMENTS)
    if not time.impediment_seconds:
        rest_of = plural(count, "it", "them")
        return sentence(some, f" came up{so_far}; no time was logged on {rest_of}.")
    usual = kept.usual.impediment_seconds
    beside: Part = None if usual is None else sentence("; ", hours(usual), " is usual")
    return sentence(
        some,
        " took ",
        figure(hours(time.impediment_seconds), to=IMPEDIMENTS),
        ", ",
        percent(time.impediment_share_percent),
        " of the time logged",
        beside,
        ". ",
        which(kept.natures),
        _worst(review),
    )


def _open_instead(kept: WeekKept, so_far: str) -> Sentence:
    found = kept.open_time
    count = 0 if found is None else found.present_count
    if not count:
        return sentence(f"No impediment was open{so_far}.")
    some = figure(counted(count, "impediment"), to=IMPEDIMENTS)
    still = Number(kept.figures.open_count)
    verb = plural(kept.figures.open_count or 0, "was", "were")
    return sentence(
        some, f" {plural(count, 'was', 'were')} open{so_far}; ", still, f" {verb} so at the end."
    )


def _worst(review: WeekReview) -> Sentence:
    days = [row for row in review.kept.daily if row.time.impediment_seconds]
    if len(days) < 2:
        return sentence(".")
    worst = max(days, key=lambda row: row.time.impediment_seconds or 0)
    on, spent = Day(worst.start_on, review.today), hours(worst.time.impediment_seconds)
    return sentence("; ", figure(on), " was the worst day, with ", spent, ".")


def lies(review: WeekReview) -> Sentence:
    """What is in progress at the end, and what of it for too long."""
    kept = review.kept
    count, limit = kept.figures.in_progress_count, kept.ageing.limit_days
    then = "was" if review.is_over else "is"
    verb = then if count == 1 else {"was": "were", "is": "are"}[then]
    if not count:
        return sentence(f"Nothing {then} in progress", " at its end." if review.is_over else ".")
    some = figure(counted(count, "item"), to=PROGRESS)
    oldest, late = kept.in_progress[0], len(kept.ageing.issues)
    too_old: Part = None
    if limit is not None:
        share = figure(Number(late)) if late else "none"
        too_old = sentence(
            ", ", share, " for longer than 95 of 100 took (", counted(round(limit, 1), "day"), ")"
        )
    named: Part = None
    if oldest.days is not None and oldest.url:
        age = counted(round(oldest.days), "day")
        key = figure(oldest.key, to=External(oldest.url))
        named = sentence("; the oldest is ", key, ", in progress for ", age)
    return sentence(some, f" {verb} in progress", too_old, named, ".")


def outlook(review: WeekReview) -> Sentence:
    """How much a week usually brings, against what is in progress; nothing before three weeks."""
    usual = review.kept.usual
    count = review.kept.figures.in_progress_count
    if usual.done_count is None or usual.weeks < 3 or not count:
        return NOTHING
    if not usual.done_count:
        return sentence(
            "In half of the last ", counted(usual.weeks, "week"), " nothing was done at all."
        )
    return sentence(
        "At the usual ",
        figure(counted(usual.done_count, "item")),
        " a week, what is in progress is ",
        figure(counted(round(count / usual.done_count, 1), "week")),
        " of work.",
    )
