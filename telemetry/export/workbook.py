"""Tables as a workbook: a sheet a table, and one that says what the columns mean."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from telemetry.export.tables import Kind, Table

MOST_ROWS: Final = 1_048_575  # of a sheet, without its head
MOST_CHARACTERS: Final = 32_767  # of a cell
_NUMBERS: Final = {
    Kind.NUMBER: "0.##",
    Kind.COUNT: "0",
    Kind.PERCENT: "0.0%",
    Kind.SECONDS: "[h]:mm",
    Kind.DAY: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm",
}
_WIDTHS: Final = {Kind.DAY: 12, Kind.INSTANT: 17, Kind.TEXT: 24}
_WIDE: Final = {"summary": 60, "meaning": 90, "goal": 40, "url": 40}
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def to_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with real numbers, dates, percentages and hours, each head frozen."""
    written = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        looks = {kind: book.add_format({"num_format": how}) for kind, how in _NUMBERS.items()}
        plain = book.add_format({"text_wrap": False})
        for table in tables:
            sheet = book.add_worksheet(table.name.translate(_FORBIDDEN)[:31])
            _write(sheet, table, head, [looks.get(one.kind, plain) for one in table.columns])
        _define(book.add_worksheet("columns"), tables, head)
    return written.getvalue()


def _write(sheet: Worksheet, table: Table, head: Format, looks: list[Format]) -> None:
    sheet.freeze_panes(1, 0)
    for place, one in enumerate(table.columns):
        width = _WIDE.get(one.key) or _WIDTHS.get(one.kind, 14)
        sheet.set_column(place, place, width, looks[place])
        sheet.write_string(0, place, one.key, head)
    sheet.autofilter(0, 0, min(len(table.rows), MOST_ROWS), len(table.columns) - 1)
    kinds = [one.kind for one in table.columns]
    for line, row in enumerate(table.rows[:MOST_ROWS], start=1):
        for place, (kind, value) in enumerate(zip(kinds, row, strict=True)):
            if value is not None:
                _write_cell(sheet, line, place, kind, value, looks[place])


def _write_cell(
    sheet: Worksheet, line: int, place: int, kind: Kind, value: Any, look: Format
) -> None:
    if kind is Kind.TEXT:
        sheet.write_string(line, place, str(value)[:MOST_CHARACTERS])
    elif kind is Kind.FLAG:
        sheet.write_boolean(line, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value.astimezone(UTC).replace(tzinfo=None), look)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, look)
    else:
        sheet.write_number(line, place, _scaled(kind, value), look)


def _scaled(kind: Kind, value: float) -> float:
    """A spreadsheet counts percentages from 0 to 1 and hours in days."""
    if kind is Kind.PERCENT:
        return value / 100
    return value / 86_400 if kind is Kind.SECONDS else value


def _define(sheet: Worksheet, tables: Iterable[Table], head: Format) -> None:
    sheet.freeze_panes(1, 0)
    for place, (title, width) in enumerate(
        (("sheet", 16), ("column", 32), ("holds", 16), ("meaning", 90))
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
    lines = ((table.name, one) for table in tables for one in table.columns)
    for line, (name, one) in enumerate(lines, start=1):
        holds = "hours and minutes" if one.kind is Kind.SECONDS else one.kind.value
        for place, text in enumerate((name, one.key, holds, one.meaning)):
            sheet.write_string(line, place, text[:MOST_CHARACTERS])
