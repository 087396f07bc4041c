"""Alerts over a store, on both databases: what is written, told, and never told twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.channels.sending import Outcome
from telemetry.report.alerts.listed import read_listed
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.mutes import add_mute, end_mute
from telemetry.store.pulls import begin_pull, end_pull
from telemetry.store.teams import keep_teams, mark_failed, raise_facts_version
from telemetry.words.alerts.listed import record
from tests.alerts.desk import HOUR, Desk, Killed
from tests.bench.teams import NOW

RETRY = Outcome("retry", reason="It answered 500, an error of its own.")
DEAD = Outcome("failed", reason="It knows no such address (404); check the path in its url.")


@pytest.fixture
def desk(sqlite_store, tmp_path):
    desk = Desk(sqlite_store, tmp_path)
    desk.round()
    return desk


def test_an_alert_is_told_worsened_and_resolved_once_each(store, tmp_path):
    desk = Desk(store, tmp_path)
    assert desk.round() == []
    desk.grow(10.0)
    [opened] = desk.round(HOUR)
    assert opened.startswith(
        "▲ Team 1 of the platform, Sprint 8: scope grew by 25 %: 10 points onto 40 points.\n"
    )
    assert desk.round(HOUR) == []
    desk.grow(18.0)
    [worse] = desk.round(HOUR)
    assert "Worse: 45 % now, 25 % when it was first told." in worse
    desk.grow(17.0)
    assert desk.round(HOUR) == []
    desk.grow(2.0)
    [over] = desk.round(HOUR)
    assert "scope grown is over on the day it began: now 5 %, 25 % when it opened." in over
    assert desk.alerts() == [("team-1", "scope_grown", "below")]
    assert desk.deliveries() == [
        ("chat", "opened", "sent"),
        ("chat", "worsened", "sent"),
        ("chat", "resolved", "sent"),
    ]
    desk.grow(10.0)
    assert len(desk.round(timedelta(days=1))) == 1
    assert len(desk.alerts()) == 2


def test_a_look_without_news_reads_no_team(desk):
    assert desk.look().team_count == 0
    desk.grow(1.0)
    assert [desk.look().team_count, desk.look().team_count] == [1, 0]
    desk.now += timedelta(days=1)
    assert desk.look().team_count == 2
    desk.configure(alerts=[{"rule": "scope_grown", "threshold_percent": 5}])
    assert desk.look().team_count == 2


def test_pages_hear_of_an_alert_as_of_new_facts(desk):
    def versions():
        with reading(desk.engine) as connection:
            return dict(
                connection.execute(
                    s.teams.select().with_only_columns(s.teams.c.key, s.teams.c.facts_version)
                ).all()
            )

    desk.grow(10.0)
    before = versions()
    desk.look()
    assert versions() == before | {"team-1": before["team-1"] + 1}
    assert desk.look().team_count == 0


def test_a_dry_look_says_what_it_would_tell_and_writes_nothing(desk):
    desk.grow(10.0)
    found = desk.look(is_dry=True, is_whole=True)
    assert found.planned == [
        "Team 1 of the platform, scope grown opened: scope grew by 25\u202f%: 10 points onto "
        "40 points. → chat, 2026-05-06 13:10 UTC"
    ]
    assert desk.alerts() == []
    assert len(desk.round()) == 1


def test_messages_wait_for_the_morning_and_are_told_as_they_stand_then(sqlite_store, tmp_path):
    desk = Desk(sqlite_store, tmp_path, quiet_hours={"from": "19:00", "to": "08:00"})
    desk.round()
    desk.now = datetime(2026, 5, 6, 20, tzinfo=UTC)
    desk.grow(10.0)
    assert desk.round() == []
    desk.grow(13.0)
    assert desk.round(HOUR) == []
    desk.now = datetime(2026, 5, 7, 8, tzinfo=UTC)
    [told] = desk.round()
    assert "scope grew by 32 %" in told


def test_what_is_over_before_it_is_told_is_not_told_at_all(sqlite_store, tmp_path):
    desk = Desk(sqlite_store, tmp_path, quiet_hours={"from": "19:00", "to": "08:00"})
    desk.round()
    desk.now = datetime(2026, 5, 6, 20, tzinfo=UTC)
    desk.grow(10.0)
    assert desk.round() == []
    desk.grow(0.0)
    assert desk.round(HOUR) == []
    desk.now = datetime(2026, 5, 7, 9, tzinfo=UTC)
    assert desk.round() == []
    assert desk.deliveries() == [("chat", "opened", "dropped")]


def test_what_was_over_long_ago_is_forgotten_and_what_is_open_or_waits_stays(store, tmp_path):
    desk = Desk(store, tmp_path)
    desk.round()
    desk.grow(10.0, 1)
    desk.round()
    desk.grow(0.0, 1)
    desk.round(HOUR)  # one is over
    desk.grow(10.0, 2)
    desk.outcomes["chat"] = [RETRY]
    desk.round(HOUR)  # one is open, and waits
    for days, known in ((390, 2), (401, 1)):
        desk.now = NOW + timedelta(days=days)
        desk.grow(10.0 + days, 2)
        desk.look()
        with reading(desk.engine) as connection:
            assert len(connection.execute(select(s.alerts)).all()) == known
            left = {row.alert_id for row in connection.execute(select(s.deliveries))}
            assert left == {row.id for row in connection.execute(select(s.alerts))}


def test_what_opens_before_a_weekend_is_told_after_it(desk):
    desk.now = datetime(2026, 5, 9, 12, tzinfo=UTC)  # Saturday, after a holiday
    desk.grow(10.0)
    assert desk.round() == []
    desk.now = datetime(2026, 5, 11, 0, 5, tzinfo=UTC)
    assert len(desk.round()) == 1


def test_several_alerts_of_a_team_are_one_message_and_teams_have_their_own(desk):
    desk.configure(alerts=[{"rule": "scope_grown"}, {"rule": "unestimated", "for_working_days": 1}])
    desk.round()
    for team in (1, 2):
        desk.grow(0.0, team, unestimated_count=5)
    desk.round()
    desk.now += timedelta(days=1)
    for team in (1, 2):
        desk.grow(10.0, team, unestimated_count=5)
    told = desk.round()
    assert [one.split("\n")[0] for one in told] == [
        "▲ Team 1 of the platform: 1 alert, 1 note.",
        "▲ Team 2 of the platform: 1 alert, 1 note.",
    ]


def test_a_fourth_message_of_a_day_waits_for_the_morning(desk):
    for points in (10.0, 0.0, 10.0):
        desk.grow(points)
        assert len(desk.round(timedelta(minutes=5))) == 1
    for points in (0.0, 10.0):
        desk.grow(points)
        assert desk.round(timedelta(minutes=5)) == []
    desk.grow(10.0, team=2)
    assert len(desk.round(timedelta(minutes=5))) == 1
    desk.now = datetime(2026, 5, 7, 8, 1, tzinfo=UTC)
    [told] = desk.round()
    assert "Team 1 of the platform: 1 alert, 1 alert over." in told


def test_a_mute_silences_a_rule_or_all_until_it_ends(desk):
    def mute(rule, team="team-1"):
        with writing(desk.engine) as connection:
            until = desk.now + timedelta(days=2)
            return add_mute(connection, team, rule, until, desk.now, "zoe")

    mute("unestimated")
    mute(None, "team-2")
    desk.grow(10.0)
    desk.grow(10.0, team=2)
    [told] = desk.round()
    assert "Team 1" in told
    number = mute(None)
    desk.grow(20.0)
    assert desk.round(HOUR) == []
    with writing(desk.engine) as connection:
        assert end_mute(connection, number, desk.now, "ann")
        assert not end_mute(connection, number, desk.now, "ann")
    desk.grow(0.0)
    assert len(desk.round(HOUR)) == 1
    desk.now += timedelta(days=3)
    desk.grow(10.0, team=2)
    assert desk.round() == []  # open since, and never told


def test_a_mute_set_while_a_message_waits_holds_it_back(sqlite_store, tmp_path):
    desk = Desk(sqlite_store, tmp_path, quiet_hours={"from": "19:00", "to": "08:00"})
    desk.round()
    desk.now = datetime(2026, 5, 6, 20, tzinfo=UTC)
    desk.grow(10.0)
    desk.round()
    with writing(desk.engine) as connection:
        add_mute(connection, "team-1", None, desk.now + timedelta(days=3), desk.now, "zoe")
    desk.now = datetime(2026, 5, 7, 9, tzinfo=UTC)
    assert desk.round() == []
    assert desk.deliveries() == [("chat", "opened", "dropped")]


def test_a_channel_that_is_down_gets_the_message_when_it_is_back_as_it_stands(desk):
    desk.outcomes["chat"] = [RETRY]
    desk.grow(10.0)
    assert desk.round() == []
    for _ in range(5):
        assert desk.round(timedelta(minutes=20)) == []
    desk.grow(14.0)
    desk.outcomes.clear()
    [told] = desk.round(HOUR)
    assert "scope grew by 35 %" in told
    [row] = desk.rows(s.deliveries, "state", "attempts", "error")
    assert (row[0], row[2]) == ("sent", None)
    assert row[1] >= 4


def test_what_was_tried_for_a_day_is_given_up_and_told_to_admin(sqlite_store, tmp_path):
    channels = {"chat": {"url": "env:CHAT"}, "ops": {"url": "env:OPS", "teams": []}}
    desk = Desk(sqlite_store, tmp_path, channels=channels, admin={"channels": ["ops", "chat"]})
    desk.round()
    desk.outcomes["chat"] = [RETRY]
    desk.grow(10.0)
    for _ in range(25):
        desk.round(HOUR)
    assert desk.deliveries()[0] == ("chat", "opened", "given_up")
    desk.round()
    [(channel, told)] = desk.arrived
    assert channel == "ops"
    assert desk.text(told) == (
        "■ Channel chat: 1 message did not arrive.\nIt answered 500, an error of its own."
    )
    desk.outcomes.clear()
    desk.grow(10.0, team=2)
    desk.round(HOUR)
    desk.round()
    assert [channel for channel, _ in desk.arrived] == ["ops", "chat", "ops"]
    assert "delivery failing is over" in desk.text(desk.arrived[-1][1])


def test_a_bad_address_fails_at_once_and_delays_no_other_channel(sqlite_store, tmp_path):
    channels = {name: {"url": f"env:{name.upper()}"} for name in ("chat", "mail")}
    desk = Desk(sqlite_store, tmp_path, channels=channels)
    desk.round()
    desk.outcomes["mail"] = [DEAD]
    desk.grow(10.0)
    assert len(desk.round()) == 1
    assert sorted(desk.deliveries()) == [("chat", "opened", "sent"), ("mail", "opened", "failed")]
    assert {one[:2] for one in desk.alerts()} == {
        ("team-1", "scope_grown"),
        ("", "delivery_failing"),
    }


def test_an_address_that_is_not_set_is_named(desk):
    del desk.context.environ["CHAT"]
    desk.grow(10.0)
    assert desk.round() == []
    [(state, error)] = desk.rows(s.deliveries, "state", "error")
    assert state == "failed"
    assert "channels.chat.url: the environment variable CHAT is not set" in error


def test_a_kill_between_sending_and_noting_sends_the_same_message_again(desk):
    desk.grow(10.0)
    desk.look()
    desk.outcomes["chat"] = [Killed()]
    with pytest.raises(Killed):
        desk.deliver()
    desk.outcomes.clear()
    [(first, attempts)] = desk.rows(s.deliveries, "message_id", "attempts")
    assert attempts == 0
    assert len(desk.round(HOUR)) == 1
    assert desk.arrived[0][1].id == first
    assert desk.round(HOUR) == []


def test_what_is_added_while_a_message_is_tried_again_goes_into_the_next(desk):
    desk.configure(alerts=[{"rule": "scope_grown"}, {"rule": "impediment_open"}])
    desk.round()
    desk.outcomes["chat"] = [RETRY]
    desk.grow(10.0)
    desk.round()
    desk.grow(18.0)
    desk.outcomes.clear()
    told = desk.round(HOUR)
    assert len(told) == 1
    assert "45 %" in told[0]


def test_a_closed_sprint_ends_its_alerts_with_a_word(desk):
    desk.grow(10.0)
    desk.round()
    desk.close()
    [told] = desk.round(HOUR)
    assert "scope grown is over on the day it began: it was closed." in told


def test_a_rule_that_is_switched_off_and_a_team_that_leaves_end_alerts_without_a_word(desk):
    desk.grow(10.0)
    desk.grow(10.0, team=2)
    desk.round()
    with writing(desk.engine) as connection:
        keep_teams(connection, ["team-1"])
    assert desk.round(HOUR) == []
    desk.configure(alerts=[{"rule": "unestimated"}])
    assert desk.round(HOUR) == []
    assert desk.alerts() == [
        ("team-1", "scope_grown", "rule_off"),
        ("team-2", "scope_grown", "team_removed"),
    ]
    desk.configure(alerts=[{"rule": "scope_grown"}])
    assert len(desk.round(HOUR)) == 1  # of the running sprint


def test_alerts_switched_off_altogether_end_without_a_word(desk):
    desk.grow(10.0)
    desk.round()
    desk.configure(alerts=[])
    assert desk.round(HOUR) == []
    assert desk.alerts() == [("team-1", "scope_grown", "rule_off")]


def test_a_channel_that_is_configured_no_more_gets_nothing(desk):
    desk.outcomes["chat"] = [RETRY]
    desk.grow(10.0)
    desk.round()
    desk.configure(channels={"other": {"url": "env:OTHER"}})
    assert desk.round(HOUR) == []
    assert desk.deliveries() == [("chat", "opened", "dropped")]


def test_without_a_word_in_the_configuration_nothing_is_looked_at(sqlite_store, tmp_path):
    desk = Desk(sqlite_store, tmp_path, alerts=None, channels={})
    desk.grow(10.0)
    assert desk.look().team_count == 0
    assert desk.alerts() == []


def test_a_rule_that_breaks_costs_itself_alone(desk, monkeypatch):
    from telemetry.alerts.rules import every

    desk.configure(alerts=[{"rule": "scope_grown"}, {"rule": "sprint_behind"}])
    broken = dict(every.OF_TEAMS) | {"sprint_behind": lambda *_: 1 / 0}
    monkeypatch.setattr("bot.alerts.evaluate.OF_TEAMS", broken)
    desk.round()
    desk.grow(10.0)
    assert len(desk.round()) == 1
    assert desk.unable("sprint_behind") == "It could not be computed (ZeroDivisionError)."


def test_stale_data_and_failing_pulls_are_told_to_admin_once(sqlite_store, tmp_path):
    desk = Desk(sqlite_store, tmp_path, alerts=None, admin={"channels": ["chat"]})
    desk.settings["channels"]["chat"]["teams"] = []
    desk.configure()
    assert desk.round() == []
    for _ in range(4):
        with writing(desk.engine) as connection:
            number = begin_pull(connection, site="jira", kind="incremental", at=desk.now)
            end_pull(connection, number, at=desk.now, state="failed", error="Jira answered 503.")
            for team in (1, 2):
                mark_failed(connection, f"team-{team}", desk.now, "Jira answered 503.")
        desk.round(timedelta(minutes=18))
    assert [desk.text(message) for _, message in desk.arrived] == [
        "■ jira: 3 pulls failed in a row.\nJira answered 503.",
        "■ jira: no complete pull for 1.2 h. Figures stay as they were.\nJira answered 503.",
    ]
    with writing(desk.engine) as connection:
        number = begin_pull(connection, site="jira", kind="incremental", at=desk.now)
        end_pull(connection, number, at=desk.now, state="done")
        values = {"pulled_at": desk.now, "failed_at": None, "error": None}
        connection.execute(update(s.teams).values(**values))
    [over] = desk.round(timedelta(minutes=1))
    assert over.split("\n")[0] == "● Jira: 2 alerts over."


def test_an_alert_as_the_api_gives_it(desk):
    desk.grow(10.0)
    desk.round()
    with reading(desk.engine) as connection:
        [one] = read_listed(connection, "team-1", "open", 10)
    found = record(one)
    assert found["subject"] == {"kind": "sprint", "id": "1007", "name": "Sprint 8"}
    assert (found["severity"], found["state"], found["value"], found["threshold"]) == (
        "watch",
        "open",
        25.0,
        20.0,
    )
    assert found["url"] == "/teams/team-1/sprints/1007"
    assert found["deliveries"][0]["state"] == "sent"
    assert found["opened_at"].endswith("Z")


def test_facts_that_are_being_computed_anew_end_no_alert(desk):
    desk.grow(10.0)
    desk.round()
    with writing(desk.engine) as connection:
        connection.execute(s.sprint_facts.delete())
        raise_facts_version(connection, "team-1")
    assert desk.round(HOUR) == []
    assert desk.alerts() == [("team-1", "scope_grown", None)]


def test_a_bot_that_has_just_begun_is_given_time_for_a_pull(sqlite_store, tmp_path):
    desk = Desk(sqlite_store, tmp_path, alerts=[{"rule": "data_stale", "channels": ["chat"]}])
    desk.round()
    desk.now += timedelta(days=6)
    desk.look(began_at=desk.now)
    desk.look(began_at=desk.now - timedelta(minutes=50))
    desk.deliver()
    assert desk.arrived == []
    desk.look(began_at=desk.now - timedelta(minutes=61))
    desk.deliver()
    assert len(desk.arrived) == 1


def test_days_of_which_nothing_is_known_say_nothing(desk):
    desk.configure(alerts=[{"rule": "unestimated"}, {"rule": "no_work_logged"}])
    desk.grow(0.0, unestimated_count=5)
    desk.round()
    assert desk.round(timedelta(days=1)) == desk.round(timedelta(days=5)) == []
    desk.grow(0.0, unestimated_count=5)
    assert len(desk.round()) == 1
