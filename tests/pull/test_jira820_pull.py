"""Another's emulator of Data Center, filled through its own API, pulled by our bot.

A smoke test of discovery, boards, sprints, paging and the present state; its limits are told in
tests/jira/test_jira820.py.
"""

import json
import urllib.request
from collections.abc import Iterator

import pytest

from bot.pull.run import pull_sites
from telemetry.report.reports import Reports
from telemetry.store.engine import reading
from telemetry.store.history import read_histories
from telemetry.store.issues import known_issue_ids
from telemetry.store.tracker import read_sites
from tests.emulated import emulated
from tests.pulled import a_team, configure, url_of

PROJECT = "JIRA820"
ISSUES = 120


@pytest.fixture
def store(sqlite_store):
    """One database: what differs here is the Jira."""
    return sqlite_store


@pytest.fixture
def emulator() -> Iterator[str]:
    with emulated() as url:
        yield url


def send(url: str, body: dict, method: str = "POST") -> dict:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"{}")


def ask(url: str) -> dict:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def a_story(emulator: str, number: int, **fields: object) -> str:
    made = send(
        f"{emulator}/rest/api/2/issue",
        {
            "fields": {
                "project": {"key": PROJECT},
                "summary": f"Größe {number}",
                "issuetype": {"name": "Story"},
                "customfield_10004": number % 5 + 1,
            }
            | fields
        },
    )
    return made["key"]


@pytest.mark.slow
def test_what_is_made_through_its_api_arrives_in_store_and_report(
    emulator, store, tmp_path, monkeypatch
):
    # the time that the emulator tells stands two months before what is made in it
    monkeypatch.setattr("bot.pull.clock._told", lambda *_: None)
    boards = ask(f"{emulator}/rest/agile/1.0/board?projectKeyOrId={PROJECT}")["values"]
    board = next(one for one in boards if one["type"] == "scrum")
    sprint = send(
        f"{emulator}/rest/agile/1.0/sprint", {"name": "Ours", "originBoardId": board["id"]}
    )
    keys = [a_story(emulator, number) for number in range(ISSUES)]
    mine = keys[:4]
    send(f"{emulator}/rest/agile/1.0/sprint/{sprint['id']}/issue", {"issues": mine})
    dates = {
        "state": "active",
        "startDate": "2026-01-01T08:00:00.000+0000",
        "endDate": "2026-03-13T18:00:00.000+0000",
    }
    send(f"{emulator}/rest/agile/1.0/sprint/{sprint['id']}", dates, "PUT")
    team = a_team("emulated", PROJECT, board=board["id"])
    context = configure(tmp_path / "site", emulator, url_of(store), [team], "datacenter")
    try:
        [outcome] = pull_sites(context)
        assert outcome.failures == {}
        reports = Reports.of(context.settings, context.engine)
        with reading(context.engine) as connection:
            assert read_sites(connection)["default"].deployment == "datacenter"
            ids = known_issue_ids(connection, "default", PROJECT)
            histories = read_histories(connection, "default", ids)
        by_key = {one.issue.key: one.issue for one in histories.values()}
        total = ask(f"{emulator}/rest/api/2/search?jql=project={PROJECT}&maxResults=0")["total"]
        assert len(ids) == total >= ISSUES
        assert set(keys) <= set(by_key)
        assert by_key[keys[7]].summary == "Größe 7"
        assert by_key[keys[7]].estimates["customfield_10004"] == 3
        assert {k for k, issue in by_key.items() if sprint["id"] in issue.sprint_ids} == set(mine)
        summary = reports.sprint("emulated", sprint["id"])
        assert (summary.name, summary.state) == ("Ours", "active")
        assert summary.figures.total_points == 1 + 2 + 3 + 4
        assert {i.key for i in reports.issues("emulated", sprint["id"])} == set(mine)
        [again] = pull_sites(context)
        assert (again.kind, again.failures, again.issues_changed) == ("incremental", {}, 0)
    finally:
        context.engine.dispose()
