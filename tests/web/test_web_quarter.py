"""The page and the API of a team's quarter, over an invented one."""

import re
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest

from telemetry.domain.quarter import Quarter
from tests.web.invented_quarter import CALENDAR, quarter
from tests.web.test_web_flow import leads, plain, text_of
from web.pages.quarter.view import burnup_of, quarter_view
from web.show.burnup import burnup

CALENDAR_ZONE = ZoneInfo(CALENDAR.timezone)
API = "/api/v1/teams/k8s/quarters/"
PAGE = "/teams/k8s/quarters/"
RANGE = r'class="span[^"]*" style="left:([0-9.]+)%;width:([0-9.]+)%'


def found(reports, key="k8s", asked=None):
    return quarter(key, asked, reports.velocity(key))


def test_the_api_has_the_keys_of_its_description(client):
    answer = client.get(API + "current").json()
    assert set(answer) == {
        "as_of",
        "quarter",
        "starts_on",
        "ends_on",
        "total_points",
        "in_progress_points",
        "done_points",
        "remaining_points",
        "progression_percent",
        "velocity_points_per_day",
        "days_to_complete",
        "working_days_left",
        "predictability_days",
        "capacity_limit_points",
        "security_coefficient",
        "days_away",
        "at_end",
        "epics",
        "weeks",
        "burnup",
        "forecast",
        "what_if",
        "impediments_unknown",
    }
    assert answer["what_if"] is None
    assert (answer["quarter"], answer["starts_on"], answer["at_end"]) == (
        "Q2-26",
        "2026-04-01",
        None,
    )
    assert set(answer["weeks"][0]) == {
        "ends_on",
        "progression_percent",
        "impediments_opened",
        "impediment_seconds",
        "scope_change_points",
    }
    assert answer["epics"][1]["program"] == ["Sovereign", "a/b <c>"]
    assert answer["epics"][4]["done_percent"] is None
    assert answer["forecast"]["dates"] == {"50": "2026-06-22", "85": "2026-07-10", "95": None}


@pytest.mark.parametrize("asked", ["Q1-26", "q1-26", "Q1-2026"])
def test_a_past_quarter_tells_how_it_ended(client, asked):
    answer = client.get(API + asked).json()
    assert answer["at_end"] == {
        "total_points": 112,
        "done_points": 80,
        "progression_percent": pytest.approx(100 * 80 / 112),
    }
    assert (answer["forecast"], answer["predictability_days"]) == (None, None)
    assert answer["working_days_left"] == 0


@pytest.mark.parametrize("asked", ["Q5-26", "Q0-26", "2026-Q1", "x", "Q1-1926"])
def test_what_is_no_quarter_is_not_found(client, asked):
    for place in (API, PAGE):
        assert client.get(place + asked).status_code == 404


def test_nothing_is_known_before_the_first_pull(client):
    answer = client.get("/api/v1/teams/empty/quarters/current").json()
    for key in ("as_of", "total_points", "remaining_points", "days_to_complete"):
        assert answer[key] is None
    page = client.get("/teams/empty/quarters/current").text
    assert leads(page)[0].startswith("Nothing is known yet")


def test_programs_by_their_whole_name(client):
    assert client.get("/api/v1/programs").json()["items"][1] == {
        "name": "a/b <c>",
        "quarters": ["Q2-26"],
    }
    answer = client.get("/api/v1/programs/a/b%20%3Cc%3E?quarter=Q2-26").json()
    assert (answer["name"], answer["critical_team"]) == ("a/b <c>", "k8s")
    assert [(row["key"], row["team"]) for row in answer["epics"]] == [("K8S-2012", "k8s")]
    assert client.get("/api/v1/programs?quarter=Q9-26").status_code == 404


def test_a_sentence_leads_each_block(client):
    page = client.get(PAGE + "current").text
    first, sure, try_it, epics, week = leads(page)
    assert "29 points left" in first
    assert "61" in sure
    assert "Mon 22 Jun" in sure
    assert "Fri 10 Jul" in sure
    assert "nothing of it is kept" in try_it
    assert epics.startswith("1 of 5 epics is done")
    assert "One has no estimate" in epics
    assert "The week to" in week or "the week to" in week


def test_the_page_shows_the_roadmap_and_escapes_what_jira_says(client):
    page = client.get(PAGE + "current").text
    assert "<script>alert" not in page
    text = text_of(page)
    assert "from Q1-26" in text
    assert "5 issues" in text.replace("6 issues", "5 issues")
    assert "no forecast without an estimate" in text
    assert 'href="/teams/k8s/quarters/Q1-26"' in page
    assert 'href="/teams/k8s/quarters/Q3-26"' in page


def test_each_team_has_its_tab(client):
    page = client.get("/teams/k8s/quarters/current").text
    assert 'href="/teams/k8s/quarters/current" aria-current="page">Quarter' in page


@pytest.mark.parametrize("asked", [None, Quarter(2026, 1)])
def test_the_burnup_is_a_figure_that_plotly_draws(reports, asked):
    drawn = burnup(burnup_of(found(reports, asked=asked)), CALENDAR_ZONE)
    layout = {name: value for name, value in drawn["layout"].items() if name != "meta"}
    go.Figure(data=plain(drawn["data"]), layout=plain(layout))
    names = [trace.get("name") for trace in drawn["data"]]
    assert names[0] == "scope"
    assert "done" in names
    assert ("forecast, 50 %" in names) == (asked is None)


def test_there_is_no_chart_of_a_quarter_to_come(reports):
    assert burnup(burnup_of(found(reports, asked=Quarter(2026, 3))), CALENDAR_ZONE) is None


def test_squares_stand_for_working_days(reports):
    view = quarter_view("k8s", found(reports), CALENDAR_ZONE)
    known = found(reports).predictability
    assert view.left is not None
    assert view.needed is not None
    assert sum(map(sum, view.left.weeks)) == known.working_days_left
    assert all(beyond == 0 for _, beyond in view.left.weeks)
    ranges = [re.search(RANGE, line.forecast) for line in view.epics]
    places = [tuple(map(float, one.groups())) for one in ranges if one]
    assert places
    assert all(0 <= left <= 100 and left + width <= 101.5 for left, width in places)


def test_a_team_without_epics_is_told_so(client):
    page = client.get("/teams/support/quarters/current").text
    assert "No epic has the label Q2-26 yet" in text_of(page)


def test_the_portfolio_has_all_teams_and_programs(client):
    answer = client.get("/api/v1/portfolio").json()
    assert answer["quarter"] == "Q2-26"
    teams = {one["team"]: one for one in answer["teams"]}
    assert teams["k8s"]["total_points"] == 115
    assert teams["k8s"]["programs"] == ["Sovereign", "a/b <c>"]
    assert teams["support"]["forecast"] is None
    assert teams["support"]["predictability_days"] is None
    assert [one["name"] for one in answer["programs"]] == ["Sovereign", "a/b <c>"]
    past = client.get("/api/v1/portfolio?quarter=Q1-26").json()
    assert {one["team"]: one for one in past["teams"]}["k8s"]["at_end"]["done_points"] == 80
    assert client.get("/api/v1/portfolio?quarter=Q9-26").status_code == 404


@pytest.mark.parametrize(
    ("path", "table"),
    [
        (API + "current", "weeks"),
        ("/api/v1/portfolio", "programs"),
        ("/api/v1/programs", ""),
        ("/api/v1/programs/a/b <c>", "epics"),
    ],
)
def test_tables_of_roadmaps_are_files(client, path, table):
    answer = client.get(path, params={"format": "csv"} | ({"table": table} if table else {}))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    lines = answer.text.splitlines()
    assert len(lines) > 1
    assert len(client.get(path, params={"format": "xlsx"}).content) > 1000


@pytest.mark.parametrize(
    "path",
    [
        "/portfolio",
        "/portfolio?quarter=Q1-26",
        "/portfolio?quarter=Q3-26",
        "/portfolio?q=kube&program=a/b <c>&only=risk&sort=-date&by=-open",
        "/programs",
        "/programs?quarter=Q1-26&by=teams",
        "/programs/Sovereign",
        "/programs/a%2Fb%20%3Cc%3E?quarter=Q2-26",
        "/programs/nobody",
        "/programs?name=..",
    ],
)
def test_pages_of_programs_answer(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text
    assert "<c>" not in answer.text
