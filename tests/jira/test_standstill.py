"""A pull that brings nothing new is broken off; one that gets on, or computes, is not."""

from datetime import timedelta
from itertools import count

import pytest

from bot.jira.http.standstill import LEAST, MOST, UNKNOWN, Standstill, longest
from telemetry.errors import TrackerUnavailable


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def asked_for(standstill, clock, seconds):
    with standstill.asking():
        clock.now += seconds


def test_what_nothing_new_came_of_for_long_is_broken_off():
    clock = Clock()
    standstill = Standstill(clock)
    standstill.most = timedelta(minutes=10)
    for _ in range(9):
        asked_for(standstill, clock, 66)
    standstill.check("http://jira")
    asked_for(standstill, clock, 66)
    with pytest.raises(
        TrackerUnavailable, match=r"for 11 minutes without .*anything new"
    ) as caught:
        standstill.check("http://jira")
    assert caught.value.is_of_site


def test_progress_and_time_in_which_nothing_is_asked_do_not_count():
    clock = Clock()
    standstill = Standstill(clock)
    standstill.most = timedelta(minutes=10)
    for _ in range(100):
        asked_for(standstill, clock, 500)
        standstill.progressed()
        clock.now += 5000  # figures are computed
    standstill.check("http://jira")
    asked_for(standstill, clock, 300)
    clock.now += 5000
    asked_for(standstill, clock, 100)
    standstill.check("http://jira")


def test_a_limit_follows_what_is_usual():
    assert longest(None) == UNKNOWN
    assert longest(timedelta(seconds=3)) == LEAST
    assert longest(timedelta(minutes=30)) == timedelta(minutes=150)
    assert longest(timedelta(days=2)) == MOST


def test_ever_new_sprints_end_in_time(jira_server, open_jira, waits):
    numbers = count(1)

    def page(_):
        waits.append(10.0)
        return {"values": [{"id": next(numbers)} for _ in range(50)], "isLast": False}

    jira_server.on("/rest/agile/1.0/board/1/sprint", page)
    jira = open_jira("cloud")
    jira.standstill.most = timedelta(minutes=10)
    with pytest.raises(TrackerUnavailable):
        list(jira.sprints(1))
    assert len(jira_server.asked) < 80
