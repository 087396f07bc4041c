"""With `show_summaries: false` no title of an issue leaves: page, file, terminal or message."""

import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import cast

import pandas as pd
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.alerts.telling import Letters
from bot.alerts.writing import said_json
from bot.channels.payload import Dialect, Post, payload
from bot.simulator.state import type_of_epic
from telemetry.cli import main
from telemetry.digest.making import make
from telemetry.export.commands import What
from telemetry.report.reports import Reports
from telemetry.settings.digesting import DIGEST_KINDS, DigestKind
from telemetry.store import schema as s
from telemetry.store.alerts import add_alert
from telemetry.store.engine import open_store, reading, writing
from telemetry.store.outbox import Delivery
from telemetry.words.alerts.said import Said
from telemetry.words.values import sentence
from tests.pulled import Pulled, Story, a_team, configure, on, serving, url_of
from web.app import create_app
from web.export.paper import VARIABLE

PLANTED = "Zqxv"  # a word of every title, and of nothing else
ASKED = {
    "kind": DIGEST_KINDS,
    "by": ("sprint", "week"),
    "issues": ("committed", "added", "all"),
}


def _story() -> Story:
    story = Story()
    old = story.sprint(on(1, 10), on(12), name="Sprint 1")
    for number in range(6):
        at = on(2 + number)
        issue = story.issue(3, sprint=old.id, at=at, summary=f"{PLANTED} work {number}")
        story.log(issue, at, 2)
        hindering = story.issue(
            labels=["impediment", "nature:network"],
            at=at,
            summary=f"{PLANTED} uplink of rack {number} is down",
        )
        story.log(hindering, at, 1.5)
        story.log(story.issue(at=at, summary=f"{PLANTED} aside"), at, 1)
        if number % 2:
            story.world.transition(issue, "10001", on(8 + number / 10))
            story.world.transition(hindering, "10001", on(9))
    story.issue(labels=["Q1-26", "Project_Evergreen"], kind=type_of_epic, summary=f"{PLANTED} epic")
    story.world.close_sprint(old, None, on(12))
    running = story.sprint(on(12, 10), name="Sprint 2")
    story.issue(5, sprint=running.id, summary=f"{PLANTED} now", at=on(12, 8))
    story.issue(2, sprint=story.sprint(None, name="Sprint 3").id, summary=f"{PLANTED} next")
    story.now = on(15, 18)
    return story


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("titles")
    store = open_store("sqlite:///store.db", base=folder)
    with serving(_story(), store, folder / "site", [a_team()]) as served:
        served.good_pull()
        yield served
    store.dispose()


def _without_titles(pulled: Pulled, folder, *, are_shown: bool) -> Pulled:
    context = configure(
        folder,
        pulled.url,
        url_of(pulled.engine),
        [a_team()],
        web={"show_summaries": are_shown},
    )
    return Pulled(pulled.story, pulled.url, context, pulled.requests)


def _routes(found):
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif router := getattr(route, "original_router", None):
            yield from _routes(router.routes)


def _addresses(app, reports: Reports) -> list[str]:
    """Every address that can be got, of each sprint and team, in each form that it names."""
    sprints = [str(one.id) for one in reports.sprints("k8s")]
    known: dict[str, list[str]] = {
        "team": ["k8s"],
        "key": ["k8s"],
        "quarter": ["Q1-26"],
        "sprint": [*sprints, "current"],
        "sprint_id": [*sprints, "current"],
        "review": [*sprints, "2026-W10", "2026-W11"],
        "name": ["Evergreen"],
    }
    found = []
    for route in _routes(app.routes):
        if "GET" not in (route.methods or ()):
            continue
        paths: list[str] = [route.path]
        for name in re.findall(r"\{(\w+)", route.path):
            values = known.get(name, ["x"])
            paths = [
                re.sub(rf"\{{{name}[^}}]*\}}", value, path) for path in paths for value in values
            ]
        found += paths
        names = {one.alias for one in route.dependant.query_params}
        for name, choices in ASKED.items():
            found += [
                f"{path}?{name}={value}"
                for path in paths
                for value in choices
                if name in names or path.startswith("/teams/")
            ]
        found += [
            f"{path}?format={form}"
            for path in paths
            for form in ("csv", "xlsx", "json")
            if path.startswith("/api/")
        ]
        found += [f"{path}?q={PLANTED}" for path in paths if path.startswith("/teams/")]
    return [one for one in found if "/events" not in one]


def _leaking(app, addresses) -> set[str]:
    leaking = set()
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for address in addresses:
            answer = client.get(address)
            if answer.status_code == 200 and PLANTED in _text(answer.content).replace(
                f"q={PLANTED}", ""
            ).replace(f'value="{PLANTED}"', ""):
                leaking.add(address)
    return leaking


@pytest.fixture
def printer(tmp_path, monkeypatch):
    """Stands in for Chromium: prints the page that it is given as it is written."""
    program = tmp_path / "printer"
    program.write_text(
        "#!/bin/sh\nfor word; do case $word in\n"
        '--print-to-pdf=*) cp page.html "${word#*=}";;\nesac; done\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv(VARIABLE, f"{program} --no-sandbox")


def _text(body: bytes) -> str:
    """What a file says; of a workbook what its parts say, of Parquet its rows."""
    if body.startswith(b"PAR1"):
        return str(pd.read_parquet(BytesIO(body)).to_csv())
    if body.startswith(b"PK"):
        parts = zipfile.ZipFile(BytesIO(body))
        body = b"".join(parts.read(name) for name in parts.namelist())
    return body.decode(errors="replace")


def _app(pulled: Pulled):
    return create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)


@pytest.mark.slow
def test_no_address_answers_with_a_title(pulled, tmp_path):
    open_ones, hidden = (
        _app(_without_titles(pulled, tmp_path / str(shown), are_shown=shown))
        for shown in (True, False)
    )
    addresses = _addresses(open_ones, pulled.reports)
    shown = _leaking(open_ones, addresses)
    of = {one.partition("?")[0].rpartition("/")[2] for one in shown}
    assert of >= {
        "issues",
        "burndown",
        "impediments",
        "report",
        "flow",
        "next",
        "k8s",
        "current",
        "Q1-26",
    }
    pages = {one.partition("?")[0] for one in shown if one.startswith("/teams/")}
    assert len(pages) >= 8
    assert _leaking(hidden, addresses) == set()


@pytest.mark.usefixtures("printer")
def test_no_page_is_given_to_print_with_a_title(pulled, tmp_path, run, are_shown):
    app = _app(_without_titles(pulled, tmp_path / "pages", are_shown=are_shown))
    sprints = [one.id for one in pulled.reports.sprints("k8s")]
    of_sprints = [f"/{kind}/{one}" for kind in ("sprints", "reviews") for one in sprints]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        printed = [client.get(f"/teams/k8s{one}?format=pdf").text for one in ("", *of_sprints)]
    run("export", "sprint", "-o", "sprint.pdf")
    run("export", "review", str(min(sprints)), "-o", "review.pdf")
    files = [one.read_text() for one in sorted(run.folder.iterdir())]
    pages = [one for one in (*printed, *files) if "K8S-" in one]
    assert len(files) == 2
    assert len(pages) >= 5
    assert {PLANTED in one for one in pages} == {are_shown}


def test_an_api_answers_null_for_a_hidden_title(pulled, tmp_path):
    app = _app(_without_titles(pulled, tmp_path / "site", are_shown=False))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        rows = client.get("/api/v1/teams/k8s/sprints/current/issues").json()["items"]
    assert {row["summary"] for row in rows} == {None}
    assert all(row["key"] for row in rows)


def test_what_is_kept_of_a_page_is_forgotten_when_titles_are_hidden(pulled, tmp_path):
    settings = {
        shown: _without_titles(pulled, tmp_path / str(shown), are_shown=shown).context.settings
        for shown in (True, False)
    }
    reports = Reports.of(settings[True], pulled.engine)
    app = create_app(reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for path in ("/teams/k8s", "/api/v1/teams/k8s/sprints/current/issues"):
            reports.follow(settings[True])
            before = client.get(path)
            reports.follow(settings[False])
            after = client.get(path, headers={"If-None-Match": before.headers["etag"]})
            assert PLANTED in before.text
            assert (after.status_code, PLANTED in after.text) == (200, False)


class Commands:
    """Runs commands over a configuration, in a folder of their own."""

    def __init__(self, site: Pulled, folder: Path, monkeypatch, capsys) -> None:
        for name, value in site.context.environ.items():
            monkeypatch.setenv(name, value)
        folder.mkdir()
        monkeypatch.chdir(folder)
        self.folder = folder
        self._context, self._monkeypatch, self._capsys = site.context, monkeypatch, capsys

    def __call__(self, *words: str) -> str:
        argv = ["telemetry", "-c", str(self._context.path), *words]
        self._monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as ended:
            main()
        told = "".join(self._capsys.readouterr())
        assert ended.value.code in (0, None), told
        return told


@pytest.fixture(params=[True, False], ids=["shown", "hidden"])
def are_shown(request) -> bool:
    return request.param


@pytest.fixture
def run(pulled, tmp_path, monkeypatch, capsys, are_shown) -> Commands:
    site = _without_titles(pulled, tmp_path / "site", are_shown=are_shown)
    return Commands(site, tmp_path / "out", monkeypatch, capsys)


@pytest.mark.parametrize("words", [("show",), ("show", "k8s"), ("show", "k8s", "--json")])
def test_no_figures_in_the_terminal_tell_a_title(run, words):
    assert PLANTED not in run(*words)


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_no_digest_in_the_terminal_tells_a_title(run, are_shown, form):
    told = "".join(run("digest", "--kind", kind, "--as", form) for kind in DIGEST_KINDS)
    assert "K8S-" in told
    assert (PLANTED in told) == are_shown


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "xlsx"])
def test_no_table_by_command_tells_a_title(run, are_shown, form):
    for what in What:
        run(
            "export",
            what.value,
            "-o",
            f"{what.value}.{form}",
            "--from",
            "2026-03-01",
            "--to",
            "2026-03-31",
        )
    run("export", "quarter", "--quarter", "Q1-26", "-o", f"quarter.{form}")
    run("export", "program", "Evergreen", "--quarter", "Q1-26", "-o", f"program.{form}")
    run("export", "portfolio", "--quarter", "Q1-26", "-o", f"portfolio.{form}")
    run("export", "teams", "-o", f"teams.{form}")
    files = "".join(_text(one.read_bytes()) for one in run.folder.rglob("*.*"))
    assert "K8S-" in files
    assert (PLANTED in files) == are_shown


def test_no_page_as_one_file_tells_a_title(run, pulled, are_shown):
    closed = min(one.id for one in pulled.reports.sprints("k8s"))
    run("export", "sprint", "-o", "sprint.html")
    run("export", "sprint", "--sprint", str(closed), "-o", "closed.html")
    run("export", "review", str(closed), "-o", "review.html")
    run("export", "review", "2026-W10", "-o", "week.html")
    for one in run.folder.iterdir():
        text = one.read_text()
        assert "K8S-" in text
        assert (PLANTED in text) == are_shown, one.name


@pytest.mark.slow
def test_no_folder_of_pages_tells_a_title(run, are_shown):
    run("export", "site", "pages", "--url", "http://127.0.0.1:8000")
    telling = {
        one.name
        for one in run.folder.rglob("*")
        if one.is_file() and PLANTED in _text(one.read_bytes())
    }
    assert bool(telling) == are_shown


@pytest.mark.parametrize("dialect", Dialect)
def test_no_digest_in_any_dialect_tells_a_title(pulled, tmp_path, are_shown, dialect):
    settings = _without_titles(pulled, tmp_path / "site", are_shown=are_shown).context.settings
    reports, told = Reports.of(settings, pulled.engine), {}
    for kind in DIGEST_KINDS:
        digest = make(reports, cast("DigestKind", kind), "k8s", pulled.story.now)
        written = payload(Post("d1", digest, "https://pages.example.com"), dialect)
        told[kind] = f"{written.title} {written.body}"
    assert all(len(one) > 80 for one in told.values())
    assert any(PLANTED in one for one in told.values()) == are_shown


@pytest.mark.parametrize("dialect", Dialect)
def test_no_alert_in_any_dialect_tells_a_title(pulled, tmp_path, are_shown, dialect):
    settings = _without_titles(pulled, tmp_path / "site", are_shown=are_shown).context.settings
    with reading(pulled.engine) as connection:
        [issue_id] = connection.scalars(select(s.issues.c.id).limit(1))
    said = sentence("It is open for long.")
    values = {
        "rule": "impediment_open",
        "team_key": "k8s",
        "subject_kind": "impediment",
        "subject_id": str(issue_id),
        "subject_name": "K8S-1",
        "severity": "watch",
        "is_silent": False,
        "opened_at": pulled.story.now,
        "value": 4.0,
        "opened_value": 4.0,
        "threshold": 3.0,
        "said": said_json(Said(said, said)),
        "issue_ids": [issue_id],
    }
    with writing(pulled.engine) as connection:
        alert = add_alert(connection, values, is_open=False)
        now = pulled.story.now
        told = Delivery(
            1, alert, "k8s", "chat", "opened", "waiting", now, now, "m1", 0, None, None, None, []
        )
        message = Letters.read(connection, settings, settings.web.url, now).write(
            connection, [told]
        )
        connection.execute(s.alerts.delete())
    written = payload(message, dialect)
    assert "K8S-1" in f"{written.title} {written.body}"
    assert (PLANTED in f"{written.title} {written.body}") == are_shown
