"""Links lead to the site's own pages, and a pull says each reason once."""

import json

from bot.check import check_all
from tests.pulled import Story, a_team
from tests.refusing import TEAMS, damaged

GATE = "https://x.atlassian.net"


def of_the_gateway(path, status, body):
    if "serverInfo" in path:
        return status, json.dumps(json.loads(body) | {"baseUrl": GATE}).encode()
    return status, body


def test_issue_links_are_the_sites_own_from_the_first_pull_on(store, tmp_path):
    story = Story()
    story.issue(3)
    with damaged(story, store, tmp_path, [a_team()]) as pulled:
        pulled.good_pull()
        assert not url_of(pulled).startswith(GATE)
        pulled.damage = of_the_gateway  # as after a token with scopes was put in
        pulled.good_pull()
        assert url_of(pulled) == GATE


def url_of(pulled):
    [row] = pulled.contents("sites")["sites"]
    return row.split("'")[3]


def test_a_site_that_fails_is_one_reason_with_all_its_teams(sqlite_store, tmp_path):
    story = Story()
    web = story.world.add_project("WEB", "Web", lead=2)
    story.world.add_board(web.id, "WEB board")
    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        pulled.damage = lambda _path, _status, _body: (401, b"{}")
        pulled.pull()
        said = pulled.reports.pulls(1)[0][0].error
    assert said.startswith("teams 'k8s', 'web': http://")
    assert len(said.splitlines()) == 1


def test_a_jira_that_tells_neither_time_nor_permissions_is_checked_all_the_same(
    sqlite_store, tmp_path
):
    def damage(path, status, body):
        if "mypermissions" in path:
            return 404, b"{}"
        if "serverInfo" in path:
            return status, json.dumps(json.loads(body) | {"serverTime": None}).encode()
        return status, body

    story = Story()
    story.issue(3)
    with damaged(story, sqlite_store, tmp_path, [a_team()]) as pulled:
        pulled.damage = damage
        findings = check_all(pulled.context, story.clock)
    bad = [(one.subject, one.sentence) for one in findings if not one.is_good]
    assert [subject for subject, _ in bad] == ["jira clock"], bad
    assert "gives no time that can be read in its serverInfo" in bad[0][1]
    assert "team k8s" in {one.subject for one in findings}
