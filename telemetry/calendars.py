"""The days of the events of a calendar (.ics), from standard input, as JSON on standard output.

`python -m telemetry.calendars MOST SECONDS`; a process of its own, with little time and memory: a
line that says "every second, for ever" keeps whoever follows it busy for hours. Of an event only
its days count: whose they are, and why, is not read.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from telemetry.children import told

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
FOLLOWED = timedelta(days=3653)  # how long what repeats without an end is followed
SECONDS = 3  # of the processor
PATIENCE_SECONDS = 60.0  # where others keep it busy
_MEMORY_BYTES = 512 * 1024 * 1024


class Unfollowed(Exception):
    """Why the events of a calendar are not known, as the end of a sentence."""


def days_of_events(content: bytes, most: int) -> list[tuple[date, date]]:
    """The first and last day of each event, those that repeat at each of their times.

    Raises Unfollowed, also where there are more than `most`.
    """
    command = [sys.executable, "-P", "-m", "telemetry.calendars", str(most), str(SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=content,
            capture_output=True,
            env=told(os.environ),
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        found = json.loads(done.stdout or b"null")
    except subprocess.TimeoutExpired:
        found = None
    except (OSError, ValueError) as error:
        raise Unfollowed(f"cannot be read ({type(error).__name__})") from None
    if found is None:
        raise Unfollowed(
            "takes too long to follow: let nothing in it repeat more often than daily, and take "
            "out what is past"
        )
    if not isinstance(found, list):
        raise Unfollowed("is no calendar whose events can be read")
    if len(found) > most:
        raise Unfollowed(f"has more than {most:,} events in ten years; take out what is past")
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in found]


def _followed(content: bytes) -> Iterator[tuple[date, date]]:
    import recurring_ical_events  # noqa: PLC0415 (heavy, and this process's alone)
    from icalendar import Calendar, Event  # noqa: PLC0415

    calendar = Calendar.from_ical(content)
    events = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
    starts = [_day(one.start) for one in events]
    if not starts:
        return
    first = max(min(starts), EARLIEST)
    last = min(max(starts) + FOLLOWED, LATEST)
    found = recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last)
    for one in found:
        if isinstance(one, Event) and str(one.get("STATUS", "")).upper() != "CANCELLED":
            yield _day(one.start), _last_day(one.start, one.end)


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


def _last_day(begin: date, end: date) -> date:
    """The last day of an event: its end is the first moment, or day, after it."""
    moment = timedelta(microseconds=1) if isinstance(end, datetime) else timedelta(days=1)
    return max(_day(begin), _day(end - moment))


def _hold_back(seconds: int) -> None:
    """Let this process have no more than it needs, where the system can do that."""
    try:
        import resource  # noqa: PLC0415 (Unix alone has it)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _answer(content: bytes, most: int) -> object:
    """The days; None where they take too much, "" where nobody can read them."""
    try:
        found = list(islice(_followed(content), most + 1))
    except MemoryError:
        return None
    except Exception:  # whatever such a file makes of those who read it
        return ""
    return [[first.isoformat(), last.isoformat()] for first, last in found]


if __name__ == "__main__":
    _hold_back(int(sys.argv[2]))
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read(), int(sys.argv[1]))))
