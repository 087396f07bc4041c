"""A sprint to come: what is in it, against what its working days hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from telemetry.domain.calendar import DayOff
from telemetry.metrics.capacity import Capacity
from telemetry.report.next_sprint import NextSprint
from web.show.numbers import (
    NARROW,
    UNKNOWN,
    counted,
    day,
    number,
    period,
    plural,
)
from web.show.text import (
    Run,
    Sentence,
    figure,
    sentence,
)

ABOUT = f"≈{NARROW}"


@dataclass(frozen=True, slots=True)
class CapacityBar:
    """Places as percentages: what is in the sprint, what may come over, the band and its tick."""

    planned: float
    coming: float
    low: float | None
    width: float | None
    usual: float


@dataclass(frozen=True, slots=True)
class SumLine:
    """A line of the sum; `is_estimate` is drawn so, `kind` is whole, part or result."""

    label: str
    amount: str
    note: str
    kind: str
    is_estimate: bool = False
    slug: str | None = None


@dataclass(frozen=True, slots=True)
class NextView:
    lead: Sentence
    dates: str
    dates_note: str | None
    bar: CapacityBar | None
    bar_words: str
    sums: tuple[SumLine, ...]
    days_off: tuple[tuple[str, str], ...]
    done_count: int
    type_top: float


def next_view(found: NextSprint, today: date) -> NextView:
    """All that the template shows beside the report itself."""
    tops = [row.points for row in found.types]
    return NextView(
        lead=lead(found),
        dates=dates(found),
        dates_note=_dates_note(found),
        bar=capacity_bar(found),
        bar_words=_bar_words(found),
        sums=_sums(found),
        days_off=_days_off(found.days_off, today),
        done_count=len(found.issues) - len(found.open_issues),
        type_top=max([*tops, 1]),
    )


def lead(found: NextSprint) -> Sentence:
    """What is planned, against what the working days hold, and what may come over."""
    return sentence(*_planned(found), *_unestimated(found), *_with_coming(found))


def _name(found: NextSprint) -> str:
    return found.sprint.name if found.sprint else "the next sprint"


def _planned(found: NextSprint) -> list[Run | str]:
    held = _usable(found)
    if found.sprint is None:
        return _none_planned(found, held)
    here = "#issues" if found.open_issues else None
    if held is None:
        start: list[Run | str] = [_nothing_in(found)]
        if found.open_issues:
            amount = counted(found.points, found.unit)
            verb = plural(found.points, "is", "are")
            start = [figure(amount, here), f" {verb} planned into {_name(found)}. "]
        return [*start, _why_no_capacity(found)]
    days = counted(found.working_days or 0, "working day")
    if not found.open_issues:
        hold = plural(found.working_days or 0, "holds", "hold")
        return [_nothing_in(found), f"Its {days} {hold} ", *_held(found, held), "."]
    about = f"{number(found.points)} of about {counted(_rounded(held.points), found.unit)}"
    verb = plural(_rounded(held.points), "is", "are")
    parts: list[Run | str] = [figure(about, here), _range(held), f" {verb} planned into "]
    return [*parts, f"{_name(found)}: {days} at the velocity of {_last(found)}."]


def _nothing_in(found: NextSprint) -> str:
    return f"Nothing is in {_name(found)} yet. "


def _none_planned(found: NextSprint, held: Capacity | None) -> list[Run | str]:
    after = f" after {found.running.name}" if found.running else ""
    start: list[Run | str] = [f"No sprint is planned{after}. "]
    if held is None or found.usual_length_days is None:
        return start
    length = counted(found.usual_length_days, "day")
    return [*start, f"One of the usual {length} would hold ", *_held(found, held), "."]


def _held(found: NextSprint, held: Capacity) -> list[Run | str]:
    about = figure(f"about {counted(_rounded(held.points), found.unit)}")
    return [about, f"{_range(held)} at the velocity of {_last(found)}"]


def _last(found: NextSprint) -> str:
    count = found.velocity_sprints
    return "the only closed sprint" if count == 1 else f"the last {count} sprints"


def _range(held: Capacity) -> str:
    if held.low_points is None or held.high_points is None:
        return ""
    return f" ({number(held.low_points, 0)} to {number(held.high_points, 0)})"


def _rounded(points: float) -> float:
    """Estimates need no decimals, except small ones."""
    return round(points) if points >= 10 else round(points, 1)


def _usable(found: NextSprint) -> Capacity | None:
    """The capacity where it says something: not where nothing was ever completed."""
    return found.capacity if found.capacity is not None and found.capacity.points > 0 else None


def _why_no_capacity(found: NextSprint) -> str:
    if found.days is None:
        return (
            "It has no dates in Jira, and no sprint of the team has any from which to take a "
            "usual length, so its working days are not known."
        )
    if not found.working_days:
        return f"None of its days, {_span(found)}, is a working day."
    days = counted(found.working_days, "working day")
    if not found.velocity_sprints:
        return f"No sprint has closed yet, so there is no velocity to say what its {days} hold."
    return f"No {found.unit} was completed in {_last(found)}, so nothing says what its {days} hold."


def _unestimated(found: NextSprint) -> list[Run | str]:
    count = found.unestimated_count
    if not count:
        return []
    verb = plural(count, "is", "are")
    if count == len(found.open_issues):
        return [" ", figure("No issue", "#issues"), " of it is estimated."]
    text = counted(count, "open issue")
    return [" ", figure(text, "#issues"), f" {verb} not estimated and not counted in it."]


def _with_coming(found: NextSprint) -> list[Run | str]:
    coming = found.coming
    if coming is None or not coming.points:
        return []
    amount = figure(ABOUT + counted(_rounded(coming.points), found.unit))
    parts: list[Run | str] = [" ", amount, f" may come over from {coming.sprint.name}"]
    if found.points:
        total = found.points + coming.points
        parts += ["; it would then be ", figure(ABOUT + number(_rounded(total)))]
    return [*parts, "."]


def _span(found: NextSprint) -> str:
    return period(found.days.first_on, found.days.last_on) if found.days else UNKNOWN


def dates(found: NextSprint) -> str:
    """The planned days, marked where one of them is assumed."""
    if found.days is None:
        return "no dates yet"
    is_assumed = found.days.is_first_assumed or found.days.is_last_assumed
    return (ABOUT if is_assumed else "") + _span(found)


def _dates_note(found: NextSprint) -> str | None:
    days = found.days
    if days is None or not (days.is_first_assumed or days.is_last_assumed):
        return None
    length = f"the usual {counted(found.usual_length_days or 0, 'day')}"
    if not days.is_first_assumed:
        return f"Jira has no planned end; {length} are assumed."
    if not days.is_last_assumed:
        return f"Jira has no planned start; {length} are assumed."
    subject = "Jira has no dates ahead for it" if found.sprint else "It is not in Jira yet"
    after = f" after {found.running.name}" if found.running and not found.sprint else ""
    return f"{subject}; {length}{after} are assumed."


def capacity_bar(found: NextSprint) -> CapacityBar | None:
    """The bar on one scale from 0; None where nothing is known to hold the plan against."""
    held = _usable(found)
    if held is None:
        return None
    coming = found.coming.points if found.coming and found.coming.points else 0.0
    high = held.high_points if held.high_points is not None else held.points
    top = 1.04 * max(found.points + coming, high, held.points)
    low = held.low_points

    def place(points: float) -> float:
        return round(100 * points / top, 2)

    return CapacityBar(
        planned=place(found.points),
        coming=place(coming),
        low=None if low is None else place(low),
        width=None if low is None else place(high - low),
        usual=place(held.points),
    )


def _bar_words(found: NextSprint) -> str:
    held = _usable(found)
    if held is None:
        return ""
    words = [f"{counted(found.points, found.unit)} in the sprint"]
    if found.coming and found.coming.points:
        words.append(f"about {number(_rounded(found.coming.points))} may come over")
    words.append(f"about {number(_rounded(held.points))}{_range(held)} fit")
    return "; ".join(words)


def _sums(found: NextSprint) -> tuple[SumLine, ...]:
    issues = counted(len(found.open_issues), "issue")
    lines = [SumLine("In it now", number(found.points), issues, "whole")]
    if found.carried_over_count:
        note = counted(found.carried_over_count, "issue")
        amount = number(found.carried_over_points)
        lines.append(SumLine("of which carried over", amount, note, "part", slug="carried_over"))
    lines += _coming_lines(found)
    held = _usable(found)
    if held is not None:
        note = _range(held).strip(" ()") or "one sprint: no range"
        lines.append(
            SumLine(
                "Capacity", ABOUT + number(_rounded(held.points)), note, "result", True, "capacity"
            )
        )
    return tuple(lines)


def _coming_lines(found: NextSprint) -> list[SumLine]:
    coming = found.coming
    if coming is None or not coming.remaining_points:
        return []
    label = f"May come over from {coming.sprint.name}"
    slug = "coming_over"
    if coming.points is None:
        why = f"of {number(coming.remaining_points)} left; " + (
            "it has no planned end" if coming.planned_end_on is None else "too few sprints closed"
        )
        return [SumLine(label, UNKNOWN, why, "whole", True, slug)]
    ends = f"of {number(coming.remaining_points)} left, {_to_go(coming.working_days_left)}"
    line = SumLine(label, ABOUT + number(_rounded(coming.points)), ends, "whole", True, slug)
    if not coming.points:
        return [line]
    total = ABOUT + number(_rounded(found.points + coming.points))
    return [line, SumLine("Together", total, "", "result", True)]


def _to_go(working_days: int | None) -> str:
    return f"{counted(working_days or 0, 'working day')} to go"


def _days_off(days: Sequence[DayOff], today: date) -> tuple[tuple[str, str], ...]:
    """Each day off with its name; days of the team's own that follow each other as one."""
    lines: list[tuple[date, date, str]] = []
    for one in days:
        name = one.name or "team’s day off"
        if lines and lines[-1][2] == name and (one.day - lines[-1][1]).days <= 3:
            lines[-1] = (lines[-1][0], one.day, name)
        else:
            lines.append((one.day, one.day, name))
    return tuple(
        (
            day(first, today) if first == last else f"{day(first, today)} – {day(last, today)}",
            name,
        )
        for first, last, name in lines
    )
