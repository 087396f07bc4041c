"""What moves the date of a quarter, in words."""

from dataclasses import dataclass

from telemetry.metrics.roadmap_forecast import Driver
from telemetry.report.quarter.shapes import QuarterReport
from telemetry.words.days import day
from telemetry.words.numbers import signed
from web.show.numbers import counted, number, percent

MANY_POINTS = 10  # a day, from which on no decimal is told


@dataclass(frozen=True, slots=True)
class DriverLine:
    """What it is, how much of it there is, and the working days by which it moves the date."""

    title: str
    detail: str
    days: str


def driver_lines(found: QuarterReport) -> tuple[DriverLine, ...]:
    """What moves the date, in the order in which it is computed."""
    return tuple(
        DriverLine(*_words(found, one), signed(number(one.working_days)))
        for one in found.outlook.drivers
    )


def _words(found: QuarterReport, one: Driver) -> tuple[str, str]:
    points = one.points or 0.0
    amount = counted(round(abs(points), 1), found.unit)
    match one.kind:
        case "remaining":
            said = "What is left", f"{amount}, from today on"
        case "grown":
            said = f"Scope grown since {day(found.first, found.today)}", amount
        case "growth":
            what = "is usually added" if points >= 0 else "usually drops out"
            said = f"What {what} until the end", f"about {amount}"
        case "trend":
            was, now = (_a_day(rate) for rate in (one.usual, one.now))
            course = "up" if points > 0 else "down"
            said = f"Velocity {course} lately", f"{was} to {now} {found.unit}s a working day"
        case "lost":
            less = "more" if (one.now or 0) > (one.usual or 0) else "less"
            title = f"Impediments and off-plan work, {less} than usual"
            said = title, f"{percent(one.now)} of the hours, usually {percent(one.usual)}"
        case "unestimated":
            said = "Issues without an estimate", f"{amount} at the usual one, not in the forecast"
        case "dependencies":
            said = "Dependencies not done", f"{amount} of those left"
    return said


def _a_day(rate: float | None) -> str:
    return number(rate, 1 if rate is None or rate < MANY_POINTS else 0)
