"""A sprint to come: what is in it, against what its working days hold."""

from dataclasses import dataclass
from datetime import date

from telemetry.report.shapes.next_sprint import NextSprint
from telemetry.words import next as words
from telemetry.words.next_sums import SumLine, absences, days_off, sums
from telemetry.words.values import Sentence


@dataclass(frozen=True, slots=True)
class CapacityBar:
    """Places as percentages: what is in the sprint, what may come over, the band and its tick."""

    planned: float
    coming: float
    low: float | None
    width: float | None
    usual: float


@dataclass(frozen=True, slots=True)
class NextView:
    lead: Sentence
    dates: Sentence
    dates_note: Sentence
    bar: CapacityBar | None
    bar_words: Sentence
    sums: tuple[SumLine, ...]
    days_off: tuple[tuple[Sentence, str], ...]
    absences: Sentence
    done_count: int
    type_top: float


def next_view(found: NextSprint, today: date) -> NextView:
    """All that the template shows beside the report itself."""
    tops = [row.points for row in found.types]
    return NextView(
        lead=words.lead(found),
        dates=words.dates(found),
        dates_note=words.dates_note(found),
        bar=capacity_bar(found),
        bar_words=words.bar(found),
        sums=sums(found),
        days_off=days_off(found.days_off, today),
        absences=absences(found),
        done_count=len(found.issues) - len(found.open_issues),
        type_top=max([*tops, 1]),
    )


def capacity_bar(found: NextSprint) -> CapacityBar | None:
    """The bar on one scale from 0; None where nothing is known to hold the plan against."""
    held = words.usable(found)
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
