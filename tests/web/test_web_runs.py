"""The page of the pulls, and the page of a team whose first pull runs."""

NARROW = "\u202f"


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
