"""Cells of roadmaps: how far work is, and when it is done, for epics, teams and programs alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from markupsafe import Markup

from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.roadmap_forecast import NO_DATES, EpicOutlook
from telemetry.words.days import day
from telemetry.words.numbers import UNKNOWN
from web.show.links import program_page
from web.show.numbers import number

SHORTEST = 1.5  # percent of the scale: so wide is a day, too
BAR = 0.5  # of the cell: the numbers stand beside it
DONE = Markup(
    '<td class="range-cell" colspan="2"><span class="badge good"><span aria-hidden="true">● </span>'
    "done</span></td>"
)


class Work(Protocol):
    """What has points in all, in progress and done: an epic, or several together."""

    @property
    def total_points(self) -> float: ...
    @property
    def in_progress_points(self) -> float: ...
    @property
    def done_points(self) -> float: ...
    @property
    def remaining_points(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Scale:
    """The days from the first to the last that all ranges of a table share; `end` is marked."""

    first: date
    last: date
    end: date

    def place(self, on: date) -> float:
        """A day in percent of the scale."""
        whole = (self.last - self.first).days + 1
        return round(100 * min(1.0, max(0.0, ((on - self.first).days + 1) / whole)), 2)


def scale_of(today: date, end: date, outlooks: Iterable[EpicOutlook | None]) -> Scale | None:
    """From today to the last date that is forecast; None where there is none."""
    days = [on for one in outlooks if one for on in one.dates if on is not None]
    return Scale(today, max(*days, end), end) if days else None


def is_done(work: Work) -> bool:
    """Whether something was estimated, and nothing of it is left."""
    return bool(work.total_points) and work.remaining_points <= NOTHING


def is_late(outlook: EpicOutlook | None, end: date) -> bool:
    """Whether no day until the end is 85 % sure."""
    return outlook is not None and ((on := outlook.dates[1]) is None or on > end)


def bar(work: Work, most: float) -> Markup:
    """A bar of done, in progress and to do, as long as its part of the most, and the points."""
    total = work.total_points or 1.0
    width = 100 * BAR * work.total_points / (most or 1.0)
    return Markup(  # noqa: S704 - numbers alone
        f'<span class="work-bar" style="width:{width:.2f}%">'
        f'<i class="plan" style="width:{100 * work.done_points / total:.2f}%"></i>'
        f'<i class="mid" style="width:{100 * work.in_progress_points / total:.2f}%"></i></span> '
        f"<b>{number(work.done_points)}</b> of {number(work.total_points)}"
    )


def programs(names: Iterable[str], quarter: object) -> Markup:
    """Each program as a link to its page in the quarter."""
    return Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(program_page(name, quarter), name) for name in names
    )


def forecast(
    work: Work, outlook: EpicOutlook | None, scale: Scale, end: date, why_none: str
) -> Markup:
    """Two cells: the range from 50 to 95 % with its tick at 85 %, and that day."""
    if is_done(work):
        return DONE
    on_50, on_85, on_95 = outlook.dates if outlook else NO_DATES
    if on_50 is None:
        why = "no day is 50 % sure" if outlook is not None else why_none
        return Markup(f'<td class="range-cell soft" colspan="2">{why}</td>')  # noqa: S704
    left, right = scale.place(on_50), scale.place(on_95) if on_95 else 100.0
    width = max(SHORTEST, round(right - left, 2))
    tick = f'<i class="tick" style="left:{scale.place(on_85)}%"></i>' if on_85 else ""
    late = (
        ' <span class="late" title="after the quarter’s end"><span aria-hidden="true">■</span>'
        '<span class="away">late</span></span>'
        if is_late(outlook, end)
        else ""
    )
    return Markup(  # noqa: S704 - numbers and days alone
        '<td class="range-cell"><span class="range" aria-hidden="true">'
        f'<i class="quarter-end" style="left:{scale.place(scale.end)}%"></i>'
        f'<i class="span{"" if on_95 else " open-end"}" '
        f'style="left:{left}%;width:{width}%"></i>{tick}</span></td>'
        f'<td class="num when">{day(on_85, scale.first) if on_85 else UNKNOWN}{late}</td>'
    )
