"""Sentences as values, and how they are written: plain, and as Markdown."""

import string
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from telemetry.words import targets as to
from telemetry.words.days import period
from telemetry.words.markdown import escaped, markdown
from telemetry.words.numbers import digits_apart
from telemetry.words.plain import plain, written
from telemetry.words.values import (
    NOTHING,
    Day,
    Moment,
    Number,
    Period,
    counted,
    day_of,
    figure,
    hours,
    percent,
    points,
    sentence,
)

TODAY = date(2026, 5, 6)
PAGES = "https://telemetry.example.com"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Number(1234.5), "1\u202f234.5"),
        (Number(-0.04), "0"),
        (Number(None), "–"),
        (Number(33.8, digits=0), "34"),
        (counted(0.96, "point"), "1 point"),
        (counted(-1, "point"), "−1 point"),
        (counted(1.04, "point"), "1 point"),
        (counted(1.06, "point"), "1.1 points"),
        (Number(3, is_signed=True), "+3"),
        (Number(-3, is_signed=True), "\u22123"),
        (Number(0, is_signed=True), "0"),
        (points(1), "1 point"),
        (points(1.5), "1.5 points"),
        (points(None), "– points"),
        (counted(0, "working day"), "0 working days"),
        (percent(65.85), "66\u202f%"),
        (percent(None), "–"),
        (hours(41400), "11.5\u202fh"),
        (hours(500000), "139\u202fh"),
        (hours(None), "–"),
        (Day(TODAY, TODAY), "Wed 6 May"),
        (Day(date(2025, 5, 6), TODAY), "Tue 6 May 2025"),
        (Day(None, TODAY), "–"),
        (Moment(datetime(2026, 5, 6, 9, 4), TODAY), "Wed 6 May, 09:04"),
        (Period(date(2026, 4, 22), date(2026, 5, 12)), "Wed 22 Apr – Tue 12 May 2026"),
        ("words", "words"),
    ],
)
def test_a_value_has_one_text(value, text):
    assert written(value) == text


def test_numbers_take_the_readers_decimal_sign_in_figures_too():
    said = sentence(figure(Number(2.5), " of ", points(3.5)), " by ", hours(5400))
    assert plain(said, ",") == "2,5 of 3,5 points by 1,5\u202fh"


def test_a_day_is_the_teams():
    late = datetime(2026, 5, 5, 23, 30, tzinfo=UTC)
    assert day_of(late, ZoneInfo("Europe/Paris"), TODAY).on == TODAY
    assert day_of(None, ZoneInfo("Europe/Paris"), TODAY).on is None


def test_a_sentence_takes_others_in_and_leaves_nothing_out():
    inner = sentence("a", None, "", NOTHING, figure("b"))
    assert sentence(inner, "c").parts == ("a", figure("b"), "c")
    assert not sentence(NOTHING, "", None)
    assert sentence(Number(0))


def address(target):
    return f"{PAGES}/teams/{target.key}" if isinstance(target, to.Team) else None


def test_markdown_links_what_has_an_address_and_sets_other_figures_strong():
    said = sentence(
        "Now ",
        figure(points(4), " behind", to=to.Team("k8s")),
        ", ",
        figure(percent(85), to=to.Quality("late_sprint")),
        " in ",
        figure("all"),
    )
    assert markdown(said, address) == (
        f"Now [4 points behind]({PAGES}/teams/k8s), **85\u202f%** in **all**"
    )


def test_an_address_cannot_end_its_link():
    said = sentence(figure("x", to=to.Team("a) b<c>")))
    assert markdown(said, address) == f"[x]({PAGES}/teams/a%29%20b%3Cc%3E)"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "*bold* _it_ `code` [a](b) <b> a|b ~x~",
            r"\*bold\* \_it\_ \`code\` \[a\](b) \<b\> a\|b \~x\~",
        ),
        ("two\nlines\r\n# head", r"two lines \# head"),
        ("back\\slash &amp;", r"back\\slash \&amp;"),
        ("1.5 h, K8S-12 (x)", "1.5 h, K8S-12 (x)"),
    ],
)
def test_markup_in_a_name_stays_text(name, text):
    assert escaped(name) == text


@pytest.mark.parametrize(
    "start", ["- item", "+ item", "1. item", "12) item", "=== x", "# x", "> x"]
)
def test_no_sentence_begins_a_list_or_a_head(start):
    html = MarkdownIt().render(markdown(sentence(start), address))
    assert html.startswith("<p>")


@given(st.text(string.printable + "é≈–☃", min_size=1))
def test_any_name_reads_in_markdown_as_it_is(name):
    said = sentence("Sprint ", name, " ends", figure(name))
    html = MarkdownIt("js-default", {"html": True}).render(markdown(said, address))
    assert html.startswith("<p>Sprint")
    assert html.count("<") == html.count(">")
    assert "<a" not in html
    assert "<em" not in html
    assert html.count("<p>") == 1


def test_two_numbers_that_differ_are_written_so():
    assert digits_apart(3.0, 5.0) == 1
    assert digits_apart(0.26, 0.3) == 2
    assert digits_apart(1.00001, 1.00002) == 5
    assert digits_apart(None, 0.25) == 1


def test_one_day_is_told_once():
    assert period(date(2026, 5, 14), date(2026, 5, 14)) == "Thu 14 May 2026"
    assert period(date(2025, 12, 31), date(2026, 1, 1)) == "Wed 31 Dec 2025 – Thu 1 Jan 2026"
