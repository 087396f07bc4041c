"""Looks at the sites: whether their data are stale, and whether pulls fail."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine

from bot.alerts import routing
from bot.alerts.carrying import Evaluation, carry_on, in_transaction
from bot.alerts.writing import Place, Writer
from telemetry.alerts.readings import Answer, Reading, Unable
from telemetry.alerts.rules import data_stale, pull_failing
from telemetry.report.alerts.reading import read_sites
from telemetry.report.alerts.watched import WatchedSite
from telemetry.settings import Settings
from telemetry.settings.alerting import AlertSettings
from telemetry.store.alerts import SITE, TeamLook, lock_open, read_look, read_open, write_look
from telemetry.store.engine import reading
from telemetry.store.mutes import read_mutes


def look_at_sites(
    engine: Engine,
    settings: Settings,
    now: datetime,
    found: Evaluation,
    is_dry: bool,
    began_at: datetime | None,
) -> None:
    """Look at all sites, and write what became of their alerts."""
    rules = routing.of_sites(settings)
    with reading(engine) as connection:
        look = read_look(connection, SITE)
        sites = [one for name, one in read_sites(connection).items() if name in settings.jira]
        has_open = bool(read_open(connection, SITE))
    if not rules and not has_open:
        return
    answers = {
        name: _of_sites(name, sites, entry, settings, now, began_at)
        for name, entry in rules.items()
    }
    calendar = routing.site_calendar(settings)
    channels = {name: routing.channels_of_site(settings, e) for name, e in rules.items()}

    def work(connection: Connection) -> None:
        lock_open(connection, [SITE])
        mutes = read_mutes(connection, now)
        place = Place(SITE, "", calendar, settings.quiet_hours, channels, mutes)
        writer = Writer(connection, now, place, found.counts, found.planned)
        before = look.rules if look else {}
        today = calendar.day_of(now)
        memories = carry_on(connection, writer, answers, before, frozenset(), today)
        write_look(connection, SITE, TeamLook(0, today, routing.digest(rules), memories))

    is_quiet = not has_open and look is not None and not _has_news(answers)
    if not is_quiet or (look is not None and look.configured != routing.digest(rules)):
        in_transaction(engine, is_dry, work)


def _has_news(answers: Mapping[str, Answer]) -> bool:
    return any(
        reading.is_true
        for answer in answers.values()
        if not isinstance(answer, Unable)
        for reading in answer
    )


def _of_sites(
    name: str,
    sites: list[WatchedSite],
    entry: AlertSettings,
    settings: Settings,
    now: datetime,
    began_at: datetime | None,
) -> Answer:
    """The readings of a rule of all sites."""
    every = settings.bot.every
    readings: list[Reading] = []
    for site in sites:
        if name == "data_stale":
            answer = data_stale.look(site, entry, every, now, began_at)
        else:
            answer = pull_failing.look(site, entry)
        if not isinstance(answer, Unable):
            readings += answer
    return tuple(readings)
