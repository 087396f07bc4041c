"""The alert of a quarter: late, or a chance that fell; what it says, live and in the record."""

from datetime import date, timedelta

from bot.simulator.state import type_of_epic
from telemetry.alerts.readings import Unable
from telemetry.alerts.record import record
from telemetry.domain.quarter import Quarter
from telemetry.metrics.burnup import BurnupDay
from telemetry.metrics.quarter import term_of
from telemetry.report.alerts.past_quarters import PastQuarter, PastQuarters
from telemetry.report.alerts.reading import read_watched
from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.teams.team import read_team
from telemetry.store.engine import reading
from telemetry.words.plain import plain
from tests.alerts.test_record import clock, entry, past_sprint, past_year
from tests.alerts.watched import CALENDAR, Course, a_team, an_issue, answer, at
from tests.pulled import DONE, Story, on, serving


def a_quarter(late=0.0, chance=None, before=None, **values):
    given = {
        "name": "Q1-26",
        "last_on": date(2026, 3, 31),
        "unit": "point",
        "remaining_points": 40.0,
        "working_days_left": 19,
        "days_to_complete": 19 + late,
        "late_days": late,
        "velocity_points_per_day": 2.0,
        "chance_percent": chance,
        "chance_before_percent": before,
        "likely_on": date(2026, 4, 14),
        "furthest": (an_issue(7), an_issue(9)),
        "furthest_points": 31.0,
    } | values
    return WatchedQuarter(**given)


def said(quarter):
    [reading] = answer("quarter_at_risk", a_team(quarter=quarter))
    found = reading.say(0)
    return plain(found.headline).replace("\u202f", " "), plain(found.more).replace("\u202f", " ")


def test_it_says_how_late_what_is_behind_and_what_would_bring_it_back():
    headline, more = said(a_quarter(6.0, 12.0, 40.0))
    assert headline == (
        "about 6 working days late: 40 points left need 25 working days, 19 are left."
    )
    assert more == (
        "The chance that all is done by Tue 31 Mar is 12 %, 40 % within the last 5 working days. "
        "Likely done by Tue 14 Apr (85 %). K8S-7, K8S-9 hold 31 of what is left. "
        "Taking out 12 points would bring it back."
    )


def test_a_chance_that_fell_is_told_where_nothing_is_late():
    headline, more = said(a_quarter(-3.0, 35.0, 62.0))
    assert headline == (
        "the chance that all is done by its end fell from 62 % to 35 % within 5 working days."
    )
    assert more.startswith("40 points are left until Tue 31 Mar.")
    assert "Taking out" not in more


def test_it_stays_while_a_chance_that_fell_is_below_even():
    course = Course("quarter_at_risk")
    steps = [
        (60.0, None),
        (38.0, 60.0),
        (38.0, 38.0),  # five working days later
        (36.0, 40.0),
        (55.0, 40.0),
    ]
    for hour, (chance, before) in enumerate(steps):
        course.look(a_team(at(5, 6 + hour), quarter=a_quarter(-3.0, chance, before)))
    assert course.told == ["opened", "resolved below"]


def test_a_quarter_that_ends_or_has_nothing_estimated_ends_it():
    course = Course("quarter_at_risk")
    course.look(a_team(quarter=a_quarter(6.0)))
    course.look(a_team(at(6), quarter=a_quarter(6.0, name="Q2-26")))
    assert course.told == ["opened", "opened", "resolved gone"]
    assert isinstance(answer("quarter_at_risk", a_team()), Unable)
    unknown = a_quarter(late_days=None, days_to_complete=None)
    assert isinstance(answer("quarter_at_risk", a_team(quarter=unknown)), Unable)


FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)


def past_quarter(done, chances=None):
    """Q1-26 with 60 points, of which so many are done at each day's end."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    rows = {day: BurnupDay(day, 60.0, float(done(n))) for n, day in enumerate(days)}
    return PastQuarter(term_of(Quarter(2026, 1), CALENDAR), rows, chances or {})


def year(*quarters):
    sprints = [past_sprint(n, (0,) * 10, 100) for n in range(6)]  # 4 points in 10 days each
    found = past_year(sprints, weeks=14)
    return type(found)(
        **{name: getattr(found, name) for name in found.__slots__}
        | {"quarters": PastQuarters("point", quarters)}
    )


def test_the_record_holds_it_against_the_quarters_end():
    [missed] = record(year(past_quarter(lambda n: n / 3)), entry("quarter_at_risk"))
    assert (missed.spoken, missed.judged, missed.came_true) == (1, 1, 1)
    assert (missed.subjects, missed.true_subjects) == (1, 1)
    assert missed.lead_days > 40
    [kept] = record(year(past_quarter(lambda n: 60)), entry("quarter_at_risk"))
    assert (kept.spoken, kept.subjects, kept.true_subjects) == (0, 1, 0)


def test_the_record_knows_a_chance_only_from_when_it_was_told():
    days = (date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16))
    chances = dict(zip(days, (80.0, 75.0, 40.0), strict=True))
    quarter = past_quarter(lambda n: 59.9, chances)
    [found] = record(year(quarter), entry("quarter_at_risk"))
    assert found.spoken == 1
    assert clock(LAST) < year(quarter).as_of


def test_the_running_quarter_is_read_as_its_page_tells_it(sqlite_store, tmp_path):
    story = Story()
    first, second = (
        story.issue(kind=type_of_epic, labels=["Q1-26"], summary="An epic") for _ in range(2)
    )
    for epic, points in ((first, 5), (first, 8), (second, 20)):
        story.issue(points, epic=epic.id)
    done = story.issue(4, epic=second.id)
    sprint = story.sprint(on(1, 10), on(5, 12))
    story.world.move_to_sprint(done, sprint, on(1, 11))
    story.world.transition(done, DONE, on(4))
    story.world.close_sprint(sprint, None, on(5, 12))
    story.now = on(5, 18)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        with reading(sqlite_store) as connection:
            team = read_team(connection, "k8s")
            watched = read_watched(connection, team, story.now, frozenset(["quarter_at_risk"]))
            other = read_watched(connection, team, story.now, frozenset())
        page = pulled.reports.quarter("k8s", None, story.now)
    found = watched.quarter
    assert other.quarter is None
    assert (found.name, found.remaining_points, found.unit) == ("Q1-26", 33.0, "point")
    assert found.late_days == -page.predictability.days
    assert found.days_to_complete == page.predictability.days_to_complete
    assert [one.key for one in found.furthest] == [second.key, first.key]
    assert found.furthest_points == 33.0
    [told] = answer("quarter_at_risk", watched)
    assert told.is_true == (found.late_days > 1)
