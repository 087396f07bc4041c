"""Tables as files of other programs: what goes in comes out, and no cell is a formula."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.export.formats import FORMATS, to_csv, to_json, to_parquet
from telemetry.export.tables import Kind, Table, column, flag
from telemetry.export.workbook import to_xlsx

COLUMNS = (
    column("summary", "Its title."),
    column("committed_points"),
    column("done_count", kind=Kind.COUNT),
    column("completion_percent"),
    column("seconds", kind=Kind.SECONDS),
    flag("is_added"),
    column("start_on"),
    column("opened_at"),
)
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROW = ("Größe <b>", 2.5, 3, 40.0, 5400, True, date(2026, 3, 2), AT)
EMPTY = (None,) * len(COLUMNS)
TABLE = Table("issues", COLUMNS, [ROW, EMPTY])
FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    " =1+1",
    "\ufeff=1",
    "＝1+1",
]


def cells(tables, sheet="issues"):
    book = openpyxl.load_workbook(BytesIO(to_xlsx(tables)))
    return book[sheet]


def test_a_column_takes_its_kind_from_its_unit_and_its_meaning_from_the_definitions():
    assert [one.kind for one in COLUMNS] == [
        Kind.TEXT,
        Kind.NUMBER,
        Kind.COUNT,
        Kind.PERCENT,
        Kind.SECONDS,
        Kind.FLAG,
        Kind.DAY,
        Kind.INSTANT,
    ]
    assert COLUMNS[1].meaning.startswith("What was in the sprint and not yet done")


def test_csv_says_instants_in_utc_and_nothing_for_what_is_unknown():
    assert to_csv(TABLE).decode().splitlines() == [
        "summary,committed_points,done_count,completion_percent,seconds,is_added,start_on,opened_at",
        "Größe <b>,2.5,3,40.0,5400,True,2026-03-02,2026-03-02T09:30:00Z",
        ",,,,,,,",
    ]


def test_json_has_null_for_what_is_unknown():
    [row, empty] = pd.read_json(BytesIO(to_json(TABLE)), orient="records").to_dict("records")
    assert (row["committed_points"], row["start_on"]) == (2.5, "2026-03-02")
    assert b'"opened_at":"2026-03-02T09:30:00Z"' in to_json(TABLE)
    assert all(value is None or pd.isna(value) for value in empty.values())


def test_parquet_has_a_type_for_each_column():
    found = pd.read_parquet(BytesIO(to_parquet(TABLE)))
    assert found["opened_at"][0] == AT
    assert found["start_on"][0] == date(2026, 3, 2)
    assert found["done_count"].sum() == 3
    assert found.loc[1].isna().all()


def test_a_workbook_has_real_numbers_dates_percentages_and_hours():
    sheet = cells([TABLE])
    row = [cell.value for cell in sheet[2]]
    assert row[:4] == ["Größe <b>", 2.5, 3, 0.4]
    assert [cell.number_format for cell in sheet[2]][3:5] == ["0.0%", "[h]:mm"]
    assert str(row[4]) == "1:30:00"
    assert row[5:] == [True, datetime(2026, 3, 2), datetime(2026, 3, 2, 9, 30)]
    assert [cell.value for cell in sheet[3]] == list(EMPTY)
    assert sheet.freeze_panes == "A2"


def test_a_workbook_defines_its_columns():
    book = openpyxl.load_workbook(BytesIO(to_xlsx([TABLE, Table("more", COLUMNS[:1], [])])))
    assert book.sheetnames == ["issues", "more", "columns"]
    told = [tuple(cell.value for cell in row) for row in book["columns"].iter_rows(min_row=2)]
    assert told[0] == ("issues", "summary", "text", "Its title.")
    assert told[-1][:2] == ("more", "summary")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text):
    table = Table("issues", COLUMNS[:1], [(text,)])
    written = pd.read_csv(BytesIO(to_csv(table)), dtype=str)["summary"][0]
    assert written == f"'{text}"
    cell = cells([table])[2][0]
    assert cell.data_type == "s"
    assert "<f>" not in str(cell.value)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_table_without_rows_still_has_its_head(name):
    found, empty = FORMATS[name], Table("issues", COLUMNS, [])
    body = found.one(empty) if found.one else found.many([empty])
    assert body
    if name == "csv":
        assert body.decode().startswith("summary,committed_points")


ROWS = st.tuples(
    st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.none() | st.floats(-1e9, 1e9),
    st.none() | st.integers(-(2**40), 2**40),
    st.none() | st.floats(0, 100),
    st.none() | st.integers(0, 2**31),
    st.none() | st.booleans(),
    st.none() | st.dates(date(1990, 1, 1), date(2200, 1, 1)),
    st.none()
    | st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=0)
    ),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_every_value_comes_back_from_parquet_and_every_row_from_all(rows):
    table = Table("issues", COLUMNS, rows)
    back = pd.read_parquet(BytesIO(to_parquet(table)))
    for place, one in enumerate(COLUMNS):
        for given_, found in zip((row[place] for row in rows), back[one.key], strict=True):
            assert pd.isna(found) if given_ is None else found == given_
    assert len(pd.read_csv(BytesIO(to_csv(table)), skip_blank_lines=False)) == len(rows)
    assert len(pd.read_json(BytesIO(to_json(table)))) == len(rows)
    said = [line for line, row in enumerate(rows, start=2) if row != EMPTY]
    assert cells([table]).max_row == max(said, default=1)
