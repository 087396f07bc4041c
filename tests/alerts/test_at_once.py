"""Two who write of one alert at once on PostgreSQL: each sees what the other wrote.

The one that comes second begins while the first is within its transaction, and goes on as far as it
can: the test asks the database when that is.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event, text

from bot.alerts.noting import note
from bot.alerts.undelivered import note_arrived, note_undelivered
from bot.channels.sending import Outcome
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.outbox import read_waiting
from tests.alerts.desk import SENT, Desk

Act = Callable[[], object]
WAITS = """SELECT count(*) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@pytest.fixture
def desk(postgresql_store, tmp_path):
    channels = {name: {"url": f"env:{name.upper()}"} for name in ("chat", "mail")}
    admin = {"channels": list(channels)}
    desk = Desk(postgresql_store, tmp_path, 1, channels=channels, admin=admin)
    desk.round()
    return desk


def at_once(engine: Engine, first: Act, second: Act, *, after: str = "") -> None:
    """Let `second` come before `first` commits, or `after` a statement that ends so."""
    others: list[Future[object]] = []
    with ThreadPoolExecutor(1) as pool:

        def come() -> None:
            if not others:
                others.append(pool.submit(second))
                while not others[0].done() and not waits(engine):
                    pass

        def executed(_connection, _cursor, statement, *_):
            if statement.endswith(after):
                come()

        if after:
            event.listen(engine, "after_cursor_execute", executed)
        else:
            event.listen(engine, "commit", lambda _connection: come())
        first()
        others[0].result()


def waits(engine: Engine) -> bool:
    with reading(engine) as connection:
        return bool(connection.scalar(text(WAITS)))


def noting(desk: Desk, channel: str, outcome: Outcome = SENT) -> Act:
    """Notes how the channel's message went, of all that waits for it by now."""
    with reading(desk.engine) as connection:
        claimed = [one for one in read_waiting(connection) if one.channel == channel]
    assert claimed

    def act() -> None:
        with writing(desk.engine) as connection:
            note(connection, desk.context.settings, claimed, outcome, desk.now)

    return act


def arriving(desk: Desk, channel: str) -> Act:
    """Notes that something else arrived in the channel, as a digest does."""

    def act() -> None:
        with writing(desk.engine) as connection:
            note_arrived(connection, desk.context.settings, channel, desk.now)

    return act


def looking(desk: Desk) -> Act:
    def act() -> None:
        assert desk.look().errors == []

    return act


def fail(desk: Desk, channel: str) -> None:
    with writing(desk.engine) as connection:
        note_undelivered(connection, desk.context.settings, channel, "It answered 404.", desk.now)


def states(desk: Desk, channel: str) -> list[tuple[str, str]]:
    return [(kind, state) for name, kind, state in desk.deliveries() if name == channel]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_an_end_is_told_where_a_look_finds_it_as_the_message_is_noted(desk, is_reversed):
    desk.grow(10.0)
    desk.look()
    acts = [noting(desk, "chat"), looking(desk)]
    desk.grow(0.0)
    at_once(desk.engine, *(reversed(acts) if is_reversed else acts))
    assert states(desk, "chat") == [("opened", "sent"), ("resolved", "waiting")]
    assert states(desk, "mail") == [("opened", "dropped")]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_nothing_is_told_where_a_look_finds_the_end_as_a_refusal_is_noted(desk, is_reversed):
    desk.grow(10.0)
    desk.look()
    acts = [noting(desk, "chat", Outcome("failed", reason="It answered 404.")), looking(desk)]
    desk.grow(0.0)
    at_once(desk.engine, *(reversed(acts) if is_reversed else acts))
    assert states(desk, "chat") == [("opened", "dropped" if is_reversed else "failed")]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_an_end_is_told_where_the_channel_answers_as_the_word_of_it_is_noted(desk, is_reversed):
    fail(desk, "mail")
    acts = [noting(desk, "chat"), arriving(desk, "mail")]
    at_once(desk.engine, *(reversed(acts) if is_reversed else acts))
    assert states(desk, "chat") == [("opened", "sent"), ("resolved", "waiting")]


@pytest.mark.parametrize("after", ["", "FOR UPDATE"])
@pytest.mark.parametrize("is_reversed", [False, True])
def test_two_channels_that_answer_again_do_not_wait_for_each_other(desk, is_reversed, after):
    fail(desk, "mail")
    fail(desk, "chat")
    acts = [noting(desk, "chat"), noting(desk, "mail")]
    at_once(desk.engine, *(reversed(acts) if is_reversed else acts), after=after)
    assert desk.rows(s.alerts, "resolved_because") == [("below",), ("below",)]
    told = [("opened", "sent"), ("resolved", "waiting")]
    assert (states(desk, "chat"), states(desk, "mail")) == (told, told)
