"""What is said of a team's flow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from telemetry.report.shapes.flow import TypeFlow
from telemetry.words import flow as words
from telemetry.words import targets as to
from telemetry.words.values import Figure
from tests.web import invented_flow
from tests.web.invented import TODAY
from tests.words.said import said

FLOW = invented_flow.flow("k8s", TODAY - timedelta(days=89), TODAY, None)


def figures(sentence):
    return [part for part in sentence.parts if isinstance(part, Figure)]


def test_what_was_done_is_told_with_its_percentiles():
    text = said(words.took(FLOW))
    assert text.startswith("Of ")
    assert " done, 85 of 100 took at most " in text
    whole, most, half = figures(words.took(FLOW))
    assert whole.target is None
    assert most.target == half.target == to.Flow("cycle-time")


def test_too_few_items_have_no_percentiles():
    few = replace(FLOW, whole=TypeFlow("Bug", done_count=2, never_begun_count=2))
    assert said(words.took(few)) == (
        "2 items of type Bug were done in these days, none with a known cycle time: "
        "percentiles need at least 5."
    )
    one = replace(FLOW, whole=TypeFlow(None, done_count=1))
    assert "1 item was done in these days, with a" in said(words.took(one))
    none = replace(FLOW, whole=TypeFlow("Bug"))
    assert said(words.took(none)) == "No item of type Bug was done in these days."


def test_what_lies_leads_to_the_list_and_to_the_oldest():
    listed, _, oldest = figures(words.lies(FLOW))
    assert listed.target == to.Flow("in-progress")
    assert oldest.target == to.External(FLOW.in_progress[0].url)
    assert said(words.lies(replace(FLOW, in_progress=()))) == "No item is in progress."


def test_what_is_left_is_compared_with_the_first_day():
    text = said(words.flows(FLOW, 4.5, TODAY))
    assert ", 4.5 a week; " in text
    same = replace(FLOW, days=(FLOW.days[-1],))
    assert "as many as on " in said(words.flows(same, None, TODAY))
    assert said(words.flows(replace(FLOW, days=()), None, date(2026, 5, 6))) == (
        "Nothing is known of these days yet."
    )


def test_before_the_first_pull_nothing_is_known():
    unknown = replace(FLOW, as_of=None)
    assert said(words.took(unknown)).startswith("Nothing is known yet: ")
    assert said(words.lies(unknown)) == "Nothing is known yet."


@pytest.mark.parametrize(
    ("late", "count", "start"),
    [
        (0, 1, "1 item is in progress, not for longer than 85 of 100 took"),
        (1, 1, "1 item is in progress, for longer than 85 of 100 took"),
        (0, 3, "3 items are in progress, none for longer than"),
        (1, 3, "3 items are in progress, 1 for longer than"),
        (3, 3, "3 items are in progress, all for longer than"),
    ],
)
def test_what_lies_for_long_is_counted_in_words(late, count, start):
    whole = replace(FLOW.whole, in_progress_count=count, late_count=late)
    assert said(words.lies(replace(FLOW, whole=whole))).startswith(start)


def test_an_age_is_told_by_the_rank_that_it_has_passed():
    item = FLOW.in_progress[0]
    assert words.passed(replace(item, passed=95)) == "past 95 of 100"
    assert words.passed(replace(item, passed=0)) == ""
    assert words.passed(replace(item, passed=None)) == ""
