"""What a list says of itself is not believed: totals, empty pages, pages that come again."""

import pytest

from telemetry.errors import UnexpectedAnswer

SEARCH = "/rest/api/2/search"


def ids(jira):
    pages = jira.search("project = K", ["summary"], with_changelog=False)
    return [int(issue["id"]) for page in pages for issue in page]


def page_of(numbers, asked, total, size=4):
    start = int(asked.params["startAt"])
    issues = [{"id": str(n), "fields": {}} for n in numbers[start : start + size] if n is not None]
    return {"issues": issues, "total": total, "maxResults": size, "startAt": start}


@pytest.mark.parametrize("total", [0, 1, 3, 4, 11, 12, 500])
def test_a_wrong_total_loses_no_issue(jira_server, datacenter, total):
    numbers = list(range(1, 13))
    jira_server.on(SEARCH, lambda asked: page_of(numbers, asked, total))
    assert ids(datacenter) == numbers


def test_an_empty_page_in_the_middle_hides_nothing_behind_it(jira_server, datacenter):
    def page(asked):
        start = int(asked.params["startAt"])
        hole = 7 <= start < 12
        return page_of([None] * 30 if hole else list(range(1, 31)), asked, 30)

    jira_server.on(SEARCH, page)
    found = ids(datacenter)
    assert set(range(1, 8)) | set(range(16, 31)) <= set(found)
    assert len(found) == len(set(found))


def test_pages_that_bring_nothing_new_end_with_an_error(jira_server, datacenter):
    asked = []

    def page(question):
        asked.append(question)
        return {"issues": [{"id": "1", "fields": {}}], "total": 90, "maxResults": 4}

    jira_server.on(SEARCH, page)
    with pytest.raises(UnexpectedAnswer, match="without anything new"):
        ids(datacenter)
    assert len(asked) < 6


def test_tokens_that_bring_nothing_new_end_with_an_error(jira_server, cloud):
    asked = []

    def page(question):
        asked.append(question)
        return {"issues": [{"id": "1", "fields": {}}], "nextPageToken": str(len(asked))}

    jira_server.on("/rest/api/3/search/jql", page, "POST")
    with pytest.raises(UnexpectedAnswer, match="without anything new"):
        ids(cloud)
    assert len(asked) < 6
