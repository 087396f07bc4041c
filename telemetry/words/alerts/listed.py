"""What is said of listed alerts: one sentence each, and its JSON."""

from datetime import UTC, datetime
from typing import Any

from telemetry.report.alerts.listed import Listed
from telemetry.words.plain import plain
from telemetry.words.stored import from_json
from telemetry.words.tame import tamed
from telemetry.words.values import Sentence, sentence

BECAUSE = {
    "below": "back below three quarters of its threshold",
    "event": "told once",
    "rule_off": "its rule is on no more",
    "team_removed": "its team is configured no more",
}
_GONE = {
    "sprint": "its sprint was closed",
    "impediment": "the impediment is closed",
    "issue": "the issue is done",
    "quarter": "the quarter ended, or nothing estimated is of it",
}


def headline(one: Listed) -> Sentence:
    """What an alert says of its subject."""
    return tamed(from_json(one.alert.said[0]))


def whole(one: Listed) -> Sentence:
    """All that an alert says of its subject."""
    more = from_json(one.alert.said[1])
    return tamed(sentence(headline(one), " " if more else None, more))


def resolved_because(one: Listed) -> str | None:
    """Why an alert is over; None while it is open."""
    because = one.alert.resolved_because
    if because is None:
        return None
    return BECAUSE.get(because) or _GONE.get(one.alert.subject_kind, "what it was about is gone")


def line(one: Listed) -> str:
    """An alert on a line, for the terminal."""
    alert = one.alert
    who = ", ".join(part for part in (one.team_name, alert.subject_name) if part)
    over = resolved_because(one)
    until = f" Over {alert.resolved_at:%Y-%m-%d}: {over}." if over and alert.resolved_at else ""
    silent = " (known before, not told)" if alert.is_silent else ""
    return f"{alert.opened_at:%Y-%m-%d}  {who}: {plain(headline(one))}{silent}{until}"


def record(one: Listed, web_url: str = "") -> dict[str, Any]:
    """An alert as the API gives it."""
    alert = one.alert
    return {
        "id": alert.id,
        "rule": alert.rule,
        "team": alert.team_key or None,
        "subject": {
            "kind": alert.subject_kind,
            "id": alert.subject_id,
            "name": alert.subject_name,
        },
        "severity": alert.severity,
        "state": one.state,
        "opened_at": _at(alert.opened_at),
        "worsened_at": _at(alert.worsened_at),
        "resolved_at": _at(alert.resolved_at),
        "resolved_because": resolved_because(one),
        "is_silent": alert.is_silent,
        "value": alert.value,
        "threshold": alert.threshold,
        "sentence": plain(whole(one)),
        "url": f"{web_url}{path(one)}",
        "deliveries": [
            {
                "channel": told.channel,
                "kind": told.kind,
                "state": told.state,
                "attempts": told.attempts,
                "first_at": _at(told.first_at),
                "sent_at": _at(told.sent_at),
                "error": told.error,
            }
            for told in one.deliveries
        ],
    }


def path(one: Listed) -> str:
    """The page on which more is known of an alert's subject."""
    alert = one.alert
    if not alert.team_key:
        return "/runs"
    if alert.subject_kind == "sprint":
        return f"/teams/{alert.team_key}/sprints/{alert.subject_id}"
    if alert.subject_kind == "quarter":
        return f"/teams/{alert.team_key}/quarters/{alert.subject_id}"
    page = {"impediment": "/impediments", "issue": "/flow", "team": "/impediments"}
    return f"/teams/{alert.team_key}{page.get(alert.subject_kind, '')}"


def _at(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
