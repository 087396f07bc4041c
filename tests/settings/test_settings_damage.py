"""Whatever stands in the place of any value: settings, or sentences; never a traceback."""

import copy
import random
import re

import pytest
import yaml

from telemetry.errors import ConfigurationError
from telemetry.settings import load

WHOLE = yaml.safe_load("""
jira: {url: https://jira.example.com, auth: {kind: token, user: b, secret: env:T}}
store: {url: sqlite:///t.db}
privacy: {key: file:k}
bot: {every: 10m, reconcile: "02:30", requests_at_once: 4}
calendar: {timezone: UTC, holidays: FR, working_week: [mon], days_off: ["2026-05-01"]}
teams:
  - {key: k8s, project: K, jql: a = 1, board: 12, calendar: {timezone: UTC}, estimate: board,
     done_statuses: [Done], impediment: {labels: [x], flagged: false}, velocity_sprints: 6}
  - {key: web, project: W, boards: [1, 2]}
channels: {chat: {url: env:C}}
alerts: [{rule: sprint_behind, threshold_percent: 20, teams: [k8s], channels: [chat]}]
quiet_hours: {from: "19:00", to: "08:00"}
admin: {channels: [chat]}
""")
ODD = [
    *(None, True, -1, 1.5, float("inf"), 10**30, "", " ", "x" * 5000, "é\u202e\x1b", "%", "{0}"),
    *("env:", "file:", "2026-02-30", "99:99", "order by", "((", "'", "\\", [], {}, [None], [[]]),
    *({"a": None}, {"": ""}, [1] * 30, ["a", "a"], {"k": {"k": {"k": 1}}}),
]
UNFIT = re.compile(r"\\d|\[A-Z|\(\?|pydantic|Input should|Value error|Traceback")


def places(value, path=()):
    """Every place of the tree but the tree itself."""
    if path:
        yield path
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    for key in keys:
        yield from places(value[key], (*path, key))


def with_value(path, value):
    tree = copy.deepcopy(WHOLE)
    holder = tree
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return tree


@pytest.mark.parametrize("path", list(places(WHOLE)), ids=lambda path: ".".join(map(str, path)))
def test_a_value_of_any_kind_gives_settings_or_sentences(tmp_path, path):
    file = tmp_path / "telemetry.yml"
    for value in random.Random(repr(path)).sample(ODD, 2):
        tree = with_value(path, value)
        file.write_text(yaml.safe_dump(tree, allow_unicode=False), encoding="utf-8")
        told = ""
        try:
            load(file, {})
        except ConfigurationError as error:
            told = str(error)
        assert not UNFIT.search(told), told
