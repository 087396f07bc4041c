"""When digests are due: each hour once, in the team's zone, late within a window."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digests.due import Known, due_digests
from bot.digests.times import instant, last_due
from telemetry.domain.calendar import Calendar
from telemetry.settings import load
from telemetry.settings.digesting import At
from telemetry.store.digests import Closed

HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 3, 6, 15, tzinfo=UTC)
LEAST = """
jira: {url: https://j.example.com, auth: {kind: pat, secret: env:T}}
teams: [{key: web, project: WEB}, {key: ops, project: OPS}]
channels: {chat: {url: env:CHAT}, ops: {url: env:OPS, teams: [ops]}}
"""


@pytest.fixture
def told(tmp_path):
    """What is due of an entry at an instant: whose, in which channels, and from when."""

    def of(entry, now, began=None, as_of=None, closed=(), rest="", zone="UTC"):
        (tmp_path / "telemetry.yml").write_text(f"{LEAST}digests: [{{{entry}}}]\n{rest}")
        settings = load(tmp_path / "telemetry.yml", {})
        known = Known(Calendar(timezone=zone), as_of or now)
        teams = {"web": known, "ops": known}
        return list(due_digests(settings, teams, closed, now, began or now - 99 * HOUR))

    return of


def at(weekday, hour, minute=0):
    return At(time(hour, minute), weekday)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
def test_a_week_is_due_at_its_hour_where_the_team_is(zone):
    there = ZoneInfo(zone)
    due = datetime(2026, 3, 6, 15, tzinfo=there).astimezone(UTC)
    assert last_due(at(4, 15), there, due) == due
    assert last_due(at(4, 15), there, due + 6 * 24 * HOUR) == due
    assert last_due(at(4, 15), there, due - timedelta(seconds=1)) < due - 6 * 24 * HOUR


def test_an_hour_that_is_skipped_is_told_once_at_the_next_instant_there_is():
    berlin = ZoneInfo("Europe/Berlin")
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    for clock in (time(2), time(2, 30), time(2, 59)):
        assert instant(date(2026, 3, 29), clock, berlin) == change
    assert instant(date(2026, 3, 29), time(3), berlin) == change
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # half an hour
    assert instant(date(2026, 10, 4), time(2, 15), lord_howe) == datetime(
        2026, 10, 3, 15, 30, tzinfo=UTC
    )
    samoa = ZoneInfo("Pacific/Apia")  # a whole day
    assert instant(date(2011, 12, 30), time(9), samoa) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_told_once_at_the_first():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    found = {
        last_due(at(None, 2, 30), berlin, first + minutes * timedelta(minutes=1))
        for minutes in range(0, 1200, 7)
    }
    assert found == {first}


def test_every_day_of_two_years_is_due_once():
    for zone in map(ZoneInfo, ("Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns")):
        start = datetime(2026, 1, 1, 12, tzinfo=UTC)
        found = {last_due(at(None, 2, 30), zone, start + n * HOUR) for n in range(24 * 366)}
        assert len({one.astimezone(zone).date() for one in found}) == len(found) == 367


def test_a_digest_goes_to_each_team_and_its_channels(told):
    found = told("kind: week", FRIDAY)
    assert [(one.team_key, one.channels) for one in found] == [
        ("web", ("chat",)),
        ("ops", ("chat", "ops")),
    ]
    [named] = told("kind: week, teams: [ops], channels: [ops]", FRIDAY)
    assert (named.channels, named.told_at, named.due_at) == (("ops",), FRIDAY, FRIDAY)


def test_all_teams_go_as_one_by_the_general_zone(told):
    [one] = told("kind: portfolio", FRIDAY, rest="calendar: {timezone: Europe/Paris}")
    assert (one.team_key, one.team_keys, one.channels) == ("", (), ("chat",))
    assert one.told_at == FRIDAY - HOUR
    [named] = told("kind: portfolio, teams: [ops, web]", FRIDAY)
    assert named.key != one.key
    assert named.team_keys == ("ops", "web")


@pytest.mark.parametrize(
    ("entry", "hours"), [("kind: day", 4), ("kind: week", 24), ("kind: portfolio", 24)]
)
def test_what_was_missed_is_told_late_within_a_window_and_then_no_more(told, entry, hours):
    due = FRIDAY.replace(hour=9) if "day" in entry else FRIDAY
    late = told(entry, due + hours * HOUR, rest="quiet_hours: null")
    if "day" in entry:
        assert late
    assert not told(entry, due + hours * HOUR + timedelta(minutes=1))


def test_what_is_late_waits_out_the_night_but_an_hour_of_its_own_is_kept(told):
    [own, _] = told("kind: week, at: fri 22:00", FRIDAY.replace(hour=22))
    assert own.due_at == FRIDAY.replace(hour=22)
    [late, _] = told("kind: week, at: thu 18:00", datetime(2026, 3, 5, 20, tzinfo=UTC))
    assert late.due_at == datetime(2026, 3, 6, 8, tzinfo=UTC)
    assert told("kind: week", FRIDAY + 6 * HOUR) == []  # until Monday it would be too old


def test_a_day_is_told_on_working_days(told):
    nine = FRIDAY.replace(hour=9)
    assert told("kind: day", nine)
    assert not told("kind: day", nine + 24 * HOUR)
    assert told("kind: week, at: sat 09:00", nine + 24 * HOUR)


def test_it_waits_for_a_pull_that_knows_the_hour_but_not_for_ever(told):
    old = FRIDAY - 5 * HOUR
    assert not told("kind: week", FRIDAY, as_of=old)
    assert told("kind: week", FRIDAY, as_of=FRIDAY - timedelta(minutes=20))
    half = FRIDAY + timedelta(minutes=30)
    assert told("kind: week", half, as_of=old)
    assert not told("kind: week", half, as_of=old, began=half)


def test_a_sprint_is_told_at_its_close_once_and_not_by_night(told):
    closed = [Closed("web", 7, FRIDAY + 2 * HOUR)]
    [one] = told("kind: sprint", FRIDAY + 3 * HOUR, closed=closed)
    assert (one.team_key, one.sprint_id, one.due_at) == ("web", 7, FRIDAY + 3 * HOUR)
    [later] = told("kind: sprint", FRIDAY + 5 * HOUR, closed=closed)
    assert later.due_at == datetime(2026, 3, 9, 8, tzinfo=UTC)
    [again] = told("kind: sprint", FRIDAY + 3 * HOUR, closed=[replace(closed[0], at=FRIDAY + HOUR)])
    assert again.key == later.key == one.key
    assert not told("kind: sprint, teams: [ops]", FRIDAY + 3 * HOUR, closed=closed)
    assert not told("kind: sprint", FRIDAY + 75 * HOUR, closed=closed)


def test_a_team_that_was_never_pulled_has_none(tmp_path):
    (tmp_path / "telemetry.yml").write_text(f"{LEAST}digests: [{{kind: week}}]\n")
    settings = load(tmp_path / "telemetry.yml", {})
    assert list(due_digests(settings, {}, (), FRIDAY, FRIDAY)) == []
