"""What was known of a sprint at its start and close is kept once, and never changes."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Text, cast, select

from bot.simulator.state import Sprint
from telemetry.context import Context
from telemetry.facts import preview, rebuild
from telemetry.store import schema as s
from telemetry.store.engine import reading
from telemetry.store.snapshots import read_snapshots
from tests.depth import parametrize_in_turn
from tests.pulled import DOING, DONE, TODO, Pulled, Story, on, serving

pytestmark = pytest.mark.slow

CLOSED_AT = on(12, 18)


@pytest.fixture
def store(sqlite_store):
    """One database: records are written and read on both in the reports' tests."""
    return sqlite_store


@pytest.fixture
def story() -> Story:
    return Story()


def lived(story: Story) -> Sprint:
    """A sprint of two weeks that is running: committed 3 + 2 + 5, one unestimated, one done."""
    sprint = story.sprint(on(1, 10), on(12, 18))
    done = story.issue(3, sprint=sprint.id, summary="Secret title")
    story.issue(2, sprint=sprint.id)
    removed = story.issue(5, sprint=sprint.id)
    story.issue(None, sprint=sprint.id)
    early = story.issue(8, sprint=sprint.id)
    story.world.transition(early, DONE, on(1, 9))
    story.world.transition(done, DOING, on(2))
    story.world.transition(done, DONE, on(3, 12))
    story.world.remove_from_sprint(removed, on(4, 9))
    late = story.issue(4, at=on(4, 12), sprint=sprint.id)
    lost = story.issue(labels=["impediment", "nature:network"], at=on(2, 8))
    for issue, start, hours in ((done, on(2, 10), 2), (late, on(4, 13), 1.5), (lost, on(3, 9), 3)):
        story.log(issue, start, hours, at=on(5))
    return sprint


def closed(story: Story, sprint: Sprint) -> None:
    story.world.close_sprint(sprint, None, CLOSED_AT)


def rows(pulled: Pulled) -> dict[str, tuple[Any, ...]]:
    """The stored rows by moment, the record as the text that is stored."""
    t = s.snapshots.c
    query = select(t.moment, t.sprint_id, t.at, t.taken_at, cast(t.record, Text).label("record"))
    with reading(pulled.engine) as connection:
        return {row.moment: tuple(row) for row in connection.execute(query)}


def kept(pulled: Pulled, sprint_id: int) -> dict[str, Any]:
    with reading(pulled.engine) as connection:
        return read_snapshots(connection, "k8s", "default", sprint_id)


def test_the_start_and_the_close_are_kept_when_they_have_settled(store, tmp_path, story):
    sprint = story.sprint(on(1, 10), CLOSED_AT)
    story.issue(3, sprint=sprint.id)
    with serving(story, store, tmp_path / "a") as pulled:
        seen = []
        for now in (on(1, 10.05), on(1, 10.1), on(2), CLOSED_AT + timedelta(minutes=4)):
            story.now = now
            if now > CLOSED_AT:
                closed(story, sprint)
            pulled.good_pull()
            seen.append(sorted(rows(pulled)))
        story.now = CLOSED_AT + timedelta(minutes=5)
        pulled.good_pull()
        seen.append(sorted(rows(pulled)))
    assert seen == [[], ["start"], ["start"], ["start"], ["close", "start"]]


def test_a_record_holds_ids_and_numbers_and_no_title(store, tmp_path, story):
    sprint = lived(story)
    closed(story, sprint)
    story.now = on(20)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        texts = [row[-1] for row in rows(pulled).values()]
        found = kept(pulled, sprint.id)
    assert not any("Secret" in text or "K8S-" in text or "Zo" in text for text in texts)
    assert found["start"].at == on(1, 10)
    assert found["start"].known.figures == {"committed_points": 10}
    at_start = found["start"].known.issues
    assert [row["initial_points"] for row in at_start] == [3, 2, 5, None, 8]
    assert [row["is_committed"] for row in at_start] == [True, True, True, True, False]
    close = found["close"].known
    assert (found["close"].at, found["close"].taken_at >= story.now) == (CLOSED_AT, True)
    assert close.figures["remaining_points"] == 2 + 4
    assert close.figures["as_of"] == CLOSED_AT
    assert close.figures["natures"] == [["network", 1, 3 * 3600]]
    assert [event["kind"] for event in close.events] == ["burned", "removed", "added"]
    assert len(close.days) == 12
    assert sum(row["seconds"] for row in close.time) == int(6.5 * 3600)


def test_a_record_read_back_is_what_the_facts_were(store, tmp_path, story):
    sprint = lived(story)
    closed(story, sprint)
    story.now = on(20)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        close = kept(pulled, sprint.id)["close"].known
        with reading(pulled.engine) as connection:
            for table, there in (
                (s.sprint_days, close.days),
                (s.sprint_events, close.events),
                (s.sprint_issues, close.issues),
                (s.sprint_time, close.time),
                (s.sprint_facts, [close.figures]),
            ):
                stored = connection.execute(table.select().order_by(*table.primary_key.columns))
                wanted = [
                    {k: v for k, v in row.items() if k not in ("team_key", "site", "sprint_id")}
                    for row in stored.mappings()
                ]
                assert [dict(row) for row in there] == wanted, table.name


def test_nothing_that_comes_later_changes_a_record(store, tmp_path, story):
    sprint = lived(story)
    world = story.world
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        closed(story, sprint)
        story.now = on(13)
        pulled.good_pull()
        first = rows(pulled)
        assert sorted(first) == ["close", "start"]
        done, second, *_ = world.issues.values()
        story.now = on(14)
        story.log(done, on(11), 4, at=on(13, 12))
        world.set_estimate(second, 13, on(13, 12))
        pulled.good_pull()
        assert rows(pulled) == first
        world.delete_issue(second, on(13, 13))
        world.redate_sprint(sprint, on(1, 8), on(12, 18))
        pulled.good_pull(full=True)
        assert rows(pulled) == first
        rebuild(pulled.engine)
        assert rows(pulled) == first


def test_a_sprint_that_is_reopened_and_closed_again_keeps_its_first_close(store, tmp_path, story):
    sprint = lived(story)
    closed(story, sprint)
    with serving(story, store, tmp_path / "a") as pulled:
        story.now = on(13)
        pulled.good_pull()
        first = rows(pulled)
        story.world.reopen_sprint(sprint)
        story.now = on(14)
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", sprint.id).state == "active"
        story.world.close_sprint(sprint, None, on(14, 10))
        story.now = on(15)
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", sprint.id).completed_at == on(14, 10)
        assert rows(pulled) == first


def test_a_deleted_sprint_keeps_its_records(store, tmp_path, story):
    sprint = lived(story)
    closed(story, sprint)
    with serving(story, store, tmp_path / "a") as pulled:
        story.now = on(13)
        pulled.good_pull()
        first = rows(pulled)
        story.world.delete_sprint(sprint, on(13, 10))
        story.now = on(14)
        pulled.good_pull(full=True)
        assert rows(pulled) == first
        then = pulled.reports.snapshots("k8s", sprint.id)
    assert then.sprint is None
    assert not then.close.is_edited
    assert {pair.now for pair in then.close.figures} == {None}


def test_only_a_complete_pull_takes_records(sqlite_store, tmp_path, story):
    sprint = story.sprint(on(1, 10), CLOSED_AT)
    story.issue(3, sprint=sprint.id)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        story.now = on(1, 10.05)
        pulled.good_pull()
        rebuild(pulled.engine)
        assert preview(pulled.engine, "default", {"k8s": on(5)}, [sprint.id]) > 0
        assert rows(pulled) == {}
        story.now = on(5)
        pulled.good_pull()
        assert list(rows(pulled)) == ["start"]


class Days:
    """People who work through three sprints and edit nothing that is past."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.world, self.dice = story, story.world, random.Random(seed)
        story.now = on(1)
        self.sprint = self.world.create_sprint(story.board.id, "First")
        self.issues = [
            story.issue(n % 5 or None, at=on(1, 8), sprint=self.sprint.id if n % 3 else None)
            for n in range(12)
        ]
        self.world.start_sprint(self.sprint, on(6, 18), on(1))

    def act(self) -> None:
        story, world, dice = self.story, self.world, self.dice
        story.now += timedelta(minutes=dice.randrange(1, 240))
        now, issue = story.now, dice.choice(self.issues)
        acts = (
            lambda: world.set_estimate(issue, dice.choice([None, 0.5, 3, 8]), now),
            lambda: world.transition(issue, dice.choice([TODO, DOING, DONE, DONE]), now),
            lambda: world.transition(issue, dice.choice([DOING, DONE, DONE]), now),
            lambda: world.move_to_sprint(issue, self.sprint, now),
            lambda: world.remove_from_sprint(issue, now),
            lambda: story.log(issue, now, dice.choice([0.5, 2])),
            lambda: self.issues.append(story.issue(2, at=now, sprint=self.sprint.id)),
            lambda: story.log(story.issue(labels=["impediment"], at=now), now, 1),
        )
        dice.choice(acts)()

    def close(self) -> None:
        story = self.story
        following = self.world.create_sprint(story.board.id, "Following")
        self.world.close_sprint(self.sprint, following, story.now)
        self.sprint = following
        self.world.start_sprint(following, story.now + timedelta(days=5), story.now)


@parametrize_in_turn("seed", range(3), 1)
def test_found_later_equals_watched_when_nothing_was_edited_since(
    sqlite_store, other_store_url, tmp_path, story, seed
):
    """A bot that looks all the time writes the records that one pull at the end would."""
    days = Days(story, seed)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        for _ in range(3):
            for _ in range(4):
                pulled.good_pull()
                for _ in range(8):
                    days.act()
            days.close()
        story.now += timedelta(minutes=6)
        pulled.good_pull()
        watched = all_records(pulled.engine)
        late = Pulled(
            story,
            pulled.url,
            Context(
                pulled.context.path,
                pulled.context.environ | {"STORE_URL": other_store_url("late")},
            ),
            pulled.requests,
        )
        try:
            late.good_pull()
            assert all_records(late.engine) == watched
        finally:
            late.engine.dispose()
    assert len(watched) == 7  # four starts, three closes


def all_records(engine: Engine) -> dict[tuple[int, str], tuple[Any, str]]:
    t = s.snapshots.c
    query = select(t.sprint_id, t.moment, t.at, cast(t.record, Text).label("record"))
    with reading(engine) as connection:
        return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(query)}
