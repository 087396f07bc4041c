import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.domain.calendar import WEEKDAYS, Calendar
from telemetry.domain.models import Board, Sprint, SprintState, Status
from telemetry.domain.team import Estimate, EstimateKind, ImpedimentRules, TeamRules
from telemetry.errors import StoreError
from telemetry.store.pulls import (
    begin_pull,
    end_pull,
    pull_lock,
    read_cursor,
    read_pulls,
    write_cursor,
)
from telemetry.store.stale import read_stale_sprints
from telemetry.store.teams import (
    keep_teams,
    mark_failed,
    mark_pulled,
    read_team,
    read_teams,
    rules_from_json,
    rules_to_json,
    write_team,
)
from telemetry.store.tracker import (
    Site,
    read_board,
    read_site,
    read_sprints,
    read_sprints_by_id,
    read_statuses,
    write_boards,
    write_site,
    write_sprints,
    write_statuses,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ONE = datetime(2026, 3, 4, 13, tzinfo=UTC)
TWO = datetime(2026, 3, 4, 14, tzinfo=UTC)
SPRINT = Sprint("jira", 7, "Sprint 7, ünïcode", SprintState.ACTIVE, 12, "Goal", NOON, TWO)
RULES = TeamRules(
    key="k8s",
    name="Kubernetes",
    site="jira",
    project_key="K8S",
    is_narrowed=False,
    board_ids=(12,),
    has_sprints=True,
    calendar=Calendar(),
    estimate=Estimate(EstimateKind.FIELD, "customfield_10016"),
    done_status_ids=frozenset({"3"}),
    in_progress_status_ids=frozenset({"2"}),
    impediment=ImpedimentRules(),
)

short = st.text("abcdefé ", max_size=8)
rules = st.builds(
    TeamRules,
    key=short,
    name=short,
    site=short,
    project_key=short,
    is_narrowed=st.booleans(),
    board_ids=st.lists(st.integers(1, 2**40), max_size=3).map(tuple),
    has_sprints=st.booleans(),
    calendar=st.builds(
        Calendar,
        timezone=st.sampled_from(["UTC", "Europe/Paris", "Asia/Kolkata"]),
        working_week=st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple),
        holidays=st.sampled_from([None, "FR", "DE-BY"]),
        days_off=st.lists(st.dates(date(2000, 1, 1)), max_size=3).map(tuple),
        fiscal_year_start=st.integers(1, 12),
    ),
    estimate=st.builds(Estimate, st.sampled_from(EstimateKind), st.none() | short),
    done_status_ids=st.frozensets(short),
    in_progress_status_ids=st.frozensets(short),
    impediment=st.builds(
        ImpedimentRules, st.frozensets(short), st.booleans(), st.none() | short, st.none() | short
    ),
    velocity_sprints=st.integers(1, 99),
)


@given(rules)
def test_rules_survive_as_json(given_rules):
    assert rules_from_json(rules_to_json(given_rules)) == given_rules


def test_equal_rules_change_no_row(fresh):
    with fresh() as connection:
        assert write_team(connection, RULES)
        assert not write_team(connection, RULES)
        assert write_team(connection, replace(RULES, name="K8s"))
        assert [team.rules.name for team in read_teams(connection)] == ["K8s"]


def test_a_team_that_left_the_configuration_keeps_its_row_and_can_come_back(fresh):
    with fresh() as connection:
        write_team(connection, RULES)
        mark_pulled(connection, "k8s", NOON, ONE)
        assert keep_teams(connection, ["web"]) == 1
        assert keep_teams(connection, ["web"]) == 0
        assert read_teams(connection) == ()
        assert [team.rules.key for team in read_teams(connection, is_configured=False)] == ["k8s"]
        write_team(connection, RULES)
        team = read_team(connection, "k8s")
        assert (team.is_configured, team.as_of) == (True, NOON)


def test_the_first_failure_counts_until_a_pull_is_complete(fresh):
    with fresh() as connection:
        write_team(connection, RULES)
        mark_failed(connection, "k8s", NOON, "Jira sleeps.")
        mark_failed(connection, "k8s", ONE, "Jira still sleeps.")
        team = read_team(connection, "k8s")
        assert (team.failed_at, team.error) == (NOON, "Jira still sleeps.")
        mark_pulled(connection, "k8s", as_of=ONE, at=TWO)
        team = read_team(connection, "k8s")
        assert (team.as_of, team.pulled_at, team.failed_at, team.error) == (ONE, TWO, None, None)


def test_a_team_that_was_never_pulled_is_none(fresh):
    with fresh() as connection:
        assert read_team(connection, "k8s") is None


def test_cursors_hold_any_json_value(fresh):
    with fresh() as connection:
        assert read_cursor(connection, "jira", "updated") is None
        for value in ({"since": 1, "ids": [1, 2]}, "text", 0):
            write_cursor(connection, "jira", "updated", value)
            assert read_cursor(connection, "jira", "updated") == value
        assert read_cursor(connection, "other", "updated") is None


def test_pulls_are_listed_newest_first_and_page_by_page(fresh):
    with fresh() as connection:
        ids = []
        for kind in ("first", "incremental", "full"):
            ids.append(begin_pull(connection, site="jira", kind=kind, at=NOON))
            end_pull(connection, ids[-1], at=ONE, state="done", issues_changed=3, requests=9)
        newest, middle = read_pulls(connection, 2)
        assert (newest.kind, middle.kind) == ("full", "incremental")
        assert (newest.state, newest.ended_at, newest.issues_changed) == ("done", ONE, 3)
        assert [pull.id for pull in read_pulls(connection, 2, middle.id)] == [ids[0]]


def test_a_pull_whose_bot_was_killed_ends_as_failed_when_the_next_begins(fresh):
    with fresh() as connection:
        begin_pull(connection, site="jira", kind="first", at=NOON)
        other = begin_pull(connection, site="other", kind="first", at=NOON)
        begin_pull(connection, site="jira", kind="first", at=ONE)
        states = {pull.id: pull.state for pull in read_pulls(connection, 9)}
        assert sorted(states.values()) == ["failed", "running", "running"]
        assert states[other] == "running"


def test_one_bot_at_a_time_pulls_a_site(store):
    with pull_lock(store, "jira"):
        with (
            pytest.raises(StoreError, match="another bot is pulling 'jira'"),
            pull_lock(store, "jira"),
        ):
            pass
        with pull_lock(store, "other"):
            pass
    with pull_lock(store, "jira"):
        pass


def test_the_lock_of_a_killed_bot_is_free(sqlite_store, tmp_path):
    code = (
        "import time; from pathlib import Path; from telemetry.store.engine import open_store; "
        "from telemetry.store.pulls import pull_lock\n"
        f"with pull_lock(open_store('sqlite:///telemetry.db', base=Path({str(tmp_path)!r})), 'a'):"
        " print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as bot:
        assert bot.stdout.readline() == b"held\n"
        with pytest.raises(StoreError), pull_lock(sqlite_store, "a"):
            pass
        os.kill(bot.pid, signal.SIGKILL)
    with pull_lock(sqlite_store, "a"):
        pass


def test_a_changed_sprint_is_marked_for_facts(fresh):
    with fresh() as connection:
        assert write_sprints(connection, [SPRINT]) == 1
        assert write_sprints(connection, [SPRINT]) == 0
        assert read_stale_sprints(connection, "jira").keys() == {7}
        closed = replace(SPRINT, state=SprintState.CLOSED, completed_at=TWO)
        assert write_sprints(connection, [closed]) == 1
        assert read_sprints_by_id(connection, "jira", [7, 8]) == {7: closed}


def test_sprints_are_read_by_board_in_the_order_of_their_starts(fresh):
    future = replace(SPRINT, id=9, state=SprintState.FUTURE, started_at=None)
    later = replace(SPRINT, id=3, started_at=ONE)
    foreign = replace(SPRINT, id=4, board_id=99)
    with fresh() as connection:
        write_sprints(connection, [future, later, SPRINT, foreign])
        assert read_sprints(connection, "jira", [12]) == (SPRINT, later, future)


def test_site_board_and_statuses_are_read_as_written(fresh):
    site = Site("jira", "https://jira.example.com", "cloud", {"sprint": "customfield_1"})
    board = Board("jira", 12, "Team", True, "f", False, (("To do", ("1",)), ("Done", ("2", "3"))))
    status = Status("jira", "3", "Done", "done", is_listed=False)
    with fresh() as connection:
        assert write_site(connection, site)
        assert not write_site(connection, site)
        assert (write_boards(connection, [board]), write_boards(connection, [board])) == (1, 0)
        assert (write_statuses(connection, [status]), write_statuses(connection, [status])) == (
            1,
            0,
        )
        assert read_site(connection, "jira") == site
        assert read_site(connection, "none") is None
        assert read_board(connection, "jira", 12) == board
        assert read_board(connection, "jira", 13) is None
        assert read_statuses(connection, "jira") == {"3": status}
