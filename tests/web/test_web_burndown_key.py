"""The burndown's key and note tell of what is drawn, and of nothing else."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from starlette.testclient import TestClient

from telemetry.report.shapes.sprints import Outlook
from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW, RUNNING, changed
from web.app import create_app
from web.pages.sprint.burndown_chart import projection
from web.show.chart import Span


def expected_block(text):
    return re.search(r'aria-labelledby="expected".*?aria-labelledby="instead"', text, re.S)[0]


def key_of(text):
    key = re.search(r'<p class="key" aria-hidden="true">(.*?)</p>', expected_block(text), re.S)[1]
    return {re.sub("<[^>]*>", "", one).strip("△▽◇○ ") for one in key.split("</span>")} - {""}


def asked_of(reports):
    app = create_app(reports, access_token=None, allowed_hosts=(), clock=lambda: NOW)
    return TestClient(app, base_url=BASE).get("/teams/k8s").text


class Changed(FakeReports):
    """The page of the running sprint, changed before it is shown."""

    def __init__(self, change):
        super().__init__()
        self._change = change

    def sprint_page(self, team_key, sprint_id, now):
        return self._change(super().sprint_page(team_key, sprint_id, now))


def test_a_sprint_with_every_kind_of_change_explains_every_mark(client):
    text = client.get("/teams/k8s").text
    found = key_of(text)
    assert {"remaining", "ideal", "scope", "added", "removed"} <= found
    assert "projection, 50\u202f% to 95\u202f% sure" in found
    assert "Each mark is a change of scope" in text


def test_without_changes_of_scope_no_mark_is_explained():
    def only_burned(page):
        events = tuple(one for one in page.burndown.events if one.kind == "burned")
        return replace(page, burndown=replace(page.burndown, events=events))

    text = asked_of(Changed(only_burned))
    assert key_of(text).isdisjoint({"added", "removed", "re-estimated", "reopened"})
    assert "Each mark" not in text


def test_when_nothing_is_left_no_projection_is_explained():
    def finished(page):
        return replace(page, sprint=changed(page.sprint, remaining_points=0.0))

    assert not any("projection" in one for one in key_of(asked_of(Changed(finished))))


def test_what_has_no_estimate_is_said_not_to_be_projected():
    def unestimated(page):
        left = {"remaining_points": 0.0, "unestimated_count": 3}
        dates = dict.fromkeys(("projected_50_on", "projected_85_on", "projected_95_on"))
        why = Outlook("unestimated", None)
        return replace(page, sprint=changed(page.sprint, **left, **dates, outlook=why))

    text = expected_block(asked_of(Changed(unestimated)))
    assert "Nothing is forecast: what is left has no estimate." in text


def test_the_likely_way_leads_through_what_is_likely_left_at_the_planned_end():
    sprint = RUNNING
    figures = replace(sprint.figures, left_by_end_50_points=6.5)
    end = sprint.planned_end_at
    span = Span(
        ZoneInfo("UTC"), sprint.started_at, end, figures.as_of, end, (), figures.as_of.date()
    )
    until = end.date() + timedelta(days=3)
    likely, sure = (
        projection(replace(figures, projected_50_on=until, projected_85_on=until), span)
    )[:2]
    at = likely["x"].index(span.local(end))
    assert likely["y"][at] == 6.5
    assert (likely["y"][0], likely["y"][-1]) == (figures.remaining_points, 0)
    assert span.local(end) not in sure["x"] or sure["y"][sure["x"].index(span.local(end))] != 6.5


def test_the_ideal_line_says_how_many_days_absences_take():
    def away(page):
        return replace(page, burndown=replace(page.burndown, days_away=1.54))

    assert "ideal, 1.5 working days away" in key_of(asked_of(Changed(away)))
