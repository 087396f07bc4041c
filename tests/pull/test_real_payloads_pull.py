"""Somebody's real Jira, served over HTTP again, through our bot into store and report.

The server supplies what the collected answers lack: user, clock, fields, board configuration.
"""

import json
import re
from collections import defaultdict
from typing import Any

import pytest
from werkzeug import Request, Response

from bot.pull.run import pull_sites
from telemetry.domain.models import Field
from telemetry.facts import rebuild
from telemetry.metrics.contradictions import Contradiction
from telemetry.metrics.quality_issues import migrations
from telemetry.report.reports import Reports
from telemetry.store.engine import reading
from telemetry.store.history import read_histories
from telemetry.store.issues import known_issue_ids
from telemetry.store.teams import read_team
from telemetry.store.tracker import read_statuses
from tests.pulled import a_team, configure, url_of

pytestmark = pytest.mark.slow

BOARD = {"id": 8, "name": "EE board", "type": "scrum"}
FIELDS = [
    {
        "id": "customfield_10020",
        "name": "Sprint",
        "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint"},
    },
    {
        "id": "customfield_10024",
        "name": "Story Points",
        "schema": {
            "type": "number",
            "custom": "com.atlassian.jira.plugin.system.customfieldtypes:float",
        },
    },
]


@pytest.fixture
def payloads(shared_data):
    def read(name):
        text = (shared_data / "payloads" / "devlake" / name).read_text(encoding="utf-8")
        return [json.loads(line)["data"] for line in text.splitlines() if line.strip()]

    return read


@pytest.fixture
def work_logs(payloads):
    """The collected work logs by issue id."""
    by_issue = defaultdict(list)
    for log in payloads("api_worklogs.jsonl"):
        by_issue[str(log["issueId"])].append(log)
    return by_issue


class Collected:
    """Answers searches over the collected issues, in pages of ten."""

    def __init__(self, issues, work_logs) -> None:
        self.issues = sorted(issues, key=lambda raw: int(raw["id"]))
        for raw in self.issues:
            count = len(work_logs.get(raw["id"], ()))
            raw["fields"]["worklog"] = {"startAt": 0, "total": count, "worklogs": []}

    def search(self, request: Request) -> Response:
        body = request.get_json()
        [jql] = [body["jql"]]
        found = [raw for raw in self.issues if self.is_found(raw, jql)]
        start = int(body.get("nextPageToken") or 0)
        page: dict[str, Any] = {"issues": found[start : start + 10]}
        if start + 10 < len(found):
            page["nextPageToken"] = str(start + 10)
        return answer(page)

    def count(self, request: Request) -> Response:
        jql = request.get_json()["jql"]
        return answer({"count": sum(self.is_found(raw, jql) for raw in self.issues)})

    def is_found(self, raw, jql: str) -> bool:
        if "updated >=" in jql:
            return False  # nothing has happened since
        project = raw["fields"]["project"]["key"]
        sprint = re.search(r"sprint in \(([\d, ]+)\)", jql)
        if sprint:
            wanted = {int(one) for one in sprint[1].split(",")}
            own = {one["id"] for one in raw["fields"].get("customfield_10020") or ()}
            return bool(wanted & own) and not ("not in" in jql and f'"{project}"' in jql)
        return f'project = "{project}"' in jql


def answer(value) -> Response:
    return Response(json.dumps(value), content_type="application/json")


@pytest.fixture
def jira(httpserver, payloads, work_logs):
    sprints = payloads("api_sprints.jsonl")
    plain = {
        "/rest/api/2/serverInfo": {
            "deploymentType": "Cloud",
            "serverTime": "2022-07-20T12:00:00.000+0800",
        },
        "/rest/api/3/myself": {"accountId": "bot", "timeZone": "Asia/Shanghai"},
        "/rest/api/3/field": FIELDS,
        "/rest/api/3/status": payloads("api_status.jsonl"),
        "/rest/api/3/project/EE": {"id": "10003", "key": "EE"},
        "/rest/agile/1.0/board": {"values": [BOARD], "isLast": True, "total": 1},
        "/rest/agile/1.0/board/8": BOARD,
        "/rest/agile/1.0/board/8/configuration": {
            "id": 8,
            "estimation": {"type": "none"},
            "columnConfig": {"columns": []},
        },
        "/rest/api/3/worklog/updated": {"values": [], "until": 1658289600000, "lastPage": True},
        "/rest/api/3/worklog/deleted": {"values": [], "until": 1658289600000, "lastPage": True},
    }
    for path, value in plain.items():
        httpserver.expect_request(path).respond_with_json(value)

    def listed(request: Request) -> Response:
        wanted = request.args.get("state", "closed,active,future").split(",")
        values = [raw for raw in sprints if raw["state"] in wanted]
        start = int(request.args.get("startAt", 0))
        return answer({"values": values[start : start + 50], "isLast": start + 50 >= len(values)})

    def logs_of(request: Request) -> Response:
        key = request.path.split("/")[-2]
        [raw] = [raw for raw in collected.issues if key in (raw["key"], raw["id"])]
        values = work_logs[raw["id"]]
        return answer({"startAt": 0, "total": len(values), "worklogs": values})

    collected = Collected(payloads("api_issues.jsonl"), work_logs)
    httpserver.expect_request("/rest/agile/1.0/board/8/sprint").respond_with_handler(listed)
    httpserver.expect_request("/rest/api/3/search/jql").respond_with_handler(collected.search)
    httpserver.expect_request("/rest/api/3/search/approximate-count").respond_with_handler(
        collected.count
    )
    httpserver.expect_request(re.compile(r"/rest/api/3/issue/[^/]+/worklog")).respond_with_handler(
        logs_of
    )
    return httpserver.url_for("").rstrip("/")


@pytest.fixture
def context(jira, store, tmp_path):
    team = a_team("ee", "EE", estimate="issue_count", calendar={"timezone": "Asia/Shanghai"})
    context = configure(tmp_path / "site", jira, url_of(store), [team])
    yield context
    context.engine.dispose()


def test_sprint_7_as_it_was(context):
    [outcome] = pull_sites(context)
    assert outcome.failures == {}
    assert outcome.issues_changed == 30
    reports = Reports.of(context.settings, context.engine)
    sprint = reports.sprint("ee", 7)
    assert sprint.figures.counts["committed"] == 16
    assert sprint.figures.committed_points == 16
    assert sprint.figures.counts["total"] == 15
    assert sprint.figures.counts["completed"] == 9
    assert sprint.figures.completed_points == 9
    removed = {issue.key for issue in reports.issues("ee", 7) if issue.outcome == "removed"}
    assert removed == {"EE-17", "EE-19"}
    assert rebuild(context.engine) == 0


def test_statuses_that_are_no_longer_listed_have_their_names_and_meanings(context):
    pull_sites(context)
    with reading(context.engine) as connection:
        statuses = read_statuses(connection, "default")
        rules = read_team(connection, "ee").rules
    unlisted = [status for status in statuses.values() if not status.is_listed]
    assert unlisted
    for status in unlisted:
        if status.name in ("Done", "Closed", "Resolved"):
            assert status.id in rules.done_status_ids


def test_jumps_by_workflow_migration_are_told_from_work(context):
    pull_sites(context)
    with reading(context.engine) as connection:
        histories = read_histories(connection, "default", known_issue_ids(connection, "default"))
    changes = [history.changes for history in histories.values()]
    of_status = [one for some in changes for one in some if one.field is Field.STATUS]
    jumps = [one for some in changes for one in migrations(some)]
    assert (len(jumps), len(of_status)) == (81, 165)


def test_issues_that_a_migration_moved_are_named(jira, store, tmp_path):
    team = a_team("ee", "EE", estimate="issue_count", velocity_sprints=100)
    context = configure(tmp_path / "site", jira, url_of(store), [team])
    pull_sites(context)
    found = Reports.of(context.settings, context.engine).quality("ee")
    context.engine.dispose()
    moved = found.rows[Contradiction.MIGRATED_STATUS]
    assert len(moved) == 18
    assert {row.key for row in moved} >= {"EE-24"}


@pytest.mark.slow
def test_every_collected_work_log_of_the_project_is_counted(context, work_logs, payloads):
    [outcome] = pull_sites(context)
    own = {raw["id"] for raw in payloads("api_issues.jsonl") if raw["key"].startswith("EE-")}
    expected = [log for issue_id in own for log in work_logs.get(issue_id, ())]
    assert outcome.work_logs_changed == len(expected) > 0


def test_a_second_pull_changes_nothing(context):
    pull_sites(context)
    [again] = pull_sites(context)
    assert (again.kind, again.issues_changed, again.facts_changed) == ("incremental", 0, 0)
