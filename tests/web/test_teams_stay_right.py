"""The list of teams over a real store: what is kept from one request to the next is never wrong."""

import re
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import event, update
from starlette.testclient import TestClient

from telemetry.report.reports import Reports
from telemetry.store import schema as s
from telemetry.store.engine import writing
from telemetry.store.teams import keep_teams, mark_failed, mark_pulled, raise_facts_version
from tests.bench.teams import NOW, change, fill, pull_all
from tests.web.conftest import BASE
from web.app import create_app
from web.pages.teams.row import figures

pytestmark = pytest.mark.slow

TEAMS, SPRINTS = 12, 8


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def passes(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock(NOW)


@pytest.fixture
def store(request):
    """The database that a test names, or SQLite."""
    return request.getfixturevalue(getattr(request, "param", "sqlite_store"))


@pytest.fixture
def filled(store):
    fill(store, TEAMS, SPRINTS)
    return store


def served(store, clock):
    app = create_app(Reports(store), access_token=None, allowed_hosts=(), clock=clock)
    return TestClient(app, base_url=BASE)


@pytest.fixture
def client(filled, clock):
    return served(filled, clock)


def row_of(client, number):
    rows = re.findall(r'<tr id="t-([^"]+)">(.*?)</tr>', client.get("/").text)
    return dict(rows)[f"team-{number}"]


def fail(store, number):
    with writing(store) as connection:
        mark_failed(connection, f"team-{number}", NOW, "Jira answered <503>.")


def remove_all_but(store, keys):
    with writing(store) as connection:
        keep_teams(connection, keys)


def lead_by_far(store, number, at):
    """The longest bar of a column, so that all others become shorter."""
    with writing(store) as connection:
        is_of_team = s.sprint_facts.c.team_key == f"team-{number}"
        worst = {"behind_points": 4000.0, "impediment_seconds": 10**7, "as_of": at}
        connection.execute(update(s.sprint_facts).where(is_of_team).values(**worst))
        raise_facts_version(connection, f"team-{number}")
        mark_pulled(connection, f"team-{number}", at, at)


QUERIES = ("sort=-team", "sort=age", "only=attention", "q=2")


@pytest.mark.parametrize(
    ("store", "path"),
    [
        *product(
            ["sqlite_store"], ["/", "/?sort=-team", "/?sort=age", "/?only=attention", "/?q=2"]
        ),
        ("postgresql_store", "/"),
    ],
    indirect=["store"],
)
def test_whatever_changes_the_page_is_the_one_of_a_process_that_has_just_begun(
    filled, clock, client, path
):
    steps = (
        lambda: clock.passes(minutes=1),
        lambda: change(filled, 3, clock.now, SPRINTS),
        lambda: fail(filled, 4),
        lambda: lead_by_far(filled, 5, clock.now),
        lambda: clock.passes(hours=14),
        lambda: pull_all(filled, TEAMS, clock.now, SPRINTS),
        lambda: remove_all_but(filled, [f"team-{number}" for number in range(2, 9)]),
        lambda: clock.passes(days=300),
    )
    seen = client.get(path).text
    for step in steps:
        step()
        found = client.get(path)
        assert found.text == served(filled, clock).get(path).text
        seen = found.text
    assert client.get(path, headers={"If-None-Match": found.headers["etag"]}).status_code == 304
    assert seen


def test_the_age_of_the_data_moves_with_the_clock_and_turns_stale(clock, client):
    assert "just now" in row_of(client, 1)
    clock.passes(minutes=29)
    assert "29 min ago" in row_of(client, 1)
    assert "stale" not in row_of(client, 1)
    clock.passes(minutes=2)
    assert "31 min ago" in row_of(client, 1)
    assert "is the bot running?" in row_of(client, 1)


def test_the_working_day_moves_with_the_clock_though_nothing_is_pulled(filled, clock, client):
    with writing(filled) as connection:
        connection.execute(update(s.sprint_facts).values(as_of=NOW + timedelta(days=1)))
    before = re.search(r"day (\d+) of", row_of(client, 1))[1]
    clock.passes(days=1)
    assert int(re.search(r"day (\d+) of", row_of(client, 1))[1]) == int(before) + 1


def test_an_answer_is_known_until_facts_or_the_minute_change(filled, clock, client):
    def status():
        etag, headers = client.get("/").headers["etag"], {}
        yield
        headers["If-None-Match"] = etag
        yield client.get("/", headers=headers).status_code

    changes = {
        304: lambda: clock.passes(seconds=1),
        200: lambda: clock.passes(minutes=1),
        200.1: lambda: change(filled, 1, clock.now, SPRINTS),
        200.2: lambda: fail(filled, 2),
    }
    for expected, write in changes.items():
        asked = status()
        next(asked)
        write()
        assert next(asked) == int(expected)


def test_the_reason_of_stale_data_is_text_and_no_markup(filled, client):
    fail(filled, 2)
    assert "Jira answered &lt;503&gt;.</small>" in row_of(client, 2)


def test_who_asks_after_the_events_looked_finds_all_read(filled, clock, client):
    client.get("/")
    change(filled, 3, clock.now, SPRINTS)
    events = client.app.state.events
    assert set(events._changed((None,))) == {None}
    seen = []
    event.listen(filled, "before_cursor_execute", lambda *given: seen.append(given[2]))
    client.get("/")
    assert [one for one in seen if "sprint_facts" in one] == []


def test_figures_are_made_again_only_where_something_in_them_changed(filled):
    reports = Reports(filled)
    known = reports.teams_list(NOW)
    first = figures(known.rows(NOW), NOW, {})
    later = NOW + timedelta(hours=1)
    change(filled, 3, later, SPRINTS)
    then = figures(reports.teams_list(later, known).rows(later), later, first)
    assert [key for key in then if then[key] is not first[key]] == ["team-3"]


def test_a_day_of_another_year_says_its_year_once_the_year_has_turned(filled):
    rows = Reports(filled).teams_list(NOW).rows(NOW)
    first = figures(rows, NOW, {})
    next_year = NOW + timedelta(days=300)
    then = figures(rows, next_year, first)
    assert "2026" not in first["team-1"].day_title
    assert "2026" in then["team-1"].day_title
