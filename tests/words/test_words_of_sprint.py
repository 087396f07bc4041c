"""What is said of a sprint, in many states: as text, and as the values that it is made of."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from telemetry.metrics.estimates import ImpedimentCost
from telemetry.metrics.figures import Impediments, Nature, TimeSplit
from telemetry.metrics.forecast import Promise, Scores, Worth
from telemetry.report.shapes.sprints import Outlook
from telemetry.words import gap, outlook, time
from telemetry.words import sprint as words
from telemetry.words import targets as to
from telemetry.words.values import Day, Figure, Number, counted, hours, noun, percent
from tests.web import fake_reports as fake
from tests.web import invented
from tests.web.invented import HOUR, NOW, RUNNING, TODAY, changed, part
from tests.web.invented_sprints import NOT_STARTED
from tests.words.said import said

PARIS = ZoneInfo("Europe/Paris")


def a_page(sprint, **changes):
    page = fake.FakeReports().sprint_page("k8s", 27, NOW)
    return replace(page, sprint=sprint, **changes)


def expected(sprint):
    return said(words.expected(sprint, TODAY, PARIS))


def test_a_running_sprint_behind_says_how_far_and_when_the_rest_is_done():
    assert expected(RUNNING) == (
        "The chance that all is done by the planned end, Tue 12 May, is 22 %: likely 36 of "
        "41 points are done by then and about 5 are left, at least 32 with 85 % (of 60 such "
        "promises 52 held). 27 of 41 points are done, 4 behind the ideal line. Likely the rest is "
        "done by Wed 13 May, 1 day after the planned end; by Fri 15 May with 85 %."
    )


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        (-3.5, ", 3.5 ahead of the ideal line."),
        (0.2, ", exactly on the ideal line."),
        (None, "done. Likely"),
    ],
)
def test_ahead_on_the_line_and_unknown_have_their_own_words(behind, words):
    assert words in expected(changed(RUNNING, behind_points=behind))


def test_the_first_day_expects_nothing_yet():
    text = expected(fake.FIRST_DAY)
    assert "Nothing of 20 points is done yet, and none was expected by now." in text


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.2, "is less than 1 %:"), (99.6, "is more than 99 %:"), (55, "is 55 %:")],
)
def test_no_chance_is_certain(chance, words):
    assert words in expected(changed(RUNNING, finish_in_time_percent=chance))


def test_what_will_likely_all_be_done_leaves_nothing():
    text = expected(changed(RUNNING, done_by_end_50_points=43.0, left_by_end_50_points=0.0))
    assert ": likely all 43 points are done by then, at least 32 with 85 % (" in text
    growing = changed(RUNNING, done_by_end_50_points=43.0, left_by_end_50_points=9.0)
    assert (
        ": likely 43 of 52 points, with what is usually added, are done by then and about 9 are"
        in (expected(growing))
    )
    one = changed(RUNNING, done_by_end_50_points=40.0, left_by_end_50_points=1.0)
    assert "and about 1 is left" in expected(one)


def test_how_much_it_is_worth_is_told_from_ten_promises_on():
    few = Scores((), (Promise(85, 8, 9),), None, 0)
    sprint = replace(RUNNING, outlook=Outlook(None, Worth(few, few)))
    assert "(too few such promises can be judged yet)" in expected(sprint)


def test_what_others_lend_is_said_to_be_theirs():
    worth = replace(RUNNING.outlook.worth, lenders=3)
    text = expected(replace(RUNNING, outlook=Outlook(None, worth)))
    assert "The team has hardly a record of its own: 3 other teams lend theirs. " in text
    alone = expected(replace(RUNNING, outlook=Outlook(None, replace(worth, lenders=1))))
    assert "1 other team lends its. " in alone


def test_why_nothing_can_be_said_is_said_with_the_planned_end():
    nothing = {
        "finish_in_time_percent": None,
        "done_by_end_50_points": None,
        "projected_50_on": None,
        "outlook": Outlook("few_sprints", None),
    }
    text = expected(changed(RUNNING, **nothing))
    assert text.startswith(
        "Whether it will be done in time cannot be told: it takes 4 closed sprints with finished "
        "points, or one and other teams with more. The sprint is planned to end on Tue 12 May. "
    )
    late = changed(RUNNING, **nothing, planned_end_at=invented.local(invented.START))
    assert "When the rest will be done cannot be told: it takes 4 closed sprints" in expected(late)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"remaining_points": 0.0, "unestimated_count": 0}, "Nothing is left to forecast."),
        ({"outlook": Outlook("unestimated", None)}, "Nothing is forecast: what is left has no e"),
        ({"projected_85_on": None, "projected_95_on": None}, "No day is 85 % sure: too many"),
        ({"projected_95_on": None}, "No day is 95 % sure: too many"),
        ({"state": "closed", "projected_95_on": None}, ""),
    ],
)
def test_what_is_missing_of_a_forecast_has_its_reason(changes, words):
    text = said(outlook.why_missing(changed(RUNNING, **changes)))
    assert text.startswith(words)
    assert bool(text) == bool(words)


def test_all_done_needs_no_outlook():
    sprint = changed(RUNNING, done_points=41, remaining_points=0)
    assert expected(sprint) == "All 41 points are done."


def test_a_passed_planned_end_is_said():
    sprint = changed(RUNNING, planned_end_at=invented.local(invented.START))
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
    assert not words.expected(None, TODAY, PARIS)
    assert "has not started" in expected(
        replace(RUNNING, figures=None, no_figures_reason=NOT_STARTED)
    )


def test_impediments_are_counted_weighed_and_dated():
    assert said(words.instead(a_page(RUNNING))) == (
        "10 impediments took 38 h, 13 % of the time logged. Most often it was support, "
        "but incident cost most; Wed 29 Apr was the worst day, with 11.5 h."
    )


def an_instead(count, seconds, natures, logged=100 * HOUR, state="active"):
    found = Impediments(count, count, 0, count, seconds, None, natures)
    time = TimeSplit(logged, seconds, 0)
    sprint = changed(RUNNING, impediments=found, time=time, state=state)
    return said(words.instead(a_page(sprint, daily=())))


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
    assert said(gap.why(a_page(RUNNING))) == (
        "11 committed points are not finished, with 3 working days to go. "
        "Impediments cost about 3 of them and off-plan work about 1; 3 more were taken out."
    )


def test_the_gap_of_a_closed_sprint_is_past():
    sprint = changed(invented.closed(20), gap=(invented.closed(20).gap[3],))
    assert "were not finished" in said(gap.why(a_page(sprint)))


def test_no_gap_is_said():
    text = said(gap.why(a_page(changed(RUNNING, gap=()))))
    assert text == "Everything committed is finished: 38 points."
    nothing = changed(RUNNING, committed_points=0)
    assert "no gap to explain" in said(gap.why(a_page(nothing)))


def test_what_rounds_to_nothing_is_not_said_to_cost_something():
    parts = (
        part("not_due", 10.0, True, (1,)),
        part("behind", 3.0, True, (1,)),
        part("impediments", 0.01, False, (), 0.1),
        part("rest", 2.99, False, (1,)),
    )
    page = replace(
        fake.FakeReports().sprint_page("k8s", "current", NOW),
        sprint=changed(RUNNING, gap=parts),
    )
    assert "cost about" not in said(gap.why(page))


def test_a_figure_carries_numbers_and_where_its_issues_are():
    parts = words.expected(RUNNING, TODAY, PARIS).parts
    chance, left, done, behind, rest = (part for part in parts if isinstance(part, Figure))
    assert chance.parts == (percent(22.4),)
    assert left == Figure(("about ", Number(5)), to.SprintIssues(RUNNING.id, "remaining"))
    assert done.parts == (Number(27), " of ", Number(41, noun("point")))
    assert done.target == to.SprintIssues(RUNNING.id, "done")
    assert behind == Figure((Number(4), " behind"), to.SprintIssues(RUNNING.id, "remaining"))
    assert rest.parts == (Day(RUNNING.figures.projected_50_on, TODAY),)
    assert percent(85) in parts


def test_impediments_lead_to_all_of_them_and_to_those_of_the_worst_day():
    figures = [one for one in words.instead(a_page(RUNNING)).parts if isinstance(one, Figure)]
    assert [one.target for one in figures] == [
        to.SprintImpediments(RUNNING.id),
        to.SprintImpediments(RUNNING.id),
        to.SprintImpediments(RUNNING.id, "day:2026-04-29"),
    ]
    assert figures[0].parts == (counted(10, "impediment"),)
    assert figures[1].parts == (hours(RUNNING.figures.impediment_seconds),)


def test_the_gap_leads_to_what_cost_it():
    targets = [one.target for one in gap.why(a_page(RUNNING)).parts if isinstance(one, Figure)]
    assert targets == [
        to.SprintIssues(RUNNING.id, "unfinished"),
        to.SprintImpediments(RUNNING.id),
        to.SprintIssues(RUNNING.id, "off_plan"),
        to.SprintIssues(RUNNING.id, "taken_out"),
    ]


def test_a_few_issues_of_a_part_are_named_and_lead_to_the_tracker():
    issues = {one.id: one for one in invented.issues()}
    reestimated = next(one for one in RUNNING.gap if one.cause == "reestimated")
    found = gap.exact_evidence(reestimated, issues, None)
    [issue] = (issues[one] for one in reestimated.issue_ids)
    assert found.parts[0] == Figure((issue.key,), to.External(issue.url))
    assert said(found).startswith(f"{issue.key} went from ")
    many = part("unfinished", 3.0, True, tuple(range(900, 904)))
    assert said(gap.exact_evidence(many, issues, 3)) == "4 issues, 3 working days to go"
    assert said(gap.exact_evidence(replace(many, issue_ids=()), issues, None)) == ""


def test_an_estimated_part_says_what_it_rests_on():
    parts = gap.parts_by_cause(RUNNING)
    assert said(gap.estimated_evidence(parts["impediments"], parts)).endswith(" h over the usual")
    rest = part("rest", 1.0, False)
    assert said(gap.estimated_evidence(rest, {"rest": rest})) == "not explained by hours"
    behind = {"rest": rest, "behind": rest}
    assert "no more than are usually lost by now" in said(gap.estimated_evidence(rest, behind))


@pytest.mark.parametrize(
    ("reason", "start"),
    [
        ("not_pulled", "Nothing has been pulled"),
        ("no_sprints", "This team's board has no sprints (it is a kanban board)"),
        ("not_started", f"No sprint has started yet; {RUNNING.name} is planned."),
        ("none_yet", "This team's board has no sprint yet."),
        (None, ""),
    ],
)
def test_a_team_without_a_sprint_says_why(reason, start):
    page = a_page(None, no_sprint_reason=reason, choices=(RUNNING,))
    text = said(words.no_sprint(page))
    assert text.startswith(start)
    assert bool(text) == (reason is not None)


def natures(*rows):
    return tuple(Nature(name, count, seconds) for name, count, seconds in rows)


@pytest.mark.parametrize(
    ("rows", "said_of"),
    [
        (natures(("support", 1, 60)), "It was support"),
        (natures(("unknown", 2, 60)), "Their nature is unknown"),
        (natures(("a", 2, 60), ("b", 1, 30)), "Most often, and at the highest cost, it was a"),
        (natures(("a", 2, 30), ("b", 1, 60)), "Most often it was a, but b cost most"),
        (natures(("a", 1, 30), ("b", 1, 60)), "The highest cost was that of b"),
        (natures(("a", 2, 60), ("b", 1, 60)), "Most often it was a"),
        (natures(("a", 1, 60), ("b", 1, 60)), "No single nature cost most"),
    ],
)
def test_a_nature_is_most_only_where_it_alone_is(rows, said_of):
    assert words.which(rows) == said_of


def test_weeks_say_what_impediments_took():
    rows = invented.daily()
    assert said(time.weeks((), ())) == "No time was logged in these weeks."
    assert said(time.weeks(rows, ())).startswith("0 impediments took 38 h, ")
    quiet = [replace(one, time=TimeSplit(HOUR, 0, 0)) for one in rows[:2]]
    assert said(time.weeks(quiet, ())) == "2 h logged, none of them on impediments."


def cost_of(usual: float, surplus: float, state: str = "active") -> str:
    found = replace(RUNNING.estimates, impediment_cost=ImpedimentCost(usual, surplus))
    return said(gap.cost(replace(RUNNING, estimates=found, state=state)))


def test_the_cost_of_impediments_adds_up_as_it_is_written():
    assert cost_of(1.96, 1.14) == (
        " cost about 3.1 points, an estimate: 2 that are usual by now, and 1.1 above."
    )
    text = cost_of(1.56, 1.56, "closed")
    assert "3.2 points, an estimate: 1.6 that are usual in a sprint" in text


def test_nothing_is_said_of_a_cost_that_is_nothing_or_unknown():
    assert cost_of(0.0, 0.04) == ""
    unknown = replace(RUNNING.estimates, impediment_cost=None)
    assert not gap.cost(replace(RUNNING, estimates=unknown))
    assert not gap.cost(replace(RUNNING, estimates=None))
