"""The same figures as files, from the command line and from the API."""

import html
import json
import re
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

API = "/api/v1/teams/k8s"


def test_one_table_is_one_file_and_several_are_named_after_each(telemetry, tmp_path):
    assert telemetry("export", "sprints", "-o", "all.csv") == "all.csv: 1 row\n"
    telemetry("export", "sprint", "--team", "k8s", "-o", "one.csv")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "all.csv",
        "one-burndown.csv",
        "one-changes.csv",
        "one-figures.csv",
        "one-issues.csv",
    ]
    rows = pd.read_csv(tmp_path / "one-issues.csv")
    assert sorted(rows["summary"]) == ["'=HYPERLINK(1)", "Resize node pools"]


def test_a_page_is_one_file_and_a_format_that_is_none_is_told(telemetry, tmp_path):
    telemetry("export", "sprint", "-o", "one.html")
    assert (tmp_path / "one.html").read_text().startswith("<!doctype html>")
    telemetry("export", "review", "1", "--format", "html", "-o", "two")
    assert "<h1" in (tmp_path / "two").read_text()
    for review, why in (("77", "Team 'k8s' has no sprint 77"), ("2026-W99", "There is no week")):
        assert why in telemetry("export", "review", review, "-o", "no.html", code=1)
    said = telemetry("export", "review", "1", "-o", "two.doc", code=2)
    assert ".html, .pdf" in said


@pytest.mark.parametrize("what", ["sprint", "sprints", "time", "impediments", "flow", "velocity"])
def test_everything_is_a_workbook(telemetry, tmp_path, what):
    telemetry("export", what, "--from", "2026-03-01", "--to", "2026-03-31", "-o", "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames[-1] == "columns"


def test_history_has_all_issues_and_work_and_nobody(telemetry, tmp_path):
    telemetry("export", "history", "-o", "all.json")
    issues = json.loads((tmp_path / "all-issues.json").read_text())
    work = json.loads((tmp_path / "all-work-logs.json").read_text())
    assert [row["seconds"] for row in issues] == [7200, 0, 5400, 0, 0]
    assert [row["is_impediment"] for row in issues][:3] == [False, False, True]
    assert issues[0]["done_at"] == "2026-03-04T09:00:00Z"
    assert [set(row) for row in work] == [{"key", "started_at", "seconds"}] * 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["time", "-o", "x.txt"], "x.txt ends in none of .csv, .json, .parquet, .xlsx"),
        (["time", "-o", "no/x.csv"], "there is no folder no to write x.csv in"),
        (["time", "-o", "x.csv", "--from", "2026-02-30"], "--from '2026-02-30' is no day"),
        (["time", "-o", "x.csv", "--to", "1066-10-14"], "is not between 1990 and 2200"),
        (["time", "-o", "x.csv", "--to", "2026-01-01", "--from", "2026-02-01"], "is after --to"),
        (["time", "-o", "x.csv", "--to", "2026-01-01", "--from", "1999-02-01"], "ten years"),
        (["time", "-o", "x.csv", "--by", "year"], "--by 'year' is not known"),
        (["sprint", "-o", "x.csv", "--sprint", "Sprint 1"], "give its id, or 'current'"),
    ],
)
def test_what_cannot_be_written_is_said_with_what_can(telemetry, tmp_path, words, said):
    assert said in telemetry("export", *words, code=2)
    assert list(tmp_path.iterdir()) == []


def test_roadmaps_are_files_each_under_its_table(telemetry, tmp_path):
    of = ("--quarter", "Q1-26")
    telemetry("export", "quarter", *of, "-o", "q.csv")
    telemetry("export", "program", "a/b", *of, "-o", "p.json")
    telemetry("export", "portfolio", *of, "-o", "all.xlsx")
    [row] = pd.read_csv(tmp_path / "q-epics.csv").to_dict("records")
    assert (row["summary"], row["total_points"], row["programs"]) == ("'=EPIC()", 8, "a/b")
    [team] = json.loads((tmp_path / "p-teams.json").read_text())
    assert (team["team"], team["remaining_points"], team["is_critical"]) == ("k8s", 8, False)
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert book.sheetnames == ["teams", "programs", "columns"]
    assert "no quarter" in telemetry("export", "quarter", "--quarter", "Q5-26", "-o", "x", code=2)
    assert "Project_x" in telemetry("export", "program", "x", "-o", "x.csv", code=1)


def test_what_forecasts_came_to_is_a_file_of_all_teams_or_of_one(telemetry, tmp_path):
    telemetry("export", "calibration", "-o", "all.csv")
    every = pd.read_csv(tmp_path / "all-promises.csv", dtype=str)
    assert set(every["team"].fillna("")) == {"", "k8s"}
    assert set(every["kind"]) == {"sprint", "epic", "quarter", "program"}
    telemetry("export", "calibration", "--team", "k8s", "-o", "one.json")
    rows = json.loads((tmp_path / "one-chances.json").read_text())
    assert {row["team"] for row in rows} == {"k8s"}
    assert "nope" in telemetry("export", "calibration", "--team", "nope", "-o", "x.csv", code=1)


def test_all_teams_are_a_file_by_command_and_by_address(telemetry, client, tmp_path):
    assert telemetry("export", "teams", "-o", "all.csv") == "all.csv: 1 row\n"
    [row] = pd.read_csv(tmp_path / "all.csv").to_dict("records")
    [asked] = pd.read_csv(BytesIO(client.get("/api/v1/teams?format=csv").content)).to_dict(
        "records"
    )
    figures = client.get(f"{API}/sprints/current").json()
    assert (row["team"], row["sprint"], row["sprint_id"]) == ("k8s", "Sprint 1", figures["id"])
    for key in ("total_points", "done_points", "behind_points", "completion_percent"):
        assert asked[key] == figures[key], key
    assert asked["behind_percent"] == 100 * figures["behind_points"] / figures["total_points"]
    assert asked["impediment_share_percent"] == figures["time"]["impediment_share_percent"]
    assert set(row) == set(asked)
    for form in ("json", "xlsx", "parquet"):
        telemetry("export", "teams", "-o", f"all.{form}")
    assert json.loads((tmp_path / "all.json").read_text())[0]["name"] == row["name"]


def test_a_quarter_is_shown_of_a_team_and_of_all(telemetry):
    said = telemetry("show", "k8s", "--of", "Q1-26")
    assert "=EPIC()" in said
    assert "0 of 8" in said
    said = telemetry("show", "--of", "q1-2026")
    assert "1 team had epics of Q1-26" in said
    assert "a/b" in said
    tables = json.loads(telemetry("show", "--of", "Q1-26", "--json"))
    assert [row["total_points"] for row in tables["teams"]] == [8]
    assert "No epic of any team has the label" in telemetry("show", "--quarter")
    assert "is no quarter" in telemetry("show", "--of", "Q5-26", code=2)


def test_a_team_or_sprint_that_is_not_there_is_named(telemetry):
    assert "k9s" in telemetry("export", "time", "--team", "k9s", "-o", "x.csv", code=1)
    assert "no sprint 7777" in telemetry(
        "export", "sprint", "--sprint", "7777", "-o", "x.csv", code=1
    )


def test_a_file_that_cannot_be_replaced_is_left_as_it_is(telemetry, tmp_path):
    (tmp_path / "x.csv").mkdir()
    assert "can't be written" in telemetry("export", "sprints", "-o", "x.csv", code=1)
    assert [file.name for file in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize(
    ("path", "items"),
    [
        ("/sprints", "items"),
        ("/sprints/current/issues", "items"),
        ("/sprints/current/burndown", "days"),
        ("/time?from=2026-03-01&to=2026-03-10", "items"),
        ("/impediments?from=2026-03-01&to=2026-03-10", "items"),
        ("/velocity", "sprints"),
        ("/flow?from=2026-03-01&to=2026-03-10", "throughput"),
    ],
)
def test_a_file_holds_what_the_answer_holds(client, path, items):
    expected = client.get(f"{API}{path}").json()[items]
    joint = "&" if "?" in path else "?"
    answer = client.get(f"{API}{path}{joint}format=csv")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''k8s-")
    found = pd.read_csv(BytesIO(answer.content), dtype=object)
    assert len(found) == len(expected)
    shared = [key for key in found.columns if expected and key in expected[0]]
    for key in set(shared) - {"summary", "opened_at", "closed_at", "started_at", "planned_end_at"}:
        for told, cell in zip((row[key] for row in expected), found[key], strict=True):
            if told is None or told == "":
                assert pd.isna(cell), key
            elif isinstance(told, float):
                assert float(cell) == told, key
            else:
                assert str(cell) == str(told), key
    assert client.get(f"{API}{path}{joint}format=xlsx").content.startswith(b"PK")
    assert client.get(f"{API}{path}{joint}format=parquet").content.startswith(b"PAR1")


def test_one_of_several_tables_is_chosen_by_its_name(client):
    answer = client.get(f"{API}/sprints/current?format=csv&table=changes")
    assert answer.text.startswith("at,issue_key,")
    assert "k8s-sprint-current-changes.csv" in answer.headers["content-disposition"]
    refused = client.get(f"{API}/sprints/current?format=csv&table=nothing")
    assert refused.status_code == 422
    assert "is none of figures, issues, burndown, changes" in refused.json()["detail"]


def test_a_file_that_is_known_is_not_sent_again(client):
    first = client.get(f"{API}/sprints?format=xlsx")
    again = client.get(
        f"{API}/sprints?format=xlsx", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{API}/sprints?format=odt").status_code == 422


EVERY_TABLE = [
    "teams",
    "teams/k8s/quality",
    "teams/k8s/next",
    "teams/k8s/reviews",
    "teams/k8s/reviews?of=weeks",
    "teams/k8s/impediments/report",
    "teams/k8s/sprints/1/snapshots",
    "alerts",
    "alerts/record?team=k8s",
    "runs",
]


@pytest.mark.parametrize("path", EVERY_TABLE)
def test_each_table_of_a_page_is_a_file_in_every_format(client, path):
    joint = "&" if "?" in path else "?"
    whole = client.get(f"/api/v1/{path}")
    for form in ("csv", "json", "parquet", "xlsx"):
        answer = client.get(f"/api/v1/{path}{joint}format={form}")
        assert answer.status_code == whole.status_code
        if form in ("csv", "xlsx") and whole.status_code == 200:
            assert f".{form}" in answer.headers["content-disposition"]
        if form == "xlsx" and whole.status_code == 200:
            assert openpyxl.load_workbook(BytesIO(answer.content)).sheetnames[-1] == "columns"


def test_rows_of_a_file_are_the_items_of_the_answer(client):
    [item] = client.get("/api/v1/teams/k8s/reviews").json()["items"]
    rows = pd.read_csv(BytesIO(client.get("/api/v1/teams/k8s/reviews?format=csv").content))
    assert list(rows["id"]) == [item["id"]]
    assert list(rows["started_at"]) == [item["started_at"]]
    answer = client.get("/api/v1/teams/k8s/impediments/report?format=csv&table=peaks")
    [peak] = pd.read_csv(BytesIO(answer.content)).to_dict("records")
    assert (peak["day"], peak["seconds"], peak["natures"]) == ("2026-03-04", 5400, "network")


@pytest.mark.parametrize(
    "page",
    ["k8s/quality", "k8s/next", "k8s/reviews", "k8s/impediments", "k8s/sprints/1/snapshots"],
)
def test_a_page_leads_to_the_files_of_its_tables(client, page):
    text = client.get(f"/teams/{page}").text
    links = re.findall(r'href="(/api/v1/[^"]*format=csv[^"]*)"', text)
    assert links
    for link in links:
        assert client.get(html.unescape(link)).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("page", ["/", "/alerts", "/alerts/record?team=k8s", "/runs"])
def test_a_page_of_all_teams_leads_to_the_file_of_its_table(client, page):
    [link] = re.findall(r'href="(/api/v1/[^"]*format=csv[^"]*)"', client.get(page).text)
    assert client.get(html.unescape(link)).headers["content-type"].startswith("text/csv")
