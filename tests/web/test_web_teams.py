"""The list of teams: order, filters, small charts, and what is rendered again."""

import csv
import re
from io import StringIO

import pytest

from telemetry.report.shapes.freshness import Freshness
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.teams.listed import ListedTeam
from tests.web.invented import AS_OF
from web.pages.teams import row
from web.pages.teams.cells import (
    KEPT_HEIGHT,
    SPARK_HEIGHT,
    SPARK_WIDTH,
    columns,
    spark,
)
from web.pages.teams.sorting import is_wanted


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', text)


@pytest.mark.parametrize(
    "column", ["team", "sprint", "done", "behind", "impediments", "kept", "age"]
)
def test_every_column_sorts_both_ways_by_links(client, column):
    first, second = client.get(f"/?sort={column}").text, client.get(f"/?sort=-{column}").text
    assert sorted(names(first)) == sorted(names(second))
    assert first.count("aria-sort=") == second.count("aria-sort=") == 1
    assert f'href="/?sort=-{column}"' in first
    assert f'href="/?sort={column}"' in second


def test_a_sort_keeps_the_filter_and_a_filter_the_sort(client):
    text = client.get("/?q=e&only=attention&sort=age").text
    assert 'href="/?q=e&amp;only=attention&amp;sort=behind"' in text
    assert '<input type="hidden" name="sort" value="age">' in text


def test_a_filter_finds_a_part_of_the_name_and_what_needs_attention(client):
    assert names(client.get("/?q=KUBE").text) == ["Managed Kubernetes"]
    assert "1 of 9 teams" in client.get("/?q=KUBE").text
    assert names(client.get("/?only=attention").text) == ["Container Registry", "New Team"]


def test_a_stale_team_says_why_in_its_row(client):
    row = client.get("/?q=registry").text
    assert "Jira answered 503 since 12:10.</small>" in row


def test_the_wall_link_names_the_teams_that_pass_the_filter(client):
    assert 'href="/wall"' in client.get("/").text
    assert 'href="/wall?teams=registry,empty"' in client.get("/?only=attention").text


def test_the_list_is_new_only_when_facts_or_the_minute_change(client, reports):
    first = client.get("/")
    asked = {"If-None-Match": first.headers["etag"]}
    assert client.get("/", headers=asked).status_code == 304
    assert client.get("/?sort=team", headers=asked).status_code == 200
    reports.bump()
    assert client.get("/", headers=asked).status_code == 200


def test_the_scale_of_a_column_stands_in_its_head(client):
    head = re.search(r"<thead>.*?</thead>", client.get("/").text, re.DOTALL)[0]
    assert "0–20\u202f% of hours" in head
    assert "0–100\u202f%" in head


def test_a_sparkline_runs_from_left_to_right_on_the_given_scale():
    drawn = spark((0.0, 10.0, 20.0), 20.0)
    assert drawn.points == f"0,{SPARK_HEIGHT} 50,10 {SPARK_WIDTH},0"
    assert (drawn.last_x, drawn.last_y) == (SPARK_WIDTH, 0)
    assert spark((5.0,), 20.0).points == f"{SPARK_WIDTH},15"
    assert spark((), 20.0) is None


def test_an_unknown_value_leaves_its_column_empty():
    before, last = columns((50.0, None, 100.0))
    assert before == f"M3 {KEPT_HEIGHT}V10"
    assert last == f"M19 {KEPT_HEIGHT}V0"
    assert columns(()) == ("", "")


def test_a_team_with_settings_to_correct_needs_attention_too():
    fresh = Freshness(AS_OF, AS_OF, False)
    for misfits, needs_it in (((), False), (("'Closd' is no status",), True)):
        team = TeamRow("a", "A", "UTC", False, fresh, misfits=misfits, misfit_kind="shared")
        found = row.figures([ListedTeam(team, ())], AS_OF, {})
        line = row.line(team, found["a"], AS_OF)
        assert is_wanted(line, "", "attention") == needs_it
        assert is_wanted(line, "", "")
        assert (
            'href="/teams/a/quality#shared"' in row.html(line, row.scales(list(found.values())))
        ) == needs_it


def test_the_filter_says_what_it_lets_through(client):
    assert "Behind, stale or to correct only <input" in client.get("/").text


def test_a_file_of_the_teams_has_a_row_each_whose_unknown_cells_are_empty(client):
    text = client.get("/api/v1/teams?format=csv").text
    rows = {row["team"]: row for row in csv.DictReader(StringIO(text, newline=""))}
    assert len(rows) == len(client.get("/api/v1/teams").json()["items"]) == 9
    for key in ("support", "empty"):
        row = rows[key]
        assert row["active_sprint_count"] == "0"
        assert not any(row[one] for one in row if one.endswith(("_points", "_percent", "_seconds")))
    assert rows["registry"]["is_stale"] == "True"
    assert rows["registry"]["reason"] == "Jira answered 503 since 12:10."
    assert (rows["empty"]["as_of"], rows["k8s"]["as_of"]) == ("", "2026-05-06T13:04:00Z")
    assert rows["k8s"]["sprint"]
    assert not rows["security"]["sprint"]
    assert rows["security"]["impediment_share_percent"]
