"""However a site cuts its pages, the same issues come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jira.cloud import CloudIssues
from bot.jira.datacenter import DataCenterIssues
from bot.jira.paging import Part, pages_by_position
from telemetry.errors import TrackerUnavailable
from tests.standing_in import StandIn


class CutSite(StandIn):
    """A transport whose pages have the sizes given, in turn, again and again."""

    url = "https://jira.example.com"

    def __init__(self, count: int, sizes: list[int]) -> None:
        self.ids = [str(n) for n in range(count)]
        self.sizes = sizes
        self.turn = 0

    def size(self) -> int:
        self.turn += 1
        return self.sizes[self.turn % len(self.sizes)]

    def post(self, path, body, refusals=None, shape=None):
        start = int(body.get("nextPageToken") or 0)
        end = start + self.size()
        issues = [{"id": one, "fields": {}} for one in self.ids[start:end]]
        return {"issues": issues} | ({"nextPageToken": str(end)} if end < len(self.ids) else {})

    def get(self, path, params, refusals=None, shape=None):
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
    def page(at):
        values = [{"id": n} for n in range(at, min(at + size, 201)) if n in visible]
        told = {"total": 201} if has_total else {}
        answer = {"maxResults": size, "isLast": at + size >= 201, "values": values} | told
        return Part.of(answer, "values", at, may_be_thinned=True)

    pages = pages_by_position(page, "boards")
    assert {one["id"] for page in pages for one in page} == visible


class MovingList(StandIn):
    """A list that is changed before every page is cut from it, until the changes run out.

    A change is a share of the list's length, where something is deleted or put in.
    """

    url = "https://jira.example.com"

    def __init__(self, count: int, size: int, changes: list[list[tuple[bool, float]]]) -> None:
        self.ids = list(range(count))
        self.stayed = set(self.ids)
        self.size = size
        self.changes = changes
        self.next_id = count

    def cut(self, start: int) -> list[int]:
        for is_deletion, share in self.changes.pop() if self.changes else []:
            if not is_deletion:
                self.ids.insert(round(share * len(self.ids)), self.next_id)
                self.next_id += 1
            elif self.ids:
                gone = self.ids.pop(min(int(share * len(self.ids)), len(self.ids) - 1))
                self.stayed.discard(gone)
        return self.ids[start : start + self.size]

    def get(self, path, params, refusals=None, shape=None):
        issues = [{"id": str(one), "fields": {}} for one in self.cut(params["startAt"])]
        return {"issues": issues, "maxResults": self.size} | self.told()

    def told(self) -> dict[str, int]:
        return {"total": len(self.ids)}

    def read(self) -> list[int]:
        source = DataCenterIssues(self, 1)
        pages = source.pages("project = K ORDER BY created DESC", ["summary"], False)
        found = [int(issue["id"]) for page in pages for issue in page]
        source.close()
        return found


class SilentList(MovingList):
    """One that does not tell how long it is."""

    def told(self) -> dict[str, int]:
        return {}


class SprintList(MovingList):
    """One of the agile API."""

    def read(self) -> list[int]:
        def page(at: int) -> Part:
            values = [{"id": one} for one in self.cut(at)]
            is_last = at + len(values) >= len(self.ids)
            answer = {"values": values, "maxResults": self.size, "isLast": is_last}
            return Part.of(answer, "values", at, may_be_thinned=True)

        return [one["id"] for page in pages_by_position(page, "sprints") for one in page]


places = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]) | st.floats(0, 1)
changes = st.lists(st.lists(st.tuples(st.booleans(), places), max_size=6), max_size=40)


# six changes at most between two pages of eight: one that grows faster than it is read has no end
@pytest.mark.parametrize("kind", [MovingList, SilentList, SprintList])
@given(st.integers(0, 400), st.integers(8, 60), changes)
def test_a_list_that_moves_between_its_pages_loses_nothing_that_stayed(kind, count, size, changes):
    moving = kind(count, size, changes)
    found = moving.read()
    assert moving.stayed <= set(found)
    assert len(found) == len(set(found))


def test_one_issue_deleted_and_one_created_between_two_pages_hide_no_other():
    """The total is the same before and after."""
    quiet: list[tuple[bool, float]] = []
    moving = MovingList(30, 10, [quiet, [(False, 1.0), (True, 0.0)], quiet])
    assert moving.stayed - set(moving.read()) == set()


def test_an_issue_deleted_before_the_last_page_does_not_hide_the_last_issue():
    """All that is left to be read is as many as were read, with the deleted one among them."""
    quiet: list[tuple[bool, float]] = []
    moving = MovingList(37, 8, [[(True, 0.0)], *[quiet] * 5])
    assert moving.stayed <= set(moving.read())


def test_a_quarter_deleted_while_it_is_read_hides_no_other():
    quiet: list[tuple[bool, float]] = []
    moving = MovingList(2000, 100, [[(True, 0.0)] * 500, *[quiet] * 15])
    assert moving.stayed <= set(moving.read())


def test_a_list_that_never_rests_is_left_for_later():
    """As two servers that disagree behind one address."""
    pages = {0: [0, 1], 1: [8, 9]}

    def page(at):
        return Part([{"id": one} for one in pages[at]], is_last=False)

    with pytest.raises(TrackerUnavailable, match="change faster than their pages can be read"):
        list(pages_by_position(page, "boards"))
