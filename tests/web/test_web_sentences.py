"""The sentences as text, in many states."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from telemetry.metrics.figures import Impediments, Nature, TimeSplit
from tests.web import fake_reports as fake
from tests.web import invented
from tests.web.invented import HOUR, NOW, RUNNING, changed, part
from tests.web.invented_sprints import NOT_STARTED
from web.pages.sprint import sentences
from web.pages.teams import sentences as of_teams

PARIS = ZoneInfo("Europe/Paris")


def a_page(sprint, **changes):
    page = fake.FakeReports().sprint_page("k8s", 27, NOW)
    return replace(page, sprint=sprint, **changes)


def expected(sprint):
    return plain(sentences.expected(a_page(sprint), PARIS))


def plain(sentence):
    return str(sentence).replace("\u202f", " ")


def test_a_running_sprint_behind_says_how_far_and_when_the_rest_is_done():
    assert expected(RUNNING) == (
        "27 of 41 points are done, 4 behind the ideal line. At the recent pace the rest is done "
        "on Wed 13 May, 1 day after the planned end; by Fri 15 May with 85 % confidence."
    )


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        (-3.5, ", 3.5 ahead of the ideal line."),
        (0.2, ", exactly on the ideal line."),
        (None, "done. At"),
    ],
)
def test_ahead_on_the_line_and_unknown_have_their_own_words(behind, words):
    assert words in expected(changed(RUNNING, behind_points=behind))


def test_the_first_day_expects_nothing_yet():
    text = expected(fake.FIRST_DAY)
    assert text.startswith("Nothing of 20 points is done yet, and none was expected by now.")


def test_all_done_needs_no_outlook():
    sprint = changed(RUNNING, done_points=41, remaining_points=0)
    assert expected(sprint) == "All 41 points are done."


def test_a_passed_planned_end_is_said():
    sprint = replace(RUNNING, planned_end_at=invented.local(invented.START))
    assert "The planned end, Wed 22 Apr, has passed." in expected(sprint)


def test_a_sprint_without_estimates_says_so():
    assert expected(fake.UNESTIMATED) == (
        "None of the 12 open issues is estimated, so there are no points to burn down."
    )
    assert "not estimated" in expected(changed(fake.UNESTIMATED, unestimated_count=1))
    empty = changed(fake.UNESTIMATED, unestimated_count=0)
    assert expected(empty) == "No issue with an estimate is in this sprint."


def test_a_closed_sprint_says_what_was_kept_and_left():
    sprint = changed(RUNNING, state="closed", remaining_points=1, commitment_kept_percent=82.0)
    assert expected(sprint) == (
        "27 of 41 points were done; 82 % of the commitment was kept; 1 point was left at the close."
    )


def test_a_sprint_not_started_has_no_figures():
    assert "has not started" in expected(
        replace(RUNNING, figures=None, no_figures_reason=NOT_STARTED)
    )


def test_impediments_are_counted_weighed_and_dated():
    assert plain(sentences.instead(a_page(RUNNING))) == (
        "10 impediments took 38 h, 13 % of the time logged. Most often it was support, "
        "but incident cost most; Wed 29 Apr was the worst day, with 11.5 h."
    )


def an_instead(count, seconds, natures, logged=100 * HOUR, state="active"):
    found = Impediments(count, count, 0, count, seconds, None, natures)
    time = TimeSplit(logged, seconds, 0)
    sprint = changed(RUNNING, impediments=found, time=time, state=state)
    return plain(sentences.instead(a_page(sprint, daily=())))


def test_one_impediment_of_one_nature_is_singular():
    text = an_instead(1, HOUR, (Nature("网络", 1, HOUR),))
    assert text == "1 impediment took 1 h, 1 % of the time logged. It was 网络."


def test_no_impediment_and_no_time_are_different_sentences():
    assert an_instead(0, 0, ()) == "No impediment came up so far, in 100 h logged."
    assert an_instead(0, 0, (), 0) == "No time was logged so far, and no impediment came up."
    assert an_instead(2, 0, (Nature("unknown", 2, 0),)) == (
        "2 impediments came up so far; no time was logged on them."
    )


def test_the_gap_of_a_running_sprint_names_what_cost_it():
    assert plain(sentences.why(a_page(RUNNING))) == (
        "11 committed points are not finished, with 3 working days to go. "
        "Impediments cost about 3 of them and off-plan work about 1; 3 more were taken out."
    )


def test_the_gap_of_a_closed_sprint_is_past():
    sprint = changed(invented.closed(20), gap=(invented.closed(20).gap[3],))
    assert "were not finished" in plain(sentences.why(a_page(sprint)))


def test_no_gap_is_said():
    text = plain(sentences.why(a_page(changed(RUNNING, gap=()))))
    assert text == "Everything committed is finished: 38 points."
    nothing = changed(RUNNING, committed_points=0)
    assert "no gap to explain" in plain(sentences.why(a_page(nothing)))


def test_the_list_of_teams_names_the_most_behind_and_the_stale():
    rows = fake.FakeReports().teams(NOW)
    assert plain(of_teams.teams(rows)) == (
        "1 of 6 teams with a running sprint is more than 10 % behind, Container Registry most, "
        "with 14 of 38 points. "
        "Impediments took 13 % of the hours in the running sprints. "
        "The data of 2 teams are not up to date."
    )
    assert "telemetry.yml" in plain(of_teams.teams([]))
    assert plain(of_teams.teams(rows[-1:])).startswith("No sprint is running.")


def test_what_rounds_to_nothing_is_not_said_to_cost_something():
    gap = (
        part("not_due", 10.0, True, (1,)),
        part("behind", 3.0, True, (1,)),
        part("impediments", 0.01, False, (), 0.1),
        part("rest", 2.99, False, (1,)),
    )
    page = replace(
        fake.FakeReports().sprint_page("k8s", "current", NOW),
        sprint=changed(RUNNING, gap=gap),
    )
    assert "cost about" not in plain(sentences.why(page))
