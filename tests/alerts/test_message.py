"""What messages say, and how much of it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.channels.payload import Dialect, payload
from telemetry.metrics.figures import TimeSplit
from telemetry.settings.alerting import RULES
from telemetry.words.alerts import issues, pulls, sprints, time
from telemetry.words.alerts.message import MOST, Named, Told, message
from telemetry.words.alerts.said import TITLES, Said
from telemetry.words.plain import plain
from telemetry.words.stored import from_json, to_json
from telemetry.words.values import figure, sentence
from tests.alerts.watched import CALENDAR, HOUR, a_sprint, a_summary, an_issue

TODAY = date(2026, 3, 5)
URL = "https://telemetry.example.com/teams/k8s"
HOSTILE = "a\r\nb\u202ec\u2028<!here> @all\x00" + "x" * 500


def figures(**values):
    return a_summary(**values).figures


def text(found):
    return "\n".join(plain(line) for line in found.lines).replace("\u202f", " ")


def told(said, rule="sprint_behind", **values):
    given = {
        "kind": "opened",
        "rule": rule,
        "severity": RULES[rule].severity,
        "team": "Managed Kubernetes",
        "subject_kind": RULES[rule].subject,
        "subject": "Sprint 7",
        "said": said,
        "value": 30.0,
        "opened_value": 20.0,
    } | values
    return Told(**given)


def behind():
    lost = TimeSplit(50 * HOUR, 31 * HOUR, 0)
    costly = (an_issue(816, 4.0, seconds=12 * HOUR),)
    sprint = a_sprint(outlook=(4.0, 9.2), costly=costly, usual=15.5 * HOUR, time=lost)
    return sprints.behind(sprint, sprint.summary.figures, CALENDAR, TODAY, 2)


def test_a_sprint_behind_says_what_since_when_why_and_what_is_to_come():
    assert text(message([told(behind())], "1", URL)) == (
        "▲ Managed Kubernetes, Sprint 7: 8 of 40 points behind for 2 working days.\n"
        "12 of 40 expected by now, 4 done. Impediments took 31 h, twice the usual; K8S-816 alone "
        "12 h. At this pace about 9.2 points stay open on Fri 13 Mar; likely done by Wed 18 Mar "
        "(85 %)."
    )


@pytest.mark.parametrize(
    ("said", "headline"),
    [
        (
            sprints.at_risk(a_sprint(outlook=(4.0, 9.0)), 4.0, CALENDAR, TODAY, 2),
            "all done by Fri 13 Mar in 4 of 100 futures for 2 working days.",
        ),
        (
            sprints.scope_grown(figures(added_points=12.0, removed_points=2.0), 25.0),
            "scope grew by 25 %: 10 points onto 40 points.",
        ),
        (sprints.unestimated(3, 1), "3 open issues have no estimate for 1 working day."),
        (
            sprints.started(figures(carried_over_points=5.0), date(2026, 3, 13), TODAY, 71.0),
            "started with 40 points committed until Fri 13 Mar, 5 of them carried over.",
        ),
        (
            sprints.closed(figures(completed_points=19.0, commitment_kept_percent=48.0)),
            "closed with 19 points completed of 40 committed; 48 % of the commitment was kept.",
        ),
        (
            time.impediment_time(
                TimeSplit(40 * HOUR, 20 * HOUR, 0), 9.0 * HOUR, date(2026, 2, 26), TODAY, ()
            ),
            "impediments took 20 h in 5 working days, 9 h is usual.",
        ),
        (
            time.off_plan_time(TimeSplit(10 * HOUR, 0, 10 * HOUR), 50.0, date(2026, 2, 26), TODAY),
            "off-plan work took 50 % of the time logged: 10 h of 20 h.",
        ),
        (
            time.peak_day(date(2026, 3, 4), 14 * HOUR, 60, TODAY, (an_issue(),)),
            "impediments took 14 h on Wed 4 Mar.",
        ),
        (
            time.no_work_logged(2, date(2026, 3, 3), TODAY),
            "nobody logged work for 2 working days.",
        ),
        (issues.impediment_open(an_issue(age=6.0), 3.0), "open for 6 working days."),
        (issues.work_ageing(an_issue(age=21.4), 14.0), "in progress for 21 days."),
        (
            pulls.data_stale(2.5 * HOUR, None),
            "no complete pull for 2.5 h. Figures stay as they were.",
        ),
        (pulls.pull_failing(3, "Jira answered 503."), "3 pulls failed in a row."),
        (pulls.delivery_failing(1, "It refused us."), "1 message did not arrive."),
    ],
)
def test_every_rule_has_its_sentence_which_comes_back_from_the_store(said, headline):
    assert plain(said.headline).replace("\u202f", " ") == headline
    for one in (said.headline, said.more):
        assert plain(from_json(to_json(one))) == plain(one)
        assert "!" not in plain(one)
    whole = message([told(said)], "1", URL)
    assert len(text(whole)) + len(URL) + 1 <= MOST


def test_every_rule_has_a_title():
    assert RULES.keys() <= TITLES.keys()


def test_issues_are_named_with_their_titles_unless_these_are_hidden():
    named = Named("K8S-1", "https://jira.example.com/browse/K8S-1", "Node\r\npools")
    shown = message([told(behind(), issues=[named])], "1", None)
    assert plain(shown.lines[-1]) == "Impediment: K8S-1 Node pools"
    hidden = message([told(behind(), issues=[replace(named, title=None)])], "1", None)
    assert len(hidden.lines) == 2


def test_what_is_over_says_why_after_how_long_and_against_what():
    over = told(behind(), kind="resolved", value=8.0, opened_value=24.0, days=2)
    assert text(message([over], "1", None)) == (
        "● Managed Kubernetes, Sprint 7: behind is over after 2 working days: now 8 %, 24 % when "
        "it opened."
    )
    gone = replace(over, is_gone=True, days=0)
    assert text(message([gone], "1", None)).endswith("over on the day it began: it was closed.")


def test_what_became_worse_says_so():
    worse = text(message([told(behind(), kind="worsened")], "1", None))
    assert "Worse: 30 % now, 20 % when it was first told." in worse


def test_an_issue_among_several_has_its_title_and_says_how_it_became_worse():
    said = issues.impediment_open(an_issue(age=9.0), 3.0)
    named = Named("K8S-1", "https://jira.example.com/browse/K8S-1", "Node pools")
    subject = {"subject": "K8S-1", "subject_kind": "impediment", "issues": [named]}
    given = {"value": 9.0, "opened_value": 6.0} | subject
    one = told(said, "impediment_open", kind="worsened", **given)
    other = told(behind(), kind="resolved", subject="K8S-1", subject_kind="impediment")
    lines = text(message([one, other], "1", None)).splitlines()
    assert lines[:2] == [
        "▲ Managed Kubernetes: 1 alert, 1 alert over.",
        "▲ Impediment K8S-1 Node pools: open for 9 working days. Worse: 9 working days now, "
        "6 working days when it was first told.",
    ]
    assert lines[2].startswith("● K8S-1: behind is over")
    over = replace(one, kind="resolved", is_gone=True, days=3)
    assert text(message([over], "1", None)).splitlines() == [
        "● Managed Kubernetes, K8S-1: impediment open is over after 3 working days: it is closed.",
        "K8S-1 Node pools",
    ]
    both = text(message([over, other], "1", None)).splitlines()
    assert "● K8S-1 Node pools: impediment open is over after 3 working days: it is closed." in both
    hidden = replace(one, issues=[replace(named, title=None)])
    assert "▲ Impediment K8S-1: open" in text(message([hidden, other], "1", None))
    alone = text(message([one], "1", None))
    assert alone.startswith("▲ Managed Kubernetes, impediment K8S-1: open for 9 working days.")


def test_several_are_one_message_worst_first_and_what_is_over_last():
    many = [
        told(behind(), kind="resolved"),
        told(sprints.unestimated(3, 1), "unestimated"),
        told(behind()),
        told(pulls.pull_failing(3, "x"), "pull_failing", subject="Jira"),
    ]
    lines = text(message(many, "1", URL)).split("\n")
    assert lines[0] == "■ Managed Kubernetes: 2 alerts, 1 note, 1 alert over."
    assert [line[0] for line in lines] == ["■", "■", "▲", "●", "●"]
    assert "over" in lines[-1]


def test_very_many_are_counted_within_the_length():
    many = [told(behind(), subject=f"Sprint {n}") for n in range(40)]
    found = message(many, "1", URL)
    assert len(text(found)) + len(URL) <= MOST
    assert text(found).split("\n")[-1].startswith("And ")


def test_names_and_reasons_from_elsewhere_stay_on_their_line_and_within_the_length():
    said = Said(sentence(figure(HOSTILE), HOSTILE), sentence(HOSTILE * 3))
    named = Named(HOSTILE, "https://jira.example.com/x", HOSTILE)
    for count in (1, 5):
        many = [told(said, team=HOSTILE, subject=HOSTILE, issues=[named])] * count
        found = message(many, "1", URL)
        assert len(text(found)) + len(URL) <= MOST + 5
        for line in found.lines:
            assert not set(plain(line)) & set("\r\n\x00\u2028\u202e")
        for dialect in Dialect:
            made = payload(found, dialect)
            assert "\n" not in made.title
            if dialect is not Dialect.HTML:
                assert "@all" not in made.title + made.body


def test_a_site_is_called_jira_unless_it_has_a_name():
    stale = told(pulls.data_stale(9000, None), "data_stale", team="", subject="default")
    assert text(message([stale], "1", None)).startswith("■ Jira: no complete pull for 2.5 h.")
    named = text(message([replace(stale, subject="emea")], "1", None))
    assert named.startswith("■ emea: no complete")
