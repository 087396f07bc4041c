"""The pages as HTML, in usual and odd states."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from tests import depth
from tests.web.invented import MARKUP

TEAMS = ["k8s", "registry", "identity", "first", "metal", "chinese", "security", "support", "empty"]
PATHS = [
    "/",
    "/?q=kube",
    "/?only=attention",
    "/?q=nothing-like-it",
    *(f"/teams/{key}" for key in TEAMS),
    "/teams/k8s/sprints/24",
    "/teams/k8s/reviews",
    "/teams/k8s/reviews/24",
    "/teams/k8s/reviews/24/history",
    "/teams/k8s/reviews/27",
    "/teams/k8s/reviews?of=weeks",
    "/teams/support/reviews",
    "/teams/support/reviews/2026-W19",
    "/teams/k8s/reviews/2026-W18",
    "/teams/k8s/reviews/2026-W18/history",
    "/teams/k8s?issues=added",
    "/teams/k8s?issues=burned",
    "/teams/k8s?issues=no-such-kind",
    "/teams/k8s?impediments=support",
    "/wall",
    "/wall?teams=security,nope",
    "/definitions",
    "/portfolio",
    "/calibration",
    "/teams/k8s/calibration",
    "/teams/first/calibration",
    "/programs",
    "/programs/Sovereign",
    "/portfolio?quarter=Q1-26",
    "/runs",
    "/runs?before=10",
    "/api/docs",
]
NUMBERED = re.compile(r"(.*/(?:reviews|sprints|quarters))/[\w-]+")  # pages of one kind
OF_TEAMS = re.compile(r"/api/v1/teams/\w+(.*)")  # answers, of one kind by what follows
DAYS = 4  # within which all of them are asked
LINK = re.compile(r"""<a\s[^>]*?(?<=\s)href=(?:"([^"]*)"|'([^']*)')""")  # a parser is slow
VOID = {"col", "meta", "link", "input", "br", "path", "circle", "polyline", "hr", "img", "wbr"}


class Checker(HTMLParser):
    """Remembers whether elements nest, which ids stand twice, and where links lead."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.twice, self.links, self.wrong = [], set(), set(), [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            (self.twice if given["id"] in self.ids else self.ids).add(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_well_formed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    page = Checker()
    page.feed(answer.text)
    assert (page.wrong, page.open, page.twice) == ([], [], set())
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


def waits(path, kinds):
    """Whether a page has its turn another day: one of a kind of which one is asked each day."""
    if found := OF_TEAMS.match(path):
        kind = re.sub(r"\d+", "N", found[1])
    elif found := NUMBERED.match(path):
        kind = found[1]
    else:
        return False
    is_known = kind in kinds
    kinds.add(kind)
    return is_known and not depth.has_turn(path, DAYS)


def links(text):
    """Where a page leads, in its order, each address once."""
    return dict.fromkeys(unescape("".join(found)) for found in LINK.findall(text))


@pytest.mark.slow
@pytest.mark.in_turn
def test_no_link_is_dead(client):
    seen, waiting = set(), ["/"]
    kinds: set[str] = set()
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Sentence(" not in answer.text, path
        seen.add(path)
        if path.startswith(("/teams/k8s/sprints/", "/api/openapi")):
            continue  # their links are those of the page that led there
        for link in links(answer.text):
            bare = link.partition("#")[0]
            if bare.startswith("/") and bare not in seen and bare not in waiting:
                if "/sprints/" in bare and not bare.startswith("/teams/k8s/"):
                    continue
                if not waits(bare, kinds):
                    waiting.append(bare)
    assert len(seen) > 30


@pytest.mark.parametrize("path", PATHS)
def test_markup_in_texts_of_the_tracker_stays_text(client, path):
    text = client.get(path).text
    assert MARKUP not in text
    assert "alert('x')" not in text
    assert "Customer Support <b>" not in text


def test_no_data_is_a_sentence_and_never_an_empty_chart(client):
    for key, words in (
        ("metal", "No issue in this sprint has an estimate."),
        ("first", "No time was logged in this sprint."),
        ("support", "has no sprints (it is a kanban board), so there is no burndown"),
        ("empty", "This team&#39;s board has no sprint yet."),
    ):
        assert words in client.get(f"/teams/{key}").text
    assert "data-chart" not in client.get("/teams/metal").text


def test_a_figure_lists_its_issues_without_script(client):
    text = client.get("/teams/k8s?issues=added").text
    assert "2 issues added after the start" in text
    assert (
        text.count('<td class="title"><a class="issue" href="https://jira.example.com/browse/') >= 2
    )


def test_stale_data_say_why(client):
    text = client.get("/teams/registry").text
    assert "Jira answered 503 since 12:10." in text


def test_a_missing_team_is_a_page_that_says_so(client):
    answer = client.get("/teams/nope")
    assert answer.status_code == 404
    assert "There is no team &#39;nope&#39;." in answer.text


def test_the_list_begins_with_the_most_behind(client):
    text = client.get("/").text
    assert text.index(">Container Registry</a>") < text.index(">Managed Kubernetes</a>")
    assert text.index(">Identity and Access</a>") < text.index(">Security Tooling</a>")


def test_an_open_page_gets_new_facts_with_its_next_question(client, reports):
    first = client.get("/teams/k8s")
    asked = {"If-None-Match": first.headers["etag"]}
    assert client.get("/teams/k8s", headers=asked).status_code == 304
    reports.bump()
    second = client.get("/teams/k8s", headers=asked)
    assert second.status_code == 200
    assert second.text != first.text


def test_the_start_button_of_runs_comes_back_to_the_list(locked):
    locked.headers["Authorization"] = "Bearer open-sesame"
    assert "Pull now" in locked.get("/runs").text
    assert locked.post("/runs").status_code == 303


def test_a_page_is_small_on_the_wire(client):
    names = [part for part in client.get("/teams/k8s").text.split('"') if "/assets/" in part]
    urls = ["/teams/k8s", *(name for name in names if not name.endswith("plotly.js"))]
    total = 0
    for url in urls:
        with client.stream("GET", url, headers={"Accept-Encoding": "br"}) as answer:
            total += sum(len(part) for part in answer.iter_raw())
    assert total < 100_000
