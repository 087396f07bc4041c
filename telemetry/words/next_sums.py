"""The lines under the bar of a sprint to come: what is in it, comes over and fits; its days off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from telemetry.domain.calendar import DayOff
from telemetry.report.shapes.next_sprint import Coming, NextSprint
from telemetry.words.next import ABOUT, spread, together, usable
from telemetry.words.numbers import UNKNOWN
from telemetry.words.values import NOTHING, Day, Number, Sentence, counted, sentence


@dataclass(frozen=True, slots=True)
class SumLine:
    """A line of the sum; `is_estimate` is drawn so, `kind` is whole, part or result."""

    label: str
    amount: Sentence
    note: Sentence
    kind: str
    is_estimate: bool = False
    slug: str | None = None


def sums(found: NextSprint) -> tuple[SumLine, ...]:
    """What is in it, what may come over, and what fits, line by line."""
    issues = sentence(counted(len(found.open_issues), "issue"))
    lines = [SumLine("In it now", sentence(Number(found.points)), issues, "whole")]
    if found.carried_over_count:
        note = sentence(counted(found.carried_over_count, "issue"))
        amount = sentence(Number(found.carried_over_points))
        lines.append(SumLine("of which carried over", amount, note, "part", slug="carried_over"))
    if found.coming is not None and found.coming.remaining_points:
        lines += _coming_lines(found, found.coming)
    held = usable(found)
    if held is not None:
        note = spread(held) or sentence("one sprint: no range")
        lines.append(SumLine("Capacity", _about(held.points), note, "result", True, "capacity"))
    return tuple(lines)


def _about(points: float) -> Sentence:
    return sentence(ABOUT, Number(points))


def _coming_lines(found: NextSprint, coming: Coming) -> list[SumLine]:
    label = f"May come over from {coming.sprint.name}"
    slug = "coming_over"
    left = sentence("of ", Number(coming.remaining_points), " left")
    if coming.points is None:
        no_end = coming.planned_end_on is None
        why = "; it has no planned end" if no_end else "; too few sprints closed"
        return [SumLine(label, sentence(UNKNOWN), sentence(left, why), "whole", True, slug)]
    to_go = sentence(", ", counted(coming.working_days_left or 0, "working day"), " to go")
    amount = _about(coming.points)
    line = SumLine(label, amount, sentence(left, to_go), "whole", True, slug)
    if not coming.points:
        return [line]
    return [
        line,
        SumLine("Together", _about(together(found)), NOTHING, "result", True),
    ]


def absences(found: NextSprint) -> Sentence:
    """How many of its working days absences take; nothing without any."""
    if not found.days_away or not found.working_days:
        return NOTHING
    away = counted(round(found.days_away, 1), "working day")
    return sentence("Absences take ", away, " of them; the capacity is without these.")


def days_off(days: Sequence[DayOff], today: date) -> tuple[tuple[Sentence, str], ...]:
    """Each day off with its name; days of the team's own that follow each other as one."""
    lines: list[tuple[date, date, str]] = []
    for one in days:
        name = one.name or "team’s day off"
        if lines and lines[-1][2] == name and (one.day - lines[-1][1]).days <= 3:
            lines[-1] = (lines[-1][0], one.day, name)
        else:
            lines.append((one.day, one.day, name))
    return tuple((_days(first, last, today), name) for first, last, name in lines)


def _days(first: date, last: date, today: date) -> Sentence:
    until = None if first == last else sentence(" – ", Day(last, today))
    return sentence(Day(first, today), until)
