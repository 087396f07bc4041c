"""`telemetry check`: the configuration against what Jira really has."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.jira.client import Jira
from bot.pull.run import connect_site, utc_now
from bot.pull.team_rules import (
    estimation_of,
    find_boards,
    find_roles,
)
from bot.translate.fields import (
    estimate_for,
    field_id,
)
from telemetry.context import Context
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.errors import NotInTracker, TelemetryError
from telemetry.settings import JiraSettings, TeamSettings
from telemetry.store.privacy import privacy_key
from telemetry.words.durations import duration
from telemetry.words.numbers import plural

SKEW_THAT_MATTERS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; a bad one's sentence names the remedy."""

    subject: str
    is_good: bool
    sentence: str

    def line(self) -> str:
        """The finding for a person."""
        return f"{'ok  ' if self.is_good else 'FAIL'}  {self.subject}: {self.sentence}"


def check_all(context: Context, clock: Callable[[], datetime] = utc_now) -> list[Finding]:
    """Everything that can be checked, problems included. Raises ConfigurationError for the file."""
    settings = context.settings
    findings = [*_here(context)]
    for name, site in settings.jira.items():
        teams = [team for team in settings.teams if team.site == name]
        try:
            with connect_site(name, site, context) as jira:
                findings += _site(jira, name, clock)
                findings += _teams(jira, teams)
        except TelemetryError as error:
            findings.append(Finding(_site_name(name), False, str(error)))
        findings += _hook(context, name, site)
    return findings


def _site_name(name: str) -> str:
    return "jira" if name == "default" else f"jira {name}"


def _tried(subject: str, step: Callable[[], Any], sentence: str) -> Finding:
    try:
        step()
    except TelemetryError as error:
        return Finding(subject, False, str(error))
    return Finding(subject, True, sentence)


def _here(context: Context) -> Iterator[Finding]:
    settings = context.settings
    count = len(settings.teams)
    yield Finding("configuration", True, f"{count} {plural(count, 'team')}, no error")
    yield _tried("store", lambda: context.engine, "opened, and at this version's schema")
    yield _tried(
        "privacy key", lambda: privacy_key(settings, context.environ), "authors get pseudonyms"
    )


def _hook(context: Context, name: str, site: JiraSettings) -> Iterator[Finding]:
    if site.webhook_secret is not None:
        secret = site.webhook_secret
        yield _tried(
            f"{_site_name(name)} webhook",
            lambda: secret.resolve(context.environ, context.settings.base, "webhook_secret"),
            "its secret is set",
        )


def _site(jira: Jira, name: str, clock: Callable[[], datetime]) -> Iterator[Finding]:
    subject = _site_name(name)
    me = jira.myself()
    zone = me.get("timeZone") or "an unknown time zone"
    flavour = "Jira Cloud" if jira.deployment == "cloud" else "Jira Data Center"
    yield Finding(subject, True, f"{flavour} at {jira.url} knows the bot, in {zone}")
    skew = jira.server_time().astimezone(UTC) - clock()
    if abs(skew) > SKEW_THAT_MATTERS:
        yield Finding(
            f"{subject} clock",
            False,
            f"Jira's clock is {duration(skew)} {'ahead of' if skew > timedelta() else 'behind'} "
            "ours; figures follow Jira's, but set the wrong one right (NTP)",
        )
    else:
        yield Finding(f"{subject} clock", True, f"{duration(skew)} apart from ours")


def _teams(jira: Jira, teams: Sequence[TeamSettings]) -> Iterator[Finding]:
    fields = jira.fields()
    for team in teams:
        try:
            yield from _team(jira, team, fields)
        except TelemetryError as error:
            yield Finding(f"team {team.key}", False, str(error))


def _team(jira: Jira, team: TeamSettings, fields: list[dict[str, Any]]) -> Iterator[Finding]:
    subject = f"team {team.key}"
    with suppress(NotInTracker):  # said below
        key = str(jira.project(team.project).get("key") or team.project)
        team = team.model_copy(update={"project": key})
    permissions = jira.permissions(team.project)
    browse = permissions.get("BROWSE_PROJECTS") or {}
    if browse.get("havePermission") is False:
        yield Finding(
            subject, False, f"the bot's user may not browse project {team.project}; grant it"
        )
        return
    boards = find_boards(jira, team)
    listed = ", ".join(f"{board.id} ({board.name})" for board in boards) or "none"
    has_sprints = any(board.has_sprints for board in boards)
    sprints = "" if has_sprints else "; it has no sprints, so the team gets its time and flow only"
    yield Finding(subject, True, f"project {team.project}, board {listed}{sprints}")
    try:
        roles = find_roles(fields, [team], boards, jira.url)
    except TelemetryError as error:
        yield Finding(subject, False, f"{error}. {_field_list(fields)}")
        return
    names = {raw["id"]: raw.get("name", raw["id"]) for raw in fields}
    estimate = estimate_for(team.estimate, estimation_of(boards), roles)
    yield Finding(subject, True, f"estimates by {_estimate_name(estimate, names)}")
    if team.impediment.nature_field is not None:
        found = field_id(fields, team.impediment.nature_field, "nature", jira.url)
        yield Finding(subject, True, f"natures from {names[found]} ({found})")
    if team.jql is not None:
        count = jira.count(f'project = "{team.project}" AND ({team.jql})')
        if count is None:
            yield Finding(subject, False, f"Jira refuses the JQL {team.jql!r}; try it in Jira")
        else:
            yield Finding(subject, True, _matching(count))


def _matching(count: int) -> str:
    return f"about {count} {plural(count, 'issue matches', 'issues match')} its JQL"


def _estimate_name(estimate: Estimate, names: dict[str, str]) -> str:
    if estimate.kind is EstimateKind.ISSUE_COUNT:
        return "issue count (each issue is 1)"
    if estimate.kind is EstimateKind.ORIGINAL_ESTIMATE:
        return "original estimate (hours)"
    return f"{names.get(estimate.field_id or '', '')} ({estimate.field_id})"


def _field_list(fields: Sequence[dict[str, Any]]) -> str:
    """The fields that could be meant, for a message."""
    kinds = {"number": "numbers", "option": "choices", "array": "choices", "string": "texts"}
    groups: dict[str, list[str]] = {}
    for raw in fields:
        kind = kinds.get(str((raw.get("schema") or {}).get("type")))
        if raw.get("custom") and kind:
            groups.setdefault(kind, []).append(f"{raw.get('name')} ({raw['id']})")
    return "Its own fields: " + "; ".join(
        f"{kind}: {', '.join(sorted(names))}" for kind, names in sorted(groups.items())
    )
