"""Dates are written in one place: with their year where it is another than today's."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from telemetry.words import days
from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW, PARIS
from web.app import create_app
from web.pages.impediments.chart import Axis
from web.show import numbers
from web.show.chart import (
    Span,
    base,
    midnight,
)

TODAY = date(2026, 5, 6)
DAY = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?! ?\d{4})")
PAGES = [
    "/teams/k8s?issues=added&impediments=day:2026-04-23",
    "/teams/k8s/sprints/24",
    "/teams/k8s/sprints",
    "/teams/k8s/next",
    "/teams/k8s/impediments?nature=support",
    "/teams/k8s/impediments?by=day",
    "/teams/k8s/flow",
    "/teams/k8s/quality",
    "/teams/k8s/sprints/24/snapshots",
    "/runs",
]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 5, 6), "Wed 6 May"),
        (date(2026, 1, 1), "Thu 1 Jan"),
        (date(2025, 12, 31), "Wed 31 Dec 2025"),
        (date(2027, 1, 1), "Fri 1 Jan 2027"),
        (None, "–"),
    ],
)
def test_a_day_of_another_year_than_todays_has_its_year(value, expected):
    assert days.day(value, TODAY) == expected
    if value:
        assert days.short_day(value, TODAY) == expected.partition(" ")[2]


def test_the_year_of_an_instant_is_that_of_its_local_day():
    at = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert numbers.day_of(at, PARIS, TODAY) == "Thu 1 Jan"
    assert numbers.day_of(at, ZoneInfo("UTC"), TODAY) == "Wed 31 Dec 2025"
    assert numbers.day_of(None, PARIS, TODAY) == "–"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 4, 22), date(2026, 5, 12), "22 Apr – 12 May"),
        (date(2026, 4, 1), date(2026, 4, 21), "1 – 21 Apr"),
        (date(2025, 4, 1), date(2025, 4, 21), "1 – 21 Apr 2025"),
        (date(2025, 4, 22), date(2025, 5, 12), "22 Apr – 12 May 2025"),
        (date(2025, 12, 22), date(2026, 1, 6), "22 Dec 2025 – 6 Jan"),
        (date(2026, 12, 22), date(2027, 1, 6), "22 Dec – 6 Jan 2027"),
        (date(2024, 12, 22), date(2025, 1, 6), "22 Dec 2024 – 6 Jan 2025"),
    ],
)
def test_a_period_says_no_year_twice(first, last, expected):
    assert numbers.short_period(first, last, TODAY) == expected


def test_an_axis_says_the_year_where_it_changes():
    days = [date(2025, 11, 3), date(2025, 12, 1), date(2026, 1, 5), date(2026, 2, 2)]
    assert numbers.axis_days(days, TODAY) == ["3 Nov 2025", "1 Dec", "5 Jan 2026", "2 Feb"]
    assert numbers.axis_days(days[2:], TODAY, weekdays=True) == ["Mon 5 Jan", "Mon 2 Feb"]
    assert numbers.axis_days([], TODAY) == []


def test_a_chart_of_another_year_says_so_on_its_axis_and_under_the_pointer():
    first, last = date(2025, 4, 1), date(2025, 4, 21)
    span = Span(PARIS, midnight(first, PARIS), midnight(last, PARIS), None, None, (), TODAY)
    layout = base(span, 330)
    assert layout["xaxis"]["ticktext"][0] == "1 Apr 2025"
    assert layout["meta"]["ticktext_narrow"][0] == "1 Apr 2025"
    assert layout["xaxis"]["hoverformat"].endswith("%Y")
    own = base(replace(span, today=last), 330)
    assert own["xaxis"]["ticktext"][0] == "Tue 1 Apr"
    assert not own["xaxis"]["hoverformat"].endswith("%Y")


def test_a_chart_of_few_days_names_each_and_one_of_weeks_its_mondays():
    def named(last: date) -> list[str]:
        start, end = midnight(date(2026, 4, 29), PARIS), midnight(last, PARIS)
        span = Span(PARIS, start, end, None, None, (), TODAY)
        return base(span, 330)["xaxis"]["ticktext"]

    assert named(date(2026, 5, 3)) == ["Wed 29 Apr", "Thu 30", "Fri 1 May", "Sat 2", "Sun 3"]
    assert named(date(2026, 5, 18)) == ["Wed 29 Apr", "Mon 4 May", "Mon 11", "Mon 18"]


def test_sprints_too_long_to_name_are_told_by_days_with_the_year_where_it_changes():
    starts = [date(2025, 11, 3), date(2025, 12, 1), date(2026, 1, 5)]
    axis = Axis("sprint", PARIS, starts, ["Container Registry and Storage 2026 n"] * 3, TODAY)
    assert axis.layout(330)["xaxis"]["ticktext"] == ["3 Nov 2025", "1 Dec", "5 Jan 2026"]


def dated(now: datetime, path: str) -> set[str]:
    """The days without a year that a page shows at a moment, in its text and its charts."""
    app = create_app(FakeReports(), access_token=None, allowed_hosts=(), clock=lambda: now)
    answer = TestClient(app, base_url=BASE).get(path)
    assert answer.status_code == 200
    text = answer.text.replace("\u00a0", " ")
    # of two days in one year the second one has it; an axis says a year once
    text = re.sub(r"\b\d{1,2}(?: \w{3})? – (?=\d{1,2} \w{3} \d{4})", "", text)
    text = re.sub(r"\w{3} \d{1,2} \w{3} – (?=\w{3} \d{1,2} \w{3} \d{4})", "", text)
    text = re.sub(r'"ticktext(?:_narrow)?":\[[^]]*\]', "", text)
    return set(DAY.findall(text))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_a_day_of_another_year_without_it(path):
    assert dated(NOW, path)
    assert not dated(NOW.replace(year=2028), path)
