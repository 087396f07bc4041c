"""What is said of later edits: of a sprint, of its figures, of its issues."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telemetry.metrics.later_edits import FigurePair, IssueChange
from telemetry.words import snapshots as words
from telemetry.words import targets as to
from telemetry.words.edits import change_line, figure_line
from telemetry.words.values import Figure
from tests.web import invented
from tests.web.fake_snapshots import EDITED, SAME, then_of
from tests.web.invented import PARIS, TODAY
from tests.words.said import said

THEN = then_of(invented.closed(EDITED))
CLOSE = THEN.close


def test_the_note_names_the_issues_and_what_changed_of_them():
    note = words.note(THEN)
    assert said(note.opening).endswith(" figures have changed since the close: ")
    assert note.issues[0][1] == "time logged, impediment"
    assert said(note.closing).endswith(" were edited later.")
    assert words.note(then_of(invented.closed(SAME))) is None


def test_the_lead_counts_what_differs_and_leads_to_the_issues():
    lead = words.lead(THEN, CLOSE, PARIS, TODAY)
    assert said(lead).startswith("Since the close on ")
    *_, issues = (part for part in lead.parts if isinstance(part, Figure))
    assert issues.target == to.Edited(THEN.sprint_id, "close")
    one = replace(CLOSE, issues=CLOSE.issues[:1], figures=())
    assert said(words.lead(THEN, one, PARIS, TODAY)).endswith(
        ", no figure has changed, but 1 issue differs."
    )


def test_a_record_that_is_all_there_is_says_so():
    gone = replace(CLOSE, has_figures_now=False, now_at=None)
    assert "no longer one of the team’s in Jira" in said(words.lead(THEN, gone, PARIS, TODAY))
    assert not words.moved(gone, PARIS, TODAY)


def test_a_start_that_moved_has_both_dates():
    start = replace(CLOSE, moment="start", now_at=CLOSE.at + timedelta(hours=1))
    assert "It started on " in said(words.moved(start, PARIS, TODAY))
    assert "; Jira now says " in said(words.moved(start, PARIS, TODAY))
    assert not words.moved(replace(start, now_at=start.at), PARIS, TODAY)


def test_why_nothing_is_kept_depends_on_the_sprint():
    future = replace(invented.closed(SAME), state="future")
    undated = replace(invented.closed(SAME), figures=None)
    assert words.nothing_yet(future)[0].endswith("it has not started.")
    assert words.nothing_yet(undated)[0].endswith("no start date in the tracker.")
    assert words.nothing_yet(None)[1].startswith("A record is made by the first complete pull")


@pytest.mark.parametrize(
    ("pair", "texts"),
    [
        (FigurePair("remaining", "points", 43, 40), ("43", "40", "−3")),
        (FigurePair("completion", "%", None, 81.2), ("–", "81 %", "–")),
        (FigurePair("impediment_time", "seconds", 57600, 72000), ("16 h", "20 h", "+4")),
        (FigurePair("time_to_close", "hours", 2.5, 2.0), ("2.5 h", "2 h", "−0.5")),
        (FigurePair("remaining", "points", 3, 3), ("3", "3", "")),
    ],
)
def test_a_figure_then_and_now(pair, texts):
    line = figure_line(pair)
    assert (said(line.then), said(line.now), said(line.difference)) == texts


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (IssueChange("scope", "start", None), ("in from the start", "not in the sprint", "")),
        (IssueChange("outcome", "not_completed", "completed"), ("not completed", "completed", "")),
        (IssueChange("is_impediment", False, True), ("no", "yes", "")),
        (IssueChange("points", None, 3.0), ("no estimate", "3 points", "")),
        (IssueChange("seconds", 7200, 21600), ("2 h", "6 h", "+4")),
    ],
)
def test_a_change_of_an_issue(change, texts):
    line = change_line(change)
    assert (said(line.then), said(line.now), said(line.difference)) == texts


@pytest.mark.parametrize(
    ("unit", "then", "now", "said_so"),
    [
        ("%", 52.8, 48.5, ("52.8 %", "48.5 %", "-4.3")),
        ("%", 81.0, 81.0, ("81 %", "81 %", "")),
        ("seconds", 303.2 * 3600, 289.1 * 3600, ("303.2 h", "289.1 h", "-14.1")),
        ("points", 0.13, 0.12, ("0.13", "0.12", "-0.01")),
        ("points", 40.0, 37.0, ("40", "37", "-3")),
        ("points", None, 3.0, ("–", "3", "–")),
    ],
)
def test_then_now_and_their_difference_add_up_as_written(unit, then, now, said_so):
    line = figure_line(FigurePair("committed", unit, then, now))
    texts = [said(one).replace("\u2212", "-") for one in (line.then, line.now, line.difference)]
    assert tuple(texts) == said_so
