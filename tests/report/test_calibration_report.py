"""What the forecast of a running sprint is worth, read from a real store."""

import pytest
from sqlalchemy import insert

from telemetry.metrics.forecast import Promise, Scores, Worth, worth_to_stored
from telemetry.report.reports import Reports
from telemetry.report.shapes.sprints import Outlook
from telemetry.store import schema as s
from telemetry.store.engine import writing
from tests.bench.teams import NOW, SITE, fill

SCORES = Scores((Promise(85, 9, 12, 1.5),), (Promise(85, 8, 9, None),), None, 0)
WORTH = Worth(SCORES, SCORES, lenders=2)


@pytest.fixture
def reports(store):
    """A team whose running sprint, its third, has an outlook."""
    fill(store, 1, 3)
    row = {"team_key": "team-1", "site": SITE, "sprint_id": 1002, "basis": [], "said": []}
    with writing(store) as connection:
        told = {"why_none": None, "worth": worth_to_stored(WORTH)}
        connection.execute(insert(s.sprint_outlooks).values(row | told))
    return Reports(store)


def test_a_running_sprint_tells_what_its_forecast_is_worth_wherever_it_is_read(reports):
    said = Outlook(None, WORTH)
    assert reports.sprint("team-1", "current").outlook == said
    assert reports.sprints("team-1")[0].outlook == said
    assert reports.sprint_page("team-1", "current", NOW).sprint.outlook == said
    assert reports.team("team-1", NOW).sprint.outlook == said


def test_a_closed_sprint_has_none(reports):
    assert reports.sprint("team-1", 1001).outlook is None
