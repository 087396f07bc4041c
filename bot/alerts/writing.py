"""Writes what became of a team's alerts, and into the outbox what is to be told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.alerts.times import told_from
from telemetry.alerts.life import Open, Opened, Renewed, Resolved, Step
from telemetry.domain.calendar import Calendar
from telemetry.settings.alerting import RULES, QuietHours
from telemetry.store.alerts import (
    AlertRecord,
    add_alert,
    change_alert,
    read_open,
    resolve_alert,
)
from telemetry.store.mutes import Mute, is_muted
from telemetry.store.outbox import (
    DROPPED,
    WAITING,
    add_deliveries,
    drop_waiting,
    read_of_alerts,
)
from telemetry.words.alerts.said import TITLES, Said
from telemetry.words.plain import plain
from telemetry.words.stored import to_json

EVENT, RULE_OFF, TEAM_REMOVED = "event", "rule_off", "team_removed"
RESOLVED_UNTOLD, MUTED = "It was over before it was told.", "It was muted."


@dataclass(slots=True)
class Counts:
    """How many alerts opened, worsened and were resolved."""

    opened: int = 0
    worsened: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Whose alerts they are, where each rule's are told, and when that may be."""

    team_key: str
    name: str
    calendar: Calendar = field(default_factory=Calendar)
    quiet: QuietHours | None = None
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mutes: Sequence[Mute] = ()


class Writer:
    """Writes in one transaction of the caller's; `planned` gets a line for each thing to tell."""

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        place: Place,
        counts: Counts,
        planned: list[str] | None = None,
    ) -> None:
        self._connection = connection
        self.now = now
        self.place = place
        self._counts = counts
        self._planned = [] if planned is None else planned
        self.has_changed = False  # anything that pages show

    def as_open(self, record: AlertRecord) -> Open:
        """An open alert as its life depends on it."""
        is_worsened = record.worsened_at is not None
        return Open(
            record.id, record.subject_id, record.opened_at, record.opened_value, is_worsened
        )

    def write(self, rule: str, step: Step) -> None:
        """Write one step of an alert's life."""
        match step:
            case Opened():
                self._open(rule, step)
            case Renewed():
                self._renew(rule, step)
            case Resolved(alert, because, reading):
                if reading is not None:
                    self._stand(alert.id, reading.value, reading.threshold)
                self._resolve(rule, alert.id, because)

    def end_all(self, because: str) -> None:
        """End all open alerts of the team without a word."""
        for record in read_open(self._connection, self.place.team_key):
            self.end(record, because)

    def end(self, record: AlertRecord, because: str) -> None:
        """End an alert without a word: nothing became better, it is watched no more."""
        resolve_alert(self._connection, record.id, self.now, because)
        drop_waiting(self._connection, record.id, RESOLVED_UNTOLD)
        self._counts.resolved += 1
        self.has_changed = True

    def _open(self, rule: str, step: Opened) -> None:
        reading = step.reading
        values: dict[str, Any] = {
            "rule": rule,
            "team_key": self.place.team_key,
            "subject_kind": reading.subject.kind,
            "subject_id": reading.subject.id,
            "subject_name": reading.subject.name,
            "severity": RULES[rule].severity,
            "is_silent": step.is_silent,
            "opened_at": self.now,
            "value": reading.value,
            "opened_value": reading.value,
            "threshold": reading.threshold,
            "said": said_json(step.said),
            "issue_ids": list(reading.issue_ids),
        }
        if reading.is_event:
            values |= {"resolved_at": self.now, "resolved_because": EVENT}
        alert_id = add_alert(self._connection, values, is_open=not reading.is_event)
        self._counts.opened += 1
        self.has_changed = True
        if not step.is_silent:
            self._tell(rule, alert_id, "opened", self._channels(rule), step.said)

    def _renew(self, rule: str, step: Renewed) -> None:
        values: dict[str, Any] = {
            "said": said_json(step.said),
            "threshold": step.reading.threshold,
            "subject_name": step.reading.subject.name,
            "issue_ids": list(step.reading.issue_ids),
        }
        if step.is_worsened:
            values["worsened_at"] = self.now
            self._counts.worsened += 1
            told = self._told_in(step.alert.id)
            channels = tuple(name for name in self._channels(rule) if name in told)
            self._tell(rule, step.alert.id, "worsened", channels, step.said)
        if change_alert(self._connection, step.alert.id, values):
            self._stand(step.alert.id, step.reading.value, step.reading.threshold)
            self.has_changed = True

    def _stand(self, alert_id: int, value: float, threshold: float) -> None:
        change_alert(self._connection, alert_id, {"value": value, "threshold": threshold})

    def _resolve(self, rule: str, alert_id: int, because: str) -> None:
        resolve_alert(self._connection, alert_id, self.now, because)
        told = self._told_in(alert_id, or_perhaps=True)
        drop_waiting(self._connection, alert_id, RESOLVED_UNTOLD)
        self._counts.resolved += 1
        self.has_changed = True
        self._tell(rule, alert_id, "resolved", tuple(sorted(told)), None)

    def _told_in(self, alert_id: int, *, or_perhaps: bool = False) -> set[str]:
        """The channels that know of the alert, or may: the message is under way, or was begun."""
        found = read_of_alerts(self._connection, [alert_id]).get(alert_id, [])
        return {one.channel for one in found if one.is_known or (or_perhaps and one.is_begun)}

    def _channels(self, rule: str) -> tuple[str, ...]:
        return self.place.channels.get(rule, ())

    def _tell(
        self, rule: str, alert_id: int, kind: str, channels: tuple[str, ...], said: Said | None
    ) -> None:
        muted = is_muted(self.place.mutes, self.place.team_key, rule)
        due_at = told_from(self.now, self.place.quiet, self.place.calendar)
        rows = [
            {
                "alert_id": alert_id,
                "team_key": self.place.team_key,
                "channel": channel,
                "kind": kind,
                "state": DROPPED if muted else WAITING,
                "made_at": self.now,
                "due_at": due_at,
                "error": MUTED if muted else None,
            }
            for channel in channels
        ]
        add_deliveries(self._connection, rows)
        text = "" if said is None else f": {plain(said.headline)}"
        where = "nobody" if muted or not channels else ", ".join(channels)
        whom = self.place.name or "sites"
        self._planned.append(
            f"{whom}, {TITLES[rule]} {kind}{text} → {where}, {due_at:%Y-%m-%d %H:%M} UTC"
        )


def said_json(said: Said) -> list[Any]:
    """What an alert says, as its row keeps it."""
    return [to_json(said.headline), to_json(said.more)]
