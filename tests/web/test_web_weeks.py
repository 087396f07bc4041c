"""The page of a team without sprints, with and without hours."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from telemetry.metrics.figures import TimeSplit
from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW, impediments
from tests.web.test_web_links import links_of
from tests.web.test_web_pages import Checker
from web.app import create_app


class Quiet(FakeReports):
    """A team that logs no time."""

    def time(self, team_key, first, last, by):
        rows = super().time(team_key, first, last, by)
        return [replace(row, time=TimeSplit(0, 0, 0), natures={}) for row in rows]


@pytest.fixture
def quiet() -> TestClient:
    app = create_app(Quiet(), access_token=None, allowed_hosts=(), clock=lambda: NOW)
    return TestClient(app, base_url=BASE)


def plain(text: str) -> str:
    bare = re.sub(r"<script.*?</script>|<span popover.*?</span></span>", "", text, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def test_a_team_without_sprints_that_logs_no_time_is_told_by_days_open(quiet):
    text = quiet.get("/teams/support").text
    said = plain(text)
    assert "This team logged no time in these weeks" in said
    assert "Working days that impediments were open, each week, by nature" in said
    assert "Open days" in said
    for hours in ("Where the hours went", "Hours logged", "Logged", "0\u202fh"):
        assert hours not in said
    page = Checker()
    page.feed(text)
    assert (page.wrong, page.open, page.twice) == ([], [], set())


def test_its_impediments_are_those_that_were_open_the_oldest_first(quiet):
    said = plain(quiet.get("/teams/support").text)
    rows = sorted(impediments(), key=lambda row: (-row.seconds, row.opened_at))
    places = [said.index(row.key, said.index("of these weeks")) for row in rows]
    assert places == sorted(places)


def test_a_nature_of_the_weeks_lists_its_impediments(client, quiet):
    for asked in (client, quiet):
        links = links_of(asked.get("/teams/support").text)
        assert "?impediments=support#impediments" in links
        text = asked.get("/teams/support?impediments=support").text
        assert "of nature support" in plain(text)
        assert '<a class="clear" href="?#impediments">all of these weeks</a>' in text
        count = sum(row.nature == "support" for row in impediments())
        listed = text[text.index('id="impediments"') :]
        assert listed.count('<td class="title">') == count
    assert "of these weeks" in plain(quiet.get("/teams/support?impediments=none-such").text)


def test_a_team_that_logs_time_keeps_its_hours(client):
    said = plain(client.get("/teams/support").text)
    assert "Where the hours went" in said
    assert "logged no time" not in said


def test_before_the_first_pull_nothing_is_said_of_logging(quiet):
    assert "This team logged no time" not in plain(quiet.get("/teams/empty").text)


def test_all_impediments_of_the_weeks_are_one_link_away(monkeypatch):
    rows = [replace(one, key=f"SUP-{n}") for n, one in enumerate(impediments() * 20)]
    monkeypatch.setattr(FakeReports, "impediments", lambda *_: rows)
    client = TestClient(
        create_app(FakeReports(), access_token=None, allowed_hosts=(), clock=lambda: NOW),
        base_url=BASE,
    )
    some, every = (client.get(f"/teams/support{one}").text for one in ("", "?impediments=all"))
    link = f'<a href="?impediments=all#impediments">show all {len(rows)} impediments</a>'
    assert link in some
    assert link not in every
    assert every.count('<td class="title">') == len(rows) > some.count('<td class="title">')
