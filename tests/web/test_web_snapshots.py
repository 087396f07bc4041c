"""The page and the API that tell what was known of a sprint before later edits."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest

from telemetry.metrics.later_edits import FigurePair
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.snapshots import SprintRecords
from telemetry.words.snapshots import note
from tests.web import fake_snapshots, invented
from tests.web.fake_snapshots import EDITED, SAME, then_of
from tests.web.invented import MARKUP, TODAY, changed
from tests.web.test_web_pages import Checker
from web.pages.snapshots import view
from web.show.numbers import day_of
from web.show.text import text

PARIS = ZoneInfo("Europe/Paris")
LINES = (invented.burndown(), invented.burndown())
PATHS = [
    *(f"/teams/k8s/sprints/{one}/snapshots" for one in (EDITED, SAME, 27)),
    "/teams/first/sprints/31/snapshots",
    f"/teams/k8s/sprints/{EDITED}",
    "/teams/k8s",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_of_then_is_well_formed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    page = Checker()
    page.feed(answer.text)
    assert (page.wrong, page.open, page.twice) == ([], [], set())
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
    assert MARKUP not in answer.text


def test_the_sprint_page_names_the_issues_that_were_edited_later(client):
    text = re.sub(r"<[^>]+>", "", client.get(f"/teams/k8s/sprints/{EDITED}").text)
    assert "7 figures have changed since the close: K8S-2279 (time logged, impediment)" in text
    assert "K8S-2294 (outcome), K8S-2296 (estimate) and 2 more issues were edited later." in text
    assert "/teams/k8s/sprints/24/snapshots" in client.get("/teams/k8s/sprints/24").text


def test_a_running_sprint_tells_of_its_start(client):
    text = re.sub(r"<[^>]+>", "", client.get("/teams/k8s").text)
    assert "1 figure has changed since the start: K8S-2299 (estimate at the start)" in text


def test_where_nothing_differs_nothing_is_said(client):
    assert 'class="edits"' not in client.get(f"/teams/k8s/sprints/{SAME}").text
    text = client.get(f"/teams/k8s/sprints/{SAME}/snapshots").text
    assert "Nothing has changed since the close on " in text
    assert "No issue of the sprint differs." in text


def test_then_stands_beside_now_with_the_difference(client):
    text = client.get(f"/teams/k8s/sprints/{EDITED}/snapshots").text
    cells = [
        re.findall(r'<td class="num">(.*?)</td>', row)
        for row in re.findall(r'<tr class="changed">(.*?)</tr>', text)
    ]
    assert ["43", "40", "\u22123"] in cells
    assert ["–", "81\u202f%", "–"] in cells
    assert ["16\u202fh", "20\u202fh", "+4"] in cells
    assert "an issue that is no longer visible" in text
    assert 'href="https://jira.example.com/browse/K8S-2294" rel="noreferrer">' in text
    assert "no estimate" in text


def test_a_sprint_without_a_record_says_why(client):
    text = client.get("/teams/first/sprints/31/snapshots").text
    assert "Nothing is kept of this sprint yet." in text
    assert client.get("/api/v1/teams/first/sprints/31/snapshots").status_code == 404


def test_the_page_is_not_sent_twice(client, reports):
    path = f"/teams/k8s/sprints/{EDITED}/snapshots"
    asked = {"If-None-Match": client.get(path).headers["etag"]}
    assert client.get(path, headers=asked).status_code == 304
    reports.bump()
    assert client.get(path, headers=asked).status_code == 200


def test_the_chart_is_one_that_plotly_draws(client):
    text = client.get(f"/teams/k8s/sprints/{EDITED}/snapshots").text
    spec = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text)[1])
    text_of_roles = re.sub(r'"@[a-z0-9-]+(/[0-9.]+)?"', '"#000000"', json.dumps(spec))
    drawn = go.Figure(json.loads(text_of_roles))
    assert [trace.name for trace in drawn.data] == ["as known at the close", "now"]
    assert drawn.data[0].line.dash is not None
    assert drawn.data[0].y[-1] != drawn.data[1].y[-1]


def test_the_api_gives_both_sides_and_the_difference(client):
    answer = client.get(f"/api/v1/teams/k8s/sprints/{EDITED}/snapshots").json()
    assert set(answer) == {"as_of", "id", "name", "start", "close"}
    assert answer["start"] is None
    close = answer["close"]
    assert close["is_edited"] is True
    figures = {(one["slug"], one["nature"]): one for one in close["figures"]}
    committed = figures["committed", None]
    assert (committed["then"], committed["now"], committed["difference"]) == (43, 40, -3)
    assert committed["unit"] == "points"
    completion = figures["completion", None]
    assert completion["then"] is None
    assert completion["difference"] is None
    assert completion["is_changed"] is True
    issues = {one["id"]: one for one in close["issues"]}
    assert issues[2299]["key"] is None
    assert issues[2299]["changes"] == [
        {"kind": "scope", "then": "start", "now": None, "difference": None}
    ]
    assert issues[2279]["changes"][1]["now"] is True


def test_the_api_does_not_send_the_same_record_twice(client):
    path = "/api/v1/teams/k8s/sprints/current/snapshots"
    first = client.get(path)
    assert first.json()["close"] is None
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def closed_then(**values) -> SprintRecords:
    then = then_of(invented.closed(EDITED))
    return replace(then, close=replace(then.close, **values))


def test_without_an_issue_the_note_names_the_figures():
    figures = (
        FigurePair("off_plan_time", "seconds", 0, 3600),
        FigurePair("behind", "points", 1, 2),
    )
    said = note(closed_then(issues=(), figures=figures))
    assert text(said.opening, said.closing) == (
        "2 figures have changed since the close: off-plan time and behind."
    )


def test_a_sprint_that_runs_again_is_compared_with_its_first_close():
    then = closed_then(now_at=None)
    then = replace(then, sprint=replace(then.sprint, state="active", completed_at=None))
    assert text(note(then).opening).endswith("since the first close: ")
    [part] = view.sections(then, LINES, PARIS, TODAY)
    assert text(part.moved).endswith("and was opened again since.")


def test_a_close_at_another_date_is_told():
    then = closed_then()
    moved = replace(then.close, now_at=then.close.at + timedelta(days=1))
    [part] = view.sections(replace(then, close=moved), LINES, PARIS, TODAY)
    assert re.fullmatch(r"It was closed on .+; Jira now has its close at .+\.", text(part.moved))


def test_a_sprint_that_is_gone_shows_what_is_left_of_it():
    then = closed_then(has_figures_now=False, now_at=None, issues=())
    gone = replace(then, sprint=None)
    assert note(gone) is None
    [part] = view.sections(gone, None, PARIS, TODAY)
    assert "no longer one of the team’s" in text(part.lead)
    assert part.chart is None


def test_a_sprint_without_points_has_no_chart():
    then = then_of(invented.closed(SAME))
    bare = replace(
        then.close, figures=tuple(replace(pair, then=0.0) for pair in then.close.figures)
    )
    sprint = changed(then.sprint, committed_points=0.0)
    nothing = Burndown((), (), (), ())
    [part] = view.sections(
        replace(then, close=bare, sprint=sprint), (nothing, nothing), PARIS, TODAY
    )
    assert part.chart is None
    assert fake_snapshots.GONE not in {one.issue.id for one in part.issues}


def test_a_record_made_long_after_its_moment_says_so(client, reports):
    then = then_of(reports.sprint("k8s", SAME))
    late = replace(then.close, taken_at=then.close.at + timedelta(days=20, hours=3))
    part = view.sections(replace(then, close=late), None, PARIS, TODAY)[0]
    read = day_of(late.taken_at, PARIS, TODAY)
    said = text(part.lead)
    assert said.startswith(
        f"Nothing has changed since it was first read on {read}, 20 days after the close on "
    )
    assert (part.title, part.column) == (
        "What was first known, some time after the close",
        "First read",
    )
    edited = then_of(reports.sprint("k8s", EDITED))
    late = replace(edited.close, taken_at=edited.close.at + timedelta(days=2))
    opening = text(note(replace(edited, close=late)).opening)
    assert "changed since it was first read, 2 days after the close: " in opening


def test_every_sprint_of_which_something_is_kept_leads_to_then_and_now(client):
    for sprint in (SAME, EDITED):
        assert (
            f'href="/teams/k8s/sprints/{sprint}/snapshots"'
            in client.get(f"/teams/k8s/sprints/{sprint}").text
        )
    assert "/then" not in client.get("/teams/first").text
