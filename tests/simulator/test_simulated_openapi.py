"""The answers of both flavours against Atlassian's own API descriptions."""

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from jsonschema import Draft7Validator
from starlette.testclient import TestClient

from bot.simulator import demo_world
from bot.simulator.app import create_app
from bot.simulator.options import Options

pytestmark = pytest.mark.slow

now = datetime(2026, 11, 19, 14, tzinfo=UTC)
scalars = {"string", "integer", "number", "boolean"}


def nullable(schema):
    """The description with every scalar allowed to be null, as real payloads are."""
    if isinstance(schema, list):
        return [nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: nullable(part) for key, part in schema.items()}
    if isinstance(changed.get("type"), str) and changed["type"] in scalars:
        changed["type"] = [changed["type"], "null"]
        if isinstance(changed.get("enum"), list):
            changed["enum"] = [*changed["enum"], None]
    return changed


def complaints(document, path, method, answer, bulk=False):
    """What the description of a path's answer has against it."""
    content = document["paths"][path][method]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"]
    components = document["components"]
    if bulk:
        components = copy.deepcopy(components)
        components["schemas"]["Changelog"]["properties"]["created"] = {"type": "integer"}
    validator = Draft7Validator({"allOf": [schema], "components": components})
    return [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(answer)]


@pytest.fixture(scope="module")
def world():
    world = demo_world(now, weeks=6)
    story = next(i for i in world.issues.values() if i.sprints and i.epic and i.work_logs)
    with world.lock:
        world.set_flag(story, True, now)
        world.set_nature(story, "incident", now)
    return world


@pytest.fixture(scope="module")
def platform3(shared_data):
    text = (shared_data / "openapi" / "jira-platform-v3.himenon-2026-05.json").read_text()
    return nullable(json.loads(text))


@pytest.fixture(scope="module")
def platform2(shared_data):
    path = shared_data / "openapi" / "jira-platform-v2.primelib-2025-12.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = nullable(yaml.load(path.read_text(), Loader=loader))
    # This mirror's generator lost two properties that version 3 and every real payload have.
    texts = {"fromString": {"type": ["string", "null"]}, "toString": {"type": ["string", "null"]}}
    document["components"]["schemas"]["ChangeDetails"]["properties"] |= texts
    return document


@pytest.fixture(scope="module")
def agile(shared_data):
    text = (shared_data / "openapi" / "software-swagger.v3.salto-2022-07.json").read_text()
    document = nullable(json.loads(text))
    # Real configurations tell their project so, not by `projectKeyOrId` as described.
    path = "/rest/agile/1.0/board/{boardId}/configuration"
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    properties = content["application/json"]["schema"]["properties"]
    properties["location"]["properties"] |= {key: {} for key in ("id", "key", "name", "self")}
    return document


def client_of(world, flavour):
    options = Options(clock=lambda: now + timedelta(hours=1))
    client = TestClient(create_app(world, flavour, options), base_url="https://jira.test")
    client.auth = (options.user, options.token)
    return client


def busiest(world):
    return max(world.issues.values(), key=lambda issue: len(issue.work_logs))


def platform_requests(world):
    issue = str(busiest(world).id)
    listed = {"issueIdsOrKeys": [issue]}
    numbers = busiest(world).work_logs[:5]
    searched = {"jql": "project = K8S", "fields": "*all", "expand": "changelog"}
    item = "/issue/{issueIdOrKey}"
    return {
        "serverInfo": ("/serverInfo", "get", "/serverInfo", {}),
        "myself": ("/myself", "get", "/myself", {}),
        "fields": ("/field", "get", "/field", {}),
        "statuses": ("/status", "get", "/status", {}),
        "issue types": ("/issuetype", "get", "/issuetype", {}),
        "project": ("/project/{projectIdOrKey}", "get", "/project/K8S", {}),
        "permissions": ("/mypermissions", "get", "/mypermissions?permissions=BROWSE_PROJECTS", {}),
        "issue": (item, "get", f"/issue/{issue}?expand=changelog", {}),
        "work logs": (f"{item}/worklog", "get", f"/issue/{issue}/worklog", {}),
        "updated": ("/worklog/updated", "get", "/worklog/updated?since=0", {}),
        "deleted": ("/worklog/deleted", "get", "/worklog/deleted", {}),
        "bodies": ("/worklog/list", "post", "/worklog/list", {"ids": numbers}),
        "project search": ("/project/search", "get", "/project/search", {}),
        "search": ("/search/jql", "get", "/search/jql", searched),
        "posted search": ("/search/jql", "post", "/search/jql", searched),
        "count": ("/search/approximate-count", "post", "/search/approximate-count", searched),
        "bulk issues": (
            "/issue/bulkfetch",
            "post",
            "/issue/bulkfetch",
            listed,
        ),
        "changelog": (f"{item}/changelog", "get", f"/issue/{issue}/changelog", {}),
        "bulk changelog": (
            "/changelog/bulkfetch",
            "post",
            "/changelog/bulkfetch",
            listed,
        ),
    }


cloud_only = {
    "project search",
    "search",
    "posted search",
    "count",
    "bulk issues",
    "changelog",
    "bulk changelog",
}
names = sorted(
    {"serverInfo", "myself", "fields", "statuses", "issue types", "project", "permissions"}
    | {"issue", "work logs", "updated", "deleted", "bodies"}
    | cloud_only
)


def answer_of(client, version, request):
    _, method, url, values = request
    base = f"/rest/api/{version}{url}"
    if method == "post":
        answer = client.post(base, json=values)
    else:
        answer = client.get(base, params=values) if values else client.get(base)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", names)
def test_cloud_answers_as_version_3_describes(world, platform3, name):
    request = platform_requests(world)[name]
    answer = answer_of(client_of(world, "cloud"), "3", request)
    assert answer
    path, method = f"/rest/api/3{request[0]}", request[1]
    assert complaints(platform3, path, method, answer, bulk=name == "bulk changelog") == []


@pytest.mark.parametrize("name", [name for name in names if name not in cloud_only])
def test_data_center_answers_as_version_2_describes(world, platform2, name):
    request = platform_requests(world)[name]
    answer = answer_of(client_of(world, "datacenter"), "2", request)
    assert complaints(platform2, f"/rest/api/2{request[0]}", request[1], answer) == []


def test_the_numbered_search_answers_as_version_2_describes(world, platform2):
    client = client_of(world, "datacenter")
    asked = {"jql": "project = K8S", "expand": "changelog"}
    answer = client.get("/rest/api/2/search", params=asked).json()
    assert complaints(platform2, "/rest/api/2/search", "get", answer) == []
    assert complaints(platform2, "/rest/api/2/search", "post", answer) == []


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/board", "/board"),
        ("/board/{boardId}", "/board/1"),
        ("/board/{boardId}/configuration", "/board/1/configuration"),
        ("/board/{boardId}/configuration", "/board/6/configuration"),
        ("/board/{boardId}/backlog", "/board/1/backlog"),
        ("/board/{boardId}/issue", "/board/1/issue?expand=changelog"),
        ("/board/{boardId}/features", "/board/1/features"),
    ],
)
def test_the_agile_api_answers_as_described(world, agile, flavour, path, url):
    if flavour == "datacenter" and path.endswith("features"):
        url = "/board/1"
        path = "/board/{boardId}"
    answer = client_of(world, flavour).get(f"/rest/agile/1.0{url}").json()
    assert complaints(agile, f"/rest/agile/1.0{path}", "get", answer) == []


@pytest.mark.parametrize(
    ("path", "url", "more"),
    [
        ("/board/{boardId}/sprint", "/board/1/sprint", {"originBoardId", "endDate", "startDate"}),
        ("/sprint/{sprintId}", "/sprint/1", set()),
        ("/board/{boardId}/epic", "/board/1/epic", {"key"}),
    ],
)
def test_what_the_agile_description_only_exemplifies_has_the_same_keys(
    world, agile, path, url, more
):
    """Sprints and epics are described by examples alone: their keys are held against ours."""
    content = agile["paths"][f"/rest/agile/1.0{path}"]["get"]["responses"]["200"]["content"]
    example = json.loads(content["application/json"]["example"])
    answer = client_of(world, "cloud").get(f"/rest/agile/1.0{url}").json()
    assert set(answer) <= set(example)
    for ours, theirs in zip(answer.get("values", []), example.get("values", []), strict=False):
        assert set(ours) - more <= set(theirs) | {"completeDate"}


def test_issues_of_a_sprint_have_the_envelope_of_board_issues(world, agile):
    answer = client_of(world, "cloud").get("/rest/agile/1.0/sprint/1/issue").json()
    assert complaints(agile, "/rest/agile/1.0/board/{boardId}/issue", "get", answer) == []
