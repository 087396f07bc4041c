"""A story that was pulled, the command line on it, and its pages."""

import sys

import pytest
from starlette.testclient import TestClient

from bot.simulator.state import type_of_epic
from telemetry.cli import main
from telemetry.store.engine import open_store
from tests.pulled import Story, a_team, on, serving
from web.app import create_app


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    story = Story()
    sprint = story.sprint(on(1, 10), name="Sprint 1")
    done = story.issue(3, sprint=sprint.id, summary="=HYPERLINK(1)")
    story.issue(None, sprint=sprint.id, at=on(2))
    story.log(done, on(2), 2)
    story.world.transition(done, "10001", on(3))
    story.log(story.issue(labels=["impediment", "nature:network"]), on(3), 1.5)
    epic = story.issue(kind=type_of_epic, labels=["Q1-26", "Project_a/b"], summary="=EPIC()")
    story.issue(8, epic=epic.id)
    folder = tmp_path_factory.mktemp("export")
    store = open_store("sqlite:///store.db", base=folder)
    with serving(story, store, folder / "site", [a_team()]) as served:
        served.good_pull()
        yield served
    store.dispose()


@pytest.fixture
def telemetry(pulled, tmp_path, monkeypatch, capsys):
    def run(*words, code=0):
        with monkeypatch.context() as process:
            process.chdir(tmp_path)
            for name, value in pulled.context.environ.items():
                process.setenv(name, value)
            process.setattr(sys, "argv", ["telemetry", "-c", str(pulled.context.path), *words])
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capsys.readouterr()
        assert (ended.value.code or 0) == code, out + err
        return out + err

    return run


@pytest.fixture(scope="module")
def client(pulled):
    app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)
    return TestClient(app, base_url="http://127.0.0.1:8000")
