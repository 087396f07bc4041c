"""Answers damaged at random places cost what was damaged: no site, and no other figure."""

import json
import random
from typing import Any

import orjson
import pytest

from telemetry.store.engine import reading
from telemetry.store.history import read_histories
from telemetry.store.issues import known_issue_ids
from telemetry.store.pulls import read_pulls
from tests.depth import parametrize_in_turn
from tests.pulled import DOING, DONE, Story, on
from tests.refusing import damaged

pytestmark = pytest.mark.slow

SEEDS, A_DAY = 6, 2
PULLS = 4
HIT = "K8S-2"
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1e300, 2**70, "", "x", [], {}, [None], {"id": None}, "20226-03-02",
    "0001-01-01T00:00:00.000+0100", "9999-12-31T23:59:59.999-0900", "2062-01-01T00:00:00.000Z",
    "x" * 200_000, "9" * 5000, "\N{GRINNING FACE}", [[1], [2]], [{"name": 7}],
)  # fmt: skip
DEEP = b"[" * 3000 + b"]" * 3000
MARK = '"@deep@"'
HALF = '"@half@"'


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, one in inner if isinstance(value, dict | list) else ():
        found.append((*path, key))
        if isinstance(one, dict | list):
            found += places(one, (*path, key))
    return found


def hurt(dice: random.Random, value: Any) -> None:
    """Damage one place inside: away, or another value."""
    every = places(value)
    if not every:
        return
    *path, last = dice.choice(every)
    for key in path:
        value = value[key]
    if dice.random() < 0.2:
        del value[last]
    else:
        value[last] = dice.choice([*ODD, MARK[1:-1], HALF[1:-1]])


def spoilt(data: Any) -> bytes:
    """JSON with what no encoder makes: half an emoji, and arrays without an end of depth."""
    return (
        json.dumps(data).encode().replace(MARK.encode(), DEEP).replace(HALF.encode(), rb'"a\ud83d"')
    )


class Hurting:
    """Damages the issue `HIT` wherever it is told, at places that stay the same for a pull."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.count = 0

    def __call__(self, path: str, status: int, body: bytes) -> tuple[int, bytes]:
        data = orjson.loads(body) if body else None
        dice = random.Random(f"{self.seed} {path}")
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            if issue.get("key") == HIT and "fields" in issue:
                for _ in range(dice.randint(1, 3)):
                    hurt(dice, issue)
                    self.count += 1
                if not isinstance(issue.get("id"), str):
                    issue["id"] = "10003"  # an issue without one is told by another test
        return status, spoilt(data)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.sprint(on(1))
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1), board=board.id, name="Web 1")
    for number in range(1, 6):
        issue = story.issue(number, sprint=1)
        story.log(issue, on(2), number)
        story.world.transition(issue, DOING, on(2, 12))
        story.issue(number, project=web.id, sprint=2)
    story.world.transition(story.world.issue("K8S-4"), DONE, on(3))
    story.world.set_labels(story.world.issue("K8S-2"), ["x", "y"], on(3))
    return story


def others(pulled: Any) -> dict[int, Any]:
    """The histories of all issues but the damaged one."""
    with reading(pulled.engine) as connection:
        ids = known_issue_ids(connection, "default")
        found = read_histories(connection, "default", ids)
    return {i: one for i, one in found.items() if one.issue.key not in (HIT, "x")}


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
@parametrize_in_turn("seed", range(SEEDS), A_DAY)
def test_a_damaged_issue_costs_nothing_but_itself(sqlite_store, tmp_path, story, seed, flavour):
    hurting = Hurting(seed)
    with damaged(story, sqlite_store, tmp_path, flavour=flavour) as pulled:
        pulled.good_pull()
        hit = next(i for i in ids_of(pulled) if i not in others(pulled))
        before, web = others(pulled), pulled.figures("web")
        pulled.damage = hurting
        for number in range(PULLS):
            hurting.seed = seed * 100 + number
            outcome = pulled.pull(full=True)
            assert outcome.failures == {}, outcome
            kept = {i: one for i, one in others(pulled).items() if i != hit}
            assert kept == {i: one for i, one in before.items() if i != hit}
            assert pulled.figures("web") == web
            pulled.reports.quality("k8s")
        assert hurting.count >= PULLS
        pulled.damage = None
        pulled.good_pull(full=True)
        assert pulled.unread() == []
        assert others(pulled) == before


def ids_of(pulled: Any) -> frozenset[int]:
    with reading(pulled.engine) as connection:
        return known_issue_ids(connection, "default")


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
@parametrize_in_turn("seed", range(SEEDS), A_DAY)
def test_any_answer_may_be_damaged(sqlite_store, tmp_path, story, seed, flavour):
    """All but who we are: teams may fail, each with a sentence, and the next pull mends all."""
    dice = random.Random(f"any {seed}")

    def damage(path: str, status: int, body: bytes) -> tuple[int, bytes]:
        if path.endswith("/myself") or status != 200 or dice.random() < 0.6:
            return status, body
        data = orjson.loads(body)
        hurt(dice, data)
        return status, spoilt(data)

    with damaged(story, sqlite_store, tmp_path, flavour=flavour) as pulled:
        if seed % 2:
            pulled.good_pull()
        pulled.damage = damage
        for number in range(PULLS):
            outcome = pulled.pull(full=number == 2, reconcile=number == 3)
            for sentence in outcome.failures.values():
                assert "\n" not in sentence
                assert "Traceback" not in sentence
                assert "not made for" not in sentence, sentence
            with reading(pulled.engine) as connection:
                assert read_pulls(connection, 1)[0].ended_at is not None
        pulled.damage = None
        pulled.good_pull(full=True, accept_vanished=True)
        assert pulled.figures().total_points == pulled.figures("web").total_points == 15
        assert pulled.unread() == []
