"""What is said of programs and of a quarter of all teams."""

from dataclasses import replace
from datetime import date

import pytest

from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.programs import Part, critical, last_done, together
from telemetry.metrics.roadmap_forecast import NO_DATES, EpicOutlook
from telemetry.metrics.standing import Amounts, amounts
from telemetry.report.quarter.shapes import program_of
from telemetry.words import portfolio as of_all
from telemetry.words import programs as words
from telemetry.words.digests.programs import program_lines
from telemetry.words.plain import plain
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from tests.web.invented_quarter import program

SOON, LATER, LATE = date(2026, 6, 1), date(2026, 6, 20), date(2026, 7, 20)


def an_epic(number=1, total=10.0, done=4.0, **values):
    given = {"in_progress_points": 0.0, "unestimated_count": 0, "dependency_count": 0}
    return EpicFigures(
        number,
        (),
        total_points=total,
        done_points=done,
        child_count=3,
        done_count=1,
        **given | values,
    )


def a_part(key, outlook, total=10.0, done=4.0, unit="point"):
    return Part(key, key.title(), unit, date(2026, 6, 30), Amounts(total, 0.0, done, 1), outlook)


def an_outlook(chance=80.0, on_50=SOON, on_85=LATER, on_95=LATE):
    return EpicOutlook(chance, (on_50, on_85, on_95))


def test_the_last_epic_decides_when_a_team_is_done():
    epics = [an_epic(1), an_epic(2), an_epic(3, done=10.0), an_epic(4, total=0.0, done=0.0)]
    said = last_done(epics, {1: an_outlook(90.0), 2: an_outlook(30.0, on_85=LATE, on_95=None)})
    assert said == EpicOutlook(30.0, (SOON, LATE, None))
    assert last_done(epics, {1: an_outlook()}) is None
    assert last_done(epics[2:], {}) is None


def test_the_latest_team_is_critical_and_each_chance_has_its_latest_day():
    first = a_part("first", an_outlook(60.0, on_95=None))
    second = a_part("second", an_outlook(90.0, on_50=LATE, on_85=LATE))
    done = a_part("done", None, done=10.0)
    assert critical([first, second, done]) is second
    assert together([first, second, done]) == EpicOutlook(60.0, (LATE, LATE, None))
    never = a_part("never", EpicOutlook(1.0, NO_DATES))
    assert critical([never, second]) is never
    assert together([first, a_part("blind", None)]) is None
    assert (critical([done]), together([done])) == (None, None)


def test_amounts_are_added_exactly_and_tell_done_from_blank():
    every = amounts(
        [an_epic(total=0.1, done=0.1), an_epic(total=0.2), an_epic(total=0.0, done=0.0)]
    )
    assert (every.total_points, every.epic_count) == (0.3, 3)
    assert (every.done_count, every.blank_count) == (2, 1)
    assert amounts([]).progression_percent is None


@pytest.fixture
def found():
    made = program("Sovereign", None)
    return replace(
        made,
        teams=(a_part("k8s", an_outlook(40.0)), a_part("lb", an_outlook(20.0, on_85=LATE))),
        amounts=Amounts(20.0, 0.0, 8.0, 2),
    )


def test_a_program_says_which_team_decides_its_date(found):
    assert (
        plain(words.program(found))
        == "8 of 20 points, 40\u202f%, are done, over 2 epics of 2 teams."
    )
    assert plain(words.sure(found)) == (
        "All is done by Mon 20 Jul with 85\u202f%, by Mon 1 Jun with 50\u202f%; Lb decides "
        "that date. "
        "The chance of the quarter’s end is 20\u202f%."
    )


@pytest.mark.parametrize(
    ("teams", "said"),
    [
        ((a_part("k8s", an_outlook(on_85=None)),), "No day is 85\u202f% sure, by Mon 1 Jun"),
        ((a_part("k8s", None), a_part("lb", None)), "nothing is forecast of K8S, Lb."),
    ],
)
def test_a_program_without_a_date_says_why(found, teams, said):
    assert said in plain(words.sure(replace(found, teams=teams)))


def test_units_that_differ_are_not_added(found):
    teams = (*found.teams, a_part("ops", None, unit="hour"))
    assert plain(words.program(replace(found, teams=teams))).startswith("40\u202f% is done, over")


def test_a_program_elsewhere_says_where():
    made = replace(program("nobody", Quarter(2026, 3)), amounts=Amounts())
    assert plain(words.program(made)) == (
        "No epic of the program has the label Q3-26. Its epics are of Q2-26."
    )


def test_a_portfolio_tells_states_units_and_doubts():
    found, _ = FakeReports().portfolio(None, NOW)
    said = plain(of_all.portfolio(found))
    assert " late, " in said
    assert " hours " in said
    assert " of the working days gone." in said
    assert "rather late than in time" in said
    past, _ = FakeReports().portfolio(Quarter(2026, 1), NOW)
    assert " were done at its end." in plain(of_all.portfolio(past))
    ahead, _ = FakeReports().portfolio(Quarter(2026, 3), NOW)
    assert plain(of_all.portfolio(ahead)) == "No epic of any team has the label Q3-26."
    assert plain(words.programs(ahead)).startswith("No epic of Q3-26 has a label Project_")


def a_program(name, chance=80.0, total=10.0, done=4.0, **values):
    outlook = None if chance is None else an_outlook(chance, **values)
    return program_of(name, [a_part("first", outlook, total, done)])


def told(programs, among=None, **values):
    found = FakeReports().portfolio(None, NOW)[0]
    found = replace(found, programs=tuple(programs), **values)
    return [plain(line).replace("\u202f", " ") for line in program_lines(found, among)]


def test_a_digest_tells_each_program_the_least_likely_first():
    both = program_of("both", [a_part("first", an_outlook(60.0)), a_part("second", an_outlook())])
    mixed = program_of("mixed", [*both.teams, a_part("third", an_outlook(), unit="hour")])
    assert told(
        [
            a_program("done", done=10.0),
            a_program("blind", None),
            a_program("blank", None, total=0.0, done=0.0),
            both,
            a_program("a\nb\u202e", 12.0, on_85=None),
            mixed,
        ]
    ) == [
        "Program a b in Q2-26: 4 of 10 points, 40 %, done; no day is 85 % sure; by the "
        "quarter’s end with 12 %.",
        "Program both in Q2-26: 8 of 20 points, 40 %, done; all by Sat 20 Jun with 85 %, which "
        "First decides; by the quarter’s end with 60 %.",
        "Program mixed in Q2-26: 40 % done; all by Sat 20 Jun with 85 %, which First decides; by "
        "the quarter’s end with 60 %.",
        "Program blind in Q2-26: 4 of 10 points, 40 %, done; when the rest is, is not known.",
        "Program blank in Q2-26: no child of its 1 epic has an estimate.",
        "And 1 program more has epics of it.",
    ]


def test_a_digest_of_some_teams_has_their_programs_alone():
    programs = [a_program("mine"), program_of("theirs", [a_part("second", an_outlook())])]
    assert [line.split()[1] for line in told(programs, {"first"})] == ["mine"]
    assert told(programs, set()) == told([]) == []


def test_a_quarter_that_does_not_run_has_no_days():
    assert told([a_program("a")], last=date(2026, 5, 1)) == [
        "Program a in Q2-26: 4 of 10 points, 40 %, done."
    ]
