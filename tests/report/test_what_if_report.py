"""What would become of a quarter from a real store: the figures of its stored forecast."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from telemetry.facts.reading.batch import Team
from telemetry.facts.roadmaps import write_roadmaps
from telemetry.metrics.quarter import Share
from telemetry.metrics.what_if import Change
from telemetry.report.reports import Reports
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.teams import read_team
from tests.bench.roadmaps import CURRENT, fill_epics, issue_row
from tests.bench.teams import NOW, SITE, fill

TEAMS = ("team-1", "team-2")
SAID = s.quarter_outlooks.c
SECOND = {"team_key": "team-2", "site": SITE}


@pytest.fixture
def reports(store):
    """Two years of quarters of team-1; of team-2 the running one, to which team-1 lends."""
    fill(store, 2, 8)
    fill_epics(store)
    since, done = NOW - timedelta(days=40), NOW - timedelta(days=3)
    of_epic = {"quarters": [str(CURRENT)], "programs": [], "odd": []}
    spells = [[str(CURRENT), since, None]]
    steps = [[since, "todo", 2.0], [done, "done", 2.0]]
    children = [
        {"epic_id": 7, "issue_id": 70 + n, "is_dependency": False, "steps": steps[: 1 + (n < 8)]}
        for n in range(12)
    ]
    with writing(store) as connection:
        connection.execute(insert(s.issues), [issue_row(7)])
        connection.execute(
            insert(s.epic_facts),
            [SECOND | of_epic | {"issue_id": 7, "spells": spells, "program_spells": []}],
        )
        connection.execute(insert(s.epic_children), [SECOND | child for child in children])
    write(store)
    return Reports(store)


def write(store):
    with reading(store) as connection:
        records = [read_team(connection, key) for key in TEAMS]
    teams = [Team(one.rules, NOW, has_new_epics=True) for one in records if one is not None]
    write_roadmaps(store, SITE, teams)


def whole(outlook):
    return replace(outlook, drivers=())


def test_with_nothing_changed_the_figures_are_those_that_are_stored(store, reports):
    with reading(store) as connection:
        outlooks = connection.execute(select(SAID.team_key, SAID.drawn)).all()
        before = connection.execute(s.forecasts.select()).all()
    lenders = {row.team_key: row.drawn["lenders"] for row in outlooks}
    assert lenders == {"team-1": [], "team-2": ["team-1"]}
    for key in TEAMS:
        found = reports.quarter(key, None, NOW, Change())
        assert found.outlook.why_none is None
        assert found.what_if.outlook == whole(found.outlook)
        assert found.what_if.capacity_limit_points == found.capacity_limit_points
        assert found.what_if.predictability == found.predictability
        assert found.what_if.security_coefficient == found.security_coefficient
        other = reports.quarter(key, None, NOW, Change(scope_change_points=40.0))
        assert other.what_if.outlook != found.what_if.outlook
        assert other.outlook == found.outlook
    with reading(store) as connection:
        assert connection.execute(s.forecasts.select()).all() == before  # nothing of it is kept


def test_work_that_is_logged_tells_the_usual_share_and_what_is_lost(store, reports):
    found = reports.quarter("team-1", None, NOW)
    assert found.usual.impediments == Share(0, 0)
    assert "lost" not in [one.kind for one in found.outlook.drivers]
    yesterday = NOW.date() - timedelta(days=1)
    long_ago = CURRENT.first_day() - timedelta(days=300)
    rows = [
        (yesterday, "planned", 3600),
        (yesterday, "impediment", 5400),
        (yesterday, "off_plan", 1800),
        (long_ago, "planned", 9),
    ]
    made = [
        {"team_key": "team-1", "day": day, "kind": kind, "nature": "", "seconds": seconds}
        for day, kind, seconds in rows
    ]
    with writing(store) as connection:
        connection.execute(insert(s.team_days), made)
        connection.execute(
            update(s.sprint_facts)
            .where(s.sprint_facts.c.team_key == "team-1")
            .values(planned_seconds=90_000, impediment_seconds=5_000, off_plan_seconds=5_000)
        )
    found = reports.quarter("team-1", None, NOW, Change(impediment_share_percent=80.0))
    assert found.usual.impediments == Share(5400, 10_800)
    assert found.what_if.outlook.dates[1] is None or (
        found.what_if.outlook.dates[1] > found.outlook.dates[1]
    )
    lost = found.outlook.drivers[-1]
    assert (lost.kind, lost.usual, lost.now) == ("lost", 10, pytest.approx(200 / 3))
    assert lost.working_days > 0


def test_only_a_running_quarter_whose_forecast_is_whole_can_be_changed(store, reports):
    change = Change(capacity_change_percent=10.0)

    def asked(key, quarter, now=NOW):
        found = reports.quarter(key, quarter, now, change)
        return found.usual is not None, found.what_if is not None

    assert asked("team-1", CURRENT) == (True, True)
    for other in (CURRENT.before(), CURRENT.next()):
        assert asked("team-1", other) == (False, False)
    late = NOW + timedelta(days=120)  # the data are of a quarter that is over by now
    assert asked("team-1", CURRENT, late) == (False, False)
    with writing(store) as connection:  # as while a pull writes what past quarters have shown
        connection.execute(update(s.roadmap_forecasts).values(digest="another"))
    for key in TEAMS:
        assert asked(key, None) == (True, False)
        assert reports.quarter(key, None, NOW).outlook.why_none is None
