"""Reads a file of absences: a list in YAML, or the events of a calendar (.ics)."""

from pathlib import Path
from typing import Any

from telemetry.calendars import Unfollowed, days_of_events
from telemetry.errors import ConfigurationError
from telemetry.settings.files import Unreadable, read_small
from telemetry.settings.parsing import parsed

MOST_BYTES = 1024 * 1024
MOST = 5_000


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
        try:
            days = days_of_events(content, MOST)
        except Unfollowed as error:
            raise Unusable(str(error)) from None
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
    if len(entries) > MOST:
        raise Unusable(f"lists more than {MOST:,} absences; take out what is past")
    usual = {} if people is None else {"of": people}
    return [usual | {str(key): value for key, value in one.items()} for one in entries]
