"""What tells open pages that something changed, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from telemetry.errors import NotFound
from telemetry.report.reports import Reports
from telemetry.store.engine import writing
from telemetry.store.pulls import begin_pull, end_pull, note_progress
from telemetry.store.teams import mark_failed, mark_pulled, write_team
from tests.bench.filling import Filling

NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)


@pytest.fixture
def reports(store):
    with writing(store) as connection:
        for team in Filling(2, 2).teams:
            write_team(connection, team)
    return Reports(store)


def test_a_pull_of_one_team_changes_its_version_and_no_other(reports, store):
    with writing(store) as connection:
        mark_pulled(connection, "team-1", NOW, NOW)
        mark_pulled(connection, "team-2", NOW, NOW)
    versions = [reports.version(key) for key in ("team-1", "team-2", None)]
    with writing(store) as connection:
        begin_pull(connection, site="jira", kind="incremental", at=NOW)
        mark_pulled(connection, "team-1", NOW, NOW - timedelta(seconds=1))  # our clock went back
    first, second, every = (reports.version(key) for key in ("team-1", "team-2", None))
    assert first != versions[0]
    assert second == versions[1]
    assert every != versions[2]


def test_a_failure_and_another_one_change_the_version(reports, store):
    seen = {reports.version("team-1")}
    for error in ("503", "the token is refused"):
        with writing(store) as connection:
            mark_failed(connection, "team-1", NOW, error)
        seen.add(reports.version("team-1"))
    assert len(seen) == 3


def test_a_first_pull_that_comes_further_changes_its_team_and_the_stamp(reports, store):
    with writing(store) as connection:
        mark_pulled(connection, "team-2", NOW, NOW)
        pull = begin_pull(connection, site="jira", kind="first", at=NOW)
    before = [reports.version("team-1"), reports.version("team-2"), reports.stamp()]
    with writing(store) as connection:
        note_progress(connection, pull, 100, 1000)
    assert reports.version("team-1") != before[0]
    assert reports.version("team-2") == before[1]
    stamp = reports.stamp()
    assert stamp != before[2]
    running = reports.running_pull("team-1")
    assert running is not None
    assert (running.issues_read, running.issues_total) == (100, 1000)
    with writing(store) as connection:
        end_pull(connection, pull, at=NOW, state="done", found={"vanished": 2})
    assert reports.stamp() != stamp
    assert reports.running_pull("team-1") is None
    assert reports.pulls(1)[0][0].found == {"vanished": 2}


def test_nothing_changes_by_itself(reports):
    assert (reports.version(), reports.stamp()) == (reports.version(), reports.stamp())


def test_a_team_that_is_not_there_has_no_version(reports):
    with pytest.raises(NotFound, match="team-1, team-2"):
        reports.version("nope")
