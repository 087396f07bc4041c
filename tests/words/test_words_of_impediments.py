"""What is said of impediments, with time logged and without."""

from dataclasses import replace

import pytest

from telemetry.report.shapes.time import OpenRow
from telemetry.words import impediments as words
from telemetry.words import targets as to
from telemetry.words.time import instead_open
from telemetry.words.values import Figure
from tests.web import fake_reports as fake
from tests.web import invented_impediments as made
from tests.web.invented import TODAY
from tests.words.said import said

REPORTS = fake.FakeReports()
FOUND = REPORTS.impediment_report("k8s", "current", 6)
QUIET = REPORTS.impediment_report(made.QUIET, "current", 6)
SPARED = REPORTS.impediment_report(made.SPARED, "current", 6)
UNKNOWN = REPORTS.impediment_report("empty", "current", 6)


def targets(sentence):
    return [part.target for part in sentence.parts if isinstance(part, Figure)]


def test_what_came_is_held_against_the_sprints_before():
    text = said(words.what(FOUND))
    assert text.startswith("10 impediments took 38 h in Sprint 27 so far; ")
    assert " lost " in text
    assert targets(words.what(FOUND))[:2] == [to.Impediments(), to.Impediments()]
    first = said(words.what(replace(FOUND, before=None)))
    assert "; no closed sprint is known before it. " in first


def test_without_time_days_are_told():
    text = said(words.what(QUIET))
    assert " were open for " in text
    assert " working days together " in text
    assert "of the open days." in text
    assert said(words.where(QUIET)).startswith("No time is logged")


def test_nothing_is_known_before_the_first_pull():
    assert said(words.what(UNKNOWN)).startswith("Nothing is known yet: ")
    assert said(words.still_open(UNKNOWN)) == "Nothing is known yet."


def test_a_sprint_without_impediments_says_so():
    assert said(words.what(SPARED)).startswith("No impediment came up in ")
    assert said(words.when(SPARED, TODAY)) == "No time was logged on impediments."
    assert said(words.still_open(SPARED)).startswith("No impediment is open. ")


def test_a_team_without_sprints_counts_weeks():
    weeks = replace(FOUND, sprint=None)
    assert " in the last 4 weeks; " in said(words.what(weeks))


def test_the_oldest_open_one_leads_to_the_tracker():
    listed, oldest, *_ = targets(words.still_open(FOUND))
    assert (listed, oldest) == (to.Impediments(), to.External(FOUND.open[0].url))
    alone = said(words.still_open(replace(FOUND, open=FOUND.open[:1])))
    assert alone.startswith(f"1 impediment is open, {FOUND.open[0].key}, for ")


@pytest.mark.parametrize(
    ("now", "usual", "words_"),
    [
        (16.8, 20.0, "took 16.8 h, against 20 h in "),
        (16.8, None, "took 16.8 h (medians)."),
        (None, 20.0, "; in the "),
        (None, None, " or before."),
    ],
)
def test_closing_is_held_against_before_where_both_are_known(now, usual, words_):
    found = replace(
        FOUND,
        this=replace(FOUND.this, median_hours_to_close=now),
        before=replace(FOUND.before, median_hours_to_close=usual),
    )
    assert words_ in said(words.still_open(found))


def test_the_worst_day_names_what_took_most_of_it():
    assert " was the worst day: " in said(words.when(FOUND, TODAY))
    one = replace(FOUND.peaks[0], issue_count=1, natures=("incident",))
    assert said(words.peak_words(one)).endswith(" h, incident")
    two = replace(one, issue_count=3, natures=("incident", "support"))
    assert said(words.peak_words(two)).endswith(" h, mostly incident and support")
    assert said(words.when(QUIET, TODAY)).startswith("Most were open on ")


@pytest.mark.parametrize(
    ("counts", "costs", "words_"),
    [
        ({"a": 3, "b": 1}, {"a": 9, "b": 1}, "a comes most often and costs most"),
        ({"a": 3, "b": 1}, {"a": 1, "b": 9}, "a comes most often, but b costs most"),
        ({"a": 1, "b": 1}, {"a": 1, "b": 9}, "b costs most"),
        ({"a": 3, "b": 1}, {"a": 9, "b": 9}, "a comes most often"),
        ({"a": 1, "b": 1}, {"a": 9, "b": 9}, ""),
    ],
)
def test_what_shares_the_first_place_is_not_called_most(counts, costs, words_):
    assert words.often_and_costly(counts, costs) == words_


def test_one_peak_day_is_not_the_worst_of_several():
    alone = replace(FOUND, peaks=FOUND.peaks[:1])
    assert said(words.when(alone, TODAY)).startswith("All of it was logged on ")
    single = replace(QUIET, open_daily=(OpenRow(TODAY, {"support": 1}),))
    assert said(words.when(single, TODAY)) == "No more than one was open on any day."


def test_the_shares_of_time_add_the_sprint_that_lost_most():
    text = said(words.where(FOUND))
    assert text.startswith("Of ")
    assert " went to impediments and " in text
    assert "; impediments took most in " in text
    alone = replace(FOUND, sprint_rows=FOUND.sprint_rows[:1])
    assert "took most in" not in said(words.where(alone))


def test_what_comes_back_is_counted_and_weighed():
    assert ", and took " in said(words.comes_back(FOUND))
    assert ", and were open for " in said(words.comes_back(replace(FOUND, logs_time=False)))
    assert said(words.comes_back(replace(FOUND, recurring=()))).startswith("No impediment came")


def test_open_days_lead_to_the_list_that_is_named():
    found = made.open_time()
    listed = to.TeamImpediments("all")
    told = instead_open(found, listed, is_running=True)
    assert targets(told) == [listed, listed]
    assert said(told).endswith("No time was logged, so days open stand here instead of hours.")
    none = replace(found, present_count=0)
    assert said(instead_open(none, listed, is_running=False)) == (
        "No time was logged, and no impediment was open."
    )
