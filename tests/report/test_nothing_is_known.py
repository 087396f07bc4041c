"""A team of which nothing was ever pulled has no figures, not figures of 0."""

import pytest
from starlette.testclient import TestClient

from tests.pulled import Story, a_team, on, serving
from web.app import create_app

CONFIGURED = ("security_coefficient", "days_away")  # known without Jira


@pytest.fixture
def ask(sqlite_store, tmp_path):
    """Answers of the API about a team whose board does not exist, and about one that is pulled."""
    story = Story()
    story.log(story.issue(3, sprint=story.sprint(on(1)).id), on(3), 2)
    teams = [a_team(board=99), a_team("good", board=1)]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.pull()
        app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=story.clock)
        client = TestClient(app, base_url="http://127.0.0.1")
        yield lambda path: client.get(f"/api/v1/{path}").json()


def test_what_nobody_pulled_is_unknown_and_not_0(ask):
    for path in ("time", "time?by=week", "time?by=sprint", "sprints", "impediments"):
        answer = ask(f"teams/k8s/{path}")
        assert answer["as_of"] is None
        assert answer["items"] == []
    for path in ("velocity", "flow", "next", "quality", "impediments/report", "quarters/current"):
        answer = ask(f"teams/k8s/{path}")
        zeros = {
            name: value
            for name, value in answer.items()
            if type(value) in (int, float) and value == 0 and name not in CONFIGURED
        }
        assert answer["as_of"] is None
        assert zeros == {}, path
    [good, bad] = sorted(ask("teams")["items"], key=lambda one: one["key"])
    assert "board 99 does not exist" in bad["reason"]
    assert good["reason"] is None
