"""What waits in the outbox while channels are down: counted, dropped and given up rightly."""

from datetime import timedelta

import pytest

from bot.alerts.sender import send_due
from bot.channels.sending import Outcome
from telemetry.store import schema as s
from telemetry.store.engine import writing
from tests.alerts.desk import HOUR, SENT, Desk, Killed

RETRY = Outcome("retry", reason="It answered 500, an error of its own.")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(sqlite_store, tmp_path):
    rules = [{"rule": "scope_grown"}, {"rule": "sprint_closed"}]
    desk = Desk(sqlite_store, tmp_path, alerts=rules)
    desk.round()
    return desk


def states(desk):
    return [state for _, _, state in desk.deliveries()]


def test_a_message_that_is_tried_again_counts_as_one_of_the_day(desk):
    desk.outcomes["chat"] = [*[RETRY] * 5, SENT]
    desk.close()
    for _ in range(5):
        desk.round(8 * MINUTE)
    assert states(desk) == ["waiting"]
    reopened = s.sprints.update().where(s.sprints.c.board_id == 1, s.sprints.c.id == 1007)
    with writing(desk.engine) as connection:
        connection.execute(reopened.values(state="active", completed_at=None))
    for points in (10.0, 16.0, 0.0, 10.0):  # opened, worsened, over, opened
        desk.grow(points)
        desk.round(timedelta(seconds=5))
    desk.round(HOUR)
    assert len(desk.arrived) == 3


def test_what_was_over_while_it_was_sent_in_vain_is_dropped_for_that_reason(desk):
    desk.grow(10.0)
    desk.look()

    def send(*_):
        desk.grow(0.0)
        desk.look()
        return RETRY

    assert send_due(desk.context, lambda: desk.now, send) == 0
    assert desk.rows(s.deliveries, "state", "error") == [
        ("dropped", "It was over before it was told.")
    ]


def test_what_was_over_while_it_was_refused_is_not_given_up(desk):
    desk.grow(10.0)
    desk.look()

    def send(*_):
        desk.grow(0.0)
        desk.look()
        return Outcome("failed", reason="It answered 404.")

    assert send_due(desk.context, lambda: desk.now, send) == 0
    assert states(desk) == ["dropped"]


def test_what_arrived_although_it_was_over_by_then_was_told(desk):
    desk.grow(10.0)
    desk.look()

    def send(*_):
        desk.grow(0.0)
        desk.look()
        return SENT

    assert send_due(desk.context, lambda: desk.now, send) == 1
    assert desk.deliveries() == [("chat", "opened", "sent"), ("chat", "resolved", "waiting")]
    assert "is over" in desk.round(MINUTE)[0]


def killed(desk, *, arrives):
    """A bot that is killed before, or after, its message arrived."""

    def send(message, addresses, reached):
        if arrives:
            desk.send(message, addresses, reached)
        raise Killed

    with pytest.raises(Killed):
        send_due(desk.context, lambda: desk.now, send)


@pytest.mark.parametrize("arrives", [True, False])
def test_an_end_is_told_where_nobody_knows_whether_it_arrived(desk, arrives):
    desk.grow(10.0)
    desk.look()
    killed(desk, arrives=arrives)
    desk.grow(0.0)
    desk.look()
    [told] = desk.round(MINUTE)
    assert "is over" in told
    assert desk.deliveries() == [("chat", "opened", "dropped"), ("chat", "resolved", "sent")]


def test_a_try_that_is_known_to_have_failed_leaves_what_is_not_known(desk):
    desk.grow(10.0)
    desk.look()
    killed(desk, arrives=True)
    desk.outcomes["chat"] = [RETRY, SENT]
    desk.round(MINUTE)
    desk.grow(0.0)
    desk.look()
    [told] = desk.round(MINUTE)
    assert "is over" in told


def test_a_killed_message_is_sent_again_and_its_end_is_told_once(desk):
    desk.grow(10.0)
    desk.look()
    killed(desk, arrives=True)
    assert len(desk.round(MINUTE)) == 1
    desk.grow(0.0)
    desk.round(MINUTE)
    assert [kind for _, kind, _ in desk.deliveries()] == ["opened", "resolved"]


def test_an_end_is_told_where_one_of_two_addresses_knew(desk):
    desk.context.environ["CHAT"] = "json://chat\njson://dead"
    desk.grow(10.0)
    desk.outcomes["chat"] = [Outcome("failed", (0,), "Address 2 of 2 answered 404."), SENT]
    desk.round()
    assert states(desk)[0] == "failed"
    desk.grow(0.0)
    desk.look()
    [told] = desk.round(MINUTE)
    assert "is over" in told


def test_messages_that_reached_one_of_two_addresses_count_as_those_of_the_day(desk):
    desk.outcomes["chat"] = [Outcome("failed", (0,), "Address 2 of 2 answered 404.")]
    for points in (10.0, 16.0, 0.0, 10.0):  # opened, worsened, over, opened
        desk.grow(points)
        desk.round(MINUTE)
    assert [row for (row,) in desk.rows(s.deliveries, "attempts")] == [1, 1, 1, 0]


def test_several_addresses_of_a_channel_stand_on_lines_of_their_own(desk):
    asked = []
    desk.context.environ["CHAT"] = "json://chat\njson://other\n"
    desk.grow(10.0)
    desk.look()

    def send(_message, addresses, _reached):
        asked.extend(addresses)
        return SENT

    assert send_due(desk.context, lambda: desk.now, send) == 1
    assert asked == ["json://chat", "json://other"]


def test_a_day_between_two_tries_gives_nothing_up(desk):
    desk.outcomes["chat"] = [RETRY, RETRY, SENT]
    desk.grow(10.0)
    desk.round()
    desk.round(25 * HOUR)
    assert states(desk) == ["waiting"]
    assert len(desk.round(HOUR)) == 1
