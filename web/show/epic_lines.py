"""Epics as the lines of a table: of a team's quarter, or of a program's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from telemetry.report.quarter.shapes import EpicRow
from web.show import roadmap_cells as cells


@dataclass(frozen=True, slots=True)
class EpicLine:
    """An epic with its bar beside the largest one, and when it is done, as a scale has it."""

    row: EpicRow
    work: Markup
    forecast: Markup | None


def epic_lines(
    rows: Sequence[EpicRow], today: date, last: date
) -> tuple[tuple[EpicLine, ...], cells.Scale | None]:
    """Epics as lines that share a scale; None where nothing is forecast of any."""
    scale = cells.scale_of(today, last, (row.outlook for row in rows))
    most = max((row.figures.total_points for row in rows), default=0.0)
    return tuple(_line(row, most, scale, last) for row in rows), scale


def _line(row: EpicRow, most: float, scale: cells.Scale | None, last: date) -> EpicLine:
    figures = row.figures
    why = "no forecast" if figures.total_points else "no forecast without an estimate"
    return EpicLine(
        row=row,
        work=cells.bar(figures, most),
        forecast=cells.forecast(figures, row.outlook, scale, last, why) if scale else None,
    )
