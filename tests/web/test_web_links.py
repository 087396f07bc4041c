"""A link on a page changes one choice of its address and keeps all others."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.standing_in import StandIn
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW, PARIS, RUNNING, TODAY
from tests.web.test_web_pages import Checker
from web.pages.flow import chart as flow_charts
from web.pages.flow.view import flow_view
from web.pages.sprint.view import sprint_view
from web.pages.sprints.chart import velocity
from web.show import links
from web.show.impediment_list import ImpedimentList

# each with every choice that its address can hold
PAGES = [
    "/teams/k8s?issues=added&impediments=support",
    "/teams/k8s?issues=remaining",
    "/teams/k8s/sprints/24?issues=all-done&impediments=all",
    "/teams/security?issues=off_plan&impediments=day:2026-04-23",
    "/teams/support?impediments=support",
    "/teams/k8s/sprints?sort=-kept",
    "/teams/k8s/sprints?sort=name&page=99",
    "/teams/k8s/impediments?over=3&by=week&sprint=24&nature=support",
    "/teams/security/impediments?over=1&by=day",
    "/teams/k8s/flow?from=2026-03-01&to=2026-04-30&type=Bug",
]
TOGETHER = [{"from", "to"}, {"sort", "page"}]  # one choice, told by two words


def links_of(text: str) -> list[str]:
    page = Checker()
    page.feed(text)
    return page.links


def words(address: str) -> dict[str, str]:
    return {name: found[-1] for name, found in parse_qs(urlsplit(address).query).items()}


def changes(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)}


@pytest.mark.parametrize("path", PAGES)
def test_a_link_on_the_page_changes_one_choice_and_keeps_the_others(client, path):
    own, asked = urlsplit(path).path, words(path)
    every = [
        one
        for one in links_of(client.get(path).text)
        if one.startswith("?") or (urlsplit(one).path == own and urlsplit(one).query)
        if "?format=" not in one  # a file to take away, not a choice on the page
    ]
    for link in every:
        changed = changes(asked, words(link))
        assert len(changed) <= 1 or changed in TOGETHER, link
    assert every


def test_choices_are_merged_and_what_is_empty_leaves():
    given = {"over": 6, "by": "day", "sprint": None, "nature": ""}
    assert links.query(given, {"nature": "a b&c"}) == "?over=6&by=day&nature=a+b%26c"
    assert links.query({"issues": "done"}, {"issues": ""}, "issues") == "?#issues"
    assert links.query({}, {"issues": "day:2026-05-06"}) == "?issues=day:2026-05-06"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("?issues=done#issues", "?impediments=vpn+%26c&issues=done#issues"),
        ("?impediments=#impediments", "?#impediments"),
        ("#listed", "#listed"),
        ("/?only=attention", "/?only=attention"),
        ("https://jira.example.com/browse/K8S-1?x=1", "https://jira.example.com/browse/K8S-1?x=1"),
    ],
)
def test_only_a_link_to_the_same_page_takes_its_choices_along(href, expected):
    assert links.kept(href, {"impediments": "vpn &c"}) == expected


def test_the_counts_of_the_ledger_list_the_same_as_the_points(client):
    text = client.get("/teams/k8s").text
    ledger = re.search(r'<table class="ledger">.*?</table>', text, re.S)[0]
    rows = [re.findall(r'href="(\?[^"]*)"', row) for row in ledger.split("<tr")[3:]]
    assert all(len(row) == 2 and row[0] == row[1] for row in rows if len(row) > 1)
    assert re.search(r'<a href="\?issues=committed#issues" tabindex="-1">\d+ issues</a>', ledger)
    assert re.search(r'<a href="\?issues=remaining#issues" tabindex="-1">\d+ issues</a>', ledger)


def test_what_is_expected_by_now_leads_to_its_definition(client):
    text = client.get("/teams/k8s").text
    mark = re.search(r'<p class="expected-by".*?</p>', text, re.S)[0]
    assert "expected by now</button>" in mark
    assert '<a href="/definitions#expected_remaining">' in mark
    ends = RUNNING.figures.total_points - RUNNING.figures.expected_remaining_points
    assert f"= {ends:g}</span>" in mark


def test_a_bar_of_a_sprint_leads_to_the_list_of_what_it_counts(client):
    sprints = [s for s in FakeReports().sprints("k8s") if s.state == "closed"][::-1]
    figure = velocity("k/8 s", sprints, [], "point", PARIS, TODAY)
    last = {trace["name"]: trace["customdata"][-1] for trace in figure["data"]}
    assert figure["layout"]["meta"]["leads"]
    assert last == {
        "committed": "/teams/k%2F8%20s/sprints/26?issues=committed#issues",
        "completed": "/teams/k%2F8%20s/sprints/26?issues=completed#issues",
        "impediments": "/teams/k%2F8%20s/sprints/26?impediments=all#impediments",
    }
    table = links_of(client.get("/teams/k8s/sprints").text)
    for wanted in last.values():
        assert wanted.replace("k%2F8%20s", "k8s") in table


def test_a_point_of_the_flow_page_leads_to_its_issue_as_the_table_does(client):
    found = FakeReports().flow("k8s", date(2026, 2, 6), TODAY)
    span = flow_charts.flow_span(PARIS, found.first, found.last, TODAY)
    drawn = flow_charts.scatter(
        found.done, lambda one: one.lead_days, found.whole.lead_days, span, "lead"
    )
    points = [one for trace in drawn.figure["data"] for one in trace["customdata"]]
    assert sorted(points) == sorted(item.url for item in found.done)
    assert drawn.figure["layout"]["meta"]["leads"]
    assert set(points) <= set(links_of(client.get("/teams/k8s/flow?from=2026-02-06").text))


def test_a_week_of_the_flow_page_leads_to_its_items_as_its_bar_does(client):
    found = FakeReports().flow("k8s", date(2026, 2, 7), TODAY)
    view = flow_view(found, PARIS, TODAY, TODAY)
    bars = view.weekly["data"][0]["customdata"]
    assert view.weekly["layout"]["meta"]["leads"]
    table = links_of(client.get("/teams/k8s/flow?from=2026-02-07").text)
    assert bars == [one.href for one in view.weeks]
    assert {one.href for one in view.weeks if one.week.done_count} <= set(table)
    days = [words(one.href) for one in view.weeks]
    assert days[0]["from"] == "2026-02-07"  # a Saturday
    assert days[0]["to"] == "2026-02-08"
    starts = [f"{one.week.start_on}" for one in view.weeks]
    assert [one["from"] for one in days[1:]] == starts[1:]
    assert days[-1]["to"] == f"{found.last}"


def test_a_bar_of_impediment_hours_lists_those_of_its_day_as_the_table_does(client):
    page = FakeReports().sprint_page("k8s", "current", NOW)
    view = sprint_view(SiteOf(), page, PARIS, "", "")
    assert view.impediment_chart["layout"]["meta"]["list"] == "impediments"
    days = {row.start_on for row in page.daily if row.time.impediment_seconds}
    named = {one for trace in view.impediment_chart["data"] for one in trace["customdata"]}
    assert {f"day:{one}" for one in days} <= named
    table = links_of(client.get("/teams/k8s?issues=done").text)
    for one in days:
        assert f"?issues=done&impediments=day:{one}#impediments" in table


class SiteOf(StandIn):
    """What a view asks of its site."""

    reports = FakeReports()

    def slots(self, names):
        return dict.fromkeys(names, "1")


def test_opened_and_closed_impediments_and_shares_of_the_hours_list_what_they_count(client):
    text = client.get("/teams/k8s?issues=done").text
    found = links_of(text)
    for kind in ("state:opened", "state:closed"):
        assert f"?issues=done&impediments={kind}#impediments" in found
        word = kind.partition(":")[2]
        listed = client.get(f"/teams/k8s?impediments={kind}").text
        assert f"{word} in this sprint" in listed
        assert "only the open ones</a>" in listed
    shares = re.search(r'<table class="shares">.*?</table>', text, re.S)[0]
    rows = [links_of(row) for row in shares.split("<tr")[2:]]
    assert rows[0] == [
        "?issues=planned#issues",
        "?issues=done&impediments=all#impediments",
        "?issues=off_plan#issues",
    ]
    assert rows[1][0] == "/teams/k8s/sprints/26?issues=planned#issues"
    assert "with planned hours in the sprint" in client.get("/teams/k8s?issues=planned").text


def test_what_stands_against_before_lists_the_sprints_impediments(client):
    text = client.get("/teams/k8s/impediments").text
    pairs = re.search(r'<table class="pairs">.*?</table>', text, re.S)[0]
    page = f"/teams/k8s/sprints/{RUNNING.id}?impediments="
    found = [one.removeprefix(page) for one in links_of(pairs) if one.startswith(page)]
    kinds = ("all", "all", "state:opened", "state:closed", "state:closed")
    assert found == [f"{kind}#impediments" for kind in kinds]


def test_an_issue_flagged_twice_is_one_impediment_in_two_rows():
    row = FakeReports().impediments("k8s", TODAY, TODAY)[0]
    listed = ImpedimentList([row, row], "of this sprint", 1.0)
    assert (listed.count, len(listed.rows)) == (1, 2)
