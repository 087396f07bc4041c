"""`telemetry check` says of a Jira what a pull of it says, once, and what really helps."""

from itertools import product

import orjson
import pytest

from bot.check import check_all
from tests.depth import parametrize_in_turn
from tests.pulled import Story, a_team, on
from tests.refusing import damaged

SPRINT = "customfield_10020"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.issue(3, sprint=story.sprint(on(1)).id)
    return story


def checked(pulled):
    """What is wrong, as the check says it."""
    return [
        one.sentence for one in check_all(pulled.context, pulled.story.clock) if not one.is_good
    ]


@parametrize_in_turn(("is_listed", "is_known"), list(product([True, False], repeat=2)), 2)
def test_a_sprint_field_that_is_hidden_from_the_bot_is_told(
    sqlite_store, tmp_path, story, is_listed, is_known
):
    def hiding(path, status, body):
        data = orjson.loads(body)
        if path.endswith("/field") and not is_listed:
            return status, orjson.dumps([one for one in data if one["id"] != SPRINT])
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            issue.get("fields", {}).pop(SPRINT, None)
        return status, orjson.dumps(data)

    with damaged(story, sqlite_store, tmp_path, [a_team(board=1)]) as pulled:
        assert checked(pulled) == []
        if is_known:
            pulled.good_pull()
        pulled.damage = hiding
        [said] = checked(pulled)
        assert "shows the bot the field Sprint of no issue" in said
        assert said in pulled.pull(full=True).failures["k8s"]


def test_a_board_that_was_made_anew_has_the_same_remedy_in_both(sqlite_store, tmp_path, story):
    def gone(path, status, body):
        return (404, b"{}") if "/board/1" in path.partition("?")[0] else (status, body)

    with damaged(story, sqlite_store, tmp_path, [a_team(board=1)]) as pulled:
        pulled.good_pull()
        story.world.add_board(story.project.id, "K8S board anew")
        pulled.damage = gone
        for _ in range(2):
            outcome = pulled.pull()
        [said] = checked(pulled)
        assert "write 'boards: [1, 2]'" in said
        assert said in outcome.failures["k8s"]


def test_a_done_status_that_nobody_has_is_told_once(sqlite_store, tmp_path, story):
    teams = [a_team(board=1, done_statuses=["Finished"])]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        [said] = checked(pulled)
        assert "'Finished' is no status of http" in said
        assert said in pulled.pull().failures["k8s"]
