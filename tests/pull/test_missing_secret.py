"""A pull without its credential is refused before Jira is asked anything."""

import pytest
from typer.testing import CliRunner

from telemetry.cli import app
from telemetry.errors import ConfigurationError
from tests.pulled import Pulled, Story, serving


@pytest.fixture
def pulled(sqlite_store, tmp_path):
    with serving(Story(), sqlite_store, tmp_path / "site") as served:
        yield served


def test_the_variable_and_the_line_are_named_and_nothing_is_asked(pulled: Pulled):
    environ = {**pulled.context.environ, "JIRA_TOKEN": ""}
    file = pulled.context.folder / "telemetry.yml"
    ended = CliRunner(env=environ).invoke(app, ["-c", str(file), "pull"])
    assert isinstance(ended.exception, ConfigurationError)
    assert ended.exception.exit_code == 2
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, start=1) if "env:JIRA_TOKEN" in text)
    sentence = str(ended.exception)
    assert (
        f"telemetry.yml:{line}: jira.auth.secret: the environment variable JIRA_TOKEN" in sentence
    )
    assert pulled.requests.total == 0
