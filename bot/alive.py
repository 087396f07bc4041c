"""`telemetry alive`: whether a bot is at work, told from when its pulls began and ended."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.schedule import LONGEST_REST
from telemetry.context import Context
from telemetry.store.engine import reading
from telemetry.store.pulls import PullRecord, newest_pulls
from telemetry.words.durations import duration

PULLS_MISSED = 3
LONGEST_PULL = timedelta(days=1)  # a first one of a large site takes hours


def asleep(context: Context, now: datetime) -> list[str]:
    """A sentence for each site that no bot looks after any more; none where all is well.

    A pull that fails is work, too: what Jira refuses is told elsewhere.
    """
    settings = context.settings
    sites = {team.site for team in settings.teams}
    with reading(context.engine) as connection:
        newest = newest_pulls(connection, sites)
    return list(asleep_sites(sorted(sites), newest, now, settings.bot.every))


def asleep_sites(
    sites: Iterable[str], newest: Mapping[str, PullRecord], now: datetime, every: timedelta
) -> Iterator[str]:
    """The same of the newest pull of each site, where a pull begins `every` so often."""
    for site in sites:
        pull = newest.get(site)
        if pull is None:
            yield f"site '{site}': no pull has begun yet"
        elif pull.ended_at is None:
            if now - pull.started_at > LONGEST_PULL:
                yield f"site '{site}': its pull began {duration(now - pull.started_at)} ago"
        else:
            rest = LONGEST_REST if pull.state == "failed" else timedelta()
            pause = now - pull.ended_at
            if pause > rest + max(PULLS_MISSED * every, timedelta(minutes=2)):
                yield f"site '{site}': no pull has begun since {duration(pause)}"
