"""Draws the charts of a digest, where a channel shows pictures and they can be drawn here."""

from collections.abc import Sequence
from datetime import datetime

from bot.channels.payload import Picture
from bot.channels.sending import takes_pictures
from telemetry.context import Context
from telemetry.errors import TelemetryError
from telemetry.export.pages import PICTURES
from telemetry.logs import get_logger
from telemetry.words.digests.digest import Digest

log = get_logger()


def drawn(
    context: Context, digest: Digest, addresses: Sequence[str], now: datetime
) -> tuple[Picture, ...]:
    """The pictures of a digest; none where nobody would see one, or Chromium fails: links do."""
    if not digest.charts or not any(map(takes_pictures, addresses)):
        return ()
    for maker in PICTURES:
        if maker.why_not() is not None:
            continue
        names = [chart.name for chart in digest.charts]
        try:
            made = maker.draw(context, digest.charts_path, names, now)
        except TelemetryError as error:
            log.warning("pictures not drawn", reason=str(error))
            continue
        except Exception as error:  # whatever is wrong with a chart, the words go out
            log.error("pictures not drawn", error=type(error).__name__)
            continue
        return tuple(
            Picture(f"{chart.name}.png", chart.says, made[chart.name])
            for chart in digest.charts
            if chart.name in made
        )
    return ()
