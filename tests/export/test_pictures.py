"""Charts as pictures: by address and by command, with Chromium and without."""

import os
import xml.etree.ElementTree as ET

import pytest

from telemetry.errors import NotFound
from web.export import paper
from web.export.pictures import chart_of, charts_of

PNG = b"\x89PNG\r\n\x1a\n"
PAGE = (
    '<figure class="chart" id="a" data-chart></figure><figure class="chart" id="b&amp;" data-chart>'
)


@pytest.fixture
def drawing(chromium, monkeypatch):
    if os.geteuid() == 0:
        monkeypatch.setenv(paper.VARIABLE, "chromium --no-sandbox")


@pytest.fixture
def without(monkeypatch):
    monkeypatch.setenv(paper.VARIABLE, "no-such-chromium")


def test_a_page_names_its_charts():
    assert charts_of(PAGE) == ["a", "b&"]
    assert chart_of(PAGE, "b&") == "b&"
    assert chart_of(PAGE.partition("</figure>")[0], "") == "a"
    with pytest.raises(NotFound, match="say which chart: a, b&"):
        chart_of(PAGE, "")
    with pytest.raises(NotFound, match="no chart 'c': it has a, b&"):
        chart_of(PAGE, "c")
    with pytest.raises(NotFound, match="it has none"):
        chart_of("<p>", "")


def test_a_chart_that_is_none_is_told_with_those_there_are(client):
    charts = {
        "/teams/k8s?format=svg&chart=<b>": "it has burndown, impediment-time",
        "/teams/k8s/flow?format=png": "say which chart: ",
    }
    for address, said in charts.items():
        answer = client.get(address)
        assert answer.status_code == 404
        assert said in answer.text.lower()
    assert "&lt;b&gt;" in client.get("/teams/k8s?format=svg&chart=<b>").text
    assert client.get("/teams/nobody?format=png&chart=burndown").status_code == 404
    assert client.get("/api/v1/teams?format=png").headers["content-type"] != "image/png"


@pytest.mark.usefixtures("without")
def test_without_chromium_a_sentence_says_what_to_do_and_all_else_works(client, telemetry):
    answer = client.get("/teams/k8s?format=png&chart=burndown")
    assert answer.status_code == 503
    assert "A picture needs Chromium" in answer.text
    assert "install the package" in answer.text
    said = telemetry("export", "sprint", "-o", "x.svg", code=1)
    assert said.startswith("a picture needs Chromium")
    assert said.count("\n") == 1
    assert telemetry("export", "review", "1", "-o", "x.pdf", code=1).startswith("a PDF needs")
    telemetry("export", "sprint", "-o", "x.html")
    telemetry("export", "site", "folder")


def test_what_has_no_chart_says_so(telemetry):
    assert ".csv, .json, .parquet, .xlsx" in telemetry("export", "time", "-o", "x.png", code=2)


@pytest.mark.slow
@pytest.mark.usefixtures("drawing")
def test_a_chart_is_an_svg_that_says_what_it_is(client):
    answer = client.get("/teams/k8s?format=svg&chart=burndown")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"].endswith("''k8s-burndown.svg")
    drawn = ET.fromstring(answer.content)
    said = " ".join("".join(one.itertext()) for one in drawn.iter() if one.tag.endswith("text"))
    for words in ("Points left, change by change", "Sprint 1", "remaining", "ideal"):
        assert words in said
    assert "rgb(253, 253, 251)" in answer.text


@pytest.mark.slow
@pytest.mark.usefixtures("drawing")
def test_a_command_writes_each_chart_of_a_page(telemetry, tmp_path):
    telemetry("export", "sprint", "-o", "k8s.png")
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["k8s-burndown.png", "k8s-impediment-time.png"]
    assert all((tmp_path / name).read_bytes().startswith(PNG) for name in names)
