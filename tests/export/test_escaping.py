"""Whatever a title, label, name or note holds arrives in every file as text, and as itself."""

import csv
import json
import os
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from io import BytesIO, StringIO

import openpyxl
import pandas as pd
import pytest
from starlette.testclient import TestClient

from telemetry.export.formats import FORMATS
from telemetry.export.tables import Table, column
from telemetry.store.engine import open_store
from tests.pulled import Story, a_team, on, serving
from web.app import create_app
from web.export import paper
from web.export.folder import Folder
from web.export.site import StaticSite
from web.http.notes import ReviewNotes

VALUES = {
    "markdown": "**b** [x](javascript:alert(7)) `c` # h | p _u_",
    "html": "</script></title><img src=x onerror=alert(7)>&amp;&#60;",
    "slack": "<!channel> <@U1> <http://evil.example|x> @here",
    "formula": "=1+1",
    "plus": "+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "tab": "\t=1",
    "return": "\r=1",
    "dde": "=cmd|' /C calc'!A0",
    "hidden formula": "\ufeff\u200b =1",
    "right to left": "\u202egnp.exe \u2066x\u2069 \u200f",
    "line ends": "a\r\nb\rc\nd\u2028e\u2029f",
    "null": "a\0b",
    "quotes": "\"a\" 'b' “c” «d» a,b;c",
    "emoji": "👩‍👩‍👧 🇫🇷 e\u0301",
    "template": "{{ 7 * 7 }} {% raw %} %s {0} ${x}",
    "empty": " ",
    "number": "1e5",
    "missing": "NaN",
    "escape": "_x000D_",
    "address": "https://evil.example/" + "x" * 200,
}
TABLE = Table("issues", (column("summary", "Its title."),), [(one,) for one in VALUES.values()])


def from_csv(body):
    return [row[0] for row in csv.reader(StringIO(body.decode(), newline=""))][1:]


def from_xlsx(body):
    """As a spreadsheet shows it: it writes characters that XML has not as _xHHHH_."""
    cells = [row[0] for row in openpyxl.load_workbook(BytesIO(body))["issues"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    code = re.compile(r"_x([0-9A-F]{4})_")
    return [code.sub(lambda found: chr(int(found[1], 16)), str(cell.value)) for cell in cells]


READERS = {
    "csv": from_csv,
    "json": lambda body: [row["summary"] for row in json.loads(body)],
    "parquet": lambda body: list(pd.read_parquet(BytesIO(body))["summary"]),
    "xlsx": from_xlsx,
}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_value_comes_back_as_itself_and_is_no_formula(name):
    found = FORMATS[name]
    body = found.one(TABLE) if found.one else found.many([TABLE])
    for said, value in zip(READERS[name](body), VALUES.values(), strict=True):
        assert said in (value, f"'{value}")
        if name == "csv":
            assert said.lstrip("\ufeff\u200b \xa0")[:1] not in set("=+-@\t\r\n")
        else:
            assert said == value


HOSTILE = "".join(value for name, value in VALUES.items() if name not in ("null", "address"))
SHORT = "<img/src=x/onerror=alert(7)>**b**=1\u202e<!channel>"  # of a label: no spaces


NOTE = HOSTILE + "</textarea>"  # as it stands in the field that it was typed in


class Page(HTMLParser):
    """What a page's elements and their attributes are, and what it says."""

    def __init__(self, text):
        super().__init__()
        self.attributes, self.said, self.scripts, self._in = [], [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._in = tag
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        (self.scripts if self._in in ("script", "style") else self.said).append(data)


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    story = Story()
    sprint = story.sprint(on(1, 10), name=SHORT)
    labels = ["impediment", f"nature:{SHORT}"]
    for summary in (*VALUES.values(), HOSTILE):
        issue = story.issue(3, sprint=sprint.id, summary=summary.strip() or "-", labels=labels)
        story.log(issue, on(3), 1)
        story.issue(2, sprint=sprint.id, summary=summary.strip() or "-", at=on(2))
    folder = tmp_path_factory.mktemp("hostile")
    store = open_store("sqlite:///store.db", base=folder)
    with serving(story, store, folder / "jira", [a_team(name=SHORT)]) as served:
        served.good_pull()
        [made] = served.reports.sprints("k8s")
        typed = ReviewNotes(served.engine, story.clock)
        typed.put("k8s", str(made.id), {"notes": NOTE}, 0, None)
        yield served
    store.dispose()


@pytest.fixture(scope="module")
def app(pulled):
    return create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)


@pytest.fixture(scope="module")
def client(app):
    return TestClient(app, base_url="http://127.0.0.1:8000")


@pytest.fixture(scope="module")
def pages(pulled, app, client, tmp_path_factory):
    """All pages of a saved site, and those that are one file, by name."""
    folder, now = tmp_path_factory.mktemp("written"), pulled.story.clock()
    StaticSite(app, pulled.reports, app.state.assets, now).write(Folder(folder))
    found = {str(one.relative_to(folder)): one.read_text() for one in folder.rglob("*.html")}
    [sprint] = pulled.reports.sprints("k8s")
    for at in ("/teams/k8s", f"/teams/k8s/reviews/{sprint.id}"):
        found[at] = client.get(f"{at}?format=html").text
    return found


def test_no_page_has_an_element_or_an_address_that_a_text_made(pages):
    assert len(pages) > 15
    for name, text in pages.items():
        page = Page(text)
        for tag, attribute, value in page.attributes:
            assert tag != "img", name
            assert not attribute.startswith("on"), (name, tag, attribute)
            assert not value.lower().startswith("javascript:"), (name, value)
        assert not any("alert(7)" in one and "{" not in one[:1] for one in page.scripts), name


def test_a_title_stands_on_its_sprint_as_itself(pages):
    said = "".join(Page(pages["/teams/k8s"]).said)
    for name, value in VALUES.items():
        if name != "null":
            assert " ".join(value.split()) in " ".join(said.split()), name
    assert SHORT in said


def test_a_note_stands_on_its_review_as_itself(pages):
    reviews = [
        text for name, text in pages.items() if re.search(r"reviews/\d+(/index.html)?$", name)
    ]
    assert len(reviews) == 2  # in the folder, and as one file
    for text in reviews:
        assert " ".join(NOTE.split()) in " ".join("".join(Page(text).said).split())


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def test_no_text_of_a_chart_is_markup(pages):
    """Plotly takes tags in texts, names and labels for markup, links among them."""
    pattern = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
    charts = [json.loads(one) for text in pages.values() for one in pattern.findall(text)]
    assert len(charts) > 10
    for figure in charts:
        for text in strings(figure):
            tags = set(re.findall(r"<(/?[a-z!@]+)", text))
            assert tags <= {"b", "/b", "br", "extra", "/extra", "span", "/span"}, text


@pytest.mark.parametrize("path", ["time?by=day", "impediments?from=2026-03-01&to=2026-03-31"])
def test_names_of_columns_and_cells_of_the_api_are_no_formulas(client, path):
    for form in ("csv", "xlsx"):
        answer = client.get(f"/api/v1/teams/k8s/{path}&format={form}&from=2026-03-01&to=2026-03-31")
        assert answer.status_code == 200
        if form == "csv":
            rows = list(csv.reader(StringIO(answer.text, newline="")))
            assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.slow
@pytest.mark.usefixtures("chromium")
def test_a_picture_and_a_pdf_of_hostile_texts_are_made(client, monkeypatch):
    if os.geteuid() == 0:
        monkeypatch.setenv(paper.VARIABLE, "chromium --no-sandbox")
    picture = client.get("/teams/k8s?format=svg&chart=impediment-time")
    said = "".join(ET.fromstring(picture.content).itertext())
    assert "onerror=alert(7)>**b**" in said
    assert not re.search(r"<(?:img|script|a)\b", picture.text)
    assert client.get("/teams/k8s?format=pdf").content.startswith(b"%PDF")
