"""A sprint's issues in the order and with the filters that the address asks for."""

import re
from dataclasses import replace
from html import unescape

import pytest

from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.pages.sprint.filters import filters
from web.pages.sprint.listing import ORDERS, Listing, listed, outcomes_of, types_of

ISSUES = FakeReports().sprint_page("k8s", "current", NOW).issues


def an_issue(key, **values):
    usual = {"summary": "s", "type": "Task", "status": "To Do", "state": "todo", "points": 1.0}
    usual |= {"outcome": "not_completed", "is_impediment": False, "seconds": 0}
    return replace(ISSUES[0], key=key, **{**usual, **values})


def keys(rows, **listing):
    return [one.key for one in listed(rows, Listing(**listing))]


def test_keys_are_in_the_order_of_their_numbers():
    rows = [an_issue(key) for key in ("K8S-12", "K8S-9", "ABC-100", "K8S-100")]
    assert keys(rows, sort="key") == ["ABC-100", "K8S-9", "K8S-12", "K8S-100"]
    assert keys(rows, sort="-key") == ["K8S-100", "K8S-12", "K8S-9", "ABC-100"]
    assert keys(rows) == ["K8S-12", "K8S-9", "ABC-100", "K8S-100"]


@pytest.mark.parametrize(("sort", "order"), [("points", "cbda"), ("-points", "dbca")])
def test_what_has_no_estimate_stands_last_in_both_directions(sort, order):
    points = {"a": None, "b": 3.0, "c": 8.0, "d": 0.0}
    rows = [an_issue(f"K-{n}", summary=name, points=points[name]) for n, name in enumerate("abcd")]
    assert "".join(one.summary for one in listed(rows, Listing(sort=sort))) == order


@pytest.mark.parametrize("sort", [*ORDERS, *(f"-{name}" for name in ORDERS)])
def test_no_order_loses_an_issue(sort):
    assert sorted(keys(ISSUES, sort=sort)) == sorted(one.key for one in ISSUES)


def test_equal_ones_are_by_key():
    rows = [an_issue("K-10", points=2.0), an_issue("K-9", points=2.0), an_issue("K-1", points=1.0)]
    assert keys(rows, sort="points") == ["K-9", "K-10", "K-1"]
    assert keys(rows, sort="-points") == ["K-1", "K-9", "K-10"]


def test_a_filter_takes_each_word_anywhere():
    rows = [an_issue("K-1", summary="Renew the certificate"), an_issue("K-2", type="Bug")]
    assert keys(rows, q="CERT renew") == ["K-1"]
    assert keys(rows, q="k-2") == ["K-2"]
    assert keys(rows, q="bug") == ["K-2"]
    assert keys(rows, q="  ") == ["K-1", "K-2"]
    assert keys(rows, q="renew bug") == []


def test_outcome_type_and_impediment_narrow_together():
    rows = [
        an_issue("K-1", outcome="completed", state="done", is_impediment=True),
        an_issue("K-2", outcome="completed", state="done", type="Bug"),
        an_issue("K-3", state="in_progress"),
        an_issue("K-4"),
        an_issue("K-5", outcome="removed"),
    ]
    assert keys(rows, outcome="completed") == ["K-1", "K-2"]
    assert keys(rows, outcome="completed", impediment="no") == ["K-2"]
    assert keys(rows, impediment="yes") == ["K-1"]
    assert keys(rows, outcome="not_completed") == ["K-3", "K-4"]
    assert keys(rows, outcome="todo") == ["K-4"]
    assert keys(rows, type="Bug", outcome="completed") == ["K-2"]
    assert types_of(rows) == ["Bug", "Task"]
    assert outcomes_of(rows, is_running=True) == ["completed", "in_progress", "todo", "removed"]
    assert outcomes_of(rows, is_running=False) == ["completed", "not_completed", "removed"]


def test_a_second_click_reverses_and_the_head_says_the_order():
    heads = filters(Listing(sort="points"), {"issues": "done"}).heads
    assert heads["points"].aria_sort == "descending"
    assert heads["points"].href == "?issues=done&sort=-points#issues"
    assert heads["key"].aria_sort == ""
    assert heads["key"].href == "?issues=done&sort=key#issues"
    assert filters(Listing(sort="-points"), {}).heads["points"].aria_sort == "ascending"
    assert filters(Listing(sort="key"), {}).heads["key"].aria_sort == "ascending"


def section(client, query):
    answer = client.get(f"/teams/k8s{query}")
    assert answer.status_code == 200
    return re.search(r'<section class="issues".*?</section>', answer.text, re.S)[0]


def test_the_page_sorts_without_script(client):
    text = section(client, "?sort=hours")
    found = [float(one) for one in re.findall(r'data-label="logged">([\d.]+)', text)]
    assert found == sorted(found, reverse=True)
    assert text.count("aria-sort=") == 1
    assert '<th scope="col" class="sorts num" aria-sort="descending"><a class="sort on"' in text


def test_the_page_filters_without_script_and_keeps_its_choices(client):
    text = section(client, "?issues=total&q=K8S-2294&sort=key&impediments=all")
    assert text.count('<a class="issue"') == 1
    assert re.search(r"1 of \d+ issues in scope", text)
    assert '<input type="hidden" name="issues" value="total">' in text
    assert '<input type="hidden" name="impediments" value="all">' in text
    assert 'value="K8S-2294"' in text
    links = [unescape(one) for one in re.findall(r'<a class="sort[^"]*" href="([^"]*)"', text)]
    assert all("q=K8S-2294" in one and one.endswith("#issues") for one in links)
    assert '<a class="clear" href="?issues=total&amp;impediments=all&amp;sort=key#issues">' in text


def test_a_filter_that_nothing_passes_says_so_and_leads_back(client):
    text = section(client, "?q=%3Cscript%3Enothing")
    assert "None of 20 issues passes these filters." in text
    assert "<script>nothing" not in text
    assert ">Show all 20 issues</a>" in text


def test_figures_list_all_of_their_issues_whatever_is_filtered(client):
    text = client.get("/teams/k8s?q=abc&sort=hours").text
    assert 'href="?issues=committed&amp;sort=hours#issues"' in text
    assert "issues=committed&amp;q=" not in text


def test_off_plan_issues_are_sorted_and_filtered_too(client):
    assert "K8S-2400" in section(client, "?issues=off_plan&sort=-hours&q=k8s")
    assert "K8S-2400" not in section(client, "?issues=off_plan&q=elsewhere")
    assert "K8S-2400" in section(client, "?issues=off_plan&sort=points&outcome=removed")


@pytest.mark.parametrize(
    "query", ["sort=size", "sort=--key", "outcome=lost", "impediment=2", "q=" + "x" * 101]
)
def test_what_cannot_be_asked_is_refused_with_its_name(client, query):
    answer = client.get(f"/teams/k8s?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.text.casefold()
