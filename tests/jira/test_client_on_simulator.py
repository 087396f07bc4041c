"""The client against the simulated Jira, which shares no code with it: nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.jira.client import Jira, connect
from bot.jira.http.auth import Auth
from bot.simulator import RunningSite, demo_world, running
from bot.translate import Translator, fields_to_ask
from bot.translate.fields import discover
from telemetry.errors import AccessDenied, NoSprints

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(scope="module", params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[str, RunningSite]]:
    world = demo_world(NOW, teams=2, seed=3, weeks=8)
    with running(world, request.param, clock=lambda: NOW, thin_pages=True) as served:
        yield request.param, served


def auth_for(flavour: str, secret: str = "simulated-token") -> Auth:
    return (
        Auth("token", "bot@example.com", secret)
        if flavour == "cloud"
        else Auth("pat", None, secret)
    )


@pytest.fixture(scope="module")
def jira(site: tuple[str, RunningSite]) -> Iterator[Jira]:
    flavour, served = site
    with connect("sim", served.url, "auto", auth_for(flavour)) as client:
        yield client


def everything(world) -> str:
    keys = ", ".join(project.key for project in world.projects.values())
    return f"project in ({keys}) ORDER BY created DESC"


def test_every_issue_comes_with_all_its_histories_and_work_logs(site, jira):
    flavour, served = site
    assert jira.deployment == flavour
    roles = discover(jira.fields(), {"board"}, {"Nature"}, set(), url=jira.url)
    raws = [
        raw for page in jira.search(everything(served.world), fields_to_ask(roles)) for raw in page
    ]
    visible = {number for number, issue in served.world.issues.items() if not issue.is_hidden}
    assert {int(raw["id"]) for raw in raws} == visible
    for raw in raws:
        issue = served.world.issues[int(raw["id"])]
        histories = {int(history["id"]) for history in raw["changelog"]["histories"]}
        assert histories == {history.id for history in issue.histories}
        logs = {int(log["id"]) for log in raw["fields"]["worklog"]["worklogs"]}
        assert logs == set(issue.work_logs)


def test_both_flavours_are_translated_to_what_the_world_holds(site, jira):
    _, served = site
    roles = discover(jira.fields(), {"board"}, {"Nature"}, set(), url=jira.url)
    translator = Translator("sim", roles, lambda who: who[-8:])
    ids = {issue.key: number for number, issue in served.world.issues.items()}
    for page in jira.search(everything(served.world), fields_to_ask(roles)):
        for raw in page:
            history = translator.issue(raw, ids.get)
            truth = served.world.issues[history.issue.id]
            assert history.issue.status_id == truth.status
            if not history.issue.is_subtask:  # Jira shows them their parent's sprints
                assert set(history.issue.sprint_ids) == set(truth.sprints)
            assert history.issue.epic_id == truth.epic
            assert history.issue.parent_id in (truth.parent, truth.epic)
            assert history.issue.labels == tuple(truth.labels)
            assert history.issue.is_flagged == truth.is_flagged
            assert sum(log.seconds for log in history.work_logs) == sum(
                served.world.work_logs[log].seconds for log in truth.work_logs
            )


def test_ids_alone_and_issues_by_id_agree(site, jira):
    _, served = site
    ids = list(jira.search_ids(everything(served.world)))
    assert len(ids) == len(set(ids))
    wanted = [*ids[:120], 999_999_999]
    found = [int(raw["id"]) for page in jira.issues(wanted, ["summary"]) for raw in page]
    assert sorted(found) == sorted(ids[:120])


def test_every_sprint_of_every_board_is_read_but_kanban_has_none(site, jira):
    _, served = site
    for board in jira.boards():
        if board["type"] == "kanban":
            with pytest.raises(NoSprints):
                list(jira.sprints(board["id"]))
            continue
        sprints = {raw["id"] for raw in jira.sprints(board["id"])}
        own = {
            number for number, sprint in served.world.sprints.items() if sprint.board == board["id"]
        }
        assert own <= sprints


def test_a_wrong_token_is_denied(site):
    flavour, served = site
    with (
        connect("sim", served.url, flavour, auth_for(flavour, "wrong")) as client,
        pytest.raises(AccessDenied),
    ):
        client.myself()
