"""A setting that matches nothing is told by `check` and by every pull, with what exists instead."""

import re
import shutil
from dataclasses import dataclass

import pytest

from bot.check import check_all
from bot.simulator.state import Column
from telemetry.store.engine import open_store, reading
from telemetry.store.pulls import read_pulls
from tests.pulled import DOING, DONE, TODO, Story, a_team, on, serving


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
         jql="project = OPS AND labels = blocked"),
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
        checked: dict[str, list[str]] = {}
        for finding in check_all(pulled.context, story.clock):
            if finding.is_note or not finding.is_good:
                key = finding.subject.removeprefix("team ")
                checked.setdefault(key, []).append(finding.line())
    store.dispose()
    return Told(outcome.failures, pages, checked, record.error or "", second)


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
