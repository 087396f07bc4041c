"""What a person sees of the simulated site: issues and sprints; and what is corrected later."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from bot.simulator import create_app, demo_world
from bot.simulator.later_edits import edit_a_closed_sprint
from bot.simulator.state import milliseconds

NOW = datetime(2026, 11, 19, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def world():
    return demo_world(NOW, teams=1, weeks=8)


@pytest.fixture(scope="module")
def site(world):
    return TestClient(create_app(world, "cloud"))


def test_an_issue_has_a_page_without_credentials(world, site):
    issue = next(one for one in world.issues.values() if one.work_logs and one.sprints)
    world.set_summary(issue, "<b>bold</b> & more", NOW)
    world.set_labels(issue, ["impediment", "<x>"], NOW)
    answer = site.get(f"/browse/{issue.key}")
    assert answer.status_code == 200
    text = answer.text
    assert f"{issue.key}: &lt;b&gt;bold&lt;/b&gt; &amp; more" in text
    assert "<b>bold" not in text
    assert "impediment, &lt;x&gt;" in text
    assert f"<dd>{world.statuses[issue.status].name}</dd>" in text
    assert world.sprints[issue.sprints[-1]].name in text
    assert text.count("<tr><td>") == len(issue.work_logs)


def test_what_is_not_there_or_hidden_is_told(world, site):
    assert site.get("/browse/NO-1").status_code == 404
    hidden = next(iter(world.issues.values()))
    world.hide_issue(hidden)
    assert site.get(f"/browse/{hidden.key}").status_code == 404
    world.show_issue(hidden)
    for asked in ("", "?sprint=x", "?sprint=999999"):
        assert site.get(f"/secure/RapidBoard.jspa{asked}").status_code == 404


def test_a_sprint_lists_its_issues_as_links(world, site):
    sprint = next(one for one in world.sprints.values() if world.by_sprint[one.id])
    text = site.get(f"/secure/RapidBoard.jspa?rapidView=1&sprint={sprint.id}").text
    key = world.issues[next(iter(world.by_sprint[sprint.id]))].key
    assert sprint.name in text
    assert f'<a href="/browse/{key}">{key}</a>' in text


def test_a_closed_sprint_is_corrected_later():
    world = demo_world(NOW, teams=1, weeks=8)
    before = {one.id: len(one.work_logs) for one in world.issues.values()}
    sprint = edit_a_closed_sprint(world, NOW)
    assert sprint.state == "closed"
    gone = [number for number in before if number not in world.issues]
    logged = [one for one in world.issues.values() if len(one.work_logs) > before[one.id]]
    assert len(gone) == len(logged) == 1
    [late] = [
        log
        for one in logged[0].work_logs
        if (log := world.work_logs[one]).created_at == milliseconds(NOW)
    ]
    assert sprint.start_at < late.started_at < sprint.complete_at


def test_a_world_without_a_closed_sprint_stays():
    assert edit_a_closed_sprint(demo_world(NOW, teams=0, weeks=6), NOW) is None
