"""A sprint that is open for years makes no page of megabytes."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.pulled import Story, on, serving
from web.app import create_app

pytestmark = pytest.mark.slow


def test_the_page_stays_small_and_the_series_whole(sqlite_store, tmp_path):
    story = Story()
    start = on(1) - timedelta(days=5 * 365)
    sprint = story.sprint(start, on(30))
    for day in range(3):
        story.log(story.issue(3, sprint=sprint.id, at=on(1)), on(2 + day), 1)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=story.clock)
        client = TestClient(app, base_url="http://127.0.0.1")
        page = client.get(f"/teams/k8s?sprint={sprint.id}")
        days = client.get(f"/api/v1/teams/k8s/sprints/{sprint.id}/burndown").json()["days"]
        whole = pulled.reports.sprint_page("k8s", sprint.id, story.now)
    assert page.status_code == 200
    assert len(page.content) < 300_000
    assert "The sprint is long: a row, and a step of the charts, is 19 days" in page.text
    assert len(days) > 5 * 365
    assert whole.burndown is not None
    assert sum(one.added_points for one in whole.burndown.days) == sum(
        one["added_points"] for one in days
    )
    assert sum(row.time.all_seconds for row in whole.daily) == 3 * 3600
