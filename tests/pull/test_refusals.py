"""What Jira refuses or tells wrong costs itself: a value, an issue, a board's teams, no more."""

from collections import defaultdict
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text

from bot.check import check_all
from telemetry.errors import TelemetryError
from telemetry.facts import compute_due, rebuild
from telemetry.metrics.contradictions import Contradiction
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_pulls
from tests.depth import parametrize_in_turn
from tests.first_pulls import begin_pulled
from tests.pulled import DONE, Story, a_team, on
from tests.refusing import damaged

pytestmark = pytest.mark.slow

YEAR_20226 = "20226-03-02T09:00:00.000+0000"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.sprint(on(1))
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1), board=board.id, name="Web 1")
    for points in (1, 2, 3):
        story.log(story.issue(points, sprint=1), on(2), 1)
        story.issue(points, project=web.id, sprint=2)
    return story


def replacing(before, after):
    """The issue's answers with one text in the place of another."""

    def damage(path, status, body):
        return status, body.replace(before.encode(), after.encode())

    return damage


def refusing(part, code, answer=b'{"errorMessages":["scope does not match"]}'):
    """Refuses what has the part in its path."""

    def damage(path, status, body):
        return (code, answer) if part in path else (status, body)

    return damage


def on_issue(key, change):
    """Changes the raw issue of that key wherever it is answered."""

    def damage(path, status, body):
        data = orjson.loads(body)
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            if issue.get("key") == key and "fields" in issue:
                change(issue)
        return status, orjson.dumps(data)

    return damage


def without_items(issue):
    for history in issue.get("changelog", {}).get("histories", []):
        history["items"] = None


def with_items(items):
    def change(issue):
        for history in issue.get("changelog", {}).get("histories", []):
            history["items"] = items

    return change


def with_log(started):
    def change(issue):
        issue["fields"]["worklog"] = {
            "total": 1,
            "worklogs": [{"id": "77", "started": started, "timeSpentSeconds": 3600}],
        }

    return change


ODD_VALUES = [
    (without_items, "an entry of its history"),
    (with_items({}), "an entry of its history"),
    (with_items("ab"), "an entry of its history"),
    (with_log(YEAR_20226), "work log 77 (20226-"),
    (with_log("9999-12-31T23:59:59.000-0800"), "work log 77 (9999-"),
    (with_log("0001-01-01T00:00:00.000+0100"), "work log 77 (0001-"),
    (lambda issue: issue["fields"].update(updated="2062-01-01T00:00:00.000Z"), "updated (2062"),
    (lambda issue: issue["fields"]["issuetype"].update(name=None), ""),
    (lambda issue: issue["fields"].update(status=None), "its status cannot be read"),
    (lambda issue: issue["fields"].update(labels="x"), "its labels"),
    (lambda issue: issue.update(fields=None), "its fields cannot be read"),
]


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_a_value_that_cannot_be_read_costs_itself(sqlite_store, tmp_path, story, flavour):
    """Each odd value is one of an issue of its own, whose points are no sum of the others'."""
    issues = [story.issue(2.0**place, sprint=1) for place in range(len(ODD_VALUES))]
    for issue in issues:
        story.world.set_labels(issue, ["x"], on(2))
        story.log(issue, on(2), 1)
    damages = [on_issue(i.key, change) for i, (change, _) in zip(issues, ODD_VALUES, strict=True)]

    def damage(path, status, body):
        for one in damages:
            status, body = one(path, status, body)
        return status, body

    with damaged(story, sqlite_store, tmp_path, flavour=flavour) as pulled:
        pulled.good_pull()
        whole, as_of = pulled.figures(), pulled.reports.as_of()
        pulled.damage = damage
        pulled.good_pull(full=True)
        assert pulled.reports.as_of() == as_of
        assert pulled.figures("web").total_points == 6
        assert pulled.figures().total_points == whole.total_points == 6 + 2 ** len(issues) - 1
        told: defaultdict[str, str] = defaultdict(str)
        for key, said in pulled.unread():
            told[key] += said
        for issue, (_, named) in zip(issues, ODD_VALUES, strict=True):
            assert named in told[issue.key]
            assert bool(told.pop(issue.key)) == bool(named)
        assert told == {}
        pulled.damage = None
        pulled.good_pull(full=True)
        assert (pulled.unread(), pulled.figures()) == ([], whole)
        assert rebuild(pulled.engine) == 0


def test_half_an_emoji_in_a_summary_is_mended(store, tmp_path, story):
    story.issue(5, sprint=1, summary="Fire HALF")
    with damaged(story, store, tmp_path) as pulled:
        pulled.damage = replacing("HALF", "\\ud83d")
        pulled.good_pull()
        assert pulled.figures().total_points == 11
        assert [said for _, said in pulled.unread()] == ["half a character in its summary"]


def test_a_sprint_that_ends_in_year_20226_has_no_planned_end(sqlite_store, tmp_path, story):
    def damage(path, status, body):
        if "/sprint" not in path or status != 200:
            return status, body
        data = orjson.loads(body)
        for sprint in data.get("values", []):
            if sprint["id"] == 1:
                sprint["endDate"] = YEAR_20226
        return status, orjson.dumps(data)

    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = damage
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").planned_end_at is None
        assert [key for key, _ in pulled.unread()] == ["Sprint 1"]
        assert pulled.unread("web") == []
        pulled.damage = None
        pulled.good_pull()
        assert pulled.unread() == []


@parametrize_in_turn("status", [401, 403, 404, 500, 503, 504], 2)
def test_an_issue_whose_work_logs_are_refused_stands_as_last_known(
    sqlite_store, tmp_path, story, status
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        issue = story.world.issue("K8S-1")
        story.now = on(6)
        for _ in range(25):
            story.log(issue, on(5.5), 1)
        other = story.world.issue("K8S-3")
        story.world.transition(other, DONE, on(5.6))
        pulled.damage = refusing("/issue/K8S-1/worklog", status)
        for _ in range(2):
            pulled.good_pull()
            [(key, said)] = pulled.unread()
            assert key == "K8S-1"
            assert f"HTTP {status}" in said
            assert "stands as last known" in said
            assert pulled.figures().time.planned_seconds == 3 * 3600
            assert pulled.figures().burned_points == 3
        pulled.damage = None
        pulled.good_pull()
        assert pulled.unread() == []
        assert pulled.figures().time.planned_seconds == (3 + 25) * 3600


def test_an_issue_that_could_never_be_read_is_told_to_be_in_no_figure(
    sqlite_store, tmp_path, story
):
    for _ in range(25):
        story.log(story.world.issue("K8S-1"), on(2.5), 1)
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = refusing("/issue/K8S-1/worklog", 404)
        pulled.good_pull()
        [(key, said)] = pulled.unread()
        assert (key, pulled.figures().total_points) == ("K8S-1", 5)
        assert said.endswith("; it is in no figure until it can be read")


@parametrize_in_turn("status", [401, 403, 404, 500, 502, 503, 504], 1)
@pytest.mark.parametrize("part", ["/board/1/configuration", "/board/1/sprint"])
@pytest.mark.parametrize("is_known", [True, False])
def test_a_board_that_refuses_fails_its_own_teams(
    sqlite_store, tmp_path, story, status, part, is_known
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        if is_known:
            pulled.good_pull()
        pulled.damage = refusing(part, status)
        for _ in range(3):
            outcome = pulled.pull()
            assert set(outcome.failures) == {"k8s"}
            assert not outcome.is_failed
            assert pulled.reason("k8s") == outcome.failures["k8s"]
            assert pulled.reason("web") is None
            assert pulled.figures("web").total_points == 6
            story.now += timedelta(minutes=5)
        pulled.damage = None
        pulled.good_pull()
        assert pulled.figures().total_points == 6


PAGE = b"<!DOCTYPE html><html><title>Log in</title></html>"


@pytest.mark.parametrize(
    ("code", "answer", "told"),
    [(200, PAGE, "a web page or a login"), (401, b"{}", "HTTP 401"), (403, PAGE, "HTTP 403")],
)
def test_a_login_page_or_a_401_for_one_thing_is_not_one_for_the_site(
    sqlite_store, tmp_path, story, code, answer, told
):
    """Jira says meanwhile who we are: neither the credentials nor the address are wrong."""
    for _ in range(25):
        story.log(story.world.issue("K8S-1"), on(3), 0.1)
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = refusing("/issue/K8S-1/worklog", code, answer)
        pulled.good_pull()
        [(key, said)] = pulled.unread()
        assert (key, told in said, "check kind, user and secret" in said) == ("K8S-1", True, False)
        pulled.damage = refusing("/board/1/sprint", code, answer)
        [sentence] = pulled.pull().failures.values()
        assert told in sentence
        assert pulled.figures("web").total_points == 6
        pulled.damage = refusing("/rest/", code, answer)
        failures = pulled.pull().failures
        assert set(failures) == {"k8s", "web"}
        assert len(set(failures.values())) == 1


def test_a_search_that_fails_for_good_leaves_no_figures_of_nothing(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = refusing("/search/jql", 504)
        assert "HTTP 504" in pulled.pull().failures["k8s"]
        assert [one.figures for one in pulled.reports.sprints("k8s")] in ([], [None])
        pulled.damage = None
        pulled.good_pull()
        assert pulled.figures().total_points == 6


def of_sprint(change):
    """Changes sprint 1 wherever it is told."""

    def damage(path, status, body):
        data = orjson.loads(body)
        if "/sprint" in path and isinstance(data, dict):
            for sprint in data.get("values", [data]):
                if sprint.get("id") == 1:
                    change(sprint)
        return status, orjson.dumps(data)

    return damage


@pytest.mark.parametrize(
    ("change", "key", "told", "is_left"),
    [
        (lambda one: one.update(state="archived"), "Sprint 1", "its state cannot be read", True),
        (lambda one: one.update(state=None, name=7), "1", "its state cannot be read", True),
        (lambda one: one.update(originBoardId="x"), "Sprint 1", "its board (x)", False),
        (lambda one: one.pop("id"), "Sprints of board K8S board", "1 sprint listed without", True),
    ],
)
def test_a_sprint_that_cannot_be_read_is_named(
    sqlite_store, tmp_path, story, change, key, told, is_left
):
    story.sprint(on(1), name="Second")  # a list of nothing good is another fault
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = of_sprint(change)
        pulled.good_pull()
        [row] = pulled.unread()
        assert (row[0], told in row[1]) == (key, True)
        names = {one.name for one in pulled.reports.sprints("k8s")}
        assert names == ({"Second"} if is_left else {"Second", "Sprint 1"})
        assert pulled.unread("web") == []
        pulled.damage = None
        pulled.good_pull()
        assert pulled.unread() == []
        assert len(pulled.reports.sprints("k8s")) == 2


def test_an_issue_that_never_could_be_read_is_named_though_its_project_is_not_known(
    sqlite_store, tmp_path, story
):
    def unknown(issue):
        issue["id"] = str(2**70)

    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        story.now = on(6)
        key = story.issue(5, sprint=1, at=on(5.9)).key
        pulled.damage = on_issue(key, unknown)
        pulled.good_pull()
        assert pulled.unread()
        assert pulled.unread() == pulled.unread("web")


def test_refused_lists_of_changed_work_logs_stop_nothing(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        pulled.damage = refusing("/worklog/", 403)
        story.now = on(6)
        story.log(story.world.issue("K8S-1"), on(5.5), 2)
        pulled.good_pull()
        assert pulled.figures().time.planned_seconds == 5 * 3600


def test_what_nobody_foresaw_ends_as_a_sentence(sqlite_store, tmp_path, story):
    class Odd:
        def begin(self, what, total):
            raise LookupError("secret of an answer")

        def advance(self, count):
            """Nothing."""

    with damaged(story, sqlite_store, tmp_path) as pulled:
        outcome = pulled.pull(progress=Odd())
        assert set(outcome.failures) == {"k8s", "web"}
        for key, sentence in outcome.failures.items():
            assert pulled.reason(key) == sentence
            assert "LookupError" in sentence
            assert "secret" not in sentence
        with reading(pulled.engine) as connection:
            assert "LookupError" in read_pulls(connection, 1)[0].error
        pulled.good_pull()


def test_a_status_that_jira_drops_is_known_as_such_from_the_next_pull_on(
    sqlite_store, tmp_path, story
):
    def damage(path, status, body):
        if path.endswith("/status"):
            listed = [one for one in orjson.loads(body) if one["id"] != DONE]
            return status, orjson.dumps(listed)
        return status, body

    with damaged(story, sqlite_store, tmp_path) as pulled:
        story.world.transition(story.world.issue("K8S-1"), DONE, on(3))
        pulled.good_pull()
        pulled.damage = damage
        pulled.good_pull()
        rows = pulled.reports.quality("k8s").rows[Contradiction.UNLISTED_STATUS]
        assert [row.key for row in rows] == [DONE]
        pulled.damage = None
        pulled.good_pull()
        assert Contradiction.UNLISTED_STATUS not in pulled.reports.quality("k8s").rows


def test_of_one_key_under_two_ids_the_present_one_counts(sqlite_store, tmp_path, story):
    def damage(path, status, body):
        """A copy of each page's K8S-3, under another id and older, as an index may hold it."""
        data = orjson.loads(body)
        if isinstance(data, dict):
            for issue in list(data.get("issues", [])):
                if issue.get("key") == "K8S-3" and "updated" in issue.get("fields", {}):
                    old = orjson.loads(orjson.dumps(issue))
                    old["id"], old["fields"]["updated"] = "9", "2026-03-02T07:00:00.000+0000"
                    data["issues"].append(old)
        return status, orjson.dumps(data)

    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        story.now = on(6)
        story.world.set_labels(story.world.issue("K8S-3"), ["x"], on(5.9))
        pulled.damage = damage
        for options in ({}, {}, {"full": True}):
            pulled.good_pull(**options)
            assert pulled.figures().total_points == 6
        assert rebuild(pulled.engine) == 0


def test_what_breaks_the_figures_of_one_team_stops_no_other(sqlite_store, tmp_path, story):
    """No answer brings such a row: it stands for what nobody foresaw."""
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        with writing(pulled.engine) as connection:
            connection.execute(
                text("UPDATE issues SET estimates = :odd WHERE key = 'K8S-1'"),
                {"odd": '{"customfield_10028": {"odd": []}}'},
            )
        for asked in ({}, {}, {"full": True}):
            story.now += timedelta(hours=1)
            story.log(story.world.issue("WEB-1"), story.now - timedelta(minutes=50), 0.5)
            before = pulled.figures("web").time.off_plan_seconds
            outcome = pulled.pull(**asked)
            assert set(outcome.failures) == {"k8s"}
            assert "was not made for (" in outcome.failures["k8s"]
            assert pulled.reason("k8s") == outcome.failures["k8s"]
            assert pulled.figures("web").time != before
            assert pulled.figures().total_points == whole.total_points
        with pytest.raises(TelemetryError, match="of team k8s"):
            rebuild(pulled.engine)
        compute_due(pulled.engine)
        with writing(pulled.engine) as connection:
            connection.execute(text("UPDATE issues SET digest = ''"))
        pulled.good_pull(full=True)
        assert pulled.figures().total_points == whole.total_points
        assert rebuild(pulled.engine) == 0


@parametrize_in_turn("answer", [b"null", b"[]", b"7", b'{"key": "x", "timeZone": [1]}', b"{"], 2)
def test_who_we_are_in_an_odd_answer_stops_nothing(sqlite_store, tmp_path, story, answer):
    def damage(path, status, body):
        return (status, answer) if path.endswith("/myself") else (status, body)

    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = damage
        pulled.good_pull()
        story.now = on(6)
        story.world.transition(story.world.issue("K8S-1"), DONE, on(5.9))
        pulled.good_pull()
        assert pulled.figures().burned_points == 1


def test_an_issue_that_fails_for_good_costs_few_questions(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        issue = story.world.issue("K8S-1")
        story.now = on(6)
        for _ in range(25):
            story.log(issue, on(5.5), 1)
        pulled.damage = refusing("/issue/K8S-1/worklog", 500)
        pulled.good_pull()
        idle = [pulled.good_pull().requests for _ in range(2)]
        assert len(pulled.unread()) == 1
        pulled.damage = None
        pulled.good_pull()
        assert max(idle) <= pulled.good_pull().requests + 4


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
def test_a_sprint_that_tells_no_board_is_of_the_one_that_lists_it(
    sqlite_store, tmp_path, story, flavour
):
    def damage(path, status, body):
        data = orjson.loads(body)
        if "/sprint" in path:
            for sprint in data.get("values", [data]):
                sprint.pop("originBoardId", None)
        return status, orjson.dumps(data)

    story.world.boards[2].foreign_sprints.append(1)
    with damaged(story, sqlite_store, tmp_path, flavour=flavour) as pulled:
        pulled.damage = damage
        for options in ({}, {}, {"full": True}):
            pulled.good_pull(**options)
            assert [one.name for one in pulled.reports.sprints("k8s")] == ["Sprint 1"]
            assert [one.name for one in pulled.reports.sprints("web")] == ["Web 1"]
            assert pulled.figures().total_points == pulled.figures("web").total_points == 6
        assert pulled.unread() == [
            ("Sprint 1", "the board it was made on, taken to be the first that lists it")
        ]
        pulled.damage = None
        pulled.good_pull()
        assert pulled.unread() == []


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
def test_hours_that_jira_counts_and_does_not_show_are_named(sqlite_store, tmp_path, story, flavour):
    def restricted(issue):
        issue["fields"]["worklog"] = {"total": 0, "maxResults": 20, "worklogs": []}

    with damaged(story, sqlite_store, tmp_path, flavour=flavour) as pulled:
        pulled.damage = on_issue("K8S-3", restricted)
        pulled.good_pull()
        told = "1.0 h of its time spent, of which Jira shows no work log"
        assert pulled.unread() == [("K8S-3", told)]
        assert pulled.figures().time.planned_seconds == 2 * 3600


def test_a_project_that_is_refused_stops_the_check_of_no_other_team(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = refusing("/project/K8S", 403)
        found = check_all(pulled.context, story.clock)
        assert {one.subject for one in found if not one.is_good} == {"team k8s"}
        assert any(one.subject == "team web" for one in found)


def denying(*parts):
    """Lets the bot not see what ends so, for no reason given."""

    def damage(path, status, body):
        return (403, b"{}") if path.partition("?")[0].endswith(parts) else (status, body)

    return damage


def test_a_refused_list_of_statuses_is_made_good_by_the_projects(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = denying("/status")
        pulled.good_pull()
        assert pulled.figures().total_points == 6
        assert all(one.is_good for one in check_all(pulled.context, story.clock))


@pytest.mark.parametrize("parts", [("/status", "/statuses"), ("/field",)])
def test_a_list_of_the_site_that_is_refused_fails_the_teams_with_its_own_remedy(
    sqlite_store, tmp_path, story, parts
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = denying(*parts)
        outcome = pulled.pull()
        assert set(outcome.failures) == {"k8s", "web"}
        for sentence in outcome.failures.values():
            assert f"{parts[0]} (HTTP 403); every user of Jira may see that" in sentence
            assert "browse these projects" not in sentence
        story.now += timedelta(minutes=5)
        pulled.damage = None
        pulled.good_pull()


@pytest.mark.parametrize("team", [{"board": 1}, {}])
def test_a_jira_without_jira_software_is_told_as_such(sqlite_store, tmp_path, story, team):
    with damaged(story, sqlite_store, tmp_path, [a_team(**team)]) as pulled:
        pulled.damage = refusing("/rest/agile/", 404)
        [sentence] = pulled.pull().failures.values()
        assert "Jira Software is not installed there, not licensed, or hidden from" in sentence
        assert "does not exist" not in sentence
        told = [one.sentence for one in check_all(pulled.context, story.clock) if not one.is_good]
        assert any("Jira Software is not installed" in one for one in told)
