"""`telemetry check`: the configuration against what Jira really has."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.check_lists import Known
from bot.check_messages import check_messages
from bot.check_teams import Finding, Teams
from bot.jira.client import Jira
from bot.pull.clock import MOST_AHEAD
from bot.pull.fitting import changed_categories, changed_levels
from bot.pull.misfits import of_categories, of_levels
from bot.pull.run import connect_site, utc_now
from bot.pull.site_fields import fields_of_last_time
from bot.pull.state import read_agreed
from telemetry.context import Context
from telemetry.domain.bounds import EARLIEST, latest_of
from telemetry.errors import TelemetryError, TrackerError
from telemetry.settings import JiraSettings, TeamSettings
from telemetry.store.engine import reading
from telemetry.store.privacy import privacy_key
from telemetry.store.soundness import check_soundness
from telemetry.store.tracker import read_statuses
from telemetry.words.durations import duration
from telemetry.words.numbers import plural

SKEW_THAT_MATTERS = timedelta(minutes=5)


def check_all(
    context: Context, clock: Callable[[], datetime] = utc_now, *, sends: bool = False
) -> list[Finding]:
    """Everything that can be checked, problems included. Raises ConfigurationError for the file.

    With `sends` a message is sent to every channel.
    """
    settings = context.settings
    findings = [*_here(context)]
    for name, site in settings.jira.items():
        teams = [team for team in settings.teams if team.site == name]
        try:
            with connect_site(name, site, context) as jira:
                findings += _site(jira, name, clock)
                checked = Teams(jira, teams, clock(), _known(context, name, teams))
                findings += checked.findings(_site_name(name))
                findings += _categories(context, teams)
        except TelemetryError as error:
            findings.append(Finding(_site_name(name), False, str(error)))
        findings += _hook(context, name, site)
    findings += check_messages(context, sends=sends)
    return findings


def _known(context: Context, site: str, teams: Iterable[TeamSettings]) -> Known:
    """What the store knows of the site and its teams; nothing without a store."""
    with suppress(TelemetryError), reading(context.engine) as connection:
        agreed = {team.key: read_agreed(connection, team) for team in teams}
        return Known(
            {key: one for key, one in agreed.items() if one is not None},
            fields_of_last_time(connection, site),
            read_statuses(connection, site),
        )
    return Known()


def _categories(context: Context, teams: Iterable[TeamSettings]) -> Iterator[Finding]:
    """The statuses whose category changed between pulls."""
    with suppress(TelemetryError), reading(context.engine) as connection:
        for team in teams:
            found = of_categories(team, *changed_categories(connection, team))
            for one in [*found, *of_levels(team, changed_levels(connection, team))]:
                yield Finding(f"team {team.key}", False, str(one), kind=one.topic.value)


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
    yield _store(context)
    yield _tried(
        "privacy key", lambda: privacy_key(settings, context.environ), "authors get pseudonyms"
    )


def _store(context: Context) -> Finding:
    try:
        engine = context.engine
        check_soundness(engine)
    except TelemetryError as error:
        return Finding("store", False, str(error))
    sound = " and sound" if engine.dialect.name == "sqlite" else ""
    return Finding("store", True, f"opened, at this version's schema{sound}")


def _hook(context: Context, name: str, site: JiraSettings) -> Iterator[Finding]:
    if site.webhook_secret is not None:
        secret = site.webhook_secret
        yield _tried(
            f"{_site_name(name)} webhook",
            lambda: secret.resolve(context.environ, context.settings.base, "webhook_secret"),
            "its secret is set",
        )


def _run_to(skew: timedelta, now: datetime) -> str:
    if not EARLIEST <= now + skew <= latest_of(now):
        return "run to the newest event"
    if skew > MOST_AHEAD:
        return f"run no further than {duration(MOST_AHEAD)} ahead"
    return "follow Jira's"


def _site(jira: Jira, name: str, clock: Callable[[], datetime]) -> Iterator[Finding]:
    subject = _site_name(name)
    me = jira.myself()
    zone = me.get("timeZone") or "an unknown time zone"
    flavour = "Jira Cloud" if jira.deployment == "cloud" else "Jira Data Center"
    yield Finding(subject, True, f"{flavour} at {jira.url} knows the bot, in {zone}")
    try:
        skew = jira.server_time().astimezone(UTC) - clock()
    except TrackerError as error:
        if error.is_of_site:
            raise
        yield Finding(f"{subject} clock", False, f"{error}; figures run to the newest event")
        return
    if abs(skew) > SKEW_THAT_MATTERS:
        yield Finding(
            f"{subject} clock",
            False,
            f"Jira's clock is {duration(skew)} {'ahead of' if skew > timedelta() else 'behind'} "
            f"ours; figures {_run_to(skew, clock())}, but set the wrong one right (NTP)",
        )
    else:
        yield Finding(f"{subject} clock", True, f"{duration(skew)} apart from ours")
