"""Each finding stands on the pages of the teams that it concerns, under a heading that fits."""

from datetime import timedelta

import orjson
import pytest

from bot.check import check_all
from telemetry.metrics.contradictions import EXPLAINED, Contradiction
from tests.depth import parametrize_in_turn
from tests.pulled import DONE, Story, a_team, on
from tests.refusing import damaged

NATURE, POINTS, ESTIMATE = "customfield_10042", "customfield_10028", "customfield_10016"
K = Contradiction

pytestmark = pytest.mark.slow


@pytest.fixture
def story() -> Story:
    story = Story()
    story.sprint(on(1))
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1), board=board.id, name="Web 1")
    for nature in ("5", "disk", "8"):
        story.issue(3, sprint=1, nature=nature, labels=["a"])
        story.issue(2, sprint=1, nature=nature, labels=["b"])
        story.issue(1, project=web.id, sprint=2, nature=nature)
    return story


def field(field_id):
    """What a board's configuration tells of its estimation."""
    return {"type": "field", "field": {"fieldId": field_id}}


def by(field_id, board=1):
    """The board estimates by the field."""

    def damage(path, status, body):
        data = orjson.loads(body)
        if path.partition("?")[0].endswith(f"/board/{board}/configuration"):
            data["estimation"] = field(field_id)
        return status, orjson.dumps(data)

    return damage


def told(pulled, kind, team="k8s"):
    rows = pulled.reports.quality(team).rows.get(kind, ())
    return [(row.key, row.said) for row in rows]


def test_values_that_are_no_estimates_are_named_of_the_teams_that_estimate_by_them(
    store, tmp_path, story
):
    teams = [
        a_team("k8s", board=1),
        a_team("web", "WEB", board=2),
        a_team("b", board=1, jql="labels = b", estimate="issue_count"),
    ]
    with damaged(story, store, tmp_path, teams) as pulled:
        pulled.damage = by(NATURE)
        pulled.good_pull()
        assert pulled.figures().total_points == 26
        said = f"its Nature ({NATURE}) (disk)"
        assert pulled.unread() == [("K8S-3", said), ("K8S-4", said)]
        assert pulled.unread("web") == pulled.unread("b") == []
        assert pulled.reports.team("web", story.now).finding_count == 0


def test_a_team_narrowed_by_jql_is_told_of_its_own_issues_alone(sqlite_store, tmp_path, story):
    teams = [a_team(key, board=1, jql=f"labels = {key}") for key in ("a", "b")]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        pulled.damage = by(NATURE)
        pulled.good_pull()
        assert [key for key, _ in pulled.unread("a")] == ["K8S-3"]
        assert [key for key, _ in pulled.unread("b")] == ["K8S-4"]


def test_a_field_of_other_teams_that_is_hidden_later_is_named_of_none(
    sqlite_store, tmp_path, story
):
    def hiding(path, status, body):
        data = orjson.loads(body)
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            issue.get("fields", {}).pop(NATURE, None)
        return by(NATURE)(path, status, orjson.dumps(data))

    teams = [a_team("k8s", board=1), a_team("web", "WEB", board=2)]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        pulled.damage = by(NATURE)
        pulled.good_pull()
        pulled.damage = hiding
        pulled.good_pull(full=True)
        assert pulled.figures().total_points == 26
        assert {key for key, _ in pulled.unread()} == {"K8S-1", "K8S-2", "K8S-5", "K8S-6"}
        assert pulled.unread("web") == []


@parametrize_in_turn(
    ("first", "second", "points", "is_named"),
    [
        (field(POINTS), field(POINTS), (15, 8), False),
        (field(POINTS), field(ESTIMATE), (15, 8), True),
        (field(POINTS), {"type": "issueCount"}, (15, 8), True),
        ({"type": "issueCount"}, field(POINTS), (6, 1), True),
        (field(POINTS), {"type": "none"}, (15, 8), False),
        ({"type": "none"}, field(POINTS), (15, 8), False),
        (None, field("timeoriginalestimate"), (0, 0), False),
    ],
    3,
)
def test_of_boards_that_estimate_differently_the_first_that_tells_counts(
    sqlite_store, tmp_path, story, first, second, points, is_named
):
    other = story.world.add_board(story.project.id, "Other board")
    sprint = story.sprint(on(1), board=other.id, name="Other 1")
    story.issue(8, sprint=sprint.id, nature="1")
    told_by = {"/board/1/configuration": first, f"/board/{other.id}/configuration": second}

    def damage(path, status, body):
        data = orjson.loads(body)
        for end, estimation in told_by.items():
            if path.partition("?")[0].endswith(end):
                data["estimation"] = estimation
        return status, orjson.dumps(data)

    with damaged(story, sqlite_store, tmp_path, [a_team("k8s", boards=[1, other.id])]) as pulled:
        pulled.damage = damage
        outcome = pulled.good_pull()
        sprints = {one.name: one.figures for one in pulled.reports.sprints("k8s")}
        assert (sprints["Sprint 1"].total_points, sprints["Other 1"].total_points) == points
        said = (
            "board 1 (K8S board) tells what a point is, and by something else estimates "
            f"board {other.id} (Other board); set them to the same in Jira, or say with "
            "'estimate:' what a point is"
        )
        assert [one for _, one in told(pulled, K.OPEN_CHOICE)] == [said] * is_named
        assert any(said in one for one in outcome.misfits) == is_named
        found = [one.sentence for one in check_all(pulled.context, story.clock)]
        assert any(said in one for one in found) == is_named
        told_by[f"/board/{other.id}/configuration"] = first
        assert len(pulled.pull(reconcile=True).failures) == (first in (None, {"type": "none"}))


@parametrize_in_turn(
    ("values", "said"),
    [
        ({"startDate": "2026-03-02T09:00:00.000"}, "its start"),
        ({"endDate": "2026-03-16T09:00:00"}, "its planned end"),
        (
            {"endDate": "2026-03-16", "activatedDate": "2026-03-02"},
            "its planned end; its activation",
        ),
    ],
    1,
)
def test_a_sprint_dated_without_a_zone_is_named(store, tmp_path, story, values, said):
    def damage(path, status, body):
        data = orjson.loads(body)
        if "/sprint" in path and status == 200:
            for sprint in data.get("values", [data]):
                if sprint.get("id") == 1:
                    sprint.update(values)
        return status, orjson.dumps(data)

    teams = [a_team("k8s", board=1), a_team("web", "WEB", board=2)]
    with damaged(story, store, tmp_path, teams) as pulled:
        pulled.damage = damage
        for options in ({}, {}, {"full": True}):
            pulled.good_pull(**options)
            assert told(pulled, K.ZONELESS) == [("Sprint 1", said)]
            assert pulled.unread() == told(pulled, K.ZONELESS, "web") == []
        assert pulled.reports.team("k8s", story.now).finding_count >= 1
        pulled.damage = None
        pulled.good_pull()
        assert told(pulled, K.ZONELESS) == []


@parametrize_in_turn(
    ("part", "said"),
    [
        ("created", "its creation"),
        ("updated", "when it was updated"),
        ("history", "its history"),
        ("worklog", "its work logs"),
    ],
    2,
)
def test_an_issue_dated_without_a_zone_is_named(sqlite_store, tmp_path, story, part, said):
    def change(issue):
        fields = issue["fields"]
        if part == "history":
            for one in issue["changelog"]["histories"]:
                one["created"] = "2026-03-03T09:00:00.000"
        elif part == "worklog":
            log = {"id": "7", "started": "2026-03-03T09:00:00", "timeSpentSeconds": 60}
            fields["worklog"] = {"total": 1, "worklogs": [log]}
        else:
            fields[part] = "2026-03-02T07:00:00.000"

    def damage(path, status, body):
        data = orjson.loads(body)
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            if issue.get("key") == "K8S-1" and "changelog" in issue:
                change(issue)
        return status, orjson.dumps(data)

    story.world.transition(story.world.issue("K8S-1"), DONE, on(2))
    with damaged(story, sqlite_store, tmp_path, [a_team("k8s", board=1)], "datacenter") as pulled:
        pulled.damage = damage
        pulled.good_pull()
        assert told(pulled, K.ZONELESS) == [("K8S-1", said)]
        assert pulled.unread() == []
        assert pulled.figures().total_points == 15


def test_settings_of_each_kind_stand_under_a_heading_of_their_own(sqlite_store, tmp_path, story):
    teams = [
        a_team("k8s", board=1, impediment={"labels": ["Nobody"]}),
        a_team("also", board=1),
    ]

    def damage(path, status, body):
        if path.endswith("/status"):
            listed = orjson.loads(body)
            for one in listed:
                if one["id"] == "3":
                    one["statusCategory"] = {"key": "done"}
            return status, orjson.dumps(listed)
        return status, body

    story.world.transition(story.world.issue("K8S-1"), "3", on(2))
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        pulled.good_pull()
        pulled.damage = damage
        story.now += timedelta(minutes=5)
        outcome = pulled.good_pull()
        rows = pulled.reports.quality("k8s").rows
        assert [row.said.partition(" ")[0] for row in rows[K.SHARED]] == ["team"]
        assert "'Nobody'" in rows[K.SETTING][0].said
        [changed] = rows[K.RECATEGORIZED]
        assert "is of category done in Jira since" in changed.said
        assert any(changed.said in line for line in outcome.misfits)
        assert any(changed.said in one.sentence for one in check_all(pulled.context, story.clock))
        for kind in (K.SHARED, K.RECATEGORIZED, K.SETTING):
            assert kind in EXPLAINED
        [row] = [one for one in pulled.reports.teams(story.now) if one.key == "also"]
        assert row.misfits


def test_doubted_changes_are_told_to_the_teams_that_estimate_by_the_field(
    sqlite_store, tmp_path, story
):
    """On Data Center, of two fields called Story Points that both end at 3 by several ways."""
    ours, theirs = "customfield_10106", "customfield_10107"

    def damage(path, status, body):
        data = orjson.loads(body)
        bare = path.partition("?")[0]
        if bare.endswith("/field"):
            for one in data:
                if one["id"] == theirs:
                    one["name"] = "Story Points"
        if bare.endswith("/board/2/configuration"):
            data["estimation"] = {"type": "field", "field": {"fieldId": theirs}}
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            if issue.get("key") in ("K8S-1", "WEB-1") and "changelog" in issue:
                issue["fields"] |= {ours: 3, theirs: 3}
                for place, (before, after) in enumerate((("", "1"), ("1", "3"), ("2", "3"))):
                    item = {
                        "field": "Story Points",
                        "fieldtype": "custom",
                        "from": None,
                        "to": None,
                    }
                    change = {
                        "id": str(9000 + place),
                        "created": f"2026-03-03T1{place}:00:00.000+0000",
                        "items": [item | {"fromString": before, "toString": after}],
                    }
                    issue["changelog"]["histories"].append(change)
        return status, orjson.dumps(data)

    teams = [a_team("k8s", board=1), a_team("web", "WEB", board=2)]
    with damaged(story, sqlite_store, tmp_path, teams, "datacenter") as pulled:
        pulled.damage = damage
        pulled.good_pull()
        said = "which changes of Story Points are those of {}: several are called so"
        assert told(pulled, K.DOUBTED_CHANGES) == [("K8S-1", said.format(ours))]
        assert told(pulled, K.DOUBTED_CHANGES, "web") == [("WEB-1", said.format(theirs))]
        assert pulled.unread() == pulled.unread("web") == []
