"""Draws the charts of a digest, where a channel shows pictures and they can be drawn here."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from concurrent.futures import Future
from datetime import datetime
from threading import Lock

from bot.channels.payload import Picture
from bot.channels.sending import takes_pictures
from telemetry.context import Context
from telemetry.errors import TelemetryError
from telemetry.export.pages import PICTURES
from telemetry.logs import get_logger
from telemetry.words.digests.digest import Digest

log = get_logger()

HELD = 8  # digests


class Drawings:
    """The pictures of digests that go out together: one that several channels get is drawn once.

    Those of the last digests alone are held, some 200 kB each.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[Hashable, Future[tuple[Picture, ...]]] = OrderedDict()

    def of(
        self, context: Context, digest: Digest, addresses: Sequence[str], now: datetime
    ) -> tuple[Picture, ...]:
        """The pictures of a digest; none where nobody would see one, or Chromium fails: links do.

        Who asks for what another is drawing waits for it.
        """
        if not digest.charts or not any(map(takes_pictures, addresses)):
            return ()
        key = (digest.charts_path, digest.charts)
        with self._lock:
            found = self._held.get(key)
            is_first = found is None
            if found is None:
                found = self._held[key] = Future()
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        if is_first:
            made: tuple[Picture, ...] = ()
            try:
                made = _draw(context, digest, now)
            finally:
                found.set_result(made)
        return found.result()


def _draw(context: Context, digest: Digest, now: datetime) -> tuple[Picture, ...]:
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
