"""What is said of pulls: how far one is, and what a comparison with Jira found."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from telemetry.metrics.contradictions import EXPLAINED
from telemetry.report.shapes.freshness import Pull
from telemetry.words.values import NOTHING, Number, Part, Sentence, counted, plural, sentence

MEASURED_FROM = timedelta(seconds=10)  # before that, a pull's pace says little
NAMED = 8  # teams that one reason names
FAILED = "Teams that failed"
REFUSED = "Lists that Jira did not give"
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


def by_kind(told: Mapping[str, Sequence[str]]) -> list[str]:
    """What went wrong as lines, under headings where it is of several kinds."""
    if len(told) < 2:
        return [line for lines in told.values() for line in lines]
    return [line for kind, lines in told.items() for line in (f"{kind}:", *lines)]


def blocks(said: str) -> list[tuple[str, list[str]]]:
    """Each heading of such lines with what stands under it; one of "" where there is none."""
    titles = {f"{one.title}:" for one in EXPLAINED.values()} | {f"{FAILED}:", f"{REFUSED}:"}
    found: list[tuple[str, list[str]]] = []
    for line in said.splitlines():
        if line in titles:
            found.append((line.removesuffix(":"), []))
        elif found:
            found[-1][1].append(line)
        else:
            found.append(("", [line]))
    return found


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
