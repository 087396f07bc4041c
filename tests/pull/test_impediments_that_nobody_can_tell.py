"""What nobody can tell of impediments is unknown with its reason, never 0; what is 0 stays 0."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from bot.check import check_all
from telemetry.alerts.readings import Unable
from telemetry.alerts.rules.every import OF_TEAMS
from telemetry.digest.making import make
from telemetry.report.alerts.reading import read_watched
from telemetry.report.teams.team import read_team
from telemetry.settings.alerting import AlertSettings
from telemetry.store.engine import open_store, reading
from telemetry.words.plain import plain
from tests.pulled import DONE, Pulled, Story, a_team, configure, on, serving
from web.app import create_app

pytestmark = pytest.mark.slow

CASES = {  # of each what the team says, and the hours that impediments took; None: unknown
    "misspelt": ({"labels": ["blokced"]}, None),
    "several": ({"labels": ["blokced", "Halted"]}, None),
    "one-of-two": ({"labels": ["blokced", "blocked"]}, 6),
    "other-case": ({"labels": ["BLOCKED"]}, 6),
    "with-flags": ({"labels": ["blokced"], "flagged": True}, 0),
    "of-others": ({"labels": ["halt"]}, 0),  # another project's issues have it
    "by-default": ({}, 0),  # no issue has it, and nobody said that any would
    "by-default-written": ({"labels": ["Impediment"]}, 0),  # so may a team that has had none
    "by-default-of-two": ({"labels": ["blokced", "impediment"]}, 0),
    "none": ({"labels": []}, 0),
}
UNKNOWN = [key for key, (_, hours) in CASES.items() if hours is None]
NUMBERS = ("count", "opened_count", "closed_count", "open_count", "seconds")
PAGES = (
    "",
    "/sprints",
    "/impediments",
    "/quality",
    "/quarters/Q1-26",
    "/flow",
    "/reviews",
    "/next",
)


def a_story() -> Story:
    story = Story()
    story.now = on(12, 18)
    past, runs = story.sprint(on(1, 10), name="Past"), story.sprint(on(8, 10), name="Runs")
    for sprint, day in ((past, 2), (runs, 9)):
        story.log(story.issue(5, sprint=sprint.id), on(day), 8)
        story.log(story.issue(3, sprint=sprint.id, labels=["blocked"]), on(day), 6)
    done = story.issue(2, sprint=past.id)
    story.world.transition(done, DONE, on(3))
    story.world.close_sprint(past, None, on(8, 9))
    other = story.world.add_project("OPS", "Operations", lead=2)
    story.issue(1, project=other.id, labels=["halt"])
    return story


@dataclass(frozen=True)
class Asked:
    pulled: Pulled
    client: TestClient

    def json(self, key: str, path: str) -> dict:
        answer = self.client.get(f"/api/v1/teams/{key}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


def client_of(pulled: Pulled) -> TestClient:
    app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)
    return TestClient(app, base_url="http://127.0.0.1:8000")


@pytest.fixture(scope="module")
def asked(sqlite_template, tmp_path_factory) -> Iterator[Asked]:
    """All teams of one Jira, pulled once."""
    folder = tmp_path_factory.mktemp("told")
    shutil.copy(sqlite_template, folder / "telemetry.db")
    store = open_store("sqlite:///telemetry.db", base=folder)
    teams = [a_team(key, impediment=said) for key, (said, _) in CASES.items()]
    with serving(a_story(), store, folder / "site", teams) as pulled:
        pulled.good_pull()
        yield Asked(pulled, client_of(pulled))
    store.dispose()


@pytest.mark.parametrize("key", CASES)
def test_what_impediments_took_is_told_where_that_can_be_known(asked, key):
    hours = CASES[key][1]
    seconds = None if hours is None else hours * 3600
    sprint = asked.json(key, "/sprints/current")
    assert sprint["impediments"]["seconds"] == sprint["time"]["impediment_seconds"] == seconds
    assert (sprint["impediments"]["count"] is None) is (hours is None)
    assert sprint["committed_points"] == 8
    assert sprint["time"]["planned_seconds"] == (8 + 6 - (hours or 0)) * 3600
    velocity = asked.json(key, "/velocity")
    assert velocity["average_impediment_seconds"] == seconds
    assert velocity["velocity_points_per_day"] is not None
    weeks = {one["ends_on"]: one for one in asked.json(key, "/quarters/Q1-26")["weeks"]}
    assert weeks["2026-03-15"]["impediment_seconds"] == seconds


@pytest.mark.parametrize("key", UNKNOWN)
def test_every_figure_of_impediments_is_unknown_with_its_reason(asked, key):
    sprint = asked.json(key, "/sprints/current")
    assert {sprint["impediments"][name] for name in NUMBERS} == {None}
    assert sprint["time"]["impediment_share_percent"] is None
    assert sprint["impediment_cost"] is sprint["remaining_without_impediments_points"] is None
    assert not [part for part in sprint["gap"] if not part["is_exact"]]
    burndown = asked.json(key, "/sprints/current/burndown")["days"]
    assert {day["remaining_without_impediments_points"] for day in burndown} == {None}
    report = asked.json(key, "/impediments/report")
    assert {report["this"][name] for name in (*NUMBERS, "present_count", "open_days")} == {None}
    for by in ("day", "week", "sprint"):
        time = asked.json(key, f"/time?from=2026-03-02&to=2026-03-13&by={by}")
        assert {row["impediment_seconds"] for row in time["items"]} == {None}
    answers = [sprint, report, time, asked.json(key, "/velocity"), asked.json(key, "/impediments")]
    answers += [asked.json(key, "/quarters/Q1-26"), asked.json(key, "/reviews/2026-W10")]
    for answer in answers:
        assert "has the label 'blokced', nor has any other issue" in answer["impediments_unknown"]
    assert answers[-1]["figures"]["impediment_count"] is None


@pytest.mark.parametrize("key", UNKNOWN)
@pytest.mark.parametrize("page", PAGES)
def test_pages_give_the_reason_instead_of_a_number(asked, key, page):
    answer = asked.client.get(f"/teams/{key}{page}", follow_redirects=True)
    assert answer.status_code == 200
    assert "No impediment" not in answer.text
    assert "blokced" in answer.text


@pytest.mark.parametrize("key", UNKNOWN)
def test_rules_that_need_impediments_say_why_they_cannot_speak(asked, key):
    with reading(asked.pulled.engine) as connection:
        names = frozenset(OF_TEAMS)
        team = read_watched(connection, read_team(connection, key), asked.pulled.story.now, names)
    assert team is not None
    for name in ("impediment_time", "impediment_open", "peak_day"):
        said = OF_TEAMS[name](team, AlertSettings(rule=name))
        assert isinstance(said, Unable)
        assert "blokced" in said.reason


@pytest.mark.parametrize("key", UNKNOWN)
@pytest.mark.parametrize("kind", ["day", "week", "sprint"])
def test_digests_count_no_impediments(asked, key, kind):
    made = make(asked.pulled.reports, kind, key, asked.pulled.story.now)
    said = [" ".join(plain(line).replace(chr(0x202F), " ").split()) for line in made.lines]
    cells = [plain(cell) for row in made.table.rows for cell in row] if made.table else []
    text = " ".join([*said, *cells])
    assert "0 h" not in text
    assert "o impediment" not in text
    assert kind != "week" or "What impediments took is not known" in text


@pytest.mark.parametrize("key", UNKNOWN)
def test_files_leave_empty_what_nobody_can_tell(asked, key):
    for path, columns in (
        ("/sprints", ("impediment_seconds", "impediment_count", "impediment_share_percent")),
        ("/velocity", ("impediment_seconds",)),
        ("/time?from=2026-03-02&to=2026-03-13", ("impediment_seconds",)),
    ):
        mark = "&" if "?" in path else "?"
        text = asked.client.get(f"/api/v1/teams/{key}{path}{mark}format=csv").text
        rows = list(csv.DictReader(text.lstrip("\ufeff").splitlines()))
        assert rows
        assert {row[name] for row in rows for name in columns} == {""}


@pytest.mark.parametrize("key", UNKNOWN)
def test_records_of_a_close_compare_no_impediments(asked, key):
    past = asked.json(key, "/sprints?state=closed")["items"][0]["id"]
    close = asked.json(key, f"/sprints/{past}/snapshots")["close"]
    told = {one["key"] if "key" in one else one["slug"]: one for one in close["figures"]}
    for name, one in told.items():
        if "impediment" in name:
            assert one["then"] is one["now"] is None, name


def test_an_issue_that_gets_the_label_ends_it_and_a_frozen_review_stays(
    sqlite_store, other_store_url, tmp_path
):
    story = a_story()
    teams = [a_team(impediment={"labels": ["blokced"]})]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.good_pull()
        client = client_of(pulled)
        now = "/api/v1/teams/k8s/sprints/current"
        assert client.get(now).json()["impediments"]["seconds"] is None
        story.now = on(12, 19)
        work = next(one for one in story.world.issues.values() if one.labels == ("blocked",))
        story.world.set_labels(work, ["blokced"], story.now)
        story.now = on(12, 20)
        pulled.good_pull()
        assert client.get(now).json()["impediments"]["count"] == 0
        assert (
            client.get("/api/v1/teams/k8s/sprints/1").json()["impediments"]["seconds"] == 6 * 3600
        )
        assert client.get("/api/v1/teams").json()["items"][0]["misfits"] == []
        assert "not known" in client.get("/teams/k8s/reviews/1").text
        context = configure(tmp_path / "b", pulled.url, other_store_url("fresh"), teams)
        fresh = Pulled(story, pulled.url, context, pulled.requests)
        fresh.good_pull()
        other = client_of(fresh)
        assert other.get(now).json() == client.get(now).json()


def test_check_says_that_it_is_not_known(asked):
    found = check_all(asked.pulled.context, asked.pulled.story.clock)
    said = [one.line() for one in found if "misspelt" in one.subject and "blokced" in one.line()]
    assert len(said) == 1
    assert "nor has any other issue of Jira" in said[0]
