import base64
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import HTMLResponse, Response

from bot.simulator.server import running


def ask(url: str, authorization: str | None = None) -> tuple[int, bytes]:
    request = urllib.request.Request(url)
    if authorization:
        request.add_header("Authorization", authorization)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def basic(user: str, token: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{token}".encode()).decode()


right = basic("bot@example.com", "simulated-token")


@pytest.mark.parametrize(
    ("flavour", "authorization", "status"),
    [
        ("cloud", right, 200),
        ("cloud", basic("bot@example.com", "wrong"), 401),
        ("cloud", "Bearer simulated-token", 401),
        ("cloud", "Basic ###", 401),
        ("cloud", None, 401),
        ("datacenter", right, 200),
        ("datacenter", "Bearer simulated-token", 200),
        ("datacenter", "Bearer wrong", 401),
    ],
)
def test_myself_needs_the_flavours_credentials(site, flavour, authorization, status):
    with running(site.world, flavour) as server:
        assert ask(f"{server.url}/rest/api/2/myself", authorization)[0] == status


def test_anonymous_callers_see_what_the_site_allows(site):
    site.issue()
    path = "/rest/api/3/search/jql?jql=project=K8S"
    for anonymous, status, count in (("refused", 401, 0), ("empty", 200, 0), ("public", 200, 1)):
        client = site.client(anonymous=anonymous)
        client.auth = None
        answer = client.get(path)
        assert answer.status_code == status
        assert len(answer.json().get("issues", [])) == count
        assert client.get("/rest/api/3/myself").status_code == 401


def test_faults_answer_first_and_are_counted(site):
    left = [
        HTMLResponse("<html>Log in</html>"),
        Response(status_code=429, headers={"Retry-After": "120"}),
    ]
    client = site.client(faults=lambda _: left.pop() if left else None)
    first = client.get("/rest/api/3/myself")
    assert (first.status_code, first.headers["Retry-After"]) == (429, "120")
    assert client.get("/rest/api/3/myself").text == "<html>Log in</html>"
    assert client.get("/rest/api/3/myself").status_code == 200
    assert [s.status for s in client.app.state.requests.served] == [429, 200, 200]


def test_requests_are_recorded_well_enough_to_be_sent_again(site):
    client = site.client()
    client.get("/rest/agile/1.0/board/1/sprint?state=active")
    client.post("/rest/api/3/worklog/list", json={"ids": [1]})
    client.get("/rest/api/3/nothing")
    log = client.app.state.requests
    assert log.total == 3
    assert log.by_path["/rest/agile/1.0/board/*/sprint"] == 1
    assert log.served[0].target == "/rest/agile/1.0/board/1/sprint?state=active"
    assert json.loads(log.served[1].body) == {"ids": [1]}
    assert log.served[2].status == 404


def test_prepared_answers_are_repeated_as_they_were(site):
    client = site.client(is_prepared=True)
    issue = site.issue()
    before = client.get(f"/rest/api/3/issue/{issue.key}").content
    site.world.set_summary(issue, "Changed", datetime(2026, 4, 1, tzinfo=UTC))
    assert client.get(f"/rest/api/3/issue/{issue.key}").content == before
    assert b"Changed" in client.get(f"/rest/api/3/issue/{issue.key}?fields=summary").content


def test_the_world_can_change_while_it_is_served(site):
    issue = site.issue()
    stopped = threading.Event()

    def live() -> None:
        at = datetime(2026, 3, 3, tzinfo=UTC)
        for number in range(300):
            with site.world.lock:
                site.issue(f"New {number}", at=at)
                site.world.set_estimate(issue, number, at + timedelta(minutes=number))
        stopped.set()

    with running(site.world, "cloud") as server:
        thread = threading.Thread(target=live)
        thread.start()
        url = f"{server.url}/rest/api/3/search/jql?jql=project=K8S&fields=*all&maxResults=20"
        while True:
            has_ended = stopped.is_set()
            assert ask(url, right)[0] == 200
            if has_ended:
                break
        thread.join()


def test_a_stopped_server_no_longer_answers(site):
    with running(site.world, "cloud") as server:
        url = f"{server.url}/rest/api/3/serverInfo"
        assert ask(url)[0] == 200
    with pytest.raises(urllib.error.URLError):
        ask(url)


def test_the_module_prints_its_url_first_and_ends_when_told():
    command = [sys.executable, "-m", "bot.simulator", "--teams", "1", "--weeks", "6", "--alive"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert ask(f"{url}/rest/api/3/myself", right)[0] == 200
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_unknown_paths_and_bodies_are_refused_in_jiras_shape(site):
    client = site.client()
    assert client.get("/rest/api/3/issue/K8S-9").json() == {
        "errorMessages": ["Issue does not exist or you do not have permission to see it."],
        "errors": {},
    }
    assert client.get("/rest/api/3/project/NOPE").status_code == 404
    assert client.get("/rest/agile/1.0/board/77").status_code == 404
    assert client.get("/rest/agile/1.0/board?projectKeyOrId=NOPE").status_code == 400
    assert client.post("/rest/api/3/search/jql", content=b"{").status_code == 400
    assert client.get("/rest/api/3/search/jql?jql=project=K8S&maxResults=x").status_code == 400
    bad_token = "/rest/api/3/search/jql?jql=project=K8S&nextPageToken=zzz"
    assert client.get(bad_token).status_code == 400


def test_a_kanban_board_has_no_sprints(site):
    board = site.world.add_board(site.project.id, "Flow", "kanban")
    answer = site.client().get(f"/rest/agile/1.0/board/{board.id}/sprint")
    assert answer.status_code == 400
    assert "does not support sprints" in answer.json()["errorMessages"][0]


def test_boards_come_by_fifty_at_most(site):
    for number in range(60):
        site.world.add_board(site.project.id, f"Board {number}")
    client = site.client()
    first = client.get("/rest/agile/1.0/board?maxResults=200").json()
    assert (len(first["values"]), first["isLast"]) == (50, False)
    rest = client.get("/rest/agile/1.0/board?startAt=50").json()
    assert (len(rest["values"]), rest["isLast"]) == (11, True)


def test_a_board_lists_foreign_sprints_ordered_by_state(site):
    world = site.world
    other = world.add_board(site.project.id, "Other")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    future, closed = (world.create_sprint(site.board.id, name) for name in ("Next", "Old"))
    foreign = world.create_sprint(other.id, "Foreign")
    for sprint in (closed, foreign):
        world.start_sprint(sprint, at + timedelta(days=14), at)
    world.close_sprint(closed, None, at + timedelta(days=14))
    site.board.foreign_sprints = [foreign.id]
    client = site.client()
    listed = client.get("/rest/agile/1.0/board/1/sprint").json()["values"]
    assert [(s["name"], s["originBoardId"]) for s in listed] == [
        ("Old", 1),
        ("Foreign", 2),
        ("Next", 1),
    ]
    assert "startDate" not in listed[-1]
    active = client.get("/rest/agile/1.0/board/1/sprint?state=active,future").json()["values"]
    assert [s["id"] for s in active] == [foreign.id, future.id]


def test_sprint_issues_leave_out_the_removed(site):
    world = site.world
    sprint = world.create_sprint(site.board.id, "S1")
    kept, gone = site.issue("Kept", sprint=sprint.id), site.issue("Gone", sprint=sprint.id)
    world.remove_from_sprint(gone, datetime(2026, 3, 4, tzinfo=UTC))
    answer = site.client().get("/rest/agile/1.0/sprint/1/issue?jql=issuetype=Story").json()
    assert [issue["key"] for issue in answer["issues"]] == [kept.key]
    assert answer["issues"][0]["fields"]["sprint"]["id"] == sprint.id


def test_an_answer_can_be_delayed(site):
    client = site.client(delay_seconds=0.05)
    begin = datetime.now(UTC)
    client.get("/rest/api/3/serverInfo")
    assert datetime.now(UTC) - begin >= timedelta(seconds=0.05)
