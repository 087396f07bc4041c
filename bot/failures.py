"""The bot's failures in its log: each told once when it begins and once when it is over."""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from telemetry.ending import Stopped
from telemetry.errors import TelemetryError

log = structlog.get_logger()


class Failures:
    """What fails at present, by site, team or step of the bot."""

    def __init__(self) -> None:
        self._failing: dict[tuple[str, str], str] = {}

    def note(self, kind: str, name: str, sentence: str | None) -> None:
        """Note that a site or team failed for this reason, or that it did not."""
        before = self._failing.pop((kind, name), None)
        if sentence is not None:
            self._failing[kind, name] = sentence
            if sentence != before:
                log.error("pull failed", **{kind: name}, reason=sentence)
        elif before is not None:
            log.info("pull works again", **{kind: name})

    def guard(self, step: str, work: Callable[[], None]) -> None:
        """Do what must not end the bot, whatever happens; what is stopped has not failed."""
        try:
            work()
        except Stopped:
            return
        except TelemetryError as error:
            self.note("step", step, str(error))
        except SQLAlchemyError as error:
            self.note("step", step, f"the store failed: {getattr(error, 'orig', error)}")
        except Exception as error:
            sentence = f"the pull broke off: {type(error).__name__}"
            if self._failing.get(("step", step)) != sentence:
                log.exception("pull broke off")
            self.note("step", step, sentence)
        else:
            self.note("step", step, None)
