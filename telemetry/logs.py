"""The log: one line an event on standard error, without secrets, people or values of anybody.

A failure's traceback names files and lines, never what variables held or what an answer said. It
is written once; when the same comes again, how often it came. Of what libraries tell, the same
failure is told ever more seldom: who causes it must not fill the disk.
"""

import logging
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog

from telemetry.errors import TelemetryError
from telemetry.secrecy import harmless, redacted, tree_without_secrets

MOST_FAILURES = 1000  # that are told apart
_counted: Counter[str] = Counter()
_counting = threading.Lock()


def get_logger() -> Any:
    """A logger of this log."""
    return structlog.get_logger()


def trace_of(error: BaseException) -> str:
    """Where an error came from: files, lines and kinds, and no words but our own."""
    return "\n".join(_lines(error))


def told_once(error: BaseException) -> str:
    """The same the first time; later how often it has come."""
    return _told(*_counted_one(error))


def _counted_one(error: BaseException) -> tuple[str, int]:
    """Where an error came from, and how often it has."""
    trace = trace_of(error)
    with _counting:
        if len(_counted) >= MOST_FAILURES and trace not in _counted:
            _counted.clear()
        _counted[trace] += 1
        return trace, _counted[trace]


def _told(trace: str, times: int) -> str:
    return trace if times == 1 else f"{trace.splitlines()[-1]}, as before: {times} times by now"


def _lines(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _lines(before)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"
    yield f"{type(error).__module__}.{type(error).__qualname__}{_own_words(error)}"


def _own_words(error: BaseException) -> str:
    """What an error says, where nobody's values can be in it."""
    if isinstance(error, TelemetryError | ImportError):
        return f": {redacted(str(error))}"
    return f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""


def _with_trace(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event["exception"] = told_once(error)
    return event


def _redact(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in event.items():
        told = tree_without_secrets(value)
        event[name] = harmless(told) if isinstance(told, str) else told
    return event


def _is_told(record: logging.LogRecord) -> bool:
    """Whether a library's failure is new, or came twice as often as when it was told last."""
    error = record.exc_info[1] if record.exc_info else None
    record.trace = ""
    if error is None:
        return True
    trace, times = _counted_one(error)
    record.trace = f"\n{_told(trace, times)}"
    return times & (times - 1) == 0


class _Formatter(logging.Formatter):
    """What libraries log, as what we log."""

    def format(self, record: logging.LogRecord) -> str:
        said = redacted(f"{record.levelname.lower()}: {record.name}: {record.getMessage()}")
        # no line of what it says begins like another entry
        return harmless(said).replace("\n", "\n  ") + str(getattr(record, "trace", ""))


def take_over() -> None:
    """Let libraries, and errors that nobody caught, be told in this log too."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter())
    handler.addFilter(_is_told)
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    sys.excepthook = lambda _kind, error, _trace: _uncaught(error)
    threading.excepthook = lambda told: _uncaught(told.exc_value)


def _uncaught(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, SystemExit):
        get_logger().error("an error that nobody foresaw", exc_info=error)


def _configure() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            _with_trace,
            _redact,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


_configure()
