"""The dashboard as a folder of pages, one page as a file, and on paper."""

import json
import os
import re
from dataclasses import replace
from functools import partial
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from bot.simulator.state import type_of_epic
from telemetry.errors import ConfigurationError, StoreError, TelemetryError
from telemetry.store.engine import open_store
from tests.pulled import Story, a_team, on, serving
from web.app import create_app
from web.export import paper
from web.export.asking import completed
from web.export.at_once import at_once, processes_for
from web.export.bundle import bundled
from web.export.folder import MANIFEST, Folder
from web.export.links import Links, file_of
from web.export.page import standing
from web.export.site import StaticSite
from web.export.some import OfTeams
from web.export.team_pages import Wanted
from web.pages.sprint.issues import chosen, moments
from web.saving.commands import _pages

pytestmark = pytest.mark.slow
HOSTILE = "</script><script>alert(1)</script> \u202e=1+1 **b** <!channel>\r\n"

PROGRAMS = ("Evergreen", "a/../../../x", "东" * 200, "EVERGREEN")
LEFT = "net::ERR_ABORTED"  # the page was left for the next one meanwhile


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    story = Story()
    sprint = story.sprint(on(1, 10), name="Sprint 1")
    done = story.issue(3, sprint=sprint.id, summary=HOSTILE)
    story.issue(None, sprint=sprint.id, at=on(2))
    story.log(done, on(2), 2)
    story.world.transition(done, "10001", on(3))
    story.log(story.issue(labels=["impediment", "nature:network"]), on(3), 1.5)
    for name in PROGRAMS:
        epic = story.issue(kind=type_of_epic, labels=["Q1-26", f"Project_{name}"])
        story.issue(5, epic=epic.id)
    folder = tmp_path_factory.mktemp("site")
    store = open_store("sqlite:///store.db", base=folder)
    with serving(story, store, folder / "jira", [a_team()]) as served:
        served.good_pull()
        yield served
    store.dispose()


@pytest.fixture(scope="module")
def write(pulled):
    def run(folder, reports=pulled.reports, **more):
        now = pulled.story.clock()
        app = create_app(reports, access_token=None, allowed_hosts=(), clock=lambda: now)
        site = StaticSite(app, reports, app.state.assets, now, **more)
        return site.write(Folder(folder))

    return run


@pytest.fixture(scope="module")
def site(write, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    write(folder)
    return folder


@pytest.fixture(scope="module")
def client(pulled):
    app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)
    return TestClient(app, base_url="http://127.0.0.1:8000")


def test_every_link_of_the_folder_leads_to_a_file_of_it(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 8
    for page in pages:
        text = page.read_text()
        assert "<form" not in text
        assert 'type="module"' not in text
        for address in re.findall(r'(?:href|src)="([^"]*)"', text):
            path = address.partition("?")[0].partition("#")[0]
            if path and not path.startswith(("http:", "https:")):
                assert (page.parent / path).is_file(), (page, address)


def test_programs_have_a_page_each_quarter_within_the_folder(site):
    programs = list((site / "programs").glob("*/index-quarter-Q1-26-*.html"))
    assert len(programs) == len(PROGRAMS)
    said = "".join(one.read_text() for one in programs)
    assert all(f"<h1>{name}</h1>" in said for name in PROGRAMS)
    [portfolio] = (site / "portfolio").glob("index-quarter-Q1-26-*.html")
    assert str(programs[0].relative_to(site).parent) in portfolio.read_text()
    assert "teams/k8s/quarters/Q1-26/index.html" in portfolio.read_text()
    came_to = (site / "calibration/index.html").read_text()
    assert "teams/k8s/calibration/index.html" in came_to
    assert (site / "teams/k8s/calibration/index.html").is_file()


def test_weeks_of_a_team_with_sprints_have_their_pages(site, pulled):
    reviews = site / "teams/k8s/reviews"
    weeks = sorted(str(one.week) for one in pulled.reports.week_reviews("k8s"))
    [listed] = reviews.glob("index-of-weeks-*.html")
    text, of_sprints = listed.read_text(), (reviews / "index.html").read_text()
    assert sorted(re.findall(r'/reviews/(\d{4}-W\d\d)/index.html"', text)) == weeks
    assert 'teams/k8s/reviews/index.html">Sprints</a>' in text
    assert f'/reviews/{listed.name}">Weeks</a>' in of_sprints
    pages = {week: (reviews / week / "index.html").read_text() for week in weeks}
    assert all(f'/reviews/{listed.name}">All reviews</a>' in text for text in pages.values())
    [sprint] = pulled.reports.sprints("k8s")
    assert any(f'/reviews/{sprint.id}/index.html">Its review' in text for text in pages.values())
    assert not list(reviews.glob("index-of-sprints-*.html"))


def test_weeks_beyond_the_newest_are_text_where_a_team_has_sprints(write, monkeypatch, tmp_path):
    monkeypatch.setattr("web.export.team_pages.WEEKS", 0)
    write(tmp_path)
    reviews = tmp_path / "teams/k8s/reviews"
    assert not list(reviews.glob("2026-W*"))
    [listed] = reviews.glob("index-of-weeks-*.html")
    assert "<span>Week 10 of 2026</span>" in listed.read_text()


def test_a_second_run_writes_nothing_and_removes_nothing(write, tmp_path):
    first = write(tmp_path)
    before = {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")}
    second = write(tmp_path)
    assert (second.written, second.removed) == (0, 0)
    assert second.rendered < first.rendered / 2
    assert {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(
    "name",
    ["..", "../../x", "/etc/x", "a\\..\\b", "CON", "nul.txt", "x" * 300, "\0", "😀" * 80, ". ", ""],
)
def test_no_name_leads_out_of_the_folder_or_cannot_be_one(tmp_path, name):
    file = file_of(f"/programs/{quote(name, safe='')}")
    with (folder := Folder(tmp_path)).held():
        folder.put("a", "", {file: b"x"})
        with pytest.raises(StoreError, match="leads out"):
            folder.put("b", "", {"../x": b"x"})
        folder.finish()
    assert (tmp_path / file).resolve().is_relative_to(tmp_path / "programs")
    assert not set(file) & set('\\:*?"<>|\0')


def test_a_copy_tells_when_and_not_how_long_ago(site):
    for page in site.rglob("*.html"):
        assert not re.search(r"just now|\d (?:min|h|days) ago", page.read_text()), page


def test_what_is_gone_is_removed_and_what_others_wrote_stays(write, tmp_path):
    write(tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_bytes())
    old, changed = tmp_path / "teams/gone/index.html", tmp_path / "teams/changed.html"
    old.parent.mkdir()
    for one in (old, changed):
        one.write_text("x")
    ours = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of x
    files = {"teams/gone/index.html": ours, "teams/changed.html": "0" * 64}
    manifest["groups"]["gone"] = {"key": "", "files": files}
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    (tmp_path / "mine.txt").write_text("mine")
    assert write(tmp_path).removed == 1
    assert not old.parent.exists()
    assert changed.exists()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_file_that_was_lost_is_written_again(write, tmp_path):
    write(tmp_path)
    (tmp_path / "teams/k8s/index.html").unlink()
    assert write(tmp_path).written == 1


@pytest.mark.parametrize(
    "manifest", [None, b"{", b'{"format": 1, "groups": {"a": {"key": "", "files": {"../x": ""}}}}']
)
def test_a_folder_of_others_is_refused(tmp_path, manifest):
    (tmp_path / "thesis.txt").write_text("mine")
    if manifest is not None:
        (tmp_path / MANIFEST).write_bytes(manifest)
    with pytest.raises(ConfigurationError, match="--force"):
        Folder(tmp_path)
    Folder(tmp_path, is_forced=True)


def test_an_export_of_some_teams_names_no_other(write, pulled, tmp_path):
    reports = OfTeams(pulled.reports._engine)
    reports.only = frozenset({"nobody"})
    write(tmp_path, reports, is_whole=False)
    assert not any("k8s" in one.read_text() for one in tmp_path.rglob("*.html"))


def test_pages_name_where_the_live_ones_are(write, tmp_path):
    write(tmp_path, live="https://telemetry.example.com/")
    text = (tmp_path / "teams/k8s/index.html").read_text()
    assert 'href="https://telemetry.example.com/teams/k8s"' in text


def test_a_sprint_keeps_each_of_its_lists(site):
    text = next((site / "teams/k8s/sprints").glob("*/index.html")).read_text()
    lists = json.loads(text.partition('id="saved-lists">')[2].partition("</script>")[0])
    assert lists["issues"]["completed"]["title"] == "1 issue completed, 3 points"
    assert len(lists["issues"]["total"]["rows"]) == 2
    assert "opened or worked on" in str(lists["impediments"])


def test_titles_are_text_in_every_page(site, client):
    sprint = next((site / "teams/k8s/sprints").glob("*/index.html")).read_text()
    alone = client.get("/teams/k8s?format=html").text
    for text in (sprint, alone):
        assert "<script>alert(1)" not in text
        assert "&lt;/script&gt;&lt;script&gt;alert(1)" in text


def test_modules_become_one_script():
    files = {
        "a.js": b'import { two, three } from "./b.js";\n\nconst x = two + three();\n',
        "b.js": b"const x = 1;\nexport const two = x + 1;\nexport async function three() {}\n",
    }
    made = bundled(files, "a.js")
    assert "import" not in made
    assert "export" not in made
    assert made.index("module_b =") < made.index("module_a =")


def test_a_saved_sprint_lists_what_its_page_lists_for_each_moment(pulled):
    reports, now = pulled.reports, pulled.story.clock()
    [sprint] = reports.sprints("k8s")
    page = reports.sprint_page("k8s", sprint.id, now)
    zone = ZoneInfo(page.team.timezone)
    found = list(moments(page, zone))
    assert {kind.partition(":")[0] for kind, _, _ in found} == {"day", "at"}
    assert len({kind for kind, _, _ in found}) == len(found)
    for kind, words, rows in found:
        assert chosen(page, kind, zone) == (words, rows)
    assert [kind for kind, _, _ in found] == [kind for kind, _, _ in moments(page, zone)]


@pytest.mark.parametrize(
    ("wanted", "link"),
    [
        ("/", "../../index.html"),
        ("/teams/k8s", "index.html"),
        ("/teams/k8s#top", "index.html#top"),
        ("/teams/k8s?issues=day:2026-03-02&sort=key#issues", "?issues=day:2026-03-02#issues"),
        (
            "/programs/a%2Fb?quarter=Q1-26",
            "../../programs/a-b-c14cddc0/index-quarter-Q1-26-2cffe5.html",
        ),
        ("/teams/gr%C3%B6%C3%9Fe", "../../teams/gr%C3%B6%C3%9Fe/index.html"),
        ("/teams/k8s/sprints/7?issues=all", "../../teams/k8s/sprints/7/index.html?issues=all"),
        ("/teams/k8s/flow?issues=all", None),
        ("/teams/k8s?sort=key", None),
        ("/teams/nobody", None),
        ("/assets/0a1b/page.css", "../../assets/page.css"),
    ],
)
def test_a_link_leads_from_a_file_to_a_file(wanted, link):
    paths = ["k8s", "gr%C3%B6%C3%9Fe", "k8s/flow", "k8s/sprints/7"]
    programs = ["/programs/a%2Fb?quarter=Q1-26"]
    links = Links({"/", *(f"/teams/{one}" for one in paths), *programs})
    seen = links.seen_from("teams/k8s/index.html")
    assert seen(wanted) == link
    links.seen_from("index.html")(wanted)
    assert seen(wanted) == link


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ('<a href="/teams/x">X</a>', "<span>X</span>"),
        ('<a class="b" href="/teams/k8s">X</a>', '<a class="b" href="there">X</a>'),
        ('<a href="https://jira/b?x=1&amp;y">J</a>', '<a href="https://jira/b?x=1&amp;y">J</a>'),
        ('<a href="#top">T</a>', '<a href="#top">T</a>'),
        ('<form><a href="/go">G</a></form>', ""),
        (
            '<th>A<a class="sort on" href="/?sort=a"><span aria-hidden="true">▾</span>'
            '<span class="away">Sort by a</span></a></th>',
            '<th>A<span data-sorts="a"></span></th>',
        ),
        ('<nav class="choices"><a href="/teams/x">X</a></nav>', ""),
        ("&lt;a href=&#34;/teams/x&#34;&gt;", "&lt;a href=&#34;/teams/x&#34;&gt;"),
    ],
)
def test_links_without_a_page_become_text(given, made):
    known = {"/teams/k8s": "there"}
    assert standing(given, "/", known.get) == made


def test_one_file_loads_nothing(client):
    answer = client.get("/teams/k8s?format=html")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''k8s.html"
    text = answer.text.replace(answer.text.partition("<script>")[2].rpartition("</script>")[0], "")
    assert not re.search(r'(?:src|href)="/', text)
    assert client.get("/teams/nobody?format=html").status_code == 404


@pytest.mark.parametrize("can_print", [False, True])
@pytest.mark.parametrize("page", ["sprints", "reviews"])
def test_a_page_leads_to_its_own_files_and_a_copy_to_none(pulled, monkeypatch, page, can_print):
    monkeypatch.setattr("web.app.can_print", lambda: can_print)
    now, [sprint] = pulled.story.clock, pulled.reports.sprints("k8s")
    app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=now)
    client, at = TestClient(app, base_url="http://127.0.0.1:8000"), f"/teams/k8s/{page}/{sprint.id}"
    text = client.get(at).text
    assert f'href="{at}?format=html" download' in text
    assert (f'href="{at}?format=pdf" download' in text) is can_print
    copy = client.get(f"{at}?format=html")
    name = f"k8s{'-review' if page == 'reviews' else ''}-{sprint.id}.html"
    assert copy.headers["content-disposition"].endswith(f"''{name}")
    body = copy.text.rpartition("<body>")[2].partition("<script>")[0]
    assert "format=" not in body
    assert "as one file" not in body


def test_without_chromium_one_sentence_says_what_to_do(client, monkeypatch):
    monkeypatch.setenv(paper.VARIABLE, "no-such-chromium")
    with pytest.raises(paper.NoChromium, match="install the package 'chromium'"):
        paper.to_pdf(b"<p>x</p>")
    answer = client.get("/teams/k8s?format=pdf")
    assert answer.status_code == 503
    assert "install the package" in answer.text
    assert client.get("/teams/k8s").status_code == 200


def test_chromium_that_hangs_is_ended(monkeypatch, tmp_path):
    stuck = tmp_path / "stuck"
    stuck.write_text("#!/bin/sh\nsleep 60\n")
    stuck.chmod(0o755)
    monkeypatch.setenv(paper.VARIABLE, str(stuck))
    monkeypatch.setattr(paper, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(TelemetryError, match="did not print"):
        paper.to_pdf(b"<p>x</p>")


@pytest.mark.slow
def test_another_process_makes_the_same_pages_and_tells_what_fails(pulled):
    now, context = pulled.story.clock(), pulled.context
    opened = partial(_pages, context.path, context.environ, now, "https://live", [])
    wanted = Wanted("k8s", frozenset({"/"}), None)
    here = completed(opened().team(wanted))
    with at_once(opened, 1) as make:
        assert list(make([wanted])) == [here]
        with pytest.raises(TelemetryError, match="no team 'nobody'"):
            list(make([replace(wanted, key="nobody")]))
        with pytest.raises(TelemetryError, match="ended by itself"):
            list(make([wanted]))


def test_processes_are_started_for_many_teams_on_several_cores_alone(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert [processes_for(teams) for teams in (0, 1, 7, 8, 1000)] == [1, 1, 1, 2, 2]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert processes_for(1000) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("chromium")
def test_a_sprint_is_printed_on_a4(client, monkeypatch):
    if os.geteuid() == 0:
        monkeypatch.setenv(paper.VARIABLE, "chromium --no-sandbox")
    answer = client.get("/teams/k8s?format=pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert re.search(rb"/MediaBox \[0 0 59[45]\.?\d* 84[12]", answer.content)


@pytest.mark.slow
def test_the_folder_works_in_a_browser(browser, site):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    wrong: list[str] = []
    page.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda one: None if one.failure == LEFT else wrong.append(one.url))
    for file in sorted(site.rglob("*.html")):
        page.goto(file.as_uri())
        page.wait_for_function(
            "() => [...document.querySelectorAll('[data-chart]')].every(one => one.dataset.drawn)"
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), file
    sprint = next((site / "teams/k8s/sprints").glob("*/index.html"))
    page.goto(f"{sprint.as_uri()}?issues=completed#issues")
    assert page.locator("#results tbody tr:visible").count() == 1
    assert page.locator("#issues-title").inner_text().startswith("1 issue completed, 3 points")
    page.close()
    assert wrong == []
