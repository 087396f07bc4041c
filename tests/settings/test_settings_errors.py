from pathlib import Path

import pytest

from telemetry.errors import ConfigurationError
from telemetry.settings import Secret, load

WRONG = Path(__file__).with_name("wrong.yml")
LEAST = """\
jira: {url: https://jira.example.com, auth: {kind: pat, secret: env:TOKEN}}
teams: [{key: web, project: WEB}]
"""


def error_of(folder, text, **environ):
    file = folder / "telemetry.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load(file, environ)
    return str(raised.value).replace(str(file), "telemetry.yml")


def test_all_errors_are_told_at_once_with_line_value_and_remedy():
    with pytest.raises(ConfigurationError) as raised:
        load(WRONG, {"TELEMETRY_BOT__EVERY": "soon", "TELEMETRY_STOER__URL": "x"})
    told = str(raised.value).replace(str(WRONG), "wrong.yml") + "\n"
    assert told == WRONG.with_suffix(".txt").read_text(encoding="utf-8")


def test_no_secret_is_repeated_in_any_error():
    with pytest.raises(ConfigurationError) as raised:
        load(WRONG, {})
    assert "s3cr3t" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "jira: {url: 'https://bot:s3cr3t@jira.example.com', auth: {secret: s3cr3t, user: b}}",
        "jira: {url: https://a.example.com, auth: s3cr3t}",
        "jira: {url: https://a.example.com, auth: [s3cr3t]}",
        "jira: {url: https://a.example.com, auth: {kind: s3cr3t, secret: {value: s3cr3t}}}",
        "jira: {auth: {secret: s3cr3t, secret: s3cr3t}}",
        "jira: {auth: {secret: s3cr3t",
        "store: s3cr3t",
        "store: {url: s3cr3t}",
        "store: {url: 'postgresql://db/telemetry?user=bot&password=s3cr3t'}",
        "privacy: {key: s3cr3t}",
        "privacy: s3cr3t",
        "channels: {chat: s3cr3t}",
        "channels: [s3cr3t]",
        "jira: {webhook_secret: 'env:s3cr3t!'}",
    ],
)
def test_secrets_in_wrong_places_are_not_repeated_either(tmp_path, text):
    told = error_of(tmp_path, text)
    assert "s3cr3t" not in told
    assert "telemetry.yml:1: " in told


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigurationError, match="does not exist; write it as the README"):
        load(tmp_path / "telemetry.yml", {})


def test_a_folder_without_configuration_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"there is no telemetry\.yml in "):
        load(None, {"TELEMETRY_ACCESS_TOKEN": "not a setting"})


def test_what_is_not_yaml_is_told_with_its_line(tmp_path):
    assert error_of(tmp_path, "jira:\n  url: [1\nteams: 2\n").startswith("telemetry.yml:3: ")
    assert "is not a mapping" in error_of(tmp_path, "- a\n- b\n")


def test_a_key_that_stands_twice_is_named(tmp_path):
    told = error_of(tmp_path, LEAST + "bot: {every: 10m, every: 5m}\n")
    assert told == "telemetry.yml:3: the key 'every' stands there twice; keep one of them."


def test_an_empty_file_says_what_is_required(tmp_path):
    assert error_of(tmp_path, "").splitlines() == [
        "telemetry.yml has 2 errors:",
        "  telemetry.yml:1: jira: is missing; add the block 'jira:' with url and auth.",
        "  telemetry.yml:1: teams: is missing; add at least one team with key and project.",
    ]


def test_teams_of_unknown_sites_are_told_the_sites(tmp_path):
    told = error_of(
        tmp_path,
        """\
jira:
  emea: {url: https://a.example.com, auth: {kind: pat, secret: env:A}}
  apac: {url: https://b.example.com, auth: {kind: basic, secret: env:A}}
teams:
  - {key: a, project: A, site: emae}
  - {key: b, project: B}
""",
    )
    assert told.splitlines()[1:] == [
        "  telemetry.yml:3: jira.apac.auth.user: is missing, and kind basic needs it; "
        "add user: NAME.",
        "  telemetry.yml:5: teams[0].site: 'emae' is not under jira; did you mean 'emea'?",
        "  telemetry.yml:6: teams[1].site: is missing; add one of the sites emea, apac.",
    ]


def test_board_and_boards_together_are_an_error(tmp_path):
    told = error_of(tmp_path, LEAST.replace("WEB}", "WEB, board: 1, boards: [2]}"))
    assert "teams[0].boards: stands beside board; keep one of them." in told


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("TELEMETRY_BOT__EVERY", "10", "bot.every: '10' is not a length of time"),
        ("TELEMETRY_BOT__RECONCILE", "25:00", "bot.reconcile: '25:00' is not a time of day"),
        ("TELEMETRY_BOT__REQUESTS_AT_ONCE", "many", "'many' is not a whole number"),
        ("TELEMETRY_TEAMS__0__BOARDS", "12", "teams[0].boards: '12' is not a list"),
        ("TELEMETRY_TEAMS__0__BOARDS", "[12", "begins like JSON and is not"),
        ("TELEMETRY_TEAMS__2__KEY", "x", "'2' is not a place in a list of 1"),
        ("TELEMETRY_STORE__URL__X", "x", "store.url: "),
        ("TELEMETRY_BOTS__EVERY", "1m", "bots: is not a known key; did you mean 'bot'?"),
    ],
)
def test_errors_of_environment_values_name_the_variable(tmp_path, variable, value, sentence):
    told = error_of(tmp_path, LEAST, **{variable: value})
    assert f"{variable}: " in told
    assert sentence in told


def test_a_missing_secret_names_its_variable_or_file(tmp_path):
    with pytest.raises(ConfigurationError, match=r"jira\.auth\.secret: .* TOKEN is not set"):
        Secret("env:TOKEN").resolve({}, tmp_path, "jira.auth.secret")
    with pytest.raises(ConfigurationError, match=r"the file .*token cannot be read"):
        Secret("file:token").resolve({}, tmp_path)
    (tmp_path / "token").write_text("\n")
    with pytest.raises(ConfigurationError, match=r"the file .*token is empty"):
        Secret("file:token").resolve({}, tmp_path)


def test_a_secret_in_a_file_lies_beside_the_configuration_and_loses_its_line_end(tmp_path):
    (tmp_path / "token").write_text("s3cr3t\n")
    assert Secret("file:token").resolve({}, tmp_path) == "s3cr3t"
    assert "s3cr3t" not in repr(Secret("file:token"))


@pytest.mark.parametrize(
    ("given", "read"), [("0.2", 0.2), ("1", 1.0), ("0", 0.0), ("'0.5'", 0.5), ("auto", "auto")]
)
def test_a_security_coefficient_is_auto_or_a_share(tmp_path, given, read):
    file = tmp_path / "telemetry.yml"
    file.write_text(LEAST.replace("WEB}", f"WEB, security_coefficient: {given}}}"))
    assert load(file, {}).teams[0].security_coefficient == read


@pytest.mark.parametrize("given", ["1.5", "-0.1", "20 %", "true", ".nan", ".inf", "[0.1]", "high"])
def test_a_security_coefficient_beyond_that_is_an_error(tmp_path, given):
    told = error_of(tmp_path, LEAST.replace("WEB}", f"WEB, security_coefficient: {given}}}"))
    assert "teams[0].security_coefficient" in told
    assert "neither auto nor a number from 0 to 1" in told


@pytest.mark.parametrize("given", ["0", "13", "2.5", "sept"])
def test_a_fiscal_year_begins_with_a_month(tmp_path, given):
    told = error_of(tmp_path, LEAST + f"calendar: {{fiscal_year_start: {given}}}")
    assert "calendar.fiscal_year_start" in told


def test_defaults_may_stand_there(tmp_path):
    (tmp_path / "telemetry.yml").write_text(
        LEAST.replace("WEB}", "WEB, security_coefficient: auto}")
        + "digests:\ncalendar: {fiscal_year_start: 1}\n"
    )
    assert load(tmp_path / "telemetry.yml", {}).teams[0].key == "web"
