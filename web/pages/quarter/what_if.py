"""The sliders of a quarter's page, and its figures as they are beside what they would be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from telemetry.metrics.forecast import PERCENTILES
from telemetry.metrics.quarter import Predictability
from telemetry.metrics.roadmap_forecast import EpicOutlook
from telemetry.metrics.what_if import Change, Usual, WhatIf
from telemetry.report.quarter.shapes import QuarterReport
from telemetry.words import what_if as words
from telemetry.words.days import day, short_day
from telemetry.words.numbers import NARROW, UNKNOWN, plural, signed
from telemetry.words.values import Sentence
from web.http.what_if import NO_CHANGE
from web.show.numbers import counted, number, percent
from web.show.roadmap_cells import is_late

SLIDE = 50  # percent of capacity that is taken away at most by sliding; twice as much is added
SIGNS = {"good": "●", "watch": "▲", "bad": "■"}


@dataclass(frozen=True, slots=True)
class Slider:
    """A range input; `usual` is where nothing is changed, `text` what its value says."""

    name: str
    label: str
    value: str
    usual: str
    least: str
    most: str
    step: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as it is, and as it would be; `change` tells the difference, "" where none is."""

    label: str
    as_it_is: str
    would_be: str
    change: str


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """`why` is a sentence that stands in place of all else; `is_changed` marks a change."""

    why: Sentence
    lead: Sentence
    sliders: tuple[Slider, ...]
    lines: tuple[Line, ...]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class EpicWouldBe:
    """When an epic would be done, with 50 and with 85 %, against how it is."""

    on_50: str
    on_85: str
    is_changed: bool
    is_late: bool


def epics_would_be(found: QuarterReport, change: Change | None) -> Mapping[int, EpicWouldBe]:
    """The open epics, by their ids, as a change makes them; none where nothing is asked for."""
    would = found.what_if
    if change is None or would is None:
        return {}
    now = dict(found.outlook.epics)
    return {
        issue_id: _epic(found, now.get(issue_id), then) for issue_id, then in would.outlook.epics
    }


def _epic(found: QuarterReport, now: EpicOutlook | None, then: EpicOutlook) -> EpicWouldBe:
    on_50, on_85, _ = (UNKNOWN if on is None else day(on, found.today) for on in then.dates)
    is_changed = now is None or now.dates[:2] != then.dates[:2]
    return EpicWouldBe(on_50, on_85, is_changed, is_late(then, found.last))


def what_if_view(found: QuarterReport, change: Change | None) -> WhatIfView:
    """What the page shows of a change that is asked for."""
    why = words.why_not(found)
    if why or found.usual is None:
        return WhatIfView(why, Sentence(), (), (), False)
    sliders = tuple(_sliders(found, found.usual, change or NO_CHANGE))
    lines = tuple(_lines(found, found.what_if))
    return WhatIfView(why, words.lead(found, change), sliders, lines, change is not None)


def _sliders(found: QuarterReport, usual: Usual, change: Change) -> Iterator[Slider]:
    more = change.capacity_change_percent
    has_pace = found.velocity_points_per_day is not None or found.outlook.why_none is None
    if has_pace:
        yield _slider(
            ("capacity_change_percent", "Capacity"),
            (more, 0.0),
            (-SLIDE, 2 * SLIDE, 1),
            _moved(percent(more)),
            "what is done on a working day from today on",
        )
    part = usual.impediments.part
    if has_pace and part is not None and part < 1:
        usually = float(round(100 * part))
        share = change.impediment_share_percent
        share = usually if share is None else share
        yield _slider(
            ("impediment_share_percent", "Impediment share"),
            (share, usually),
            (0, 100, 1),
            percent(share),
            f"of all hours; usually {percent(usually)}",
        )
    left, scope = found.roadmap.remaining_points, change.scope_change_points
    yield _slider(
        ("scope_change_points", "Scope"),
        (scope, 0.0),
        (-ceil(left), ceil(max(found.roadmap.total_points, 10.0)), 1),
        _moved(counted(scope, found.unit)),
        f"{counted(left, found.unit)} left as it is",
    )
    if found.velocity_points_per_day is not None:
        kept, now = change.security_coefficient, round(usual.security_coefficient, 2)
        kept = now if kept is None else kept
        yield _slider(
            ("security_coefficient", "Security coefficient"),
            (kept, now),
            (0, 1, 0.01),
            percent(100 * kept),
            f"kept free of the capacity limit; now {percent(100 * now)}",
        )


def _slider(
    named: tuple[str, str],
    at: tuple[float, float],
    reach: tuple[float, float, float],
    text: str,
    note: str,
) -> Slider:
    """A slider that reaches as far as what is asked for; a value between steps has none."""
    (value, usual), (least, most, step) = at, reach
    is_on_step = abs(value / step - round(value / step)) < 1e-6
    return Slider(
        *named,
        f"{value:.10g}",
        f"{usual:.10g}",
        f"{min(least, value):.10g}",
        f"{max(most, value):.10g}",
        f"{step:g}" if is_on_step else "any",
        text,
        note,
    )


def _moved(text: str) -> str:
    return text if text.startswith("0") and not text.startswith("0.") else signed(text)


def _lines(found: QuarterReport, would: WhatIf | None) -> Iterator[Line]:
    """The figures as they are, beside what they would be where something is asked for."""
    now = found.outlook
    then = now if would is None else would.outlook
    if now.why_none is None or then.why_none is None:
        yield Line(
            "Chance of its end",
            _chance(now.probability_percent),
            _chance(then.probability_percent),
            _difference(now.probability_percent, then.probability_percent, 0),
        )
        for chance, was, on in zip(PERCENTILES, now.dates, then.dates, strict=True):
            yield Line(
                f"All done, {chance}{NARROW}%",
                _day(was, found.today),
                _day(on, found.today),
                _later(found, was, on),
            )
        yield _amount("Likely done then", now.done_50_points, then.done_50_points)
        yield _amount(f"At least, 85{NARROW}%", now.done_85_points, then.done_85_points)
    left = found.roadmap.remaining_points
    yield _amount("Left to do", left, left if would is None else would.remaining_points)
    limit = found.capacity_limit_points
    held = limit if would is None else would.capacity_limit_points
    if limit is not None:
        yield _amount("Capacity limit", limit, held)
        slack, spare = found.predictability, (would or found).predictability
        yield Line(
            "Predictability",
            _slack(slack),
            _slack(spare),
            _difference(slack.days, spare.days),
        )


def _amount(label: str, now: float | None, then: float | None) -> Line:
    return Line(label, number(now), number(then), _difference(now, then))


def _chance(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{'<' if value < 1 else '>' if value > 99 else ''}{percent(min(max(value, 1.0), 99.0))}"


def _day(on: date | None, today: date) -> str:
    return UNKNOWN if on is None else short_day(on, today)


def _slack(known: Predictability) -> str:
    if known.days is None:
        return UNKNOWN
    return f"{number(known.days)} {SIGNS[known.state or 'watch']}"


def _difference(now: float | None, then: float | None, digits: int = 1) -> str:
    """What the second has more, as both are written; "" of equal ones."""
    if now is None or then is None or round(now, digits) == round(then, digits):
        return ""
    return signed(number(round(then, digits) - round(now, digits), digits))


def _later(found: QuarterReport, was: date | None, on: date | None) -> str:
    if was is None or on is None or was == on:
        return ""
    days = words.working_days_later(found, was, on)
    return f"{signed(number(days))} {plural(days, 'day')}"
