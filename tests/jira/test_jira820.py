"""A smoke test against another's emulator of Jira Data Center 8.20: no oracle, but not ours.

It writes changelogs for transitions only, embeds neither them nor work logs in searches, lacks
the lists of changed work logs and repeats work log ids across issues.
"""

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.jira.client import Jira, connect
from bot.jira.http.auth import Auth
from bot.translate import Translator, fields_to_ask
from bot.translate.fields import (
    FieldRoles,
    discover,
    estimate_for,
)
from telemetry.domain.models import Field
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.errors import NotInTracker
from tests.emulated import emulated

PROJECT = "JIRA820"


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    with emulated() as url:
        yield url


@pytest.fixture(scope="module")
def jira(emulator: str) -> Iterator[Jira]:
    with connect("emulator", emulator, "auto", Auth("pat", None, "x")) as client:
        yield client


@pytest.fixture(scope="module")
def roles(jira: Jira) -> FieldRoles:
    return discover(jira.fields(), {"board"}, set(), {"customfield_10004"}, url=jira.url)


def send(url: str, body: dict, method: str = "POST") -> dict:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request) as response:
        return json.loads(response.read() or b"{}")


def one(jira: Jira, roles: FieldRoles, key: str):
    [[raw]] = jira.search(f"key = {key}", fields_to_ask(roles))
    return Translator("emulator", roles, str.upper).issue(raw)


def test_it_is_known_as_data_center_with_a_user_and_a_clock(jira):
    assert jira.deployment == "datacenter"
    assert jira.myself()["name"]
    assert jira.server_time() == datetime(2026, 1, 1, 9, tzinfo=UTC)


def test_fields_and_boards_are_discovered(jira, roles):
    assert roles.sprint == "customfield_10007"
    assert roles.epic_link == "customfield_10008"
    assert roles.story_points == "customfield_10004"
    scrum = next(board for board in jira.boards(PROJECT) if board["type"] == "scrum")
    configuration = jira.board_configuration(scrum["id"])
    translated = Translator("emulator", roles, str).board(scrum, configuration)
    assert translated.has_sprints
    assert translated.columns
    assert estimate_for("board", configuration, roles) == Estimate(
        EstimateKind.FIELD, "customfield_10004"
    )


def test_a_kanban_board_has_none_of_its_own_sprints(jira):
    kanban = next(board for board in jira.boards() if board["type"] == "kanban")
    assert not jira.board_has_sprints(kanban)
    assert list(jira.sprints(kanban["id"])) == []  # Jira itself refuses the question


def test_every_sprint_of_a_board_is_read(jira, roles):
    translator = Translator("emulator", roles, str)
    scrum = next(board for board in jira.boards() if board["type"] == "scrum")
    sprints = [translator.sprint(raw) for raw in jira.sprints(scrum["id"])]
    assert {sprint.state.value for sprint in sprints} == {"future", "active", "closed"}
    active = list(jira.sprints(scrum["id"], "active"))
    assert [raw["id"] for raw in active] == [s.id for s in sprints if s.state == "active"]
    assert jira.sprint(sprints[0].id)["id"] == sprints[0].id


def test_every_issue_is_read_once_over_many_pages(jira, roles):
    jql = f"project = {PROJECT} ORDER BY created ASC"
    ids = list(jira.search_ids(jql))
    pages = list(jira.search(jql, fields_to_ask(roles), with_changelog=False))
    assert len(ids) == len(set(ids)) > 50
    assert sorted(int(raw["id"]) for page in pages for raw in page) == sorted(ids)


def test_work_on_an_issue_shows_in_its_translation(emulator, jira, roles):
    made = send(
        f"{emulator}/rest/api/2/issue",
        {
            "fields": {
                "project": {"key": PROJECT},
                "summary": "<b>Ünïcode</b>",
                "issuetype": {"name": "Story"},
                "labels": ["impediment"],
                "customfield_10004": 5,
            }
        },
    )
    address = f"{emulator}/rest/api/2/issue/{made['key']}"
    board = next(board for board in jira.boards() if board["type"] == "scrum")
    [sprint] = list(jira.sprints(board["id"], "active"))[:1]
    send(f"{emulator}/rest/agile/1.0/sprint/{sprint['id']}/issue", {"issues": [made["key"]]})
    with urllib.request.urlopen(f"{address}/transitions") as response:
        transition = next(
            entry for entry in json.load(response)["transitions"] if entry["to"]["name"] == "Done"
        )
    started = "2026-03-02T10:00:00.000+0000"
    send(f"{address}/worklog", {"timeSpentSeconds": 3600, "started": started})
    send(f"{address}/transitions", {"transition": {"id": transition["id"]}})
    whole = one(jira, roles, made["key"])
    assert whole.issue.summary == "<b>Ünïcode</b>"
    assert whole.issue.estimates["customfield_10004"] == 5
    assert whole.issue.labels == ("impediment",)
    assert whole.issue.sprint_ids == (sprint["id"],)
    assert [log.seconds for log in whole.work_logs] == [3600]
    moves = [change for change in whole.changes if change.field is Field.STATUS]
    assert moves[-1].to_value == whole.issue.status_id


def test_what_it_lacks_is_not_in_tracker(jira):
    with pytest.raises(NotInTracker):
        jira.work_logs_updated(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(NotInTracker, match="board '999'"):
        jira.board(999)
