"""What stands behind figures, changes and days: lists, words under the pointer, calibration."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest
from starlette.testclient import TestClient

from telemetry.metrics.forecast import Promise, Scores, Worth
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintName
from tests.web import invented
from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW, RUNNING, TODAY
from tests.web.test_web_figures import resolved
from web.app import create_app
from web.pages.sprint import gap
from web.pages.sprint.burndown_chart import burndown
from web.pages.sprint.issues import issue_list
from web.show.calibration import calibration
from web.show.issue_rows import issue_rows
from web.show.text import runs

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def page() -> SprintPage:
    return FakeReports().sprint_page("k8s", "current", NOW)


def listed(page, kind):
    found = issue_list(page, kind, PARIS, lambda: ())
    return found.words, [one.key for one in found.rows]


def test_a_day_lists_the_issues_changed_on_it(page):
    words, keys = listed(page, "day:2026-05-05")
    assert words == "changed on Tue 5 May"
    assert keys == ["K8S-2298", "K8S-2299", "K8S-2301"]


def test_a_minute_lists_the_issues_changed_in_it(page):
    assert listed(page, "at:2026-05-05T09:00") == ("changed on Tue 5 May at 09:00", ["K8S-2298"])


def test_a_list_says_what_its_points_were_and_are(page):
    some = (
        replace(page.issues[0], outcome="not_completed", points=8.0, initial_points=5.0),
        replace(page.issues[1], outcome="not_completed", points=3.0, initial_points=None),
    )
    found = issue_list(replace(page, issues=some), "remaining", PARIS, lambda: ())
    assert found.points == "5 points when they came in, 11 now"
    rows = issue_rows(some, is_closed=False)
    assert "<small>5 to </small>8" in rows
    assert "<small>– to </small>3" in rows
    same = tuple(replace(one, initial_points=one.points) for one in some)
    assert issue_list(replace(page, issues=same), "remaining", PARIS, lambda: ()).points == (
        "11 points"
    )
    assert issue_list(page, "", PARIS, lambda: ()).points == ""


@pytest.mark.parametrize("kind", ["day:", "day:2026-13-40", "at:now", "<script>", "day", "all-x"])
def test_what_is_no_list_lists_all(page, kind):
    words, keys = listed(page, kind)
    assert (words, len(keys)) == (None, 20)


def test_a_long_list_folds_and_its_rest_is_one_link_away(page):
    long = replace(page, issues=invented.issues(400))
    folded = issue_list(long, "", PARIS, lambda: ())
    assert (len(folded.rows), folded.count, folded.more, folded.whole) == (50, 400, 350, "all")
    assert len(issue_list(long, folded.whole, PARIS, lambda: ()).rows) == 400
    open_ones = issue_list(long, "remaining", PARIS, lambda: ())
    assert open_ones.whole == "all-remaining"
    assert len(issue_list(long, open_ones.whole, PARIS, lambda: ()).rows) == open_ones.count


def test_off_plan_hours_list_issues_that_were_never_in_the_sprint(client):
    text = client.get("/teams/k8s?issues=off_plan").text
    assert "1 issue with off-plan hours in the sprint" in text
    assert 'href="https://jira.example.com/browse/K8S-2400"' in text
    assert "<script>alert" not in text


def test_changes_of_one_minute_are_told_together():
    chart = invented.burndown()
    first = chart.events[2]
    moved = [
        replace(first, at=first.at + timedelta(seconds=n), issue_key=f"K8S-{n}", points=1.0)
        for n in range(9)
    ]
    figure = burndown(RUNNING, replace(chart, events=tuple(moved)), PARIS, TODAY)
    line = next(trace for trace in figure["data"] if trace["name"] == "remaining")
    text = line["text"][1]
    assert text.startswith("<b>9 changes</b><br>K8S-0 added +1")
    assert "and 3 more" in text
    assert "<b>+9</b> points, 38 to 47" in text
    marks = next(trace for trace in figure["data"] if trace["name"] == "added")
    assert (marks["y"], marks["customdata"]) == ([47.0], ["at:2026-04-27T09:00"])
    assert go.Figure(resolved(figure)).data


def with_losses(*losses):
    chart = invented.burndown()
    days = tuple(
        replace(row, remaining_without_impediments_points=max(0.0, row.remaining_points - loss))
        for row, loss in zip(chart.days, losses, strict=True)
    )
    return replace(chart, days=days)


def test_the_second_line_is_never_above_the_measured_one_and_ends_at_its_last_value():
    chart = with_losses(*(min(6.0, 0.5 * n) for n in range(15)))
    figure = burndown(RUNNING, chart, PARIS, TODAY)
    line = next(trace for trace in figure["data"] if trace["name"] == "without impediments")
    measured = next(trace for trace in figure["data"] if trace["name"] == "remaining")
    at = dict(zip(measured["x"], measured["y"], strict=True))
    both = zip(line["x"], line["y"], strict=True)
    assert all(value <= at[x] for x, value in both if x in at)
    assert line["y"][-1] == 8
    notes = [note["text"] for note in figure["layout"]["annotations"]]
    assert "≈ 8 without impediments" in notes
    assert go.Figure(resolved(figure)).data


def test_without_a_loss_there_is_no_second_line():
    figure = burndown(RUNNING, with_losses(*[0.0] * 15), PARIS, TODAY)
    assert not [trace for trace in figure["data"] if "without" in trace["name"]]


def test_every_part_of_the_waterfall_lists_what_is_behind_it():
    steps = gap.waterfall(RUNNING, invented.issues(), 3)
    assert all(step.link for step in steps)
    changed = next(step for step in steps if step.label.startswith("Re-estimated"))
    assert [run.text for run in runs(changed.evidence) if run.href] == ["K8S-2294"]


def test_a_chance_is_shown_from_ten_dates_on():
    def told(*dates, amounts=()):
        scores = Scores(dates, amounts, None, 0)
        return calibration(Worth(scores, scores))

    few = told(Promise(50, 4, 9), Promise(85, 0, 0), Promise(95, 0, 0))
    some = told(Promise(50, 6, 12), Promise(85, 5, 9), Promise(95, 0, 0))
    enough = told(Promise(50, 6, 12), Promise(85, 10, 12), Promise(95, 11, 12))
    amounts = told(Promise(85, 10, 12), amounts=(Promise(50, 1, 9), Promise(85, 4, 14)))
    assert calibration(None) is None
    assert amounts.main == amounts.amounts[1]
    assert few.main is None
    assert some.main.promised == 50
    assert enough.main.promised == 85


class TwoAtOnce(FakeReports):
    """A team whose board runs a second sprint."""

    def sprint_page(self, team_key, sprint_id, now):
        page = super().sprint_page(team_key, sprint_id, now)
        running = (*page.team.active_sprints, SprintName(99, "Hotfixes <b>"))
        return replace(page, team=replace(page.team, active_sprints=running))


def test_between_two_sprints_the_last_one_says_that_none_runs(client):
    words = "No sprint is running: this is the last one."
    assert words in client.get("/teams/security").text
    assert words not in client.get("/teams/k8s").text
    assert words not in client.get("/teams/k8s/sprints/24").text


def test_another_running_sprint_is_named_and_linked(client):
    app = create_app(TwoAtOnce(), access_token=None, allowed_hosts=(), clock=lambda: NOW)
    text = TestClient(app, base_url=BASE).get("/teams/k8s").text
    assert "1 other sprint of this team runs at the same time" in text
    assert '<a href="/teams/k8s/sprints/99">Hotfixes &lt;b&gt;</a>' in text
    assert "at the same time" not in client.get("/teams/k8s").text
