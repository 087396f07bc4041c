"""Boards with very many sprints: what became of closed ones is found page by page."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.jira import boards
from bot.pull import sprint_turns
from bot.pull.run import connect_site
from bot.pull.sprint_turns import CURSOR, read_sprint_turn
from bot.pull.sprints import SprintReader
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.tracker import read_board, read_sprints
from tests.depth import parametrize_in_turn
from tests.pulled import Pulled, Story, a_team, on, serving

pytestmark = pytest.mark.slow

SITE = "default"
MANY = 1_000
PAGES = -(-(MANY - 1) // 49)  # each begins with the last sprint of the one before


@pytest.fixture
def story():
    return Story()


def closed(story: Story, count: int, board: int = 0) -> list:
    made = [story.sprint(on(1, number / 60), board=board) for number in range(count)]
    for number, sprint in enumerate(made):
        story.world.close_sprint(sprint, None, on(2, number / 60))
    return made


def names(pulled: Pulled, *board_ids: int) -> dict[int, str]:
    with reading(pulled.engine) as connection:
        return {one.id: one.name for one in read_sprints(connection, SITE, board_ids)}


def look(pulled: Pulled, *others: int) -> int:
    """The part of an idle pull that asks for boards' sprints; how many questions it took."""
    site, ids = pulled.context.settings.jira[SITE], [pulled.story.board.id, *others]
    with (
        connect_site(SITE, site, pulled.context) as jira,
        ThreadPoolExecutor(2) as pool,
    ):
        reader = SprintReader(jira, pulled.engine, pool, pulled.story.now)
        with reading(pulled.engine) as connection:
            asked = [one for i in ids if (one := read_board(connection, SITE, i))]
            turn = read_sprint_turn(connection, SITE, set(ids))
        before = jira.requests
        reader.ask_in_turn(asked, turn)
        for board in asked:  # each of a team
            reader.read([board])
        reader.end_turn()
        return jira.requests - before


def test_a_thousand_sprints_cost_two_questions_a_pull(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        made = closed(story, MANY)
        open_one = story.sprint(on(3))
        first = look(pulled)
        assert len(names(pulled, story.board.id)) == MANY + 1
        made[700].name = "Renamed"
        for number in (3, 650):
            story.world.delete_sprint(made[number], on(4))
        open_one.name = "Runs"
        asked = [look(pulled)]
        assert names(pulled, story.board.id)[open_one.id] == "Runs"
        asked += [look(pulled) for _ in range(PAGES)]
        told = names(pulled, story.board.id)
        idle = [look(pulled) for _ in range(3)]
    assert first == PAGES  # nobody knows yet that they are many
    assert told == {one.id: one.name for one in story.world.sprints.values()}
    assert max(asked) <= 2 + 2  # and once for each that was deleted
    assert sum(asked) == 2 * len(asked) + 2
    assert set(idle) == {2}


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(boards, "PAGE", 4)
    monkeypatch.setattr(sprint_turns, "MOST", 7)


def test_every_board_has_its_turn_beside_a_long_one(sqlite_store, tmp_path, story, short_pages):
    """Long lists that shrink, grow, and change where they were read already."""
    other = story.world.add_board(story.project.id, "Another")
    teams = [a_team(board=story.board.id), a_team("two", board=other.id)]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.good_pull()
        long, short = closed(story, 15), closed(story, 3, other.id)

        def around(pulls: int) -> None:
            for _ in range(pulls):
                look(pulled, other.id)

        def is_known() -> bool:
            every = {one.id: one.name for one in story.world.sprints.values()}
            return names(pulled, story.board.id, other.id) == every

        around(2)
        assert is_known()
        long[2].name, long[13].name, short[1].name = "A", "B", "C"
        story.world.delete_sprint(long[8], on(7))
        story.world.delete_sprint(short[0], on(7))
        around(8)
        assert is_known()
        around(2)  # somewhere on the way
        for one in (long[0], long[4], long[14]):
            story.world.delete_sprint(one, on(9))
        long[1].name = "D"
        new = closed(story, 1)
        around(12)
        assert is_known()
        for one in [*long[5:8], *long[9:13], *new]:
            story.world.delete_sprint(one, on(10))
        around(12)
        assert is_known()
        short += closed(story, 9, other.id)
        around(12)
        short[-1].name = "E"
        around(12)
        assert is_known()


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
def test_a_long_list_costs_an_idle_pull_one_question_more(
    sqlite_store, tmp_path, story, flavour, short_pages
):
    made = closed(story, 9)
    with serving(story, sqlite_store, tmp_path / "a", flavour=flavour) as pulled:
        pulled.good_pull()
        made[1].name = "Renamed"
        asked = []
        for number in range(4):
            story.now = on(6, 9 + number / 12)
            asked.append(pulled.good_pull().requests)
        assert names(pulled, story.board.id)[made[1].id] == "Renamed"
    assert max(asked) <= 1 + 8 + 1


def test_a_page_that_fails_holds_up_no_other_board(sqlite_store, tmp_path, story, short_pages):
    closed(story, 15)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        look(pulled)
        told = {"board": 1, "long": [1], "at": 10**6, "seen": [], "origins": []}
        with writing(pulled.engine) as connection:  # as after most of the list went
            assert read_cursor(connection, SITE, CURSOR)["at"] == 3
            write_cursor(connection, SITE, CURSOR, told)
        look(pulled)
        with reading(pulled.engine) as connection:
            assert "at" not in read_cursor(connection, SITE, CURSOR)
        assert len(names(pulled, story.board.id)) == 15
