"""Digests over a store: each sent once, again after a kill, late after a rest, never for nobody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from bot.channels.payload import Dialect, payload
from bot.channels.sending import Outcome
from bot.digests.looking import look
from bot.digests.sender import send_digests
from telemetry.store import schema as s
from telemetry.store.engine import writing
from telemetry.store.teams import write_team
from tests.alerts.desk import HOUR, Desk, Killed
from tests.bench.teams import NOW, _rules

RETRY = Outcome("retry", reason="It answered 500, an error of its own.")
DEAD = Outcome("failed", reason="It knows no such address (404); check the path in its url.")
PORTFOLIO = {"kind": "portfolio", "at": "wed 14:00"}
AT = NOW.replace(hour=14, minute=0)
ADDRESS = "https://telemetry.example.com"


class Bot(Desk):
    """A bot whose digests are sent at the clock that the test sets."""

    def digests(self, after=timedelta()):
        """One turn of the bot; the titles of what arrived."""
        self.now += after
        self.pulled()
        before = len(self.arrived)
        look(self.engine, self.context.settings, self.now, AT - 99 * HOUR)
        send: Any = self.send
        send_digests(self.context, lambda: self.now, send, pause=self._wait)
        return [self.title(post) for _, post in self.arrived[before:]]

    def note(self):
        """Note what is due; how many messages."""
        self.pulled()
        return look(self.engine, self.context.settings, self.now, AT)

    def pulled(self):
        with writing(self.engine) as connection:
            connection.execute(update(s.teams).values(as_of=self.now))

    def _wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    def title(self, post):
        return payload(post, Dialect.TEXT).title.replace("\u202f", " ")

    def states(self):
        return self.rows(s.digests, "kind", "team_key", "channel", "state")


@pytest.fixture
def bot(sqlite_store, tmp_path):
    return Bot(sqlite_store, tmp_path, alerts=[], digests=[PORTFOLIO], web={"url": ADDRESS})


def test_a_digest_is_sent_at_its_hour_once(store, tmp_path):
    bot = Bot(store, tmp_path, alerts=[], digests=[PORTFOLIO])
    assert bot.digests() == []
    bot.now = AT
    assert bot.digests() == ["● 2 teams on Wed 6 May"]
    for _ in range(30):
        assert bot.digests(HOUR) == []
    assert bot.digests(AT + 7 * 24 * HOUR - bot.now) == ["● 2 teams on Wed 13 May"]
    assert bot.states() == [("portfolio", "", "chat", "sent")] * 2


def test_two_entries_of_the_same_go_to_a_channel_once(bot):
    bot.configure(
        channels={"chat": {"url": "env:CHAT"}, "mail": {"url": "env:MAIL"}},
        digests=[PORTFOLIO | {"channels": ["chat"]}, PORTFOLIO | {"channels": ["mail", "chat"]}],
    )
    bot.now = AT
    assert len(bot.digests()) == 2
    assert sorted(channel for channel, _ in bot.arrived) == ["chat", "mail"]


def test_who_is_killed_while_sending_sends_the_same_again(bot):
    bot.now = AT
    bot.outcomes = {"chat": [Killed(), Outcome("sent", (0,))]}
    with pytest.raises(Killed):
        bot.digests()
    [(_, _, _, state)] = bot.states()
    assert state == "waiting"
    assert len(bot.digests(HOUR)) == 1
    assert bot.digests(HOUR) == []


def test_who_was_killed_between_noting_and_sending_sends_it_later(bot):
    bot.now = AT
    assert bot.note() == 1
    assert bot.note() == 0
    assert len(bot.digests(30 * HOUR)) == 1


def test_a_bot_that_rested_tells_what_is_not_too_old_once(bot):
    bot.now = AT + 3 * HOUR
    assert len(bot.digests()) == 1
    assert bot.digests(HOUR) == []
    bot.now = AT + (7 * 24 + 25) * HOUR
    assert bot.digests() == []


def test_a_channel_that_fails_is_tried_again_and_the_admins_hear_of_one_that_is_dead(bot):
    channels = {name: {"url": f"env:{name.upper()}"} for name in ("chat", "ops")}
    entry = PORTFOLIO | {"channels": ["chat"]}
    bot.configure(channels=channels, admin={"channels": ["ops"]}, digests=[entry])
    bot.now = AT
    bot.outcomes = {"chat": [RETRY, RETRY, Outcome("sent", (0,))]}
    assert bot.digests() == []
    assert bot.digests(timedelta(seconds=29)) == []
    assert bot.rows(s.digests, "attempts") == [(1,)]
    bot.digests(timedelta(seconds=1))
    assert bot.rows(s.digests, "attempts", "state") == [(2, "waiting")]
    assert len(bot.digests(timedelta(minutes=1))) == 1
    bot.outcomes = {"chat": [DEAD]}
    bot.now = AT + 7 * 24 * HOUR
    assert bot.digests() == []
    bot.outcomes = {}
    assert bot.states()[-1] == ("portfolio", "", "chat", "failed")
    [told] = bot.round()
    assert "chat" in told
    assert "404" in told


def test_a_channel_that_stays_down_is_given_up_after_a_day(bot):
    bot.now = AT
    bot.outcomes = {"chat": [RETRY]}
    for _ in range(40):
        bot.digests(HOUR)
    [(state, attempts)] = bot.rows(s.digests, "state", "attempts")
    assert state == "given_up"
    assert 10 <= attempts <= 40


def test_addresses_that_have_it_get_it_no_second_time(bot):
    got = []

    def half(post, addresses, reached):
        got.append(list(reached))
        return Outcome("retry", (0,), "Address 2 of 2 answered 500, an error of its own.")

    bot.now = AT
    bot.send = half
    bot.digests()
    bot.digests(HOUR)
    assert got == [[], [0]]


def test_a_team_that_went_and_a_channel_that_went_are_told_of_nothing(bot):
    bot.configure(digests=[{"kind": "week", "at": "wed 14:00", "teams": ["team-1"]}])
    bot.now = AT
    assert bot.note() == 1
    with writing(bot.engine) as connection:
        connection.execute(update(s.digests).values(team_key="team-gone"))
    assert bot.digests() == []
    assert bot.states() == [("week", "team-gone", "chat", "dropped")]
    assert "configured no more" in bot.rows(s.digests, "error")[0][0]


def test_a_team_that_was_renamed_goes_by_its_new_name(bot):
    bot.configure(digests=[{"kind": "sprint", "teams": ["team-1"]}])
    bot.now = AT
    bot.close()
    bot.note()
    with writing(bot.engine) as connection:
        write_team(connection, replace(_rules(1), name="Cloud"))
    assert bot.digests() == ["● Cloud, Sprint 8 is closed"]
    assert bot.digests(HOUR) == []


def test_a_sprint_that_is_opened_and_closed_again_is_told_once(bot):
    bot.configure(digests=[{"kind": "sprint"}])
    bot.now = AT
    bot.close()
    assert len(bot.digests()) == 1
    with writing(bot.engine) as connection:
        reopened = update(s.sprints).where(s.sprints.c.completed_at == AT)
        connection.execute(reopened.values(state="active"))
    assert bot.digests(HOUR) == []
    bot.close()
    assert bot.digests(HOUR) == []


def test_what_has_nothing_to_say_is_not_sent(bot):
    bot.configure(digests=[{"kind": "day", "at": "14:00", "teams": ["team-1"]}])
    with writing(bot.engine) as connection:
        connection.execute(delete(s.sprint_events))
    bot.now = AT
    assert bot.digests() == []
    assert bot.states() == [("day", "team-1", "chat", "dropped")]
