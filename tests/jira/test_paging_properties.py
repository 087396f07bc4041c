"""However a site cuts its pages, the same issues come out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.jira.cloud import CloudIssues
from bot.jira.datacenter import DataCenterIssues
from bot.jira.paging import values_of_all_pages


class CutSite:
    """A transport whose pages have the sizes given, in turn, again and again."""

    url = "https://jira.example.com"

    def __init__(self, count: int, sizes: list[int]) -> None:
        self.ids = [str(n) for n in range(count)]
        self.sizes = sizes
        self.turn = 0

    def size(self) -> int:
        self.turn += 1
        return self.sizes[self.turn % len(self.sizes)]

    def post(self, path, body, refusals=None):
        start = int(body.get("nextPageToken") or 0)
        end = start + self.size()
        issues = [{"id": one, "fields": {}} for one in self.ids[start:end]]
        return {"issues": issues} | ({"nextPageToken": str(end)} if end < len(self.ids) else {})

    def get(self, path, params, refusals=None):
        start = params["startAt"]
        issues = [{"id": one, "fields": {}} for one in self.ids[start : start + self.size()]]
        return {"issues": issues, "total": len(self.ids)}


counts, sizes = st.integers(0, 60), st.lists(st.integers(1, 20), min_size=1, max_size=6)


@given(counts, sizes)
def test_searches_find_each_issue_once(count, sizes):
    for flavour in (CloudIssues, DataCenterIssues):
        source = flavour(CutSite(count, sizes), 2)
        found = [raw["id"] for page in source.pages("q", ["summary"], False) for raw in page]
        assert found == [str(n) for n in range(count)]
        source.close()


@given(st.sets(st.integers(0, 200)), st.integers(5, 50), st.booleans())
def test_agile_lists_survive_permissions_that_thin_pages(visible, size, has_total):
    def page(start):
        values = [{"id": n} for n in range(start, min(start + size, 201)) if n in visible]
        told = {"total": 201} if has_total else {}
        is_last = start + size >= 201
        return {"startAt": start, "maxResults": size, "isLast": is_last, "values": values} | told

    assert {one["id"] for one in values_of_all_pages(page, "boards")} == visible
