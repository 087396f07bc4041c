"""Which rules are on for a team, and in which channels they are told; pure."""

from collections.abc import Iterator
from hashlib import blake2b

from telemetry.domain.calendar import Calendar
from telemetry.settings import Settings
from telemetry.settings.alerting import RULES, AlertSettings, default_alerts


def entries(settings: Settings) -> tuple[AlertSettings, ...]:
    """The rules that are on; the default ones where nothing is said and somebody can be told."""
    if settings.alerts is not None:
        return settings.alerts
    return default_alerts() if settings.channels else ()


def of_team(settings: Settings, team_key: str) -> dict[str, AlertSettings]:
    """The rules that are on for a team, by name."""
    return {
        entry.rule: entry
        for entry in entries(settings)
        if not RULES[entry.rule].is_of_site and _is_meant(entry.teams, team_key)
    }


def of_sites(settings: Settings) -> dict[str, AlertSettings]:
    """The rules that are on for the sites, by name."""
    return {entry.rule: entry for entry in entries(settings) if RULES[entry.rule].is_of_site}


def channels_of_team(settings: Settings, entry: AlertSettings, team_key: str) -> tuple[str, ...]:
    """Where a team's alerts of a rule are told: where its entry says, else in the team's own."""
    if entry.channels is not None:
        return tuple(dict.fromkeys(entry.channels))
    own = settings.channels.items()
    return tuple(name for name, channel in own if _is_meant(channel.teams, team_key))


def channels_of_site(settings: Settings, entry: AlertSettings) -> tuple[str, ...]:
    """Where the bot's own trouble is told: to whom keeps it running, and where its entry says."""
    return tuple(dict.fromkeys([*settings.admin.channels, *(entry.channels or ())]))


def site_calendar(settings: Settings) -> Calendar:
    """The general calendar, by which what is of no team is told."""
    general = settings.calendar
    return Calendar(
        timezone=general.timezone,
        working_week=general.working_week,
        holidays=general.holidays,
        days_off=general.days_off,
    )


def digest(rules: dict[str, AlertSettings]) -> str:
    """Changes when a rule, or a threshold of one, does."""
    told = blake2b(digest_size=12)
    for line in _lines(rules):
        told.update(line.encode())
    return told.hexdigest()


def _lines(rules: dict[str, AlertSettings]) -> Iterator[str]:
    for name in sorted(rules):
        limits = [f"{key}={rules[name].threshold(key)}" for key in RULES[name].takes]
        yield f"{name} {' '.join(limits)}\n"


def _is_meant(teams: tuple[str, ...] | None, team_key: str) -> bool:
    return teams is None or team_key in teams
