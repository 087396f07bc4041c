"""Which digests are due now, of whom, and in which channels; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.alerts.routing import site_calendar
from bot.alerts.times import told_from
from bot.digests.times import last_due
from telemetry.domain.calendar import Calendar
from telemetry.settings import Settings
from telemetry.settings.digesting import DigestKind, DigestSettings
from telemetry.store.digests import Closed
from telemetry.store.values import milliseconds

HOUR = timedelta(hours=1)
# how long after its hour one that was missed is still told; a sprint's outlasts a weekend
WINDOWS = {"day": 4 * HOUR, "week": 24 * HOUR, "portfolio": 24 * HOUR, "sprint": 72 * HOUR}
LONGEST = max(WINDOWS.values())
ON_TIME = HOUR  # after its hour: nobody calls it late
PATIENCE = timedelta(minutes=30)  # for a pull that brings the figures of the hour


@dataclass(frozen=True, slots=True)
class Known:
    """A team that has been pulled: by which days it works, and how far its data reach."""

    calendar: Calendar
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is to be told: the hour that it was due at, and when it may be sent.

    `team_key` is "" where it is of several teams, which `team_keys` name; () is all.
    """

    kind: DigestKind
    team_key: str
    team_keys: tuple[str, ...]
    sprint_id: int | None
    told_at: datetime
    due_at: datetime
    channels: tuple[str, ...]

    @property
    def key(self) -> str:
        """What is told once."""
        whose = self.team_key or ",".join(self.team_keys) or "*"
        when = milliseconds(self.told_at) if self.sprint_id is None else self.sprint_id
        return f"{self.kind} {when} {whose}"[:255]


def channels_of(settings: Settings, entry: DigestSettings, team_key: str) -> tuple[str, ...]:
    """Where a digest goes: where its entry says, else in the team's own; "" is several teams."""
    if entry.channels is not None:
        return tuple(dict.fromkeys(entry.channels))
    return tuple(
        name
        for name, channel in settings.channels.items()
        if channel.teams is None or (team_key and team_key in channel.teams)
    )


def due_digests(
    settings: Settings,
    teams: Mapping[str, Known],
    closed: Iterable[Closed],
    now: datetime,
    began_at: datetime,
) -> Iterator[Due]:
    """All that is due by now and not too old; the same digests at every look."""
    ended = list(closed)
    last = lru_cache(last_due)
    for entry in settings.digests:
        if entry.kind == "sprint":
            yield from _of_sprints(settings, entry, teams, ended, now)
            continue
        at = entry.due
        assert at is not None  # noqa: S101 - a sprint's alone has no hour
        if entry.kind == "portfolio":
            told_at = last(at, ZoneInfo(settings.calendar.timezone), now)
            found = Due(
                entry.kind,
                "",
                tuple(entry.teams or ()),
                None,
                told_at,
                told_at,
                channels_of(settings, entry, ""),
            )
            of_all = [one.as_of for one in teams.values()]
            if of_all:
                known = Known(site_calendar(settings), max(of_all))
                yield from _in_time(settings, found, known, now, began_at)
            continue
        for key in entry.teams or [team.key for team in settings.teams]:
            if key not in teams:
                continue
            told_at = last(at, ZoneInfo(teams[key].calendar.timezone), now)
            channels = channels_of(settings, entry, key)
            found = Due(entry.kind, key, (key,), None, told_at, told_at, channels)
            yield from _in_time(settings, found, teams[key], now, began_at)


def _of_sprints(
    settings: Settings,
    entry: DigestSettings,
    teams: Mapping[str, Known],
    closed: Iterable[Closed],
    now: datetime,
) -> Iterator[Due]:
    """Of sprints that were closed lately: told at once, but neither by night nor on a day off."""
    for one in closed:
        is_meant = entry.teams is None or one.team_key in entry.teams
        if not is_meant or one.team_key not in teams or now - one.at > LONGEST:
            continue
        due_at = told_from(now, settings.quiet_hours, teams[one.team_key].calendar)
        channels = channels_of(settings, entry, one.team_key)
        yield Due("sprint", one.team_key, (one.team_key,), one.sprint_id, one.at, due_at, channels)


def _in_time(
    settings: Settings, found: Due, known: Known, now: datetime, began_at: datetime
) -> Iterator[Due]:
    """The digest, unless it is too old; one that is late waits out the night and days off."""
    calendar = known.calendar
    if found.kind == "day" and not calendar.is_working_day(calendar.day_of(found.told_at)):
        return
    ends = found.told_at + WINDOWS[found.kind]
    is_fresh = known.as_of >= found.told_at - 3 * settings.bot.every
    if now > ends or (not is_fresh and now < max(found.told_at, began_at) + PATIENCE):
        return
    if now - found.told_at > ON_TIME:
        found = replace(found, due_at=told_from(now, settings.quiet_hours, calendar))
    if found.due_at <= ends:
        yield found
