"""Every page and route answers in one way: tag, 304, who may keep it, how long it took."""

import re

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from tests.web.test_web_api import ITEMS, ONE
from tests.web.test_web_links import PAGES
from web.app import create_app

KEPT = {
    "/": "teams_list",
    "/teams/k8s": "sprint_page",
    "/teams/k8s/sprints": "sprint_table",
    "/teams/k8s/next": "next_sprint",
    "/teams/k8s/impediments": "impediment_report",
    "/teams/k8s/flow": "flow",
    "/teams/k8s/quality": "quality",
    "/teams/k8s/sprints/27/snapshots": "snapshots",
    "/wall?team=k8s": "sprint_page",
}


class Counting(FakeReports):
    """Counts what is asked, by name."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def __getattribute__(self, name):
        if name in KEPT.values():
            self.asked.append(name)
        return super().__getattribute__(name)


@pytest.fixture
def counting():
    return Counting()


@pytest.fixture
def asking(counting):
    app = create_app(counting, access_token=None, allowed_hosts=(), clock=lambda: NOW)
    return TestClient(app, base_url=BASE)


@pytest.fixture(scope="module")
def signed_in():
    app = create_app(FakeReports(), access_token="open-sesame", allowed_hosts=(), clock=lambda: NOW)
    return TestClient(app, base_url=BASE, headers={"Authorization": "Bearer open-sesame"})


@pytest.mark.parametrize("path", [*PAGES, *(f"/api/v1{path}" for path in (*ITEMS, *ONE))])
def test_an_answer_says_its_tag_who_may_keep_it_and_how_long_it_took(client, signed_in, path):
    answer = client.get(path)
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    theirs = signed_in.get(path)
    assert (answer.status_code, again.status_code, theirs.status_code) == (200, 304, 200)
    for one in (answer, again, theirs):
        assert re.fullmatch(r"app;dur=\d+\.\d", one.headers["server-timing"])
    assert answer.headers["cache-control"] == again.headers["cache-control"] == "no-cache"
    assert theirs.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(("path", "question"), KEPT.items())
def test_who_asks_for_the_same_page_gets_the_one_that_was_made(asking, counting, path, question):
    first, second = asking.get(path), asking.get(path)
    assert (first.text, counting.asked.count(question)) == (second.text, 1)
    counting.bump()
    assert asking.get(path).status_code == 200
    assert counting.asked.count(question) == 2


def test_what_a_program_has_is_not_read_again(asking, counting):
    path = "/api/v1/teams/k8s/flow?from=2026-03-01&to=2026-05-01"
    first = asking.get(path)
    again = asking.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, counting.asked.count("flow")) == (304, 1)
    other = path.replace("03-01", "03-02")
    answer = asking.get(other, headers={"If-None-Match": first.headers["etag"]})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/teams/a%20b/sprints/7/then", "/teams/a%20b/sprints/7/snapshots"),
        ("/teams/k8s/sprints/26/then?a=1", "/teams/k8s/sprints/26/snapshots?a=1"),
        ("/api/v1/teams/k8s/unexpected?over=3", "/api/v1/teams/k8s/impediments/report?over=3"),
    ],
)
def test_a_former_address_leads_to_what_is_there_now(client, former, now):
    answer = client.get(former, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, now)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/?sort=nothing", "is not one of team"),
        ("/?only=nothing", "is not one of attention"),
        ("/teams/k8s?outcome=nothing", "is not one of completed"),
        ("/teams/k8s/sprints?sort=1", "is not one of start, name"),
        ("/wall?theme=blue", "is not one of dark, light"),
    ],
)
def test_a_wrong_choice_is_told_by_what_there_is(client, path, told):
    answer = client.get(path)
    assert answer.status_code == 422
    assert told in answer.text
    assert "^" not in re.sub(r"<[^>]+>", "", answer.text)
