"""Natures by what they cost, most first, with the share of each and all before it as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from telemetry.metrics.pareto import pareto
from telemetry.report.shapes.time import NatureTime
from web.show.bars import SQUARES_UP_TO
from web.show.numbers import (
    hours_number,
    number,
    shares,
)


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` is hours or open days as text; shares are whole and add up to 100."""

    nature: str
    slot: str
    count: int
    count_bar: float
    amount: str
    bar: float
    share: int | None
    cumulative: int | None


@dataclass(frozen=True, slots=True)
class ParetoTable:
    """The natures of a stretch; strips are (nature, slot, percent)."""

    lines: tuple[Line, ...]
    count: int
    amount: str
    unit: str  # Hours | Open days
    count_strip: tuple[tuple[str, str, int], ...]
    cost_strip: tuple[tuple[str, str, int], ...]
    has_squares: bool


def table(
    rows: Sequence[NatureTime], slots: Mapping[str, str], *, logs_time: bool
) -> ParetoTable | None:
    """The natures by hours or, where no time is logged, by open days; None without impediments."""
    counts = {row.nature: row.count if logs_time else row.present_count for row in rows}
    cost = {row.nature: row.seconds if logs_time else row.open_days for row in rows}
    cost = {name: amount for name, amount in cost.items() if counts[name] or amount}
    if not cost:
        return None
    names = [step.name for step in pareto(cost)]
    if not any(cost.values()):
        names = [step.name for step in pareto({name: counts[name] for name in names})]
    parts = shares([cost[name] for name in names])
    of_count = shares([counts[name] for name in names])
    sums = list(accumulate(parts)) if parts else None
    most, longest = max(counts[name] for name in names), max(cost.values())
    say = hours_number if logs_time else number
    lines = tuple(
        Line(
            nature=name,
            slot=slots.get(name, "other"),
            count=counts[name],
            count_bar=_part(counts[name], most),
            amount=say(cost[name]),
            bar=_part(cost[name], longest),
            share=parts[n] if parts else None,
            cumulative=sums[n] if sums else None,
        )
        for n, name in enumerate(names)
    )
    return ParetoTable(
        lines=lines,
        count=sum(counts[name] for name in names),
        amount=say(sum(cost.values())),
        unit="Hours" if logs_time else "Open days",
        count_strip=_strip(lines, of_count),
        cost_strip=_strip(lines, parts),
        has_squares=sum(counts.values()) <= SQUARES_UP_TO,
    )


def _part(value: float, whole: float) -> float:
    return round(100 * value / whole, 2) if whole else 0.0


def _strip(lines: Sequence[Line], parts: Sequence[int] | None) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (line.nature, line.slot, part)
        for line, part in zip(lines, parts or [0] * len(lines), strict=True)
        if part
    )
