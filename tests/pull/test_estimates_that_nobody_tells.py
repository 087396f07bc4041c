"""What a point is, where a board does not tell it, or tells a field that holds no numbers."""

import orjson
import pytest

from bot.check import check_all
from tests.pulled import Story, a_team, on
from tests.refusing import damaged

NATURE, POINTS, ESTIMATE = "customfield_10042", "customfield_10028", "customfield_10016"
K8S = a_team(board=1)


def configured(estimation, *, has_values=False):
    """The board tells this of its estimation; with `has_values` every field has some."""

    def damage(path, status, body):
        data = orjson.loads(body)
        if path.endswith("/configuration"):
            data.pop("estimation", None)
            data |= estimation
        elif has_values and path.endswith("/approximate-count"):
            data["count"] = 5
        return status, orjson.dumps(data)

    return damage


def by(field_id):
    return {"estimation": {"type": "field", "field": {"fieldId": field_id}}}


def a_story() -> Story:
    story = Story()
    sprint = story.sprint(on(1, 10))
    story.issue(3, sprint=sprint.id, nature="network")
    return story


@pytest.mark.parametrize("estimation", [{"estimation": None}, {}, {"estimation": {"type": "none"}}])
def test_a_board_that_tells_nothing_leaves_no_unit_to_chance(sqlite_store, tmp_path, estimation):
    with damaged(a_story(), sqlite_store, tmp_path, [K8S]) as pulled:
        pulled.damage = configured(estimation)
        [sentence] = pulled.pull().failures.values()
        assert "board 1 (K8S board) does not tell by what it estimates" in sentence
        assert f"'Story Points' ({POINTS}) has values" in sentence
        assert "say with 'estimate:'" in sentence
        told = [one.sentence for one in check_all(pulled.context, pulled.story.clock)]
        assert any("does not tell by what it estimates" in one for one in told)
        pulled.damage = None
        pulled.good_pull()
        assert pulled.figures().total_points == 3


def test_of_several_fields_with_values_the_one_that_counts_is_told(sqlite_store, tmp_path):
    with damaged(a_story(), sqlite_store, tmp_path, [K8S]) as pulled:
        pulled.damage = configured({"estimation": None}, has_values=True)
        [sentence] = [one for one in pulled.good_pull().misfits if "estimates" in one]
        assert f"'Story point estimate' ({ESTIMATE}) counts; say with 'estimate:'" in sentence


@pytest.mark.parametrize(
    ("field", "words"),
    [("customfield_10020", "holds lists, not numbers"), (NATURE, "no number in any issue")],
)
def test_a_board_that_estimates_by_no_number_fails_its_team_alone(
    sqlite_store, tmp_path, field, words
):
    story = a_story()
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    sprint = story.sprint(on(1, 10), board=board.id)
    story.issue(2, project=web.id, sprint=sprint.id, nature="disk")

    def damage(path, status, body):
        if "/board/1/configuration" not in path:
            return status, body
        return configured(by(field))(path, status, body)

    with damaged(story, sqlite_store, tmp_path, [K8S, a_team("web", "WEB", board=2)]) as pulled:
        pulled.damage = damage
        failures = pulled.pull().failures
        assert set(failures) == {"k8s"}
        assert "board 1 (K8S board) estimates by a field that tells no points" in failures["k8s"]
        assert words in failures["k8s"]
        assert pulled.figures("web").total_points == 2
        assert pulled.unread("web") == []
        told = [one.sentence for one in check_all(pulled.context, story.clock)]
        assert any(words in one for one in told)
