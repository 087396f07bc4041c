"""What messages need, for `telemetry check`: channels, digests, links and pictures."""

from collections.abc import Iterator

from bot.channels.sending import addresses_of, takes_pictures
from bot.channels.trying import look_at, try_out
from bot.check_teams import Finding
from bot.digests.due import channels_of
from telemetry.context import Context
from telemetry.errors import TelemetryError
from telemetry.export.pages import PICTURES
from telemetry.settings import Settings
from telemetry.settings.digesting import DigestSettings

NO_LINKS = (
    "messages of a bot that runs alone lead to no page, as nobody told it where pages are; set "
    "web: {url: https://…} to where people open them"
)


def check_messages(context: Context, *, sends: bool) -> Iterator[Finding]:
    """The channels, with `sends` by a message to each, and what is told there."""
    settings = context.settings
    for name in settings.channels:
        yield _channel(context, name, sends)
    for entry in settings.digests:
        yield _digest(settings, entry)
    if settings.channels and settings.web.url is None:
        yield Finding("links", True, NO_LINKS, is_note=True)
    yield from _pictures(context)


def _channel(context: Context, name: str, sends: bool) -> Finding:
    """What a channel is, whether its address is set and good, and, where asked, tried."""
    subject = f"channel {name}"
    try:
        addresses = context.channel_secret(name).reveal()
    except TelemetryError as error:
        return Finding(subject, False, str(error))
    found = try_out(name, addresses) if sends else look_at(addresses)
    return Finding(subject, found.is_good, found.sentence)


def _digest(settings: Settings, entry: DigestSettings) -> Finding:
    """What a digest tells of whom, when, and where."""
    keys = entry.teams or tuple(team.key for team in settings.teams)
    own = ("",) if entry.kind == "portfolio" else keys
    unheard = [key for key in own if not channels_of(settings, entry, key)]
    subject = f"digest {entry.kind}"
    if unheard:
        whose = ", ".join(filter(None, unheard)) or "several teams"
        return Finding(subject, False, f"no channel is meant for {whose}; name some in channels")
    where = list(dict.fromkeys(name for key in own for name in channels_of(settings, entry, key)))
    whose = "all teams" if entry.teams is None else ", ".join(keys)
    when = "at the close of each sprint" if entry.due is None else f"at {entry.due}"
    if entry.kind == "day":
        when += " on working days"
    return Finding(subject, True, f"of {whose}, {when}, to {', '.join(where)}")


def _pictures(context: Context) -> Iterator[Finding]:
    """Whether digests carry pictures, where some go to a channel that shows them."""
    settings = context.settings
    asked = {
        name
        for entry in settings.digests
        if entry.kind != "portfolio"
        for key in entry.teams or tuple(team.key for team in settings.teams)
        for name in channels_of(settings, entry, key)
    }
    shown = [name for name in sorted(asked) if _shows_pictures(context, name)]
    reasons = [maker.why_not() for maker in PICTURES]
    if not shown or not reasons:
        return
    if None in reasons:
        yield Finding("pictures", True, f"digests carry their charts to {', '.join(shown)}")
        return
    yield Finding("pictures", True, f"digests have links alone, as {reasons[0]}", is_note=True)


def _shows_pictures(context: Context, channel: str) -> bool:
    try:
        return any(map(takes_pictures, addresses_of(context.channel_secret(channel).reveal())))
    except TelemetryError:
        return False
