"""A setting that matches nothing is told by `check` and by every pull, with what exists instead."""

import re
import shutil
from dataclasses import dataclass
from datetime import timedelta

import orjson
import pytest
from starlette.responses import JSONResponse, Response

from bot.check import check_all
from bot.pull.misfits import check_flag, of_rules
from bot.simulator.state import Column
from telemetry.domain.models import Board, Status
from telemetry.errors import ConfigurationError
from telemetry.metrics.contradictions import EXPLAINED, Contradiction
from telemetry.report.shapes.teams import TeamRow
from telemetry.settings import TeamSettings
from telemetry.store.engine import open_store, reading
from telemetry.store.pulls import read_pulls
from telemetry.words.runs import FAILED, REFUSED, blocks, by_kind
from tests.pulled import DOING, DONE, TODO, Story, a_team, on, reconfigured, serving
from tests.refusing import damaged
from web.pages.teams.cells import to_correct

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Case:
    """A team with one setting that meets nothing; `fails` where no figure could be right."""

    team: dict
    line: str
    words: tuple[str, ...]
    fails: bool = False


def case(key: str, line: str, *words: str, fails: bool = False, **settings) -> Case:
    return Case(a_team(key, **{"project": "WEB"} | settings), line, words, fails)


CASES = [
    case("done", "done_statuses", "'Finished' is no status of http", "'Done'", "nothing would",
         done_statuses=["Finished"], fails=True),
    case("half", "done_statuses[1]", "'Closd' is no status", "'Done'",
         done_statuses=["Done", "Closd"]),
    case("else", "done_statuses[0]", "'Released' is a status of other projects",
         "WEB has: 'In Progress', 'Done'",
         done_statuses=["Released"], fails=True),
    case("label", "impediment.labels[0]", "no issue of WEB in the past year has", "'blokced'",
         "labels in use: 'blocked'", impediment={"labels": ["blokced", "Blocked"]}),
    case("elsewhere", "board", "board 1 (K8S board) is none of project WEB", "2 (WEB board)",
         board=1),
    case("foreign", "board", "board 3 (Lists others)", "board 1 (K8S board)",
         "write boards: [3, 1]", project="OPS"),
    case("kanban", "boards", "board 4 (Kanban) has no sprints", "2 (WEB board)", boards=[4]),
    case("column", "done", "the last column 'Done' of board 2 (WEB board) holds no status",
         "'In Progress'", done="board_column"),
    case("jql", "jql", "no issue of project WEB matches the JQL", "it names 'OPS', not WEB",
         jql="project = OPS AND labels = blocked", fails=True),
    case("unfilled", "estimate", "no issue of project WEB has a value in 'Story point estimate'",
         estimate="Story point estimate"),
    case("choices", "estimate", "'Nature'", "no number in any issue", estimate="Nature",
         fails=True),
    case("sprint", "estimate", "'sprint' (customfield_10020) holds lists, not numbers",
         "'Story Points'", estimate="sprint", fails=True),
    case("typo", "estimate", "'Stroy Points' is not a field", "it has: 'Story Points'",
         estimate="Stroy Points", fails=True),
    case("nature", "impediment.nature_field", "no issue of project OPS has a value in 'Nature'",
         project="OPS", board=3, impediment={"nature_field": "nature"}),
    case("number", "impediment.nature_field", "(customfield_10028) holds numbers",
         "'Nature'", impediment={"nature_field": "Story Points"}, fails=True),
    case("todo", "done_statuses[0]", "'To Do' (10000) is of category to do in Jira", "leave it out",
         done_statuses=["to do", "Done"]),
    case("hours", "estimate", "no issue of project WEB has a value in", "(timeoriginalestimate)",
         estimate="original_estimate"),
    case("flag", "impediment.flag_field", "'labels' holds lists, not choices", "'Flagged'",
         impediment={"flagged": True, "flag_field": "labels"}, fails=True),
    case("refused", "jql", "Jira refused the JQL 'nosuchfield = 1' beside project = WEB (Field",
         "try it in Jira without ORDER BY", jql="nosuchfield = 1", fails=True),
    case("board", "board", "board 99 does not exist", "boards of WEB: 2 (WEB board), 4 (Kanban)",
         board=99, fails=True),
    case("project", "project", "project 'WEBB' does not exist", "it may browse: 'WEB'",
         project="WEBB", fails=True),
    case("empty", "project", "Jira shows no issue of project NEW", project="NEW"),
]  # fmt: skip


def a_story() -> Story:
    """Project WEB, and others beside it; all sprints that the board of OPS lists are of K8S."""
    story = Story()
    world = story.world
    world.add_status("Released", "done")
    web = world.add_project("WEB", "Web", lead=2)
    web.statuses = (TODO, DOING, DONE)
    board = world.add_board(web.id, "WEB board")
    columns = (("To Do", (TODO,)), ("In Progress", (DOING,)), ("Done", ()))
    world.set_columns(board, [Column(name, ids) for name, ids in columns])
    sprint = story.sprint(on(1, 10), board=board.id, name="Web 1")
    story.issue(2, project=web.id, sprint=sprint.id, labels=["blocked"], nature="network")
    ops = world.add_project("OPS", "Operations", lead=2)
    lists = world.add_board(ops.id, "Lists others")
    foreign = story.sprint(on(1, 10), name="K8S 1")
    lists.foreign_sprints.append(foreign.id)
    story.issue(1, project=ops.id, sprint=foreign.id)
    world.add_board(web.id, "Kanban", kind="kanban")
    new = world.add_project("NEW", "New", lead=2)
    world.add_board(new.id, "NEW board")
    return story


@dataclass(frozen=True)
class Told:
    """What a pull and a check told of all cases: by team, and the record of the pull."""

    failures: dict[str, str]
    pages: dict[str, tuple[str, ...]]
    checked: dict[str, list[str]]
    record: str
    second: dict[str, tuple[str, ...]]
    listed: dict[str, TeamRow]


@pytest.fixture(scope="module")
def told(sqlite_template, tmp_path_factory) -> Told:
    """All cases in one configuration, checked and pulled twice."""
    folder, story = tmp_path_factory.mktemp("cases"), a_story()
    shutil.copy(sqlite_template, folder / "telemetry.db")
    store = open_store("sqlite:///telemetry.db", base=folder)
    teams = [one.team for one in CASES]
    with serving(story, store, folder / "site", teams) as pulled:
        outcome = pulled.pull()
        pages = {row.key: row.misfits for row in pulled.reports.teams(story.now)}
        with reading(pulled.engine) as connection:
            [record] = read_pulls(connection, 1)
        pulled.pull()
        second = {row.key: row.misfits for row in pulled.reports.teams(story.now)}
        rows = [one.team for one in pulled.reports.teams_list(story.now).rows(story.now)]
        checked: dict[str, list[str]] = {}
        for finding in check_all(pulled.context, story.clock):
            if finding.is_note or not finding.is_good:
                key = finding.subject.removeprefix("team ")
                checked.setdefault(key, []).append(finding.line())
    store.dispose()
    return Told(
        outcome.failures, pages, checked, record.error or "", second, {row.key: row for row in rows}
    )


def said(one: Case, told: Told) -> str:
    """The line of the pull that tells of the case."""
    key = one.team["key"]
    lines = [told.failures[key]] if one.fails else told.pages[key]
    found = [line for line in lines if all(word in line for word in one.words)]
    assert len(found) == 1, lines
    return found[0]


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.team["key"])
def test_a_pull_tells_it_with_its_line_and_what_exists(told, one):
    line, place = said(one, told), CASES.index(one)
    assert re.search(rf"telemetry\.yml:\d+: teams\[{place}\]", line)
    assert f"teams[{place}].{one.line}: " in line or one.line not in one.team
    assert (one.team["key"] in told.failures) is one.fails
    assert one.line == "boards" or line in told.record


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.team["key"])
def test_check_tells_the_same(told, one):
    sentence = said(one, told).removeprefix(f"team '{one.team['key']}': ")
    lines = told.checked[one.team["key"]]
    assert any(sentence in line for line in lines), lines


def test_what_is_known_stays_told_while_nothing_changes(told):
    assert told.second == told.pages


def test_the_list_of_teams_marks_settings_to_correct(told):
    row = told.listed["label"]
    assert any("'blokced'" in one for one in row.misfits)
    mark = to_correct(row)
    assert f"{len(row.misfits)} settings to correct</a>" in mark
    assert 'href="/teams/label/quality#setting"' in mark
    assert told.listed["typo"].freshness.reason == told.failures["typo"]


def test_a_done_status_that_is_renamed_fails_the_team_and_keeps_its_figures(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(1, 10))
    story.world.transition(story.issue(3, sprint=sprint.id), DONE, on(3))
    story.issue(2, sprint=sprint.id)
    teams = [
        a_team(done_statuses=["Done"]),
        a_team("half", done_statuses=["Done", "In Review"], jql="labels is EMPTY"),
    ]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.good_pull()
        story.world.rename_status(DONE, "Closed")
        for _ in range(2):  # and goes on failing
            outcome = pulled.pull()
            assert set(outcome.failures) == {"k8s", "half"}
            assert all("'Closed'" in sentence for sentence in outcome.failures.values())
            assert pulled.reports.sprint("k8s", "current").figures.done_points == 3
        again = reconfigured(pulled, tmp_path / "a", [a_team(done_statuses=["Closed"])])
        again.good_pull()
        assert again.reports.sprint("k8s", "current").figures.done_points == 3
        again.context.engine.dispose()


def test_jql_that_matches_nothing_any_more_fails_the_team_until_it_does(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(1, 10))
    issue = story.issue(3, sprint=sprint.id, labels=["mine"])
    with serving(story, sqlite_store, tmp_path / "a", [a_team(jql="labels = mine")]) as pulled:
        pulled.good_pull()
        story.world.set_labels(issue, ["yours"], story.now)
        for _ in range(2):
            story.now += timedelta(minutes=1)
            assert "no issue of project K8S matches the JQL" in pulled.pull().failures["k8s"]
        assert pulled.reports.sprint("k8s", "current").figures.committed_points == 3
        story.now += timedelta(minutes=1)
        story.world.set_labels(issue, ["mine"], story.now)
        pulled.good_pull()


def test_jql_that_never_matched_gives_no_figures_until_it_does(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(1, 10))
    issue = story.issue(3, sprint=sprint.id, labels=["yours"])
    with serving(story, sqlite_store, tmp_path / "a", [a_team(jql="labels = mine")]) as pulled:
        for _ in range(2):
            story.now += timedelta(minutes=1)
            assert "nothing would ever count" in pulled.pull().failures["k8s"]
            assert pulled.reports.sprints("k8s") == []
        story.now += timedelta(minutes=1)
        pulled.good_pull(accept_vanished=True)  # a person knows that it will match one day
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").figures.committed_points == 0
        story.now += timedelta(minutes=1)
        story.world.set_labels(issue, ["mine"], story.now)
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").figures.committed_points == 3


def test_a_last_column_of_what_is_to_do_is_told():
    team = TeamSettings.model_validate(a_team(done="board_column"))
    columns = (("Done", (DONE,)), ("Backlog", (TODO, DOING)))
    board = Board("default", 1, "K8S board", has_sprints=True, columns=columns)
    every = ((TODO, "To Do", "new"), (DOING, "Doing", "indeterminate"), (DONE, "Done", "done"))
    statuses = {one[0]: Status("default", *one) for one in every}
    [told] = of_rules(team, [board], statuses, "https://jira.example.com")
    assert "status 'To Do' (10000) in the last column 'Backlog' of board 1" in str(told)


def test_a_jql_is_counted_by_a_search_where_jira_tells_no_count(sqlite_store, tmp_path):
    def uncounted(path, status, body):
        return (403, b"{}") if path.endswith("/approximate-count") else (status, body)

    team = a_team("web", "WEB", board=2, jql="labels = blocked")
    with damaged(a_story(), sqlite_store, tmp_path, [team]) as pulled:
        pulled.damage = uncounted
        lines = [one.line() for one in check_all(pulled.context, pulled.story.clock)]
        assert any("issues match its JQL, Jira does not tell how many" in one for one in lines)


def load_team(**impediment) -> TeamSettings:
    return TeamSettings.model_validate(a_team(impediment=impediment))


def test_flags_that_no_field_tells_fail_the_team():
    fields = [{"id": "customfield_1", "name": "Risks", "schema": {"custom": "x:multicheckboxes"}}]
    settings = load_team(flagged=True)
    with pytest.raises(ConfigurationError) as raised:
        check_flag(settings, fields, None, "https://jira.example.com")
    assert str(raised.value) == (
        "flags are to count, and no field of https://jira.example.com flags issues; fields of "
        "check boxes: 'Risks' (customfield_1); name it with 'flag_field:', or leave 'flagged' out"
    )
    check_flag(settings, fields, "customfield_1", "")
    check_flag(load_team(flagged=True, flag_field="Risks"), fields, None, "")
    check_flag(load_team(), fields, None, "")


def test_teams_that_count_the_same_are_told_in_one_line(told):
    lines = [line for line in told.pages["half"] if "and no other 'jql:'" in line]
    assert len(lines) == 2
    assert any(re.search(r"teams '.*' and \d+ more have board 2 \(WEB board\)", x) for x in lines)


def test_a_setting_is_told_once(told):
    assert len([line for line in told.pages["half"] if "'Closd'" in line]) == 1
    assert sum("'Closd'" in line for line in told.checked["half"]) == 1


def test_what_is_done_in_jira_is_named_first(told):
    named = re.findall(r"'([^']+)'", told.failures["done"].partition("it has: ")[2])
    assert set(named[:3]) == {"Done", "Closed", "Released"}


def test_what_jira_does_not_let_us_ask_fails_nobody(sqlite_store, tmp_path):
    def refused(request) -> Response | None:
        is_asked = request.url.path.endswith(("/statuses", "/approximate-count"))
        return JSONResponse({"message": "scope does not match"}, 401) if is_asked else None

    story = Story()
    sprint = story.sprint(on(1, 10))
    story.issue(3, sprint=sprint.id, labels=["impediment"])
    teams = [a_team(done_statuses=["Done"], board=1)]
    with serving(story, sqlite_store, tmp_path / "a", teams, faults=refused) as pulled:
        pulled.good_pull()
        assert pulled.reports.team("k8s", story.now).misfits == ()


def test_a_board_that_estimates_by_a_hidden_field_fails_the_team_from_the_first_pull_on(
    sqlite_store, tmp_path
):
    def hidden(path, status, body):
        if path.endswith("/field"):
            listed = [one for one in orjson.loads(body) if one["id"] != "customfield_10028"]
            return status, orjson.dumps(listed)
        return status, body

    with damaged(a_story(), sqlite_store, tmp_path, [a_team("web", "WEB", board=2)]) as pulled:
        pulled.damage = hidden
        [sentence] = pulled.pull().failures.values()
        assert "board 2 (WEB board) estimates by customfield_10028" in sentence
        assert "does not list" in sentence
        told = [one.sentence for one in check_all(pulled.context, pulled.story.clock)]
        assert any("estimates by customfield_10028" in one for one in told)
        assert pulled.reports.sprints("web") == []
        pulled.damage = None
        pulled.good_pull()
        assert pulled.figures("web").total_points == 2


def test_a_narrowed_team_has_no_figures_before_its_jql_was_read(sqlite_store, tmp_path):
    team = a_team("web", "WEB", board=2, jql="labels = ")
    with serving(a_story(), sqlite_store, tmp_path / "a", [team]) as pulled:
        assert "refused the JQL" in pulled.pull().failures["web"]
        assert [one.figures for one in pulled.reports.sprints("web")] == [None]
        good = reconfigured(pulled, tmp_path / "b", [team | {"jql": "labels = blocked"}])
        good.good_pull()
        assert good.reports.sprint("web", "current").figures.total_points == 2


def test_a_count_of_none_is_not_believed_beside_what_a_search_finds(sqlite_store, tmp_path):
    def counted(path, status, body):
        return status, b'{"count": 0}' if path.endswith("/approximate-count") else body

    team = a_team("web", "WEB", board=2, impediment={"labels": ["blocked"]})
    with damaged(a_story(), sqlite_store, tmp_path, [team]) as pulled:
        pulled.damage = counted
        assert pulled.good_pull().misfits == []
        assert [
            one.line() for one in check_all(pulled.context, pulled.story.clock) if not one.is_good
        ] == []


def test_a_status_of_another_category_is_told_until_it_is_set_back(sqlite_store, tmp_path):
    def as_done(path, status, body):
        if not path.endswith("/status"):
            return status, body
        listed = orjson.loads(body)
        for one in listed:
            if one["id"] == DOING:
                one["statusCategory"] |= {"key": "done", "id": 3}
        return status, orjson.dumps(listed)

    story = Story()
    issue = story.issue(3, sprint=story.sprint(on(1, 10)).id)
    story.world.transition(issue, DOING, on(2))
    with damaged(story, sqlite_store, tmp_path, [a_team(board=1)]) as pulled:
        pulled.good_pull()
        pulled.damage = as_done
        for _ in range(2):
            story.now += timedelta(minutes=10)
            [said] = pulled.good_pull().misfits
            assert "is of category done in Jira since 2026-03-06, before it was in progress" in said
        assert pulled.figures().done_points == 3
        told = [one.sentence for one in check_all(pulled.context, story.clock) if not one.is_good]
        assert any("is of category done" in one for one in told)
        pulled.damage = None
        story.now += timedelta(minutes=10)
        assert pulled.good_pull().misfits == []


@pytest.mark.parametrize(("level", "what"), [(1, "epics"), (-1, "sub-tasks")])
def test_a_type_of_another_level_is_told_until_it_is_set_back(sqlite_store, tmp_path, level, what):
    """Raised to epics, or lowered to sub-tasks, issues lose their points without any work."""

    def levelled(path, status, body):
        now = b'"hierarchyLevel":%d' % level
        body = body.replace(b'"hierarchyLevel":0', now)
        return status, body.replace(b'"subtask":false', b'"subtask":true') if level < 0 else body

    story = Story()
    sprint = story.sprint(on(1, 10))
    for points in (3, 5):
        story.issue(points, sprint=sprint.id)
    with damaged(story, sqlite_store, tmp_path, [a_team(board=1)]) as pulled:
        assert pulled.good_pull().misfits == []
        pulled.damage = levelled
        for options in ({"reconcile": True}, {}):
            story.now += timedelta(minutes=10)
            [said] = pulled.good_pull(**options).misfits
            assert f"issues of type 'Story' are {what} in Jira since 2026-03-06" in said
        assert pulled.figures().total_points == 0
        told = [one.sentence for one in check_all(pulled.context, story.clock) if not one.is_good]
        assert any("issues of type 'Story'" in one for one in told)
        pulled.damage = None
        story.now += timedelta(minutes=10)
        assert pulled.good_pull(reconcile=True).misfits == []
        assert pulled.figures().total_points == 8


def test_a_pull_and_a_check_of_several_kinds_have_headings(told):
    """As the data-quality page: one heading a kind, with all its lines under it."""
    found = dict(blocks(told.record))
    titles = [EXPLAINED[Contradiction(one)].title for one in ("setting", "shared", "open_choice")]
    assert set(found) == {FAILED, *titles}
    assert all(found.values())
    lines = [line for some in found.values() for line in some]
    assert all(line in told.record for line in lines)


def test_what_is_of_one_kind_has_no_heading():
    assert by_kind({"Settings": ["one", "two"]}) == ["one", "two"]
    assert by_kind({}) == []
    assert blocks("one\ntwo") == [("", ["one", "two"])]
    assert blocks(f"{FAILED}:\none\n{REFUSED}:\ntwo") == [(FAILED, ["one"]), (REFUSED, ["two"])]
