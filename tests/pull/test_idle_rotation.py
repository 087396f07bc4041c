"""Pulls of which nothing is asked twice: whatever counts from elsewhere is asked for in passing."""

from collections.abc import Iterator

import pytest

from bot.pull import epic_turns
from bot.simulator.state import type_of_epic
from telemetry.facts import rebuild
from telemetry.store.engine import reading
from telemetry.store.issues import known_among
from tests.depth import parametrize_in_turn
from tests.first_pulls import begin_pulled
from tests.pulled import DONE, Pulled, Story, a_team, on, serving

pytestmark = pytest.mark.slow

ROUND = 8  # pulls: every question in passing had its turn twice
TEAMS = [a_team(estimate="issue_count")]


@pytest.fixture
def story():
    return Story()


def epics(story: Story, count: int) -> list:
    return [
        story.issue(kind=type_of_epic, labels=["Q1-26"], at=on(1, 7 + number / 60))
        for number in range(count)
    ]


def idle(pulled: Pulled, pulls: int, day: float) -> Iterator[int]:
    for number in range(pulls):
        pulled.story.now = on(day, 9 + number / 12)
        yield pulled.good_pull().requests


def knows(pulled: Pulled, *issues) -> bool:
    ids = {one.id for one in issues}
    with reading(pulled.engine) as connection:
        return known_among(connection, "default", ids) == ids


def strangers(story: Story) -> list:
    """Two of another project: below an epic, and in the open sprint."""
    other = story.world.add_project("SEC", "Security", lead=2)
    sprint = story.sprint(on(1))
    [epic] = epics(story, 1)
    return [
        story.issue(epic=epic.id, project=other.id),
        story.issue(sprint=sprint.id, project=other.id),
    ]


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
def test_no_turn_asks_more_than_once_a_board_and_eight(store, tmp_path, story, flavour):
    known = strangers(story)
    with serving(story, store, tmp_path / "a", TEAMS, flavour) as pulled:
        begin_pulled(pulled)
        assert knows(pulled, *known)
        assert max(idle(pulled, ROUND, 6)) <= 1 + 8
        for one in known:
            story.world.transition(one, DONE, on(7, 8))
        assert max(idle(pulled, 1, 7)) <= 1 + 8
        assert max(idle(pulled, 3, 8)) <= 1 + 8
        done = [row for row in pulled.contents("issues")["issues"] if f"'{DONE}'" in row]
        assert len(done) == len(known)
        assert rebuild(pulled.engine) == 0


def test_what_is_gone_elsewhere_hides_nothing_else(sqlite_store, tmp_path, story):
    below, inside = strangers(story)
    with serving(story, sqlite_store, tmp_path / "a", TEAMS) as pulled:
        begin_pulled(pulled)
        story.world.delete_issue(below, on(6))
        story.world.transition(inside, DONE, on(6))
        new = story.issue(3, at=on(6))
        story.now = on(6, 12)
        pulled.good_pull()
        assert knows(pulled, inside, new)
        [row] = [row for row in pulled.contents("issues")["issues"] if f"'{inside.key}'" in row]
        assert f"'{DONE}'" in row
        story.now = on(6, 13)
        pulled.good_pull(reconcile=True)
        assert not knows(pulled, below)
        assert rebuild(pulled.engine) == 0


@pytest.mark.parametrize("count", [4, 5, 9])
def test_children_of_many_epics_are_found_within_a_round(
    sqlite_store, tmp_path, story, count, monkeypatch
):
    monkeypatch.setattr(epic_turns, "MOST", 4)
    monkeypatch.setattr(epic_turns, "IN_TURN", 2)
    other = story.world.add_project("SEC", "Security", lead=2)
    every = epics(story, count)
    around = -(-(count - 2) // 2)  # pulls of a round
    with serving(story, sqlite_store, tmp_path / "a", TEAMS) as pulled:
        begin_pulled(pulled)
        for day in (6, 7):
            new = [
                story.issue(epic=epic.id, project=other.id, at=on(day, number / 60))
                for number, epic in enumerate(every)
            ]
            asked = list(idle(pulled, around, day))
            assert knows(pulled, *new)
            assert len(set(idle(pulled, around, day + 0.5))) == 1
            assert max(asked) <= 1 + 8 + 1  # with new issues
        assert rebuild(pulled.engine) == 0


def test_a_round_begins_anew_with_what_came_to_it(sqlite_store, tmp_path, story, monkeypatch):
    monkeypatch.setattr(epic_turns, "MOST", 4)
    monkeypatch.setattr(epic_turns, "IN_TURN", 2)
    other = story.world.add_project("SEC", "Security", lead=2)
    every = epics(story, 9)
    with serving(story, sqlite_store, tmp_path / "a", TEAMS) as pulled:
        begin_pulled(pulled)
        list(idle(pulled, 2, 6))
        story.world.transition(every[0], DONE, on(6, 12))  # and one less is followed
        late = [story.issue(epic=one.id, project=other.id, at=on(6, 13)) for one in every[1:]]
        list(idle(pulled, 8, 7))
        assert knows(pulled, *late)
        assert rebuild(pulled.engine) == 0
