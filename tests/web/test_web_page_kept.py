"""A sprint's page is rendered once for its figures and its day; what moves besides is put in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app


class Counting(FakeReports):
    """Counts the pages that are read; the team's data may become stale, and teams be added."""

    def __init__(self):
        super().__init__()
        self.read, self.is_stale, self.more = 0, False, []

    def sprint_page(self, team_key, sprint_id, now):
        self.read += 1
        return super().sprint_page(team_key, sprint_id, now)

    def team(self, key, now):
        row = super().team(key, now)
        return replace(row, freshness=replace(row.freshness, is_stale=self.is_stale))

    def team_names(self):
        return super().team_names() + self.more


@pytest.fixture
def reports():
    return Counting()


@pytest.fixture
def moment():
    return [NOW]


@pytest.fixture
def app(reports, moment):
    return create_app(reports, access_token=None, allowed_hosts=(), clock=lambda: moment[0])


@pytest.fixture
def page(app, moment):
    """The text of the page so long after the first one."""
    client = TestClient(app, base_url=BASE)

    def get(later: timedelta = timedelta(0), path: str = "/teams/k8s") -> str:
        moment[0] = NOW + later
        return client.get(path).text

    return get


def test_minutes_later_only_the_age_is_another(page, reports):
    page()
    now, later = page(), page(timedelta(minutes=7))
    lines = [
        (one, other)
        for one, other in zip(now.splitlines(), later.splitlines(), strict=True)
        if one != other
    ]
    assert len(lines) == 1
    assert "min ago" in lines[0][1]
    assert reports.read == 1


def test_a_new_day_new_figures_and_a_new_team_make_it_anew(page, reports):
    page()
    page(timedelta(days=1))
    assert reports.read == 2
    reports.bump()
    page(timedelta(days=1))
    assert reports.read == 3
    reports.more.append(("new", "<New> team"))
    reports.bump()
    assert '<a href="/teams/new">&lt;New&gt; team</a>' in page(timedelta(days=1))


def test_it_turns_stale_without_new_figures(page, reports):
    assert "stale, as of" not in page()
    reports.is_stale = True
    assert "stale, as of" in page(timedelta(minutes=1))
    assert reports.read == 1


def test_the_number_of_contradictions_comes_with_the_page(page, reports):
    assert f'{reports.quality("k8s").count}<span class="away"> contradictions' in page()
    assert 'class="away"> contradiction' not in page(path="/teams/empty")


def test_nothing_stands_for_what_is_put_in(page):
    for path in ("/teams/k8s", "/teams/support", "/teams/first", "/teams/empty", "/teams/metal"):
        text = page(path=path)
        assert "<!--" not in text
        assert text.count('<p class="fresh') == 1
