"""How far a pull is, and what a comparison with Jira found, in words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from telemetry.report.shapes import Pull
from web.show.numbers import (
    counted,
    number,
    plural,
)

MEASURED_FROM = timedelta(seconds=10)  # before that, a pull's pace says little
_FOUND = {
    "missing": "{} that we lacked",
    "changed": "{} that differed",
    "moved": "{} moved to other projects",
    "vanished": "{} deleted or hidden",
}


def progress(pull: Pull, now: datetime) -> str | None:
    """How many issues a running pull has read of about how many, and how long the rest takes.

    The rest is expected at the pace so far. None where the pull has ended or counts nothing.
    """
    if pull.state != "running" or pull.issues_read is None:
        return None
    read, total = pull.issues_read, pull.issues_total
    if total is None or total < read:
        return f"{counted(read, 'issue')} {plural(read, 'is', 'are')} read."
    said = f"{number(read)} of about {counted(total, 'issue')} {plural(total, 'is', 'are')} read"
    elapsed = now - pull.started_at
    if elapsed < MEASURED_FROM or not read:
        return f"{said}."
    return f"{said}; {_left(elapsed * (total - read) / read)}."


def _left(rest: timedelta) -> str:
    minutes = round(rest.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute left"
    if minutes < 90:
        return f"about {counted(minutes, 'minute')} left"
    return f"about {counted(round(minutes / 60), 'hour')} left"


def comparison(found: Mapping[str, int] | None) -> str | None:
    """What a comparison with Jira found; None where none was made."""
    if not found:
        return None
    told = [words.format(number(found[name])) for name, words in _FOUND.items() if found.get(name)]
    return f"Compared with Jira: {', '.join(told) or 'nothing differed'}."
