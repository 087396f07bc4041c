"""What is said of all teams, and of one without a running sprint."""

from dataclasses import replace

import pytest

from telemetry.words import targets as to
from telemetry.words import teams as of_teams
from telemetry.words.values import Figure
from tests.web import fake_reports as fake
from tests.web import invented
from tests.web.invented import NOW, TODAY
from tests.words.said import said

ROWS = fake.FakeReports().teams(NOW)


def test_the_list_of_teams_names_the_most_behind_and_the_stale():
    assert said(of_teams.teams(ROWS)) == (
        "1 of 6 teams with a running sprint is more than 10 % behind: Container Registry, "
        "with 14 of 38 points. "
        "Impediments took 13 % of the hours in the running sprints. "
        "The data of 2 teams are not up to date."
    )
    assert "telemetry.yml" in said(of_teams.teams([]))
    assert said(of_teams.teams(ROWS[-1:])).startswith("No sprint is running.")


def test_the_most_behind_leads_to_its_page_and_the_stale_to_their_list():
    figures = [part for part in of_teams.teams(ROWS).parts if isinstance(part, Figure)]
    assert [one.target for one in figures] == [to.Team("registry"), None, to.StaleTeams()]


def late(key, name, behind):
    sprint = invented.changed(invented.RUNNING, behind_points=behind)
    return replace(ROWS[0], key=key, name=name, sprint=sprint)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([late("a", "Alpha", 14.0)], "Alpha is more than 10 % behind, with 14 of 41 points."),
        (
            [late("a", "Alpha", 14.0), ROWS[-1]],
            "Alpha, the only team with a running sprint, is more than 10 % behind, with 14",
        ),
        (
            [late("a", "Alpha", 14.0), late("b", "Beta", 15.0)],
            "Both teams are more than 10 % behind, Beta most, with 15 of 41 points.",
        ),
        (
            [late("a", "Alpha", 15.0), late("b", "Beta", 15.0), late("c", "Gamma", 14.0)],
            "All 3 teams are more than 10 % behind, Alpha among them, with 15",
        ),
        (
            [late("a", "Alpha", 14.0), late("b", "Beta", 0.0)],
            "1 of 2 teams is more than 10 % behind: Alpha, with 14 of 41 points.",
        ),
        ([late("a", "Alpha", None)], "No team is more than 10 % behind."),
    ],
)
def test_one_some_and_all_are_told_apart(rows, words):
    assert said(of_teams.teams(rows)).startswith(words)


def without_open(sprint):
    return replace(sprint, figures=replace(sprint.figures, unestimated_count=0))


def test_a_single_stale_team_is_named():
    stale = next(row for row in ROWS if row.freshness.is_stale)
    fresh = [row for row in ROWS if not row.freshness.is_stale]
    assert f"{stale.name}’s data are not up to date." in said(of_teams.teams([*fresh, stale]))


def test_nobody_late_is_said_too():
    on_time = replace(ROWS[0], sprint=invented.changed(invented.RUNNING, behind_points=0.0))
    assert said(of_teams.teams([on_time])).startswith("No team is more than 10 % behind.")


def test_a_team_without_a_running_sprint_says_why():
    by_key = {row.key: row for row in ROWS}

    def why(row):
        return said(of_teams.why_no_figures(row, TODAY))

    assert why(by_key["support"]).startswith("The board has no sprints (kanban)")
    assert why(by_key["metal"]) == "No issue of BM 12 has an estimate (12 open)."
    none = replace(by_key["metal"], sprint=without_open(by_key["metal"].sprint))
    assert why(none) == "No issue of BM 12 has an estimate (none open)."
    assert "No sprint is running; the last one, " in why(by_key["security"])
    assert why(by_key["security"]).endswith("closed on Tue 21 Apr.")
    assert why(by_key["empty"]).startswith("Nothing is read yet")
    pulled = replace(by_key["empty"], freshness=by_key["k8s"].freshness)
    assert why(pulled) == "This team has no sprint yet."
