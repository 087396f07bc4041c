import subprocess
import sys
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.pull.team_rules import calendar_of
from telemetry.domain.calendar import Calendar
from telemetry.settings import Secret, load

CONTRACT = Path(__file__).with_name("contract.yml")
LEAST = """\
jira: {url: https://jira.example.com, auth: {kind: pat, secret: env:TOKEN}}
teams: [{key: web, project: WEB}]
"""


def loaded(folder, text, **environ):
    (folder / "telemetry.yml").write_text(text, encoding="utf-8")
    return load(folder / "telemetry.yml", environ)


def test_the_example_of_the_contract_is_read_as_it_stands():
    settings = load(CONTRACT, {})
    jira, team = settings.jira["default"], settings.teams[0]
    assert (jira.url, jira.deployment) == ("https://jira.example.com", "auto")
    assert (jira.auth.kind, jira.auth.user) == ("token", "bot@example.com")
    assert jira.webhook_secret == Secret("env:JIRA_HOOK_SECRET")
    assert settings.store_url({}) == "sqlite:///telemetry.db"
    assert settings.bot.every == timedelta(minutes=10)
    assert (settings.bot.reconcile, settings.bot.reconcile_at) == (time(2, 30), (2, 30))
    assert (team.key, team.title, team.site, team.jql) == (
        "k8s",
        "Managed Kubernetes",
        "default",
        "component = test",
    )
    assert team.board_ids == (12,)


def test_the_defaults_are_those_of_the_contract(tmp_path):
    least, full = loaded(tmp_path, LEAST), load(CONTRACT, {})
    for block in ("store", "privacy", "bot", "calendar"):
        assert getattr(least, block) == getattr(full, block)
    names = ("estimate", "done", "done_statuses", "impediment", "velocity_sprints")
    for name in names:
        assert getattr(least.teams[0], name) == getattr(full.teams[0], name)
    assert (least.teams[0].title, least.teams[0].board_ids) == ("web", ())


def test_a_team_overrides_only_the_parts_of_the_calendar_that_it_names(tmp_path):
    settings = loaded(
        tmp_path,
        """\
jira: {url: https://jira.example.com, auth: {kind: pat, secret: env:TOKEN}}
calendar: {timezone: Europe/Paris, holidays: FR, days_off: [2026-05-15]}
teams:
  - {key: a, project: A}
  - {key: b, project: B, calendar: {holidays: null, working_week: [sun, mon]}}
""",
    )
    week = ("mon", "tue", "wed", "thu", "fri")
    off = (date(2026, 5, 15),)
    assert calendar_of(settings.teams[0]) == Calendar("Europe/Paris", week, "FR", off)
    assert calendar_of(settings.teams[1]) == Calendar("Europe/Paris", ("sun", "mon"), None, off)


def test_several_sites_are_named_and_teams_choose_theirs(tmp_path):
    settings = loaded(
        tmp_path,
        """\
jira:
  emea: {url: https://emea.example.com/, auth: {kind: pat, secret: env:A}}
  apac: {url: https://apac.example.com, auth: {kind: pat, secret: env:B}}
teams: [{key: a, project: A, site: emea}, {key: b, project: B, site: apac}]
""",
    )
    assert [(name, site.url) for name, site in settings.jira.items()] == [
        ("emea", "https://emea.example.com"),
        ("apac", "https://apac.example.com"),
    ]
    assert [team.site for team in settings.teams] == ["emea", "apac"]


def test_the_only_named_site_need_not_be_repeated(tmp_path):
    text = "jira: {main: {url: https://a.example.com, auth: {kind: pat, secret: env:A}}}\n"
    settings = loaded(tmp_path, text + "teams: [{key: a, project: A}]")
    assert settings.teams[0].site == "main"


def test_words_that_other_yaml_takes_for_truth_or_times_stay_words(tmp_path):
    text = LEAST.replace("WEB", "NO") + "calendar: {holidays: NO}\nbot: {reconcile: 02:30}\n"
    settings = loaded(tmp_path, text)
    assert (settings.teams[0].project, settings.calendar.holidays) == ("NO", "NO")
    assert settings.bot.reconcile_at == (2, 30)


def test_an_empty_block_means_its_defaults(tmp_path):
    assert loaded(tmp_path, LEAST + "bot:\nalerts:\n").bot.requests_at_once == 4


def test_a_part_of_a_country_has_its_own_holidays(tmp_path):
    assert loaded(tmp_path, LEAST + "calendar: {holidays: DE-BY}").calendar.holidays == "DE-BY"


def test_environment_values_stand_over_those_of_the_file(tmp_path):
    settings = loaded(
        tmp_path,
        LEAST,
        TELEMETRY_STORE__URL="sqlite:///other.db",
        TELEMETRY_BOT__EVERY="1h30m",
        TELEMETRY_BOT__REQUESTS_AT_ONCE="8",
        TELEMETRY_TEAMS__0__NAME="Web",
        TELEMETRY_TEAMS__0__BOARDS="[12, 9]",
        TELEMETRY_TEAMS__0__IMPEDIMENT__FLAGGED="true",
        TELEMETRY_CALENDAR__HOLIDAYS="null",
        TELEMETRY_TEAMS__1='{"key": "api", "project": "API"}',
        TELEMETRY_CONFIG="elsewhere.yml",
    )
    team, other = settings.teams
    assert settings.store_url({}) == "sqlite:///other.db"
    assert settings.bot.every == timedelta(hours=1, minutes=30)
    assert settings.bot.requests_at_once == 8
    assert (team.name, team.board_ids, team.impediment.flagged) == ("Web", (12, 9), True)
    assert (other.key, other.project) == ("api", "API")


def test_the_environment_alone_is_enough():
    settings = load(
        None,
        {
            "TELEMETRY_JIRA__URL": "https://jira.example.com",
            "TELEMETRY_JIRA__AUTH__KIND": "pat",
            "TELEMETRY_JIRA__AUTH__SECRET": "s3cr3t",
            "TELEMETRY_TEAMS__0__KEY": "web",
            "TELEMETRY_TEAMS__0__PROJECT": "WEB",
        },
    )
    assert settings.teams[0].key == "web"
    assert settings.base == Path.cwd()
    assert "s3cr3t" not in repr(settings)


def test_names_with_a_hyphen_are_reached_with_an_underscore(tmp_path):
    text = LEAST.replace("jira: {", "jira: {my-site: {").replace("TOKEN}}", "TOKEN}}}")
    settings = loaded(tmp_path, text, TELEMETRY_JIRA__MY_SITE__URL="https://other.example.com")
    assert settings.jira["my-site"].url == "https://other.example.com"


def test_a_secret_given_as_a_variable_is_read_from_there_and_never_held(tmp_path):
    environ = {
        "TELEMETRY_JIRA__AUTH__SECRET": "s3cr3t",
        "TELEMETRY_STORE__URL": "postgresql://bot:s3cr3t@db/telemetry",
    }
    settings = loaded(tmp_path, LEAST, **environ)
    assert settings.jira["default"].auth.secret.resolve(environ, tmp_path) == "s3cr3t"
    assert settings.store_url(environ) == "postgresql://bot:s3cr3t@db/telemetry"
    assert not settings.is_sqlite(environ)
    assert "s3cr3t" not in repr(settings) + str(settings) + settings.model_dump_json(fallback=str)


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        load(CONTRACT, {}).teams[0].key = "other"  # type: ignore[misc]


def test_importing_settings_is_light():
    code = (
        "import sys; import telemetry.settings; "
        "heavy = {'pandas', 'numpy', 'sqlalchemy', 'holidays', 'ruamel.yaml'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_a_team_says_where_its_settings_stand(tmp_path):
    teams = "  - {key: a, project: A}\n  - key: b\n    project: B\n    estimate: issue_count\n"
    settings = loaded(tmp_path, LEAST.partition("teams:")[0] + "teams:\n" + teams)
    file = tmp_path / "telemetry.yml"
    first, second = settings.teams
    assert second.place("estimate") == f"{file}:6: teams[1].estimate"
    assert second.place("board") == f"{file}:4: teams[1]"
    assert first.model_copy(update={"project": "NEW"}).place("key") == f"{file}:3: teams[0].key"
