"""What a wrong file is told: the real cause, in people's words, without any line of the file."""

import re

import pytest

from telemetry.errors import ConfigurationError
from telemetry.settings import load

JIRA = "jira: {url: https://jira.example.com, auth: {kind: pat, secret: env:TOKEN}}\n"
LEAST = JIRA + "teams: [{key: web, project: WEB}]\n"
SIGNS_OF_PATTERNS = re.compile(r"\\[dwsb]|\[\^|\(\?|\.\*|\^\(|\)\$|\[A-Z")


def loaded(folder, text, **environ):
    file = folder / "telemetry.yml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ)


def error_of(folder, text, **environ):
    with pytest.raises(ConfigurationError) as raised:
        loaded(folder, text, **environ)
    told = str(raised.value).replace(str(folder / "telemetry.yml"), "telemetry.yml")
    assert not SIGNS_OF_PATTERNS.search(told), told
    return told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a:\n\tb: 1\n", "2: column 1: a tab stands here; indent with blanks"),
        ("a: b: s3cr3t\n", "1: column 5: a second colon stands in one value"),
        ("jira\n  url: s3cr3t\n", "2: column 6: this line is indented deeper than its key"),
        ("a: 1\nb\nc: 2\n", "2: column 1: a colon is missing after the key"),
        ("a:\n  - b: 1\n   - c: 2\n", "3: column 4: this line stands neither below nor beside"),
        ("a: [1, s3cr3t\nb: 3\n", "2: column 2: the list that opens with '[' in line 1"),
        ("a: {b: s3cr3t\nc: 2\n", "2: column 2: the block that opens with '{' in line 1"),
        ('a: "s3cr3t\nb: 1\n', "3: column 1: the quotation mark that opens in line 1"),
        ('a: "\\q"\n', "1: column 6: a backslash in double quotes"),
        ("a: @s3cr3t\n", "1: column 4: a value cannot begin with '@'; put it in quotes"),
        ("a: `s3cr3t`\n", "1: column 4: a value cannot begin with '`'"),
        ("a: 's3'cr3t'\n", "1: column 8: text follows a value that has ended"),
        ("a: [1]]\n", "1: column 7: a bracket closes here that was not opened"),
        ("a: \x01\n", "1: column 4: a sign stands here that is no text"),
        ("a: 1\n---\nb: 2\n", "2: column 1: a second document begins here"),
        ("a: *s3cr3t\n", "1: column 4: a value that begins with '*' repeats another"),
        ("a: &s3cr3t 1\n", "1: column 4: a value that begins with '&' gives itself a name"),
        ("a: !!python/object:os.system s3cr3t\n", "1: column 4: a value that begins with '!'"),
        ("a: " + "[" * 60 + "]" * 60, "1: column 53: more than 50 levels stand in each other"),
        ("- s3cr3t\n", "1: is not a mapping of keys such as 'jira:'"),
    ],
)
def test_what_is_not_yaml_is_told_by_its_cause_and_place(tmp_path, text, told):
    sentence = error_of(tmp_path, text)
    assert sentence.startswith(f"telemetry.yml:{told}"), sentence
    assert "s3cr3t" not in sentence


def test_a_file_without_end_is_not_read(tmp_path):
    told = error_of(tmp_path, LEAST + "# " + "x" * 2**20)
    assert told == "telemetry.yml cannot be read: it is larger than 1024 KB."


@pytest.mark.parametrize(
    ("teams", "told"),
    [
        ("{web: {project: WEB}}", "teams: is not a list; begin each team with '- key: NAME'"),
        ("web", "teams: is not a list; begin each team"),
        ("", "teams: is missing; add at least one team"),
        ("[]", "teams: is empty; add at least one team"),
        ("[web]", "teams[0]: 'web' is not a block of keys"),
        ("[{key: web, project: }]", "teams[0].project: is empty; add the key of its Jira project"),
        ("[{key: , project: A}]", "teams[0].key: is empty; add a short name"),
        ("[{key: ~, project: A}]", "teams[0].key: is empty; add a short name"),
        ("[{key: true, project: A}]", "teams[0].key: true is not text; write it in quotes"),
        ("[{key: [a], project: A}]", "teams[0].key: is not text; write it in quotes"),
        ("[{key: a, project: A, labels: x}]", "labels: is not a known key"),
        ("[{key: a, project: A, board: 1.5}]", "board: 1.5 is not a whole number"),
        ("[{key: a, project: A, board: true}]", "board: true is not a whole number"),
        ("[{key: a, project: A, board: 0x1F}]", "board: 0x1F is not a whole number"),
        ("[{key: a, project: A, board: 0}]", "board: 0 is out of range; the least is 1"),
        ("[{key: a, project: A, boards: 1}]", "boards: 1 is not a list"),
        ("[{key: a, project: A, boards: [1, 1]}]", "boards: board 1 stands there twice"),
        ("[{key: a, project: A, impediment: x}]", "impediment: 'x' is not a block of keys"),
        ("[{key: a, project: A, impediment: {labels: [need help]}}]", "'need help' is no label"),
        ("[{key: a, project: A, jql: ORDER BY rank}]", "jql: 'ORDER BY rank' narrows nothing"),
        ("[{key: a, project: A, jql: 'a = 1) OR (b = 2'}]", "has a bracket without its other half"),
        ("[{key: a, project: A, jql: 'a = \"b'}]", "has a quotation mark without its other half"),
        ("[{key: a, project: A, calendar: {days_off: [20260501]}}]", "20260501 is not a day"),
        ("[{key: a, project: A, calendar: {timezone: Paris}}]", "'Paris' is not a time zone"),
    ],
)
def test_a_value_of_another_kind_is_told_with_what_to_write(tmp_path, teams, told):
    assert told in error_of(tmp_path, f"{JIRA}teams: {teams}\n")


@pytest.mark.parametrize(
    ("bot", "told"),
    [
        ("every: 1:30", "bot.every: '1:30' is not a length of time; write one such as 30s"),
        ("every: 90", "bot.every: 90 is not a length of time"),
        ("reconcile: 2:30", "bot.reconcile: '2:30' is not a time of day"),
        ("requests_at_once: 1e3", "bot.requests_at_once: 1e3 is not a whole number"),
    ],
)
def test_times_and_numbers_are_told_as_they_were_written(tmp_path, bot, told):
    assert told in error_of(tmp_path, f"{LEAST}bot: {{{bot}}}\n")


@pytest.mark.parametrize("key", ["01", "0o17", "0x1F", "1_000", "1.10", "on", "no", "2026-01-01"])
def test_a_key_is_what_was_written_whatever_yaml_takes_it_for(tmp_path, key):
    [team] = loaded(tmp_path, f"{JIRA}teams: [{{key: {key}, project: {key}}}]").teams
    assert (team.key, team.project) == (key, key)
    assert type(team.project) is str
    assert repr(team.project) == f"'{key}'"


def test_names_are_taken_without_stray_blanks(tmp_path):
    team = "{key: a, project: ' WEB ', done_statuses: ['  In  Review '], jql: ' a = 1 '}"
    [found] = loaded(tmp_path, f"{JIRA}teams: [{team}]").teams
    assert (found.project, found.done_statuses, found.jql) == ("WEB", ("In Review",), "a = 1")


@pytest.mark.parametrize(
    ("jql", "narrowing"),
    [
        ("component = api ORDER BY created", "component = api"),
        ("component = api order  by rank desc, key", "component = api"),
        ('summary ~ "order by x"', 'summary ~ "order by x"'),
        ('summary ~ "order by x" ORDER BY "Epic Link" ASC', 'summary ~ "order by x"'),
        ("component = 'it\\'s (1' ORDER BY key", "component = 'it\\'s (1'"),
        ("reorder = bystander", "reorder = bystander"),
    ],
)
def test_an_order_is_cut_from_what_narrows_a_team(tmp_path, jql, narrowing):
    quoted = jql.replace("'", "''")
    [team] = loaded(tmp_path, f"{JIRA}teams: [{{key: a, project: A, jql: '{quoted}'}}]").teams
    assert team.jql == narrowing


def test_what_stands_twice_in_a_variable_is_told(tmp_path):
    told = error_of(tmp_path, LEAST, TELEMETRY_BOT='{"every": "1h", "every": "2h"}')
    assert "TELEMETRY_BOT: bot: has the key 'every' twice; keep one" in told


def test_a_variable_that_is_too_deep_is_told(tmp_path):
    told = error_of(tmp_path, LEAST, TELEMETRY_TEAMS="[" * 5000 + "]" * 5000)
    assert "TELEMETRY_TEAMS: teams: has more than 50 levels" in told
