"""What reviews and digests say of the running quarter."""

from datetime import date

import pytest

from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.words.digests.portfolio import HEAD, portfolio
from telemetry.words.plain import plain
from telemetry.words.quarter_brief import brief, unlikely
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW

TODAY = date(2026, 3, 5)


def quarter(late=6.0, chance=12.0, **values):
    given = {
        "name": "Q1-26",
        "last_on": date(2026, 3, 31),
        "unit": "point",
        "remaining_points": 40.0,
        "working_days_left": 19,
        "days_to_complete": None if late is None else 19 + late,
        "late_days": late,
        "velocity_points_per_day": 2.0,
        "chance_percent": chance,
        "likely_on": date(2026, 4, 14),
    } | values
    return WatchedQuarter(**given)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            quarter(),
            "Q1-26: 40 points are left, with 19 working days to go: about 6 working days late. "
            "The chance that all is done by Tue 31 Mar is 12 %; by Tue 14 Apr with 85 %.",
        ),
        (
            quarter(-4.0, 91.0, likely_on=None),
            "Q1-26: 40 points are left, with 19 working days to go: in time. "
            "The chance that all is done by Tue 31 Mar is 91 %.",
        ),
        (
            quarter(None, None),
            "Q1-26: 40 points are left, with 19 working days to go.",
        ),
        (quarter(remaining_points=0.0), "All of Q1-26 is done."),
        (None, ""),
    ],
)
def test_it_says_whether_it_holds_and_how_sure_that_is(found, said):
    assert plain(brief(found, TODAY)).replace("\u202f", " ") == said


def test_below_even_something_is_to_be_decided():
    [one] = unlikely(quarter())
    assert plain(one.question) == "What comes out of Q1-26, or does its date move?"
    assert "12 points more than fit into the days that are left" in plain(one.evidence)
    assert unlikely(quarter(-3.0, 50.0)) == unlikely(quarter(-3.0, None)) == unlikely(None) == []
    [close] = unlikely(quarter(-3.0, 40.0))
    assert "more than fit" not in plain(close.evidence)


def test_all_teams_have_a_column_of_the_quarter_where_any_has_one():
    rows = FakeReports().teams(NOW)
    first, *others = (row.key for row in rows)
    without = portfolio(rows, TODAY)
    assert without.table.head == HEAD
    table = portfolio(rows, TODAY, "Q1-26", {first: 42.0}).table
    assert table.head[-1] == "Q1-26 in time"
    said = sorted(plain(row[-1]).replace("\u202f", " ") for row in table.rows)
    assert said == ["42 %", *["–"] * len(others)]
