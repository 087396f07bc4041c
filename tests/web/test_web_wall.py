"""The wall: one team a view, in the order asked for, with its links and its odd states."""

import re
from dataclasses import replace

from tests.web import invented
from tests.web.invented import AS_OF, MARKUP, PARIS, RUNNING, TODAY, changed
from web.pages.wall.chart import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    wall_chart,
)


def title_of(text: str) -> str:
    return re.search(r"<h1>(?:<a[^>]*>)?(.*?)<", text)[1]


def marks_of(text: str) -> list[str]:
    inside = re.search(r'class="marks">(.*?)</span></a></span>', text, re.DOTALL)
    return re.findall(r'class="away">([^<]*)', inside[1] + "</span>") if inside else []


def test_the_wall_shows_all_teams_from_the_first(client):
    text = client.get("/wall").text
    assert title_of(text) == "Managed Kubernetes"
    assert len(marks_of(text)) == 9
    assert "next: Container Registry" in text


def test_the_teams_asked_for_come_once_and_in_their_order(client):
    text = client.get("/wall?teams=identity,k8s,identity").text
    assert title_of(text) == "Identity and Access"
    assert marks_of(text) == ["Identity and Access", "Managed Kubernetes"]
    assert 'href="/wall?teams=identity,k8s,identity&amp;team=k8s"' in text


def test_a_team_is_shown_by_the_address_with_all_it_was_asked(client):
    text = client.get("/wall?teams=k8s,registry&every=60&theme=light&team=registry").text
    assert title_of(text) == "Container Registry"
    assert 'data-theme="light"' in text
    assert 'data-every="60"' in text
    assert 'href="/wall?teams=k8s,registry&amp;every=60&amp;theme=light&amp;team=k8s"' in text


def test_a_view_says_done_behind_when_and_what_came_instead(client):
    text = client.get("/wall?teams=k8s").text
    for words in (
        "<b>27</b> <span>of 41 points</span>",
        "4 behind",
        "in time, about 5 left then",
        "3 days left",
        "working days to Tue 12 May",
        "<b>10 impediments</b> took <b>38",
        "3 impediments are open, the oldest for 8 working days",
    ):
        assert words in text
    assert "≈" in text
    assert "next:" not in text


def test_stale_data_have_their_sign_their_time_and_their_reason(client):
    text = client.get("/wall?teams=registry").text
    assert 'aria-hidden="true">▲</span> stale, 12:04' in text
    assert "Jira answered 503 since 12:10." in text


def test_a_team_without_figures_says_why(client):
    for key, words in (
        ("support", "This team’s board has no sprints (it is a kanban board)."),
        ("empty", "This team&#39;s board has no sprint yet."),
        ("metal", "12 open issues in BM 12, none of them estimated."),
    ):
        text = client.get(f"/wall?teams={key}").text
        assert words in text
        assert "<svg" not in text
    closed = client.get("/wall?teams=security").text
    assert "closed on Tue 21 Apr" in closed
    assert "No sprint is running" in closed


def test_an_unknown_team_is_named_and_the_others_are_shown(client):
    answer = client.get("/wall?teams=k8s,nope")
    assert answer.status_code == 200
    assert "no team ‘nope’" in answer.text


def test_only_unknown_teams_are_a_page_that_says_so(client):
    answer = client.get("/wall", params={"teams": MARKUP})
    assert answer.status_code == 404
    assert "There is no team" in answer.text
    assert "<script>alert" not in answer.text


def test_an_unchanged_view_is_not_sent_again(client, reports):
    first = client.get("/wall?teams=k8s")
    asked = {"If-None-Match": first.headers["etag"]}
    assert client.get("/wall?teams=k8s", headers=asked).status_code == 304
    assert client.get("/wall?teams=k8s&every=60", headers=asked).status_code == 200
    reports.bump()
    assert client.get("/wall?teams=k8s", headers=asked).status_code == 200


def test_a_pace_out_of_bounds_is_refused(client):
    assert client.get("/wall?every=1").status_code == 422


def places(line: str) -> list[tuple[float, float]]:
    pairs = [pair.split(",") for pair in line.split()]
    return [(float(across), float(down)) for across, down in pairs]


def test_the_chart_ends_at_what_is_left_and_stays_in_its_box():
    chart = wall_chart(RUNNING, invented.burndown(), PARIS, TODAY)
    remaining = places(chart.remaining)
    assert remaining[-1] == chart.last
    assert chart.left.text == "14 left"
    for x, y in (*remaining, *places(chart.ideal), *places(chart.forecast), *places(chart.band)):
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM
    assert [one.text for one in chart.dates] == ["22 Apr", "4 May", "12 May"]


def test_a_closed_sprint_has_no_forecast_and_no_now():
    chart = wall_chart(invented.closed(26), invented.burndown(), PARIS, TODAY)
    assert (chart.now, chart.forecast, chart.band) == (None, "", "")


def test_a_sprint_of_one_day_or_without_points_has_a_chart_or_none():
    short = changed(RUNNING, planned_end_at=AS_OF, started_at=AS_OF, committed_points=5)
    burndown = replace(invented.burndown(), events=())
    assert wall_chart(short, burndown, PARIS, TODAY) is not None
    nothing = changed(RUNNING, committed_points=0)
    assert wall_chart(nothing, burndown, PARIS, TODAY) is None
