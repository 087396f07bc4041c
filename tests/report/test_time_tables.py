"""Time by day and week, from the rows of the facts."""

from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.metrics.time_table import time_table

MONDAY = date(2026, 3, 2)
NO_TIME: list[tuple[date, str, str, int]] = []
a_day = st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n))
a_class = st.sampled_from(
    [("planned", ""), ("off_plan", ""), ("impediment", "a"), ("impediment", "b")]
)


def a_frame(rows: list[tuple[date, str, str, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["day", "kind", "nature", "seconds"])


def days_of(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def test_days_without_time_are_there_with_zero():
    rows = [(MONDAY, "planned", "", 60), (MONDAY + timedelta(days=2), "impediment", "net", 30)]
    table = time_table(a_frame(rows), days_of(MONDAY, 3))
    assert [day.date() for day in table.index] == days_of(MONDAY, 3)
    assert table["planned", ""].tolist() == [60, 0, 0]
    assert table["impediment", "net"].tolist() == [0, 0, 30]


def test_no_time_at_all_is_a_row_a_day_without_columns():
    table = time_table(a_frame(NO_TIME), days_of(MONDAY, 3))
    assert table.shape == (3, 0)
    assert time_table(a_frame(NO_TIME), days_of(MONDAY, 8), "week").shape == (2, 0)


def test_a_week_starts_on_monday_and_a_cut_one_holds_the_days_inside():
    sunday = MONDAY - timedelta(days=1)
    rows = [(sunday, "planned", "", 1), (MONDAY, "planned", "", 2)]
    rows += [(MONDAY + timedelta(days=6), "planned", "", 4)]
    rows += [(MONDAY + timedelta(days=7), "planned", "", 8)]
    table = time_table(a_frame(rows), days_of(sunday, 9), "week")
    assert [day.date() for day in table.index] == [MONDAY + timedelta(days=n) for n in (-7, 0, 7)]
    assert table["planned", ""].tolist() == [1, 6, 8]


@settings(deadline=None)
@given(st.dictionaries(st.tuples(a_day, a_class), st.integers(0, 90_000)))
def test_days_and_weeks_hold_every_second(
    amounts: dict[tuple[date, tuple[str, str]], int],
):
    seconds = a_frame([(day, *name, amount) for (day, name), amount in amounts.items()])
    for by in ("day", "week"):
        table = time_table(seconds, days_of(MONDAY, 21), by)
        assert table.to_numpy().sum() == sum(amounts.values())
        for name in {name for _, name in amounts}:
            assert table[name].sum() == sum(a for (_, n), a in amounts.items() if n == name)
