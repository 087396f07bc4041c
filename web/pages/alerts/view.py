"""Alerts as their page and a sprint's page show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.report.alerts.listed import Listed
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.store.outbox import Delivery
from telemetry.words import days
from telemetry.words.alerts.listed import headline, path, resolved_because, whole
from telemetry.words.alerts.message import SIGNS
from telemetry.words.alerts.said import TITLES
from telemetry.words.values import Sentence
from web.show.text import text

_RANK = {"bad": 0, "watch": 1, "note": 2}
STATES = {
    "waiting": "waits",
    "sent": "",
    "failed": "failed",
    "given_up": "given up",
    "dropped": "not told",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery in words: the channel, when it was told, or what became of it."""

    channel: str
    kind: str
    words: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One alert: since when, of whom, its sign and word, its sentence, how it was told."""

    id: int
    team_key: str
    team_name: str
    subject: str
    href: str
    rule: str
    title: str
    severity: str
    sign: str
    since: str
    until: str
    because: str | None
    said: Sentence
    is_silent: bool
    told: tuple[Told, ...]


def rows(found: Sequence[Listed], now: datetime) -> list[Row]:
    """The alerts as rows, in their order."""
    return [_row(one, now) for one in found]


def worst_first(found: Sequence[Listed]) -> list[Listed]:
    """The worst on top, then those opened last."""
    return sorted(found, key=lambda one: (_RANK[one.alert.severity], -one.alert.id))


def _row(one: Listed, now: datetime) -> Row:
    alert, zone = one.alert, ZoneInfo(one.timezone)
    today = now.astimezone(zone).date()
    return Row(
        id=alert.id,
        team_key=alert.team_key,
        team_name=one.team_name,
        subject=alert.subject_name,
        href=path(one),
        rule=alert.rule,
        title=TITLES[alert.rule],
        severity=alert.severity,
        sign=SIGNS[alert.severity],
        since=_moment(alert.opened_at, zone, today),
        until="" if alert.resolved_at is None else _moment(alert.resolved_at, zone, today),
        because=resolved_because(one),
        said=whole(one),
        is_silent=alert.is_silent,
        told=tuple(_told(each, zone, today) for each in one.deliveries),
    )


def _told(one: Delivery, zone: ZoneInfo, today: date) -> Told:
    words = STATES[one.state]
    if one.sent_at is not None:
        words = _moment(one.sent_at, zone, today)
    elif one.state == "waiting":
        words = f"waits until {_moment(one.due_at, zone, today)}"
    if one.error:
        words = f"{words}: {one.error}" if words else one.error
    return Told(one.channel, one.kind, words, one.state in ("failed", "given_up"))


def _moment(at: datetime, zone: ZoneInfo, today: date) -> str:
    local = at.astimezone(zone)
    clock = days.minute(local)
    return clock if local.date() == today else f"{days.day(local.date(), today)}, {clock}"


@dataclass(frozen=True, slots=True)
class Short:
    """An open alert in the line under a sprint's head."""

    sign: str
    text: str


def of_sprint(found: Sequence[Listed], sprint: SprintSummary | None) -> list[Short]:
    """The open alerts of a sprint; those of its team, too, while it runs."""
    if sprint is None:
        return []
    mine = [
        one
        for one in found
        if (one.alert.subject_kind, one.alert.subject_id) == ("sprint", str(sprint.id))
        or (sprint.state == "active" and one.alert.subject_kind != "sprint")
    ]
    return [Short(SIGNS[one.alert.severity], _in_short(one)) for one in worst_first(mine)]


def _in_short(one: Listed) -> str:
    alert = one.alert
    said = text(headline(one))
    is_named = alert.subject_kind in ("impediment", "issue")
    return f"{alert.subject_name} {said}" if is_named else said[:1].upper() + said[1:]


def grouped(unable: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, list[str]]]:
    """Rules that cannot tell, with the teams of which for the same reason."""
    teams: dict[tuple[str, str], list[str]] = {}
    for team, rule, reason in unable:
        teams.setdefault((rule, reason), []).append(team)
    titles: Mapping[str, str] = TITLES
    return [(titles[rule], reason, names) for (rule, reason), names in sorted(teams.items())]
