"""A question that hangs while others are answered costs little, and its like in the end nothing."""

import threading
import time

import pytest

from bot.jira.http.retry import Patience
from bot.jira.http.silences import MOST, PART, TRIES, Silences, key_of
from telemetry.errors import TrackerUnavailable

READ_SECONDS = 0.6
BOARD = "/rest/agile/1.0/board/{}/sprint"
SEARCH = "/rest/api/3/search/jql"
ME = {"accountId": "1"}
SPRINTS = {"values": [{"id": 7}], "isLast": True}


@pytest.fixture
def asked(jira_server, open_jira):
    """A client that soon has enough, of a server of which board 4 hangs."""
    over = threading.Event()

    def hang(_):
        over.wait(5)
        return SPRINTS

    jira_server.on("/rest/api/2/myself", ME)
    jira_server.on("/rest/api/3/myself", ME)
    jira_server.on(BOARD.format(4), hang)
    jira_server.on(BOARD.format(5), SPRINTS)
    jira_server.on(SEARCH, hang, "POST")
    jira = open_jira(timeout=(2, READ_SECONDS), patience=Patience(tries=5, jitter=lambda: 0.0))
    yield jira
    over.set()


def board(jira, board_id):
    return list(jira.sprints(board_id))


def count_of(jira_server, path):
    return len([one for one in jira_server.paths() if one == path])


def test_a_question_that_hangs_alone_is_asked_again_once_and_briefly(asked, jira_server):
    begun = time.monotonic()
    with pytest.raises(TrackerUnavailable, match=r"no answer within 0\.2 s \(2 tries") as caught:
        board(asked, 4)
    assert time.monotonic() - begun < 5 * READ_SECONDS
    assert not caught.value.is_of_site
    assert count_of(jira_server, BOARD.format(4)) == TRIES
    assert board(asked, 5)
    with pytest.raises(TrackerUnavailable, match=r"within 0\.2 s \(1 try\)"):
        board(asked, 4)  # it hung, whatever others of its kind do


def test_a_kind_that_hangs_is_not_asked_any_more_in_that_pull(asked, jira_server):
    for _ in range(MOST):
        with pytest.raises(TrackerUnavailable) as caught:
            next(asked.search("project = K8S", ["summary"]))
        assert not caught.value.is_of_site
        if "was not asked" in str(caught.value):
            break
    assert count_of(jira_server, SEARCH) == MOST
    assert count_of(jira_server, "/rest/api/2/myself") <= MOST


def test_a_count_that_hangs_is_asked_for_once(asked, jira_server):
    path = "/rest/api/3/search/approximate-count"

    def late(_):
        time.sleep(2 * READ_SECONDS)
        return {"count": 3}

    jira_server.on(path, late, "POST")
    assert [asked.count("project = K8S") for _ in range(3)] == [None, None, None]
    assert count_of(jira_server, path) == TRIES


def test_what_hung_at_the_last_pull_is_asked_once_until_it_answers(asked, jira_server):
    asked.silences.recall({BOARD.format(4): 2})
    for told in (r"\(1 try\)", "was not asked"):
        with pytest.raises(TrackerUnavailable, match=told):
            board(asked, 4)
    assert count_of(jira_server, BOARD.format(4)) == 1
    assert board(asked, 5)
    assert asked.silences.kept() == {BOARD.format(4): 3}


def test_what_hung_at_pulls_before_is_given_all_its_time_at_each_third():
    path = BOARD.format(4)
    parts = []
    for pulls in range(1, 8):
        silences = Silences()
        silences.recall({path: pulls})
        parts.append(silences.part(path))
        silences.hung(path)
        assert silences.part(path) == PART
    assert parts == [1, PART, PART, 1, PART, PART, 1]
    silences = Silences()
    assert silences.part(path) == 1
    silences.hung(path)
    assert silences.part(path) == PART


def test_what_answers_again_has_all_its_time_again(asked, jira_server):
    asked.silences.recall({BOARD.format(4): 1})
    jira_server.on(BOARD.format(4), SPRINTS)
    assert board(asked, 4)
    assert asked.silences.kept() == {}
    assert asked.silences.count(BOARD.format(4)) == 0


def test_where_nobody_is_answered_the_site_is_to_blame(asked, jira_server):
    def late(_):
        time.sleep(2 * READ_SECONDS)
        return ME

    jira_server.on("/rest/api/2/myself", late)
    with pytest.raises(TrackerUnavailable, match="5 tries") as caught:
        board(asked, 4)
    assert caught.value.is_of_site
    assert asked.silences.kept() == {}


def test_a_gateway_that_gives_up_late_is_a_question_that_hangs(
    jira_server, open_jira, answer, waits
):
    def late(_):
        waits.append(60.0)
        return answer({}, 504)

    jira_server.on("/rest/api/2/myself", ME)
    jira_server.on(BOARD.format(4), late)
    jira = open_jira(timeout=(2, 60))
    with pytest.raises(TrackerUnavailable, match=r"HTTP 504 \(2 tries") as caught:
        board(jira, 4)
    assert not caught.value.is_of_site
    assert jira.silences.kept() == {BOARD.format(4): 1}


def test_a_slow_answer_is_an_answer(jira_server, open_jira, answer, waits):
    def slow(_):
        waits.append(50.0)
        return SPRINTS

    jira_server.on(BOARD.format(4), slow)
    jira = open_jira(timeout=(2, 60))
    assert [board(jira, 4) for _ in range(MOST)]
    assert jira.silences.count(BOARD.format(4)) == 0


def test_others_of_a_kind_are_not_blamed_for_what_is_known_to_hang():
    silences = Silences()
    known = [BOARD.format(n) for n in range(2 * MOST)]
    silences.recall(dict.fromkeys(known, 1))
    for path in known:
        silences.hung(path)
    assert silences.count(BOARD.format(99)) == 0
    for n in range(100, 100 + MOST):
        silences.hung(BOARD.format(n))
    assert silences.count(BOARD.format(99)) == MOST
    silences.answered(BOARD.format(99))
    assert silences.count(BOARD.format(98)) == 0
    assert len(silences.kept()) <= 2 * MOST


def test_a_query_is_known_again_whatever_its_instants_and_ids():
    def of(jql):
        return key_of(SEARCH, {"jql": jql})

    assert of('project = A and updated >= "2026-03-01 10:00"') == of(
        'project = A and updated >= "2026-11-29 09:59"'
    )
    assert of("id in (1, 2, 3)") == of("id in (17)")
    assert of("project = A") != of("project = B")
    assert "project" not in of("project = A")
    assert key_of(SEARCH, {}) == SEARCH
    assert 0 < PART < 1
