"""Reads a file of absences: a list in YAML, or the events of a calendar (.ics).

Of an event only its days count: whose they are, and why, is not read.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from telemetry.errors import ConfigurationError
from telemetry.settings.files import Unreadable, read_small
from telemetry.settings.parsing import parsed

MOST_BYTES = 1024 * 1024
MOST_EVENTS = 10_000
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
FOLLOWED = timedelta(days=3653)  # how long what repeats without an end is followed


class Unusable(Exception):
    """Why a file of absences cannot be used, as the end of a sentence."""


def absences_of(file: Path, people: Any) -> list[dict[str, Any]]:
    """The absences as the configuration writes them; `people` is what `of` says, if anything.

    Raises Unusable.
    """
    try:
        content = read_small(file, MOST_BYTES)
    except FileNotFoundError:
        raise Unusable("does not exist; correct its name, or write it") from None
    except Unreadable as error:
        raise Unusable(f"cannot be read ({error})") from None
    if file.suffix.lower() == ".ics":
        if people is None:
            raise Unusable("tells who is away, not of how many; add of: PEOPLE")
        days = islice(_days_of_events(content), MOST_EVENTS)
        return [{"from": first, "to": last, "away": 1, "of": people} for first, last in days]
    return _listed(file, content, people)


def _listed(file: Path, content: bytes, people: Any) -> list[dict[str, Any]]:
    try:
        entries = parsed(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unusable("is not UTF-8 text") from None
    except ConfigurationError as error:
        raise Unusable(f"cannot be read ({error})") from None
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise Unusable("is not a list of {from: DAY, to: DAY, away: PEOPLE, of: PEOPLE}")
    usual = {} if people is None else {"of": people}
    return [usual | {str(key): value for key, value in one.items()} for one in entries]


def _days_of_events(content: bytes) -> Iterator[tuple[date, date]]:
    """The first and last day of each event, those that repeat at each of their times."""
    import recurring_ical_events  # noqa: PLC0415 (heavy, and seldom needed)
    from icalendar import Calendar, Event  # noqa: PLC0415

    try:
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
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Unusable("is no calendar whose events can be read") from error


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


def _last_day(begin: date, end: date) -> date:
    """The last day of an event: its end is the first moment, or day, after it."""
    moment = timedelta(microseconds=1) if isinstance(end, datetime) else timedelta(days=1)
    return max(_day(begin), _day(end - moment))
