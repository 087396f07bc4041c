"""What is said of pulls: how far one is, and what a comparison with Jira found."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from telemetry.report.shapes import Pull
from telemetry.words.values import NOTHING, Number, Part, Sentence, counted, plural, sentence

MEASURED_FROM = timedelta(seconds=10)  # before that, a pull's pace says little
NAMED = 8  # teams that one reason names
_FOUND = {
    "missing": " that we lacked",
    "changed": " that differed",
    "moved": " moved to other projects",
    "vanished": " deleted or hidden",
}


def progress(pull: Pull, now: datetime) -> Sentence:
    """How many issues a running pull has read of about how many, and how long the rest takes.

    The rest is expected at the pace so far. Nothing where the pull has ended or counts nothing.
    """
    if pull.state != "running" or pull.issues_read is None:
        return NOTHING
    read, total = pull.issues_read, pull.issues_total
    if total is None or total < read:
        return sentence(counted(read, "issue"), f" {plural(read, 'is', 'are')} read.")
    whole = counted(total, "issue")
    verb = plural(total, "is", "are")
    elapsed, left = now - pull.started_at, NOTHING
    if elapsed >= MEASURED_FROM and read:
        left = sentence("; ", _left(elapsed * (total - read) / read))
    return sentence(Number(read), " of about ", whole, f" {verb} read", left, ".")


def _left(rest: timedelta) -> Sentence:
    minutes = round(rest.total_seconds() / 60)
    if minutes < 1:
        return sentence("less than a minute left")
    if minutes < 90:
        return sentence("about ", counted(minutes, "minute"), " left")
    return sentence("about ", counted(round(minutes / 60), "hour"), " left")


def failures(by_team: Mapping[str, str]) -> str:
    """Why teams failed: each reason once, with all the teams that it stopped, a line a reason."""
    teams_by_reason: dict[str, list[str]] = {}
    for key, said in by_team.items():
        teams_by_reason.setdefault(said.removeprefix(f"team '{key}': "), []).append(key)
    return "\n".join(f"{_teams(keys)}: {why}" for why, keys in teams_by_reason.items())


def _teams(keys: Sequence[str]) -> str:
    if len(keys) == 1:
        return f"team '{keys[0]}'"
    named, others = keys[:NAMED], len(keys) - NAMED
    more = f" and {others} more" if others > 0 else ""
    return f"teams {', '.join(map(repr, named))}{more}"


def comparison(found: Mapping[str, int] | None) -> Sentence:
    """What a comparison with Jira found; nothing where none was made."""
    if not found:
        return NOTHING
    told: list[Part] = []
    for name, words in _FOUND.items():
        if found.get(name):
            told += [", " if told else None, Number(found[name]), words]
    return sentence("Compared with Jira: ", *(told or ["nothing differed"]), ".")
