"""How far a pull is, and what a comparison found, in words."""

from datetime import timedelta

import pytest

from telemetry.report.shapes.freshness import Pull
from telemetry.words.plain import plain
from telemetry.words.runs import comparison, failures, progress
from tests.web.invented import AS_OF, NOW

NARROW = "\u202f"


def a_pull(read: int | None, total: int | None = None, state: str = "running") -> Pull:
    return Pull(AS_OF, None, state, 0, 0, 9, None, "main", "first", read, total)


@pytest.mark.parametrize(
    ("read", "total", "seconds", "words"),
    [
        (12_000, 200_000, 23, "12_000 of about 200_000 issues are read; about 6 minutes left."),
        (100_000, 200_000, 7200, "100_000 of about 200_000 issues are read; about 2 hours left."),
        (900, 1000, 60, "900 of about 1_000 issues are read; less than a minute left."),
        (1000, 1000, 60, "1_000 of about 1_000 issues are read; less than a minute left."),
        (100, 1000, 3, "100 of about 1_000 issues are read."),
        (0, 1000, 60, "0 of about 1_000 issues are read."),
        (1, 1, 3, "1 of about 1 issue is read."),
        (500, None, 60, "500 issues are read."),
        (1200, 1000, 60, "1_200 issues are read."),
    ],
)
def test_a_running_pull_tells_how_far_it_is(read, total, seconds, words):
    now = AS_OF + timedelta(seconds=seconds)
    assert plain(progress(a_pull(read, total), now)) == words.replace("_", NARROW)


def test_a_pull_that_ended_or_counts_nothing_tells_nothing():
    assert not progress(a_pull(10, 10, "done"), NOW)
    assert not progress(a_pull(None), NOW)


def test_a_comparison_tells_what_it_found():
    found = {"vanished": 2, "changed": 0}
    assert plain(comparison(found)) == "Compared with Jira: 2 deleted or hidden."
    both = {"vanished": 2, "missing": 1}
    assert plain(comparison(both)) == "Compared with Jira: 1 that we lacked, 2 deleted or hidden."
    assert plain(comparison({"missing": 0})) == "Compared with Jira: nothing differed."
    assert not comparison(None)


def test_a_reason_is_said_once_with_all_its_teams():
    told = {"k8s": "team 'k8s': no board", "web": "team 'web': no board", "ops": "no field"}
    assert failures(told) == "teams 'k8s', 'web': no board\nteam 'ops': no field"
    many = failures({f"t{number}": "down" for number in range(300)})
    assert many.endswith("'t7' and 292 more: down")
    assert failures({}) == ""
