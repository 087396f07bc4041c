"""How far a pull is, and what a comparison found, in words."""

from datetime import timedelta

import pytest

from telemetry.report.shapes import Pull
from tests.web.invented import AS_OF, NOW
from web.show.progress import (
    comparison,
    progress,
)

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
    assert progress(a_pull(read, total), now) == words.replace("_", NARROW)


def test_a_pull_that_ended_or_counts_nothing_tells_nothing():
    assert progress(a_pull(10, 10, "done"), NOW) is None
    assert progress(a_pull(None), NOW) is None


def test_a_comparison_tells_what_it_found():
    assert comparison({"vanished": 2, "changed": 0}) == "Compared with Jira: 2 deleted or hidden."
    assert comparison({"missing": 0}) == "Compared with Jira: nothing differed."
    assert comparison(None) is None


def test_the_runs_page_tells_how_far_a_pull_is_and_what_was_found(client, reports):
    page = client.get("/runs").text
    assert f"12{NARROW}000 of about 200{NARROW}000 issues are read" in page
    assert "Compared with Jira: 2 deleted or hidden." in page
    [running, *_] = client.get("/api/v1/runs").json()["items"]
    assert (running["issues_read"], running["issues_total"], running["found"]) == (
        12_000,
        200_000,
        None,
    )


def test_a_team_without_figures_yet_tells_how_far_its_first_pull_is(client):
    page = client.get("/teams/empty").text
    assert f"12{NARROW}000 of about 200{NARROW}000 issues are read; about" in page
