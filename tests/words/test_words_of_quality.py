"""What is said of contradictions."""

from dataclasses import replace

import pytest

from telemetry.metrics.contradictions import Contradiction
from telemetry.words import quality as words
from telemetry.words import targets as to
from telemetry.words.values import Figure
from tests.web import invented_quality
from tests.web.invented import PARIS, TODAY
from tests.words.said import said

FOUND = invented_quality.quality("k8s")
K = Contradiction


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (K.UNESTIMATED, "in Sprint 27"),
        (K.TWO_ACTIVE_SPRINTS, "in Sprint 27 and Bug bash"),
        (K.LATE_SPRINT, "planned until Tue 7 Apr, completed on Thu 16 Apr: 6 working days late"),
        (
            K.BACK_DATED,
            "dated Sat 18 Apr, started Wed 22 Apr, 15:04: 2 working days later",
        ),
        (
            K.EMPTY_START,
            "started Wed 22 Apr, 15:04; the first of 9 issues came Fri 24 Apr, 15:04",
        ),
        (K.FUTURE_WORK, "3 h on Fri 8 May"),
        (
            K.WORK_AFTER_DONE,
            "2.5 h in 2 work logs, the last on Sun 3 May; done since Mon 27 Apr",
        ),
        (K.MENDED_HISTORY, "sprint, estimate and status; last changed on Tue 28 Apr"),
    ],
)
def test_each_finding_says_what_contradicts(kind, value):
    assert said(words.Words(PARIS, TODAY).value(FOUND.rows[kind][0])) == value


def test_every_kind_has_its_words():
    say = words.Words(PARIS, TODAY)
    assert all(said(say.value(row)) for rows in FOUND.rows.values() for row in rows)
    assert set(FOUND.rows) == set(Contradiction)


def test_the_most_frequent_kind_is_named_and_leads_to_its_list():
    text = said(words.lead(FOUND))
    assert f", of {len(FOUND.rows)} kinds; most frequent: " in text
    figures = [part for part in words.lead(FOUND).parts if isinstance(part, Figure)]
    assert [one.target for one in figures] == [None, to.Quality("unestimated")]


def test_one_kind_or_none_is_said_too():
    one = replace(FOUND, rows={K.LATE_SPRINT: FOUND.rows[K.LATE_SPRINT]})
    assert said(words.lead(one)).startswith("2 contradictions in what Jira tells of this team: ")
    assert said(words.lead(replace(FOUND, rows={}))).startswith("Nothing contradicts")
    assert said(words.lead(replace(FOUND, as_of=None))).startswith("Nothing is known yet")


def test_what_was_looked_at_is_said():
    assert "the last closed one, and" in said(words.window(replace(FOUND, closed_sprints=1)))
    assert "the last 6 closed ones" in said(words.window(replace(FOUND, closed_sprints=6)))
