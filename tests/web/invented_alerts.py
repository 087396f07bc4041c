"""Invented alerts: open and past ones, deliveries, mutes, channels."""

from datetime import timedelta
from typing import Any

from telemetry.report.alerts.answers import ChannelRow, Evaluation, Sending, UnableRow
from telemetry.report.alerts.listed import Listed
from telemetry.store.alerts import AlertRecord
from telemetry.store.mutes import Mute
from telemetry.store.outbox import Delivery
from telemetry.words.stored import to_json
from telemetry.words.targets import External
from telemetry.words.values import figure, percent, points, sentence
from tests.web.invented import AS_OF

HOSTILE = "<script>alert(1)</script> & Sprint"


def _delivery(number, channel, state, **values):
    given: dict[str, Any] = {
        "kind": "opened",
        "made_at": AS_OF,
        "due_at": AS_OF,
        "message_id": "m",
        "attempts": 1,
        "first_at": AS_OF,
        "sent_at": AS_OF if state == "sent" else None,
        "error": None,
        "reached": [],
    } | values
    return Delivery(id=number, alert_id=1, team_key="k8s", channel=channel, state=state, **given)


def _alert(number, rule, severity, **values):
    issue = figure("K8S-816", to=External("https://jira.example.com/browse/K8S-816"))
    said = [
        to_json(sentence("scope grew by ", figure(percent(25.0)), ": ", points(10.0), ".")),
        to_json(sentence("Impediments took 31 h; ", issue, " alone 12 h.")),
    ]
    given: dict[str, Any] = {
        "team_key": "k8s",
        "subject_kind": "sprint",
        "subject_id": "27",
        "subject_name": "Sprint 27",
        "is_silent": False,
        "opened_at": AS_OF - timedelta(days=2),
        "worsened_at": None,
        "resolved_at": None,
        "resolved_because": None,
        "value": 25.0,
        "opened_value": 25.0,
        "threshold": 20.0,
        "said": said,
        "issue_ids": [],
    } | values
    return AlertRecord(id=number, rule=rule, severity=severity, **given)


OPEN = [
    Listed(
        _alert(1, "scope_grown", "watch"),
        "Managed Kubernetes",
        "Europe/Paris",
        [
            _delivery(1, "team-chat", "sent"),
            _delivery(2, "mail", "given_up", error="It refused the mail (550)."),
        ],
    ),
    Listed(
        _alert(
            2,
            "impediment_open",
            "watch",
            subject_kind="impediment",
            subject_id="816",
            subject_name="K8S-816",
            is_silent=True,
        ),
        "Managed Kubernetes",
        "Europe/Paris",
        [],
    ),
    Listed(
        _alert(
            3,
            "data_stale",
            "bad",
            team_key="",
            subject_kind="site",
            subject_id="default",
            subject_name="default",
        ),
        "",
        "UTC",
        [_delivery(3, "ops", "waiting")],
    ),
]
PAST = [
    Listed(
        _alert(
            4,
            "sprint_behind",
            "watch",
            subject_id="26",
            subject_name=HOSTILE,
            resolved_at=AS_OF,
            resolved_because="gone",
        ),
        "Managed Kubernetes",
        "Europe/Paris",
        [_delivery(4, "team-chat", "dropped", error="It was muted.")],
    )
]
MUTES = (Mute(7, "k8s", "scope_grown", AS_OF + timedelta(days=3), AS_OF, "zoë <b>", None, None),)
CHANNELS = [
    ChannelRow("mail", 8, 1, 2, "It refused the mail (550)."),
    ChannelRow("team-chat", 42, 0, 0, None),
]
UNABLE = [UnableRow(f"Team {n}", "sprint_at_risk", "Too few sprints are closed.") for n in range(7)]
EVALUATIONS = [Evaluation(AS_OF, 1234, 6, 2, 1, 1, None)]
SENDINGS = [
    Sending(
        "mail", "Managed Kubernetes", "", "given_up", 2, 30, AS_OF, None, "It refused us (401)."
    ),
    Sending("ops", "", "portfolio", "sent", 1, 1, AS_OF, AS_OF, None),
]
