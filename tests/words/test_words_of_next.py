"""What is said of a sprint to come."""

from dataclasses import replace

from telemetry.metrics.capacity import Capacity
from telemetry.words import next as ahead
from telemetry.words.next_sums import absences, days_off, sums
from telemetry.words.targets import NextIssues
from telemetry.words.values import Figure
from tests.web import invented, invented_sprints
from tests.web.invented import RUNNING, TODAY
from tests.words.said import said

CLOSED = [invented.closed(n) for n in range(26, 8, -1)]


def a_next(**values):
    return replace(invented_sprints.next_sprint([RUNNING, *CLOSED], is_planned=True), **values)


def test_what_cannot_be_known_of_the_next_sprint_is_said():
    unknown = a_next(capacity=None, velocity_points_per_day=None, velocity_sprints=0, coming=None)
    assert "no velocity to say what its 13 working days hold" in said(ahead.lead(unknown))
    dateless = replace(unknown, days=None, working_days=None)
    assert "It has no dates in Jira" in said(ahead.lead(dateless))
    assert said(ahead.dates(dateless)) == "no dates yet"
    idle = a_next(capacity=Capacity(0.0, 0.0, 0.0, 0.0, 6))
    assert "No point was completed in the last 6 sprints" in said(ahead.lead(idle))
    closed = a_next(capacity=Capacity(0.0, 0.0, 0.0, 0.0, 6), working_days=0)
    assert "is a working day" in said(ahead.lead(closed))
    short = a_next(capacity=None, velocity_sprints=0, coming=None, working_days=1)
    assert "to say what its 1 working day holds." in said(ahead.lead(short))


def test_an_empty_next_sprint_tells_what_fits():
    text = said(ahead.lead(a_next(issues=(), types=(), points=0.0, coming=None)))
    assert text == (
        "Nothing is in Sprint 28 yet. Its 13 working days hold about 33.8 points (28.6 to 41.4) "
        "at the velocity of the last 6 sprints."
    )


def test_one_closed_sprint_gives_no_range():
    one = a_next(capacity=Capacity(33.8, None, None, None, 1), velocity_sprints=1)
    assert "30 of about 33.8 points are planned" in said(ahead.lead(one))
    assert "the velocity of the only closed sprint" in said(ahead.lead(one))


def test_days_off_that_follow_each_other_are_one_line():
    lines = days_off(a_next().days_off, TODAY)
    assert [said(when) for when, _ in lines] == ["Thu 14 May", "Fri 15 May", "Mon 25 May"]
    days = tuple(replace(one, name=None) for one in a_next().days_off)
    [(when, name), *_] = days_off(days, TODAY)
    assert (said(when), name) == ("Thu 14 May – Fri 15 May", "team’s day off")


def test_what_absences_take_is_said_where_there_are_some():
    assert said(absences(a_next())) == ""
    assert said(absences(a_next(days_away=1.54))) == (
        "Absences take 1.5 working days of them; the capacity is without these."
    )


def test_the_sum_tells_what_is_in_it_comes_over_and_fits():
    lines = [(one.label, said(one.amount), said(one.note)) for one in sums(a_next())]
    assert lines[0][:2] == ("In it now", "30")
    assert ("Capacity", "≈ 33.8", "28.6 to 41.4") in lines
    assert ("Together", "≈ 35.5", "") in lines
    bare = sums(a_next(coming=None, capacity=None, carried_over_count=0))
    assert [one.label for one in bare] == ["In it now"]


def test_the_bar_is_told_in_words():
    text = said(ahead.bar(a_next()))
    assert text == "30 points in the sprint; about 5.5 may come over; about 33.8 (28.6 to 41.4) fit"
    assert not ahead.bar(a_next(capacity=None))


def test_assumed_days_are_marked_and_explained():
    assert said(ahead.dates(a_next())).startswith("≈ ")
    note = said(ahead.dates_note(a_next()))
    assert note == "Jira has no dates ahead for it; the usual 21 days are assumed."
    known = replace(a_next().days, is_first_assumed=False, is_last_assumed=False)
    assert not ahead.dates_note(a_next(days=known))
    assert not said(ahead.dates(a_next(days=known))).startswith("≈")


def test_the_plan_leads_to_its_issues():
    figures = [part for part in ahead.lead(a_next()).parts if isinstance(part, Figure)]
    assert [one.target for one in figures] == [NextIssues(), NextIssues(), None, None]
