"""The pages and answers that tell what forecasts came to."""

import os
from dataclasses import replace
from datetime import timedelta

import plotly.graph_objects as go
import pytest
from starlette.testclient import TestClient

from telemetry.metrics.forecast import Promise, Scores, Worth
from telemetry.metrics.tally import Level, Tally
from telemetry.report.calibration import KindRecord
from telemetry.words import calibration as words
from telemetry.words.plain import plain
from tests.web import invented_calibration
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW, TODAY
from web.app import create_app
from web.export import paper
from web.export.pictures import charts_of
from web.pages.calibration import chart
from web.pages.calibration.view import calibration_view

PAGES = ("/calibration", "/teams/k8s/calibration")


def found(key=None):
    return invented_calibration.calibration(FakeReports().teams(NOW), key)


@pytest.mark.parametrize("path", [*PAGES, "/teams/first/calibration", "/teams/empty/calibration"])
def test_each_page_answers_and_its_files_do(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "What forecasts came to" in page.text
    for form in ("csv", "xlsx", "parquet"):
        answer = client.get(f"/api/v1{path}", params={"format": form})
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("form", ["png", "svg"])
def test_each_chart_has_an_address_as_a_picture(client, path, form):
    assert charts_of(client.get(path).text) == ["reliability", "width"]
    none = client.get(f"{path}?format={form}&chart=none")
    assert none.status_code == 404
    assert "it has reliability, width" in none.text


@pytest.mark.slow
def test_a_chart_of_calibration_is_drawn_and_called_after_its_page(client, chromium, monkeypatch):
    if os.geteuid() == 0:
        monkeypatch.setenv(paper.VARIABLE, "chromium --no-sandbox")
    answer = client.get("/teams/k8s/calibration?format=svg&chart=width")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"].endswith("''k8s-calibration-width.svg")
    assert "Width of forecasts in working days" in answer.text


def test_both_tables_are_given_and_a_teams_is_of_it_alone(client):
    rows = client.get("/api/v1/calibration?format=csv&table=chances").text.splitlines()
    assert rows[0].lstrip("\ufeff").startswith("team,kind,source,forecast_count")
    kinds = {tuple(row.split(",")[:3]) for row in rows[1:]}
    assert ("", "program", "shown") in kinds
    assert {("k8s", "epic", "back_test"), ("", "program", "back_test")} <= kinds
    alone = client.get("/api/v1/teams/k8s/calibration?format=csv").text.splitlines()
    assert {row.split(",")[0] for row in alone[1:]} == {"k8s"}


def test_the_answer_tells_shown_and_back_tests_apart(client):
    answer = client.get("/api/v1/calibration").json()
    assert [one["kind"] for one in answer["items"]] == ["sprint", "epic", "quarter", "program"]
    sprint, epic = answer["items"][:2]
    assert set(sprint["shown"]["dates"]) == {"50", "85", "95"}
    assert set(sprint["shown"]["amounts"]) == {"50", "85"}
    assert sprint["back_tested"]["forecast_count"] > 0
    assert epic["back_tested"]["last_on"] < epic["shown"]["first_on"]
    program = answer["items"][3]
    assert program["back_tested"]["dates"]["85"]["count"] > 0
    first = client.get("/api/v1/teams/first/calibration").json()["items"][1]
    assert (first["kind"], first["shown"], first["back_tested"]) == ("epic", None, None)
    assert {one["team"] for one in answer["teams"]} >= {"k8s", "empty"}
    team = client.get("/api/v1/teams/empty/calibration").json()
    assert "teams" not in team
    assert (team["as_of"], team["began_on"], team["items"][0]["shown"]) == (None, None, None)
    assert client.get("/api/v1/teams/nope/calibration").status_code == 404


def test_what_is_too_little_says_what_will_stand_there_and_when(client):
    first = plain(words.lead(found("first")))
    assert first.startswith("What these pages forecast is recorded each day since Wed 6 May and")
    assert "the first after Fri 15 May" in first
    assert "Until then back-tests stand here: of " in first
    assert "the first pull has not ended" in plain(words.lead(found("empty")))
    nothing = plain(words.lead(replace(found("support"), began_on=None)))
    assert nothing.startswith("Nothing is forecast yet")
    few = replace(found("first"), kinds=(KindRecord("sprint", few_judged(), Tally()),))
    assert "too few to tell a share" in plain(words.lead(few))
    page = client.get("/teams/support/calibration").text
    assert "No forecast of a sprint can be judged yet." in page
    assert "Ten days that were given" in page


def few_judged() -> Tally:
    made = Tally(count=12, first_on=TODAY)
    made.dates[0] = Level(2, 4)
    return made


def test_shares_are_called_by_what_was_promised():
    assert words.word_of(Level(85, 100), 85) == "as promised"
    for held, promised, word in (
        (78, 85, "as promised"),
        (77, 85, "less often than promised"),
        (93, 85, "more often than promised"),
        (57, 50, "as promised"),
        (88, 95, "less often than promised"),
        (100, 95, "more often than promised"),
    ):
        assert words.word_of(Level(held, 100), promised) == word
    assert not words.is_enough(Level(9, 9))


def test_a_kind_is_told_by_what_was_shown_else_by_back_tests():
    by_kind = {one.kind: plain(words.of_kind(one)) for one in found("first").kinds}
    assert " in back-tests, " in by_kind["sprint"]
    assert by_kind["epic"] == "No forecast of an epic can be judged yet."
    shown = plain(words.of_kind(found("k8s").kinds[0]))
    assert "in back-tests" not in shown
    assert "From the day with 50" in shown
    waiting = KindRecord("program", Tally(count=1, first_on=TODAY), Tally())
    assert plain(words.of_kind(waiting)).startswith("1 forecast of programs was recorded; 0 of")


@pytest.mark.parametrize("key", [None, "k8s", "first"])
def test_charts_are_what_plotly_takes(key):
    view = calibration_view(found(key))
    for figure in (view.reliability, view.width):
        assert figure is not None
        for trace in figure["data"]:
            marker = {**trace["marker"], "color": "red"}
            line = {**trace.get("line", {}), "color": "red"}
            given = {**trace, "marker": {**marker, "line": {"width": 1}}, "line": line}
            go.Figure(data=[given])
    names = {line["name"] for line in view.width["data"]}
    assert "sprints" in names


def test_nothing_is_drawn_of_too_few():
    assert chart.reliability(Tally(), few_judged()) is None
    assert chart.widths([KindRecord("sprint", few_judged(), Tally())], TODAY) is None
    view = calibration_view(found("support"))
    assert (view.reliability, view.width, view.months) == (None, None, ())


def test_months_are_named_with_their_year_and_stand_over_its_end():
    view = calibration_view(replace(found("k8s"), today=TODAY + timedelta(days=0)))
    axis = view.width["layout"]["xaxis"]
    assert axis["ticktext"][-1] == "Apr"
    assert any("2025" in text for text in axis["ticktext"])
    assert view.months[0].name == "2026-04"


KEPT = Scores(tuple(Promise(p, 50, 60, 1.0) for p in (50, 85, 95)), (), 0.1, 60)
WORTH = Worth(KEPT, KEPT)


class Trusted(FakeReports):
    """Quarters and programs whose forecasts have a past."""

    def quarter(self, *asked):
        return replace(super().quarter(*asked), worth=WORTH)

    def program(self, *asked):
        return replace(super().program(*asked), worth=WORTH)


def test_pages_of_quarters_and_programs_lead_there():
    app = create_app(Trusted(), access_token=None, allowed_hosts=(), clock=lambda: NOW)
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    for path, to in (
        ("/teams/k8s/quarters/current", "/teams/k8s/calibration#quarter"),
        ("/programs/Sovereign", "/calibration#program"),
    ):
        assert f'href="{to}"' in client.get(path).text


def test_pages_with_forecasts_lead_there(client):
    assert 'href="/teams/k8s/calibration#sprint"' in client.get("/teams/k8s").text
    assert 'href="/calibration"' in client.get("/portfolio").text
    assert 'href="/teams/k8s/calibration"' in client.get("/calibration").text
