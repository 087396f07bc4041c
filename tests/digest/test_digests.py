"""Digests of a small site: what each kind says, in each form."""

import json
import re
import sys
from datetime import timedelta

import pytest
from markdown_it import MarkdownIt
from starlette.testclient import TestClient

from telemetry.cli import main
from telemetry.digest.making import make, make_at
from telemetry.domain.week import read_week
from telemetry.errors import NotFound
from telemetry.settings.digesting import DigestKind
from telemetry.words.digests.portfolio import HEAD
from telemetry.words.digests.written import as_html, as_markdown, as_slack, text
from tests.pulled import on
from web.app import create_app

BASE = "https://telemetry.example.com"


@pytest.fixture
def said(pulled):
    """The text of a digest, a line each, as it would be sent then."""

    def of(kind, now=None, team="k8s"):
        found = text(make(pulled.reports, kind, team, now or pulled.story.now))
        return found.replace("\u202f", " ").splitlines()

    return of


def test_a_day_says_what_stands_what_moved_and_what_is_in_the_way(said):
    assert said("day") == [
        "▲ Managed <Kubernetes>, Sprint 1: day 5 of 10",
        "",
        "Whether it will be done in time cannot be told: it takes 4 closed sprints with finished "
        "points, or one and other teams with more. The sprint is planned to end on Fri 13 Mar. "
        "3 of 10 points are done, 2.7 behind the ideal line.",
        "Since Thu 5 Mar: 3 points were done (K8S-2); 2 points came in "
        "(K8S-4 <b>x</b> *bold* | <!channel> @\u200bhere =1).",
        "1 impediment is open: K8S-5 <b>x</b> *bold* | <!channel> @\u200bhere =1"
        ", for 5 working days.",
    ]


def test_a_day_on_which_nothing_changed_is_silent(pulled):
    now = pulled.story.now
    assert not make(pulled.reports, "day", "k8s", now).is_silent
    later = make(pulled.reports, "day", "k8s", now + timedelta(days=5))
    assert later.is_silent
    assert "Nothing was done and nothing changed since Tue 10 Mar." in text(later)


def test_a_week_has_progress_hours_why_the_week_before_and_what_to_decide(said):
    lines = said("week")
    assert lines[0] == "● Managed <Kubernetes>, Mon 2 Mar – Fri 6 Mar 2026"
    assert lines[3] == (
        "Impediments took 4.5 h, 69 % of the time logged, all of it network; "
        "Thu 5 Mar was the worst day, with 3 h."
    )
    assert "3 points were done, 5 the week before; 4.5 h went to impediments, 0 h the week " in (
        "\n".join(lines)
    )
    decided = lines[lines.index("To decide:") + 1 :]
    assert decided == [
        "- Escalate K8S-5, “<b>x</b> *bold* | <!channel> @\u200bhere =1”? "
        "It is open for 5 working days.",
        "- What comes out of Sprint 1? 7 points are left, 2.7 more than the ideal line leaves.",
        "- Who estimates what is in Sprint 2? 1 issue of it has no estimate.",
    ]


def test_a_closed_sprint_is_held_against_the_one_before(said):
    lines = said("sprint")
    assert lines[0] == "● Managed <Kubernetes>, Sprint 0 is closed"
    table = [re.split(r"  +", line) for line in lines if line.startswith("C")]
    assert ["Commitment kept", "100 %"] in table


def test_all_teams_stand_in_one_table(said):
    lines = said("portfolio", team="")
    assert lines[0] == "● 1 team on Fri 6 Mar"
    head = next(line for line in lines if line.startswith("Team "))
    row = next(line for line in lines if line.startswith("Managed <Kubernetes>  "))
    assert "  ".join(HEAD) == re.sub(r"  +", "  ", head)
    assert len(row) == len(head)
    assert "3 of 10" in row


def test_a_team_that_is_not_there_is_named(pulled):
    with pytest.raises(NotFound, match="k9s"):
        make(pulled.reports, "week", "k9s", pulled.story.now)


@pytest.mark.parametrize("kind", ["day", "week", "sprint", "portfolio"])
def test_no_form_takes_a_title_for_markup_or_calls_anybody(pulled, kind):
    made = make(pulled.reports, kind, "k8s", pulled.story.now)
    html = as_html(made, BASE)
    assert "<b>x" not in html
    assert len(html) < 100_000
    rendered = MarkdownIt("commonmark").enable("table").render(as_markdown(made, BASE))
    for forbidden in ("<b>", "<em>", "@here", "\u202e"):
        assert forbidden not in rendered
    for form in (as_markdown(made), as_slack(made), text(made)):
        assert "@here" not in form
        assert "\u202e" not in form + html
    assert "<!channel>" not in as_slack(made)
    assert f"{BASE}{made.path}" in text(made, BASE)
    assert BASE not in text(made)


def test_the_command_prints_each_form(pulled, monkeypatch, capsys, tmp_path):
    def run(*words, code=0):
        with monkeypatch.context() as process:
            for name, value in pulled.context.environ.items():
                process.setenv(name, value)
            process.setattr(sys, "argv", ["telemetry", "-c", str(pulled.context.path), *words])
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capsys.readouterr()
        assert (ended.value.code or 0) == code, out + err
        return out + err

    assert run("digest", "--kind", "day").startswith("▲ Managed <Kubernetes>, Sprint 1")
    assert run("digest", "--kind", "week", "--as", "markdown").startswith("● **Managed")
    assert run("digest", "--kind", "portfolio", "--as", "html").startswith("<!doctype html>")
    assert json.loads(run("digest", "--as", "json"))["kind"] == "week"
    assert "k9s" in run("digest", "--team", "k9s", code=1)


def test_the_api_gives_all_forms(pulled):
    app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    found = client.get("/api/v1/digests/k8s?kind=day").json()
    assert found["text"].endswith("http://127.0.0.1:8000/teams/k8s")
    assert found["is_silent"] is False
    assert client.get("/api/v1/digests/k8s?kind=year").status_code == 422
    assert client.get("/api/v1/digests/k9s").status_code == 404


def test_a_digest_of_a_week_that_is_over_is_that_of_its_review(pulled):
    story = pulled.story
    made = make_at(pulled.reports, "week", "k8s", on(-3), story.now)
    lines = text(made).replace("\u202f", " ").splitlines()
    assert lines[0] == "● Managed <Kubernetes>, Mon 23 Feb – Sun 1 Mar 2026"
    assert lines[2].startswith("1 item was done")
    assert made.path == "/teams/k8s/reviews/2026-W09"
    assert pulled.reports.week_review("k8s", read_week("2026-W09"), story.now).is_over


def test_a_digest_of_now_leads_to_the_week_that_runs_and_of_a_close_to_its_review(pulled):
    now = pulled.story.now
    assert make_at(pulled.reports, "week", "k8s", now, now).path == "/teams/k8s/reviews/2026-W10"
    closed = make_at(pulled.reports, "sprint", "k8s", on(1), now)
    [frozen] = [one for one in pulled.reports.reviews("k8s") if one.frozen_at is not None]
    assert closed.path == f"/teams/k8s/reviews/{frozen.sprint.id}"
    review = pulled.reports.review("k8s", frozen.sprint.id, now)
    assert review.frozen is not None


@pytest.mark.parametrize(
    ("kind", "at"), [("sprint", on(-1)), ("day", on(2)), ("week", on(9)), ("day", on(9))]
)
def test_what_nobody_kept_has_no_digest(pulled, kind: DigestKind, at):
    with pytest.raises(NotFound):
        make_at(pulled.reports, kind, "k8s", at, pulled.story.now)


def test_the_api_gives_a_digest_of_an_instant_and_refuses_what_is_none(pulled):
    app = create_app(
        pulled.reports, access_token=None, allowed_hosts=(), clock=lambda: pulled.story.now
    )
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    path = "/api/v1/digests/k8s?kind=week&at="
    assert "23 Feb" in client.get(f"{path}2026-02-27T12:00:00Z").json()["title"]
    statuses = [
        client.get(path + at).status_code
        for at in (
            "2026-02-27T12:00:00",
            "x",
            "0001-01-01T00:00:00Z",
            "9999-01-01T00:00:00Z",
            f"2026-02-27T12:00:{'0' * 60}Z",
            "1" * 60,
        )
    ]
    assert statuses == [422] * 6
    assert client.get(f"{path}2026-05-01T00:00:00Z").status_code == 404
