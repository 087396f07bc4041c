"""A quarter of all teams from a real store: across sites, by the fiscal year, in few statements."""

from dataclasses import replace

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter
from telemetry.report.reports import Reports
from telemetry.store import schema as s
from telemetry.store.engine import writing
from telemetry.store.teams import mark_pulled, raise_facts_version, write_team
from tests.bench.roadmaps import CURRENT, fill_standings
from tests.bench.teams import NOW, fill
from tests.builders import a_team
from tests.report.test_teams_report import statements_of
from web.app import create_app

TEAMS = 30


@pytest.fixture
def reports(store):
    fill(store, TEAMS, 8)
    fill_standings(store, TEAMS)
    return Reports(store)


def test_all_teams_are_read_in_a_bounded_number_of_statements(store, reports):
    (found, known), asked = statements_of(store, lambda: reports.portfolio(None, NOW))
    assert (found.quarter, len(found.teams)) == (CURRENT, TEAMS)
    assert len(asked) < 12
    (again, _), asked = statements_of(store, lambda: reports.portfolio(None, NOW, known))
    assert len(asked) < 5
    assert again == found


def test_what_was_known_is_read_again_where_it_changed(store, reports):
    found, known = reports.portfolio(None, NOW)
    with writing(store) as connection:
        connection.execute(s.quarter_facts.delete().where(s.quarter_facts.c.team_key == "team-1"))
        raise_facts_version(connection, "team-1")
    changed, _ = reports.portfolio(None, NOW, known)
    empty = {team.key for team in changed.teams if not team.amounts.epic_count}
    assert empty == {"team-1"}
    others = [one for one in found.teams if one.key != "team-1"]
    assert [one for one in changed.teams if one.key != "team-1"] == others


def test_velocities_are_those_of_each_team_alone(reports):
    found, _ = reports.portfolio(None, NOW)
    for team in found.teams:
        if int(team.key.partition("-")[2]) % 50:
            alone = reports.velocity(team.key).velocity_points_per_day
            assert team.velocity_points_per_day == alone


def a_site_of(store, site, key, epics, month=9):
    rules = replace(a_team(), key=key, name=key, site=site, project_key=key.upper())
    rules = replace(rules, calendar=Calendar(fiscal_year_start=month))
    row = {"name": site, "url": f"https://{site}.example.com", "deployment": "cloud"}
    of_team = {"team_key": key, "site": site, "left_programs": [], "before_points": None}
    with writing(store) as connection:
        connection.execute(insert(s.sites), [row | {"field_roles": {}}])
        write_team(connection, rules)
        mark_pulled(connection, key, NOW, NOW)
        for quarter, total in epics:
            figures = [1, ["Evergreen"], total, 0.0, 0.0, 0, 0, 1, 0, None, []]
            row = {"quarter": quarter, "epics": [figures], "programs": ["Evergreen"]}
            end = {"end_points": None}
            connection.execute(insert(s.quarter_facts), [of_team | row | end])


def test_programs_go_across_sites_whose_issues_have_the_same_ids(store):
    a_site_of(store, "emea", "k8s", [("Q3-26", 5.0)])
    a_site_of(store, "apac", "web", [("Q3-26", 3.0), ("", 2.0)])
    found, _ = Reports(store).portfolio(None, NOW)
    [program] = found.programs
    assert [(one.key, one.amounts.total_points) for one in program.teams] == [
        ("k8s", 5),
        ("web", 3),
    ]
    assert program.amounts.total_points == 8


def test_the_running_quarter_is_that_of_the_fiscal_year_of_most_teams(store):
    a_site_of(store, "emea", "k8s", [])
    a_site_of(store, "apac", "web", [])
    a_site_of(store, "amer", "lb", [("Q2-26", 5.0)], month=1)
    found, _ = Reports(store).portfolio(None, NOW)
    assert (found.quarter, found.first.month, found.last.month) == (Quarter(2026, 3), 3, 5)
    assert {team.key: team.first.month for team in found.teams} == {"k8s": 3, "lb": 7, "web": 3}


def test_a_portfolio_without_any_label_tells_how_to_begin(store):
    a_site_of(store, "emea", "k8s", [])
    app = create_app(Reports(store), access_token=None, allowed_hosts=(), clock=lambda: NOW)
    client = TestClient(app, base_url="http://127.0.0.1")
    page = client.get("/portfolio").text
    assert "No epic of any team has a quarter’s label yet" in page
    assert "<code>Q3-26</code>" in page
    assert "Project_Evergreen" in client.get("/programs").text
