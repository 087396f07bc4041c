"""The bot's failures in its log: each told once when it begins and once when it is over."""

import threading
from collections import Counter
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from telemetry.ending import Stopped
from telemetry.errors import TelemetryError
from telemetry.logs import get_logger
from telemetry.store.engine import reason_of

log = get_logger()


class Failures:
    """What fails at present, by site, team or step of the bot; for any thread."""

    def __init__(self) -> None:
        self._failing: dict[tuple[str, str], str] = {}
        self._times: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def note(self, kind: str, name: str, sentence: str | None) -> None:
        """Note that a site or team failed for this reason, or that it did not."""
        with self._lock:
            before = self._failing.pop((kind, name), None)
            if sentence is not None:
                self._failing[kind, name] = sentence
                self._times[kind, name] += 1
            elif before is not None:
                times = self._times.pop((kind, name))
        if sentence is not None:
            if sentence != before:
                log.error("pull failed", **{kind: name}, reason=sentence)
        elif before is not None:
            log.info("pull works again", **{kind: name}, failures=times)

    def guard(self, step: str, work: Callable[[], None]) -> None:
        """Do what must not end the bot, whatever happens; what is stopped has not failed."""
        try:
            work()
        except Stopped:
            return
        except TelemetryError as error:
            self.note("step", step, str(error))
        except DBAPIError as error:
            self.note("step", step, f"the store failed: {reason_of(error)}")
        except SQLAlchemyError as error:
            self.note("step", step, f"the store failed: {type(error).__name__}")
        except Exception as error:
            sentence = f"the pull broke off: {type(error).__name__}"
            if self._failing.get(("step", step)) != sentence:
                log.exception("pull broke off")
            self.note("step", step, sentence)
        else:
            self.note("step", step, None)
