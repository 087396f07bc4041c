import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from telemetry.domain.models import (
    Change,
    Field,
    Issue,
    IssueHistory,
    Sprint,
    SprintState,
    WorkLog,
)
from telemetry.store.engine import writing
from telemetry.store.history import read_histories, write_histories
from telemetry.store.issues import (
    count_issues,
    issue_ids_of_work_logs,
    issue_key_to_id,
    known_among,
    known_issue_ids,
    light_issues,
    mark_gone,
    read_matches,
    set_matches,
)
from telemetry.store.schema import sprint_members
from telemetry.store.stale import Stale, clear_stale, read_stale_issues
from telemetry.store.tracker import write_sprints
from tests.store.strategies import pages

pytestmark = pytest.mark.slow

ARBITRARY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SITE = "jira"
HISTORY = ("issues", "changes", "work_logs", "sprint_members")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ms(text):
    return int(at(text).timestamp() * 1000)


def an_issue(issue_id=1, *, changes=(), logs=(), **fields):
    values = {
        "site": SITE,
        "id": issue_id,
        "key": f"K8S-{issue_id}",
        "project_key": "K8S",
        "summary": "A summary",
        "type_name": "Story",
        "is_subtask": False,
        "is_epic": False,
        "status_id": "1",
        "created_at": at("2026-03-01"),
        "updated_at": at("2026-03-02"),
    }
    return IssueHistory(Issue(**values | fields), tuple(changes), tuple(logs))


def a_log(log_id, started="2026-03-04", seconds=3600):
    return WorkLog(log_id, at(started), seconds)


def a_move(history_id, before, after):
    return Change(history_id, 0, at("2026-03-03"), Field.SPRINT, None, before, after)


def members(connection):
    rows = connection.execute(select(sprint_members.c.sprint_id, sprint_members.c.issue_id))
    return {tuple(row) for row in rows}


def forget_marks(connection):
    clear_stale(connection, SITE)


@ARBITRARY
@given(page=pages)
def test_what_is_written_is_read_back(fresh, page):
    with fresh() as connection:
        write_histories(connection, page)
        found = read_histories(connection, SITE, [history.issue.id for history in page])
        assert found == {history.issue.id: history for history in page}


@ARBITRARY
@given(page=pages)
def test_a_second_write_changes_no_row(fresh, contents, page):
    with fresh() as connection:
        assert write_histories(connection, page).issues == len(page)
        forget_marks(connection)
        before = contents(connection, *HISTORY, "stale_issues")
        written = write_histories(connection, page)
        assert (written.issues, written.work_logs, written.issue_ids) == (0, 0, ())
        assert contents(connection, *HISTORY, "stale_issues") == before


@ARBITRARY
@given(first=pages, second=pages)
def test_the_last_write_is_the_whole_truth_of_its_issues(fresh, contents, first, second):
    with fresh() as connection:
        write_histories(connection, first)
        write_histories(connection, second)
        after_both = contents(connection, *HISTORY)
    latest = {h.issue.id: h for h in [*first, *second]}
    with fresh() as connection:
        write_histories(connection, list(latest.values()))
        assert contents(connection, *HISTORY) == after_both


@ARBITRARY
@given(page=pages, size=st.integers(1, 3), seed=st.integers(0, 99))
def test_order_and_page_size_change_nothing(fresh, contents, page, size, seed):
    with fresh() as connection:
        write_histories(connection, page)
        at_once = contents(connection, *HISTORY, "stale_issues")
    shuffled = random.Random(seed).sample(page, len(page))
    shuffled = [replace(h, changes=h.changes[::-1], work_logs=h.work_logs[::-1]) for h in shuffled]
    with fresh() as connection:
        for start in range(0, len(shuffled), size):
            write_histories(connection, shuffled[start : start + size])
        assert contents(connection, *HISTORY, "stale_issues") == at_once


def test_an_issue_given_twice_in_a_page_counts_once(fresh):
    with fresh() as connection:
        written = write_histories(connection, [an_issue(1), an_issue(1, summary="Later")])
        assert written.issues == 1
        assert read_histories(connection, SITE, [1])[1].issue.summary == "Later"


def test_work_logs_added_changed_and_deleted_are_counted(fresh):
    with fresh() as connection:
        first = write_histories(connection, [an_issue(logs=[a_log(1), a_log(2), a_log(3)])])
        assert first.work_logs == 3
        later = [a_log(2), a_log(3, seconds=60), a_log(4)]
        second = write_histories(connection, [an_issue(logs=later)])
        assert (second.issues, second.work_logs) == (1, 3)
        assert read_histories(connection, SITE, [1])[1].work_logs == tuple(later)


def test_a_change_that_the_tracker_no_longer_lists_is_deleted(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(changes=[a_move(1, "", "7"), a_move(2, "7", "")])])
        write_histories(connection, [an_issue(changes=[a_move(2, "7", "")])])
        assert read_histories(connection, SITE, [1])[1].changes == (a_move(2, "7", ""),)


def test_members_are_all_sprints_an_issue_is_or_ever_was_in(fresh):
    with fresh() as connection:
        write_histories(
            connection,
            [an_issue(sprint_ids=(9,), changes=[a_move(1, "", "7,8"), a_move(2, "7,8", "9")])],
        )
        assert members(connection) == {(7, 1), (8, 1), (9, 1)}
        write_histories(connection, [an_issue(sprint_ids=(9,))])
        assert members(connection) == {(9, 1)}


def test_a_changed_issue_marks_what_it_touched_before_and_touches_now(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(sprint_ids=(7,), logs=[a_log(1, "2026-03-04")])])
        forget_marks(connection)
        moved = an_issue(project_key="WEB", sprint_ids=(8,), logs=[a_log(1, "2026-03-05")])
        write_histories(connection, [moved])
        assert dict(read_stale_issues(connection, SITE)) == {
            1: Stale(
                frozenset({"K8S", "WEB"}),
                frozenset({7, 8}),
                frozenset({ms("2026-03-04"), ms("2026-03-05")}),
            )
        }


def test_marks_add_up_until_facts_are_computed(fresh):
    with fresh() as connection:
        for sprint in (7, 8, 9):
            write_histories(connection, [an_issue(sprint_ids=(sprint,))])
        assert dict(read_stale_issues(connection, SITE))[1].sprint_ids == {7, 8, 9}
        forget_marks(connection)
        assert dict(read_stale_issues(connection, SITE)) == {}


def test_ids_of_two_sites_do_not_meet(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(1, summary="here")])
        write_histories(connection, [an_issue(1, site="other", summary="there")])
        assert read_histories(connection, SITE, [1])[1].issue.summary == "here"
        assert read_histories(connection, "other", [1])[1].issue.summary == "there"


def test_a_gone_issue_is_no_longer_known_and_marked_for_facts(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(1, sprint_ids=(7,), logs=[a_log(1)]), an_issue(2)])
        forget_marks(connection)
        assert mark_gone(connection, SITE, [1, 99], at("2026-03-09")) == 1
        assert known_issue_ids(connection, SITE) == {2}
        assert read_histories(connection, SITE, [1])[1].issue.gone_at == at("2026-03-09")
        stale = dict(read_stale_issues(connection, SITE))
        assert stale == {
            1: Stale(frozenset({"K8S"}), frozenset({7}), frozenset({ms("2026-03-04")}))
        }
        assert mark_gone(connection, SITE, [1], at("2026-03-10")) == 0


def test_a_gone_issue_that_is_seen_again_comes_back_unchanged(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(1)])
        mark_gone(connection, SITE, [1], at("2026-03-09"))
        assert write_histories(connection, [an_issue(1)]).issues == 1
        assert read_histories(connection, SITE, [1]) == {1: an_issue(1)}


def test_known_issues_are_told_by_project(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(1), an_issue(2, project_key="WEB")])
        assert known_issue_ids(connection, SITE) == {1, 2}
        assert known_issue_ids(connection, SITE, "WEB") == {2}


def test_issues_are_known_counted_and_read_without_their_histories(fresh):
    with fresh() as connection:
        here = [an_issue(1, logs=[a_log(1)]), an_issue(2), an_issue(3, project_key="WEB")]
        write_histories(connection, here)
        mark_gone(connection, SITE, [2], at("2026-03-09"))
        assert known_among(connection, SITE, [1, 2, 3, 99]) == {1, 3}
        assert count_issues(connection, SITE, ["K8S", "WEB", "NEW"]) == {
            "K8S": 1,
            "WEB": 1,
            "NEW": 0,
        }
        found = light_issues(connection, SITE, [1, 2, 99])
        assert found.keys() == {1, 2}
        assert found[1] == here[0].issue
        assert found[2].gone_at == at("2026-03-09")


def test_issues_are_found_by_key_and_by_work_log(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(1, logs=[a_log(5)]), an_issue(2, key="WEB-1")])
        assert issue_key_to_id(connection, SITE, ["WEB-1", "K8S-1", "NO-1"]) == {
            "WEB-1": 2,
            "K8S-1": 1,
        }
        assert issue_ids_of_work_logs(connection, SITE, [5, 6]) == {1}


def test_a_key_taken_over_from_a_gone_issue_is_the_new_ones(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(1, key="WEB-1"), an_issue(2, key="WEB-1")])
        mark_gone(connection, SITE, [2], at("2026-03-09"))
        assert issue_key_to_id(connection, SITE, ["WEB-1"]) == {"WEB-1": 1}


def test_matches_change_only_among_the_issues_asked_about(fresh):
    with fresh() as connection:
        write_histories(connection, [an_issue(1), an_issue(2), an_issue(3)])
        assert set_matches(connection, "k8s", SITE, [1, 2]) == 2
        forget_marks(connection)
        assert set_matches(connection, "k8s", SITE, [3], among=[2, 3]) == 2
        assert read_matches(connection, "k8s", SITE) == {1, 3}
        assert dict(read_stale_issues(connection, SITE)).keys() == {2, 3}
        assert set_matches(connection, "k8s", SITE, [1, 3]) == 0


def test_more_issues_than_one_statement_takes_are_written_and_read(store):
    page = [an_issue(i, logs=[a_log(i)], sprint_ids=(i % 5 + 1,)) for i in range(1, 2502)]
    with writing(store) as connection:
        assert write_histories(connection, page).work_logs == 2501
        assert write_histories(connection, page).issues == 0
        assert len(read_histories(connection, SITE, range(1, 3000))) == 2501


def test_an_issue_that_tells_a_sprint_by_its_name_is_stale_when_that_is_renamed(sqlite_store):
    sprint = Sprint(SITE, 3, "Alpha", SprintState.ACTIVE, board_id=7)
    told = Change(
        1, 0, at("2026-03-02"), Field.SPRINT, None, "", "3", None, from_name=None, to_name="Alpha"
    )
    with writing(sqlite_store) as connection:
        write_sprints(connection, [sprint])
        write_histories(connection, [an_issue(1, changes=[told]), an_issue(2)])
        clear_stale(connection, SITE)
        write_sprints(connection, [replace(sprint, name="Beta")])
        assert dict(read_stale_issues(connection, SITE)).keys() == {1}
