from pathlib import Path

import pytest

from telemetry.settings import load
from telemetry.settings.alerting import RULES, THRESHOLDS, default_alerts
from tests.settings.test_settings_errors import LEAST, error_of

CHANNEL = LEAST + "channels: {chat: {url: env:CHAT}}\n"


def loaded(folder: Path, text: str, **environ: str):
    (folder / "telemetry.yml").write_text(text, encoding="utf-8")
    return load(folder / "telemetry.yml", environ)


def test_without_a_word_about_messages_nothing_can_be_told(tmp_path):
    settings = loaded(tmp_path, LEAST)
    assert (settings.channels, settings.alerts, settings.admin.channels) == ({}, None, ())
    assert f"{settings.quiet_hours.start:%H:%M}–{settings.quiet_hours.end:%H:%M}" == "19:00–08:00"


def test_an_empty_list_of_alerts_is_none_and_no_list_is_the_default(tmp_path):
    assert loaded(tmp_path, CHANNEL + "alerts: []").alerts == ()
    assert loaded(tmp_path, CHANNEL + "alerts:").alerts is None


def test_quiet_hours_can_be_switched_off_and_set(tmp_path):
    assert loaded(tmp_path, LEAST + "quiet_hours: null").quiet_hours is None
    hours = loaded(tmp_path, LEAST + 'quiet_hours: {from: "20:30", to: "07:00"}').quiet_hours
    assert f"{hours.start:%H:%M}–{hours.end:%H:%M}" == "20:30–07:00"
    assert loaded(tmp_path, LEAST, TELEMETRY_QUIET_HOURS="null").quiet_hours is None


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("rule: sprint_behnd", "alerts[0].rule: 'sprint_behnd' is no rule; did you mean"),
        ("rule: quarter_risk", "alerts[0].rule: 'quarter_risk' is no rule"),
        ("rule: scope_grown, threshold_percent: 0", "0 is not a number above 0"),
        ("rule: scope_grown, threshold_percent: .nan", "is not a number above 0"),
        ("rule: scope_grown, threshold_percent: -5", "-5 is not a number above 0"),
        ("rule: scope_grown, threshold_percent: 1000000000000", "is more than anything reaches"),
        ("rule: scope_grown, threshold_percent: many", "'many' is not a number above 0"),
        ("rule: sprint_behind, for_working_days: 1.5", "1.5 is not a number of working days"),
        ("rule: sprint_behind, for_working_days: 400", "400 is not a number of working days"),
        (
            "rule: scope_grown, channels: [caht]",
            "'caht' is not under channels; did you mean 'chat'",
        ),
        ("rule: scope_grown, teams: [wbe]", "'wbe' is no team; did you mean 'web'"),
        ("rule: data_stale, teams: [web]", "is not of data_stale, which is told of sites"),
        ("rule: scope_grown, threshold: 3", "alerts[0].threshold: is not a known key; did you"),
        ("teams: [web]", "alerts[0].rule: is missing"),
        (
            "rule: scope_grown}, {rule: scope_grown",
            "alerts[1].rule: 'scope_grown' is on for web by an",
        ),
    ],
)
def test_what_is_wrong_with_an_alert_is_named(tmp_path, entry, said):
    assert said in error_of(tmp_path, f"{CHANNEL}alerts: [{{{entry}}}]")


@pytest.mark.parametrize("rule", RULES)
def test_a_key_that_a_rule_does_not_take_is_named_with_those_it_takes(tmp_path, rule):
    for key in set(THRESHOLDS) - RULES[rule].takes.keys():
        told = error_of(tmp_path, f"{CHANNEL}alerts: [{{rule: {rule}, {key}: 3}}]")
        assert f"telemetry.yml:4: alerts[0].{key}: is not of {rule}, which takes" in told
        assert all(taken in told for taken in RULES[rule].takes)


def test_a_channel_needs_an_address_that_is_kept_apart(tmp_path):
    told = error_of(tmp_path, LEAST + "channels: {chat: {url: 'slack://s3cr3t'}, mail: {}}")
    assert "channels.chat.url: holds a secret in clear (not shown here)" in told
    assert "channels.mail.url: is missing; add url: env:NAME" in told
    assert "s3cr3t" not in told
    told = error_of(tmp_path, LEAST + "channels: {'my chat': {url: env:CHAT}}")
    assert "channels.my chat: 'my chat' is no name of a channel" in told
    told = error_of(tmp_path, LEAST + "channels: {chat: {url: env:CHAT, tags: [a]}}")
    assert "channels.chat.tags: is not a known key" in told


def test_an_address_in_the_environment_becomes_a_reference(tmp_path):
    settings = loaded(tmp_path, LEAST, TELEMETRY_CHANNELS__CHAT__URL="slack://s3cr3t")
    assert "s3cr3t" not in repr(settings)
    assert settings.channels["chat"].url.reference == "env:TELEMETRY_CHANNELS__CHAT__URL"


def test_whom_nobody_knows_is_named_under_admin_and_channels(tmp_path):
    assert "admin.channels[0]: 'chta' is not under channels" in error_of(
        tmp_path, CHANNEL + "admin: {channels: [chta]}"
    )
    assert "channels.chat.teams[0]: 'api' is no team" in error_of(
        tmp_path, LEAST + "channels: {chat: {url: env:CHAT, teams: [api]}}"
    )


def test_thresholds_are_those_given_else_the_rules(tmp_path):
    text = CHANNEL + "alerts: [{rule: sprint_behind, threshold_percent: 35}]"
    [entry] = loaded(tmp_path, text).alerts
    assert (entry.threshold("threshold_percent"), entry.threshold("for_working_days")) == (35, 2)
    assert {one.rule for one in default_alerts()} == {n for n, k in RULES.items() if k.is_default}
