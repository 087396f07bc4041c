"""What the last sprints say of commitments and velocity."""

from dataclasses import replace

from telemetry.words import sprints
from tests.web import invented, invented_sprints
from tests.web.invented import RUNNING, changed
from tests.words.said import said

CLOSED = [invented.closed(n) for n in range(26, 8, -1)]


def a_table(*rows):
    return invented_sprints.sprint_table(list(rows), "start", 0, 50)


def test_the_first_sprint_has_nothing_to_say_yet():
    text = said(sprints.lead(a_table(RUNNING)))
    assert text.startswith(f"{RUNNING.name} is the first sprint;")


def test_one_closed_sprint_has_no_spread():
    text = said(sprints.lead(a_table(RUNNING, invented.closed(26))))
    assert text == (
        "The only closed sprint completed 32 of 40 points that it committed to, 80 %. "
        "A second one will show a spread."
    )


def test_sprints_without_commitment_are_left_out_and_said():
    none = [changed(one, committed_points=0, completed_points=0) for one in CLOSED]
    assert "had no points committed at the start" in said(sprints.lead(a_table(*none)))
    assert "Velocity" not in said(sprints.lead(a_table(*none)))
    some = said(sprints.lead(a_table(CLOSED[0], *none[1:])))
    assert some.startswith("Of the last 6 closed sprints, the only one with a commitment completed")


def test_teams_that_count_issues_or_hours_read_their_own_unit():
    text = said(sprints.lead(replace(a_table(*CLOSED), unit="issue")))
    assert "Velocity: 2.3 issues a working day" in text


def test_no_sprint_and_one_sprint_make_no_chart():
    why, then = sprints.no_chart(a_table())
    assert (said(why), said(then)) == (
        "No sprint has started yet.",
        "Its bars appear here when one has.",
    )
    why, _ = sprints.no_chart(a_table(RUNNING))
    assert said(why) == f"{RUNNING.name} is the only sprint so far."
