"""The README says what is."""

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from telemetry.cli import app
from telemetry.settings import load
from tests import configuration
from tests.readme import BEGIN, END, README, table

TEXT = README.read_text(encoding="utf-8")
ROOT = README.parent


def test_the_table_of_figures_is_that_of_the_registry():
    shown = TEXT.partition(BEGIN)[2].partition(END)[0]
    assert shown == table(), "python -m tests.readme writes it anew"


def test_every_command_named_exists_with_its_options():
    known = get_command(app)
    for words in re.findall(
        r"(?:^\$ |`)(?:\w+=\S+ )?telemetry ((?:[a-z]+ ?)+(?:--[a-z-]+)?)", TEXT, re.M
    ):
        command = known
        for word in words.split():
            if word.startswith("--"):
                assert any(word in option.opts for option in command.params), words
            elif hasattr(command, "commands") and word in command.commands:
                command = command.commands[word]
            else:
                assert command is not known, f"telemetry {words}"


def test_the_help_names_every_command_of_the_readme():
    shown = CliRunner().invoke(app, ["--help"]).output
    for command in ("demo", "pull", "bot", "web", "up", "check", "show", "db"):
        assert re.search(rf"^\s+{command}\b", shown, re.M)


@pytest.mark.parametrize("name", ["JIRA_TOKEN", "STORE_URL"])
def test_the_example_configuration_is_valid(tmp_path: Path, name: str):
    blocks = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
    file = tmp_path / "telemetry.yml"
    file.write_text("".join(blocks), encoding="utf-8")
    settings = load(file, {name: "something"})
    assert settings.teams[0].impediment.nature_field == "Nature"


def test_every_key_of_the_configuration_is_described():
    text = configuration.PAGE.read_text(encoding="utf-8")
    shown = text.partition(configuration.BEGIN)[2].partition(configuration.END)[0]
    assert shown == configuration.keys(), "python -m tests.configuration writes it anew"
    assert "| None |" not in shown


def test_the_whole_examples_of_the_configuration_are_valid(tmp_path: Path):
    text = configuration.PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.S)
    assert len(blocks) == 2
    for block in blocks:
        file = tmp_path / "telemetry.yml"
        file.write_text(block, encoding="utf-8")
        load(file, {})


def test_every_file_linked_or_named_exists():
    named = re.findall(r"\]\(([^)#:]+)\)|`((?:telemetry|bot|web|deploy|tests)/[\w/.]*)`", TEXT)
    for pair in named:
        path = "".join(pair)
        assert (ROOT / path).exists(), path


def test_the_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^\$ |`)make ([a-z]+)", TEXT, re.M)):
        assert re.search(rf"^{target}:", makefile, re.M), target
