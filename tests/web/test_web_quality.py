"""The page and the API of what contradicts, over invented findings."""

import re

import pytest

from telemetry.metrics.contradictions import (
    EXPLAINED,
    Contradiction,
)
from tests.web.invented_quality import MANY

VALUES = {
    "unestimated": "in Sprint 27",
    "two_active_sprints": "in Sprint 27 and Bug bash",
    "late_sprint": "planned until Tue 7 Apr, completed on Thu 16 Apr: 6 working days late",
    "empty_start": ("started Wed 22 Apr, 15:04; the first of 9 issues came Fri 24 Apr, 15:04"),
    "no_completion": "counted as completed at its planned end, Sat 7 Mar, 14:04",
    "future_sprint": "runs, starts on Sat 9 May, 15:04",
    "future_change": "estimate and status: 2 changes, the last Fri 8 May, 15:04",
    "future_work": "3\u202fh on Fri 8 May",
    "work_after_done": ("2.5\u202fh in 2 work logs, the last on Sun 3 May; done since Mon 27 Apr"),
    "long_work_log": "40\u202fh on Sun 3 May",
    "doubled_work": "2\u202fh on Sun 3 May",
    "impediment_without_time": "open since Sat 25 Apr",
    "estimate_after_done": "from no estimate to 5 points on Mon 4 May; done since Sat 2 May",
    "subtask_estimate": "1 point",
    "migrated_status": "from In Review to Done on Thu 30 Apr, in 2 steps",
    "unlisted_status": "counted as done, by its name alone; 12 issues had it",
    "doubted_changes": "which changes of Story Points are those of customfield_10028",
    "zoneless": "its creation; its work logs: read as UTC; since Tue 5 May",
    "recategorized": "status 'Review' (10005) is of category done in Jira",
    "relevelled": "issues of type 'Story' are epics in Jira",
    "shared": "team 'other' has project K8S, too",
    "open_choice": "board 1 (K8S board) does not tell by what it estimates",
}


def items(client, team="k8s"):
    return {one["kind"]: one for one in client.get(f"/api/v1/teams/{team}/quality").json()["items"]}


def test_the_api_has_every_kind_with_its_words(client):
    answer = client.get("/api/v1/teams/k8s/quality").json()
    assert set(answer) == {"as_of", "count", "items"}
    assert answer["as_of"] == "2026-05-06T13:04:00Z"
    assert [one["kind"] for one in answer["items"]] == [kind.value for kind in Contradiction]
    assert answer["count"] == sum(one["count"] for one in answer["items"])
    for group in answer["items"]:
        words = EXPLAINED[Contradiction(group["kind"])]
        assert (group["title"], group["why"]) == (words.title, words.why)
        assert group["count"] == len(group["items"])


@pytest.mark.parametrize(("kind", "value"), VALUES.items())
def test_each_finding_says_what_contradicts(client, kind, value):
    assert items(client)[kind]["items"][0]["value"] == value


def test_a_day_of_another_year_has_its_year(client):
    late = items(client)["late_sprint"]["items"][1]
    assert late["value"] == "planned until Thu 10 Jul 2025, still running: 14 working days late"
    assert late["at"] is None


def test_a_finding_names_its_issue_and_where_it_is_in_jira(client):
    [found] = items(client)["future_work"]["items"]
    assert found == {
        "key": "K8S-41",
        "title": "Resize node pools",
        "url": "https://jira.example.com/browse/K8S-41",
        "value": "3\u202fh on Fri 8 May",
        "at": "2026-05-08T13:04:00Z",
        "against_at": None,
        "seconds": 10800,
        "count": 1,
    }
    [status] = items(client)["unlisted_status"]["items"]
    assert (status["key"], status["url"]) == ("10004", None)


def test_nothing_that_contradicts_is_an_empty_answer(client):
    answer = client.get("/api/v1/teams/security/quality").json()
    assert (answer["count"], answer["items"]) == (0, [])


def test_page_and_api_know_a_repeated_request(client):
    for path in ("/api/v1/teams/k8s/quality", "/teams/k8s/quality"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)


def test_an_unknown_team_is_not_found(client):
    assert client.get("/api/v1/teams/nobody/quality").status_code == 404
    assert client.get("/teams/nobody/quality").status_code == 404


def test_the_api_describes_the_answer(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert "/api/v1/teams/{team}/quality" in paths


def test_the_page_leads_with_how_much_contradicts(client):
    page = client.get("/teams/k8s/quality").text
    text = re.sub(r"<[^>]+>", "", page)
    assert (
        "58 contradictions in what Jira tells of this team, of 30 kinds; most frequent: open "
        "issues without an estimate in a running sprint (23)." in text
    )
    assert "the running sprints, the last 6 closed ones, and the work logs of 90 days" in text


def test_one_kind_alone_is_named_in_the_sentence(client):
    text = re.sub(r"<[^>]+>", "", client.get("/teams/registry/quality").text)
    assert (
        "1 contradiction in what Jira tells of this team: open issues without an estimate in a "
        "running sprint." in text
    )


def test_the_page_links_issues_and_sprints_and_escapes_what_jira_says(client):
    page = client.get("/teams/k8s/quality").text
    assert 'href="https://jira.example.com/browse/K8S-41"' in page
    assert "rapidView=12&amp;view=reporting&amp;sprint=25" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "Closed &lt;old&gt;" in page


def test_a_long_list_folds_all_after_its_first_ten(client):
    page = client.get("/teams/k8s/quality").text
    shown, _, folded = page.partition('<details class="rest"')
    keys = re.compile(r"<span>K8S-(\d+)</span>")
    assert [int(n) for n in keys.findall(shown)] == list(range(1, 11))
    assert f"<summary>{MANY - 10} more<span" in folded
    assert [int(n) for n in keys.findall(folded)][:13] == list(range(11, MANY + 1))
    assert page.count('<details class="rest"') == 1


def test_a_team_without_contradictions_is_told_so(client):
    page = client.get("/teams/security/quality").text
    assert "Nothing contradicts in what Jira tells of this team." in page
    assert "<section" not in page


def test_a_team_before_its_first_pull_has_nothing_known(client):
    page = client.get("/teams/empty/quality").text
    assert "the first pull of this team has not ended" in page


def tab(page: str) -> str:
    return re.search(r'<nav class="tabs".*?</nav>', page, re.S)[0]


def test_the_sprint_page_links_here_and_says_how_much(client):
    found = tab(client.get("/teams/k8s").text)
    assert 'href="/teams/k8s/quality"' in found
    assert "58<span" in found
    assert 'href="/teams/k8s" aria-current="page">Sprint<' in found


def test_the_page_marks_its_own_tab_and_leads_back(client):
    found = tab(client.get("/teams/k8s/quality").text)
    assert 'href="/teams/k8s/quality" aria-current="page"' in found
    assert 'href="/teams/k8s">Sprint<' in found
    assert "58<span" in found


def test_a_team_without_sprints_has_a_tab_of_its_time(client):
    found = tab(client.get("/teams/support/quality").text)
    assert 'href="/teams/support">Time<' in found
    assert "contradiction" not in found
