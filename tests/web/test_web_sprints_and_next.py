"""The pages and the API before and after: the table of sprints, and the sprint to come."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest

from telemetry.metrics.capacity import Capacity
from telemetry.metrics.figures import TimeSplit
from telemetry.report.sprint import table as report
from tests.web import invented, invented_sprints
from tests.web.fake_reports import FakeReports
from tests.web.invented import MARKUP, NOW, RUNNING, TODAY, changed
from tests.web.test_web_figures import resolved
from tests.web.test_web_pages import Checker
from web.pages.next import view as next_page
from web.pages.sprints import view as sprints_page
from web.pages.sprints.chart import velocity
from web.show.text import text

PARIS = ZoneInfo("Europe/Paris")
CLOSED = [invented.closed(n) for n in range(26, 8, -1)]
TEAM = FakeReports().team("k8s", NOW)
TEAMS = ["k8s", "first", "metal", "chinese", "security", "support", "empty"]
PATHS = [
    *(f"/teams/{key}/{page}" for key in TEAMS for page in ("sprints", "next")),
    "/teams/k8s/sprints?sort=-share&page=1",
    "/teams/k8s/sprints?page=7",
    f"/teams/k8s/sprints/{invented_sprints.PLANNED_ID}",
]


def plain(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", answer.text))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_before_or_after_is_well_formed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    page = Checker()
    page.feed(answer.text)
    assert (page.wrong, page.open, page.twice) == ([], [], set())
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
    assert MARKUP not in answer.text
    assert "<b>Bug</b>" not in answer.text


def test_the_table_says_how_far_sprints_ended_from_their_commitment(client):
    text = plain(client, "/teams/k8s/sprints")
    assert "completed 80\u202f% to 92\u202f% of what was committed, the median 85\u202f%" in text
    assert "Velocity: 2.3 points a working day, between 2.1 and 2.5." in text
    assert "Sprint 28 planned" in text
    assert "Sprint 27 running" in text


def test_each_row_leads_to_its_sprint_and_each_head_sorts(client):
    text = client.get("/teams/k8s/sprints?sort=share").text
    assert '<a href="/teams/k8s/sprints/24">Sprint 24</a>' in text
    assert 'href="?sort=-share"' in text
    assert 'href="?sort=kept"' in text
    assert 'aria-sort="descending"' in text
    assert "Every sprint<span data-order>, highest impediment share first</span>" in text
    assert client.get("/teams/k8s/sprints?sort=nonsense").status_code == 422


def test_every_column_of_the_table_is_one_that_the_report_sorts_by():
    assert set(sprints_page.COLUMNS) | {"name"} == set(report.COLUMNS)
    assert all(re.match(sprints_page.SORTS, f"-{key}") for key in (*report.COLUMNS, "start"))


def test_a_thousand_sprints_are_shown_by_fifty(client, reports, monkeypatch):
    sprints = invented_sprints.many(1000)
    monkeypatch.setattr(reports, "_find", lambda key: (reports._teams()["k8s"][0], sprints))
    text = plain(client, "/teams/k8s/sprints?page=21")
    assert "1\u202f001 sprints" in text
    assert "Sprint 1 " in text
    assert "1001 to 1001 of 1\u202f001" in text
    assert "Sprint 51 " not in text
    text = client.get("/teams/k8s/sprints?sort=kept&page=2").text
    assert 'href="?sort=kept&amp;page=3"' in text
    assert 'href="?sort=kept&amp;page=1"' in text
    assert text.count('\n      <th scope="row"><a href="/teams/k8s/sprints/') == 50


def test_a_page_behind_the_last_leads_back(client):
    assert "There is no page 7: the table ends with page 1." in plain(
        client, "/teams/k8s/sprints?page=7"
    )


def test_too_few_sprints_are_a_sentence_and_no_chart(client):
    for key, words in (
        ("empty", "New Team has no sprint yet."),
        ("support", "The board of Customer Support &lt;b&gt; has no sprints."),
        ("metal", "BM 12 is the only sprint so far."),
    ):
        text = client.get(f"/teams/{key}/sprints").text
        assert words in text
        assert "data-chart" not in text


def a_table(*sprints):
    return invented_sprints.sprint_table(list(sprints), "start", 0, 50)


def test_sprints_without_points_have_no_chart():
    none = [changed(one, committed_points=0, completed_points=0) for one in CLOSED]
    view = sprints_page.sprints_view(TEAM, a_table(*none), "start", 1, TODAY)
    assert view.chart is None
    assert text(view.no_chart[0]) == "Fewer than two of these 18 sprints have points."


def test_the_velocity_chart_is_valid_and_has_one_axis_for_each_unit():
    sprints = [*CLOSED[::-1], replace(RUNNING, name="<i>27</i>")]
    figure = velocity("k8s", sprints, [26, 25], "point", PARIS, TODAY)
    assert go.Figure(resolved(figure)).data
    committed, completed, shares, mean = figure["data"]
    assert committed["y"] == [40] * 18 + [38]
    assert completed["marker"]["color"][-2:] == ["@plan", "@plan-mid"]
    assert shares["yaxis"] == "y2"
    assert "overlaying" not in figure["layout"]["yaxis2"]
    assert figure["layout"]["yaxis2"]["domain"][1] < figure["layout"]["yaxis"]["domain"][0]
    assert mean["x"] == [15.5, 17.5]
    assert (
        mean["y"][0]
        == (CLOSED[0].figures.completed_points + CLOSED[1].figures.completed_points) / 2
    )
    assert "<i>" not in str(figure["data"])
    assert len(figure["layout"]["xaxis"]["tickvals"]) <= 9


def test_no_time_logged_is_a_gap_in_the_strip_and_not_zero():
    quiet = [changed(one, time=TimeSplit(0, 0, 0)) for one in CLOSED]
    assert set(velocity("k8s", quiet, [], "point", PARIS, TODAY)["data"][2]["y"]) == {None}


def test_the_next_sprint_is_held_against_what_fits(client):
    for path in ("/teams/k8s/next", f"/teams/k8s/sprints/{invented_sprints.PLANNED_ID}"):
        text = plain(client, path)
        assert (
            "30 of about 33.8 points (28.6 to 41.4) are planned into Sprint 28: 13 working days "
            "at the velocity of the last 6 sprints. 1 open issue is not estimated and not counted "
            "in it. ≈\u202f5.5 points may come over from Sprint 27; it would then be ≈\u202f35.5."
            in text
        )
        assert "Jira has no dates ahead for it; the usual 21 days are assumed." in text
        assert "and 1 done already, not counted" in text
        assert "has no figures yet" not in text
    assert (
        'href="https://jira.example.com/browse/K8S-2400" rel="noreferrer"'
        in client.get("/teams/k8s/next").text
    )


def test_without_a_planned_sprint_the_page_says_what_to_do(client):
    text = plain(client, "/teams/security/next")
    assert "Make the next one in Jira’s backlog" in text
    assert "One of the usual 21 days would hold about 33.8 points (28.6 to 41.4)" in text
    assert "No sprint is planned." in plain(client, "/teams/empty/next")
    assert "has no sprints" in plain(client, "/teams/support/next")


def a_next(**values):
    return replace(invented_sprints.next_sprint([RUNNING, *CLOSED], is_planned=True), **values)


def test_without_a_capacity_there_is_no_bar_and_with_one_sprint_no_band():
    assert next_page.capacity_bar(a_next(capacity=None)) is None
    one = a_next(capacity=Capacity(33.8, None, None, None, 1), velocity_sprints=1)
    assert next_page.capacity_bar(one).low is None


def test_the_bar_has_one_scale_from_zero():
    bar = next_page.capacity_bar(a_next())
    assert bar.usual / bar.planned == pytest.approx(33.8 / 30, rel=0.001)
    assert bar.low + bar.width < 100
    assert bar.planned + bar.coming < 100


def test_the_api_tells_of_the_next_sprint(client):
    answer = client.get("/api/v1/teams/k8s/next")
    body = answer.json()
    assert body["as_of"] == "2026-05-06T13:04:00Z"
    assert body["sprint"]["name"] == "Sprint 28"
    assert body["capacity"]["low_points"] == 28.6
    assert body["days"]["is_first_assumed"]
    assert body["days_off"][1] == {"day": "2026-05-15", "name": None}
    assert body["unestimated_count"] == 1
    assert body["coming"]["points"] == 5.5
    assert len(body["issues"]) == 10
    again = client.get("/api/v1/teams/k8s/next", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/api/v1/teams/empty/next").json()["sprint"] is None
    assert client.get("/api/v1/teams/nope/next").status_code == 404


def test_repeated_requests_answer_that_nothing_changed(client, reports):
    for path in ("/teams/k8s/sprints", "/teams/k8s/next"):
        first = client.get(path).headers["etag"]
        assert client.get(path, headers={"If-None-Match": first}).status_code == 304
        reports.bump()
        assert client.get(path, headers={"If-None-Match": first}).status_code == 200
