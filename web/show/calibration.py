"""What forecasts of this kind were worth, beside one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from telemetry.metrics.forecast import Promise, Worth

MIN_DATES = 10  # judged: of fewer, a share says nothing
TOLD = 85  # percent: the chance that the sentence tells of, where it can


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """One chance: promised and came true are percentages, and places on the scale of 0 to 100."""

    promised: int
    came_true: float | None
    held_count: int
    count: int

    @property
    def is_enough(self) -> bool:
        return self.count >= MIN_DATES


@dataclass(frozen=True, slots=True)
class Calibration:
    """How amounts and dates given with each chance held; `main` is the line that is told of.

    It is of amounts, or else of dates, and None where too few can be judged. `lenders` are the
    other teams whose promises they are, 0: the team's own.
    """

    amounts: tuple[CalibrationLine, ...]
    dates: tuple[CalibrationLine, ...]
    main: CalibrationLine | None
    lenders: int

    @property
    def lines(self) -> tuple[CalibrationLine, ...]:
        return (*self.amounts, *self.dates)


def calibration(worth: Worth | None) -> Calibration | None:
    """The lines, or None where nothing is promised."""
    if worth is None:
        return None
    amounts, dates = (_lines(some) for some in (worth.corrected.amounts, worth.corrected.dates))
    return Calibration(amounts, dates, _main(amounts) or _main(dates), worth.lenders)


def _lines(promises: Sequence[Promise]) -> tuple[CalibrationLine, ...]:
    return tuple(
        CalibrationLine(p.promised_percent, p.came_true_percent, p.held_count, p.count)
        for p in promises
    )


def _main(lines: Sequence[CalibrationLine]) -> CalibrationLine | None:
    told = [line for line in lines if line.is_enough]
    return next((line for line in told if line.promised == TOLD), None) or next(iter(told), None)
