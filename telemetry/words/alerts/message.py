"""A message about one alert or several of one team: what a chat, a mail or a terminal is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telemetry.words.alerts.said import TITLES, Said
from telemetry.words.plain import plain
from telemetry.words.tame import cut, tame, tamed
from telemetry.words.targets import External
from telemetry.words.values import (
    HOUR,
    NOTHING,
    PERCENT,
    Number,
    Part,
    Sentence,
    Unit,
    counted,
    figure,
    noun,
    sentence,
)

MOST = 600  # characters of a message
HEAD = 240  # of its first line
NAME, TITLE = 60, 80  # of a team's or sprint's name, of an issue's title
NAMED = 3
SIGNS = {"bad": "■", "watch": "▲", "note": "●"}
OVER = "●"
_RANK = {"bad": 0, "watch": 1, "note": 2}
_UNITS: Mapping[str, Unit] = {
    "sprint_behind": PERCENT,
    "sprint_at_risk": PERCENT,
    "scope_grown": PERCENT,
    "impediment_time": PERCENT,
    "off_plan_time": PERCENT,
    "impediment_open": noun("working day"),
    "work_ageing": noun("day"),
    "no_work_logged": noun("working day"),
    "unestimated": noun("issue"),
    "quarter_at_risk": Unit("working day late", "working days late"),
    "data_stale": HOUR,
    "pull_failing": noun("pull"),
}
_KINDS = {"impediment": "impediment ", "issue": "issue "}
_BEHIND = {  # what the issues behind an alert are
    "sprint_behind": noun("impediment"),
    "sprint_at_risk": noun("impediment"),
    "impediment_time": noun("impediment"),
    "peak_day": noun("impediment"),
    "quarter_at_risk": noun("epic"),
}
_BECAUSE = {
    "sprint": "it was closed",
    "impediment": "it is closed",
    "issue": "it is done",
    "quarter": "it ended, or nothing estimated is of it",
}


@dataclass(frozen=True, slots=True)
class Named:
    """An issue as a message names it; `title` is None where titles are not shown."""

    key: str
    url: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as it is told: what of its life, of which team and subject.

    `days` are the working days that it lasted, `value` and `opened_value` its figure now and then.
    """

    kind: str  # opened | worsened | resolved
    rule: str
    severity: str
    team: str
    subject_kind: str
    subject: str
    said: Said
    value: float
    opened_value: float
    days: int = 0
    is_gone: bool = False
    issues: Sequence[Named] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """`lines` are sentences of a line each, the first one its subject; one link at the end."""

    id: str
    lines: tuple[Sentence, ...]
    url: str | None


def message(told: Sequence[Told], message_id: str, url: str | None) -> Message:
    """The message of some alerts of one team, the worst first."""
    ordered = sorted(told, key=_rank)
    lines = _one(ordered[0]) if len(ordered) == 1 else _several(ordered)
    left = MOST - (len(url) + 1 if url else 0)
    fitting: list[Sentence] = []
    for line in lines:
        fit = cut(tamed(line), max(0, min(left, HEAD if not fitting else left)))
        if fit:
            fitting.append(fit)
            left -= len(plain(fit)) + 1
    return Message(message_id, tuple(fitting), url)


def _rank(one: Told) -> tuple[bool, int, str]:
    return one.kind == "resolved", _RANK[one.severity], one.rule


def _one(one: Told) -> list[Sentence]:
    lines = [sentence(_sign(one), " ", _who(one), ": ", _headline(one))]
    if one.kind == "resolved":
        return [*lines, _issues(one) if one.subject_kind in _KINDS else NOTHING]
    if one.kind == "worsened":
        lines.append(_worse(one))
    return [*lines, one.said.more, _issues(one)]


def _several(ordered: Sequence[Told]) -> list[Sentence]:
    """A line each; what does not fit is counted."""
    first = ordered[0]
    whose = figure(tame(first.team, NAME)) if first.team else "Jira"
    lines = [sentence(_sign(first), " ", whose, ": ", _how_many(ordered), ".")]
    left = MOST - 120 - len(plain(lines[0]))
    for number, one in enumerate(ordered):
        said: list[Part] = [_sign(one), " ", _titled(one), _headline(one)]
        if one.kind == "worsened":
            said += [" ", _worse(one)]
        line = cut(sentence(*said), HEAD)
        left -= len(plain(line)) + 1
        if left < 0:
            lines.append(sentence("And ", Number(len(ordered) - number), " more."))
            break
        lines.append(line)
    return lines


def _how_many(told: Sequence[Told]) -> Sentence:
    """How many are alerts, how many tell of something, and how many alerts are over."""
    over = sum(one.kind == "resolved" for one in told)
    notes = sum(one.kind != "resolved" and one.severity == "note" for one in told)
    some = [(len(told) - over - notes, "alert", ""), (notes, "note", ""), (over, "alert", " over")]
    parts: list[Part] = []
    for count, name, how in some:
        if count:
            parts += [", " if parts else None, figure(counted(count, name)), how]
    return sentence(*parts)


def _titled(one: Told) -> Sentence:
    """What one of several is about: an issue with its title, where it is shown."""
    if not one.subject:
        return NOTHING
    known = next((each for each in one.issues if each.key == one.subject), None)
    if known is None:
        return sentence(_kind(one).capitalize(), tame(one.subject, NAME), ": ")
    title = f" {tame(known.title, TITLE)}" if known.title else None
    key = figure(tame(known.key, NAME), to=External(known.url))
    return sentence(_kind(one).capitalize(), key, title, ": ")


def _kind(one: Told) -> str:
    """What a subject is, where its name does not tell; what is over says it itself."""
    return "" if one.kind == "resolved" else _KINDS.get(one.subject_kind, "")


def _worse(one: Told) -> Sentence:
    unit = _UNITS.get(one.rule)
    now, then = Number(one.value, unit), Number(one.opened_value, unit)
    return sentence("Worse: ", now, " now, ", then, " when it was first told.")


def _sign(one: Told) -> str:
    return OVER if one.kind == "resolved" else SIGNS[one.severity]


def _who(one: Told) -> Sentence:
    subject = tame(one.subject, NAME)
    if not one.team:
        return sentence(figure(subject if subject not in ("", "default") else "Jira"))
    team = figure(tame(one.team, NAME))
    return sentence(team, f", {_kind(one)}{subject}" if subject else None)


def _headline(one: Told) -> Sentence:
    return _over(one) if one.kind == "resolved" else one.said.headline


def _over(one: Told) -> Sentence:
    """That it is over: why, after how long, and its figure now against then."""
    lasted: Part = sentence(" after ", counted(one.days, "working day"))
    if not one.days:
        lasted = " on the day it began"
    what = sentence(TITLES[one.rule], " is over", lasted)
    if one.is_gone:
        return sentence(what, ": ", _BECAUSE.get(one.subject_kind, "it is gone"), ".")
    unit = _UNITS.get(one.rule)
    now, then = Number(one.value, unit), Number(one.opened_value, unit)
    return sentence(what, ": now ", now, ", ", then, " when it opened.")


def _issues(one: Told) -> Sentence:
    """Up to three issues behind it that the message has a title for, and what they are."""
    named = [issue for issue in one.issues if issue.title][:NAMED]
    parts: list[Part] = []
    for issue in named:
        key = figure(tame(issue.key, NAME), to=External(issue.url))
        parts += ["; " if parts else None, key, f" {tame(issue.title or '', TITLE)}"]
    what = _BEHIND.get(one.rule)
    if what is None or not parts:
        return sentence(*parts)
    name = what.one if len(named) == 1 else what.many
    return sentence(f"{name.capitalize()}: ", *parts)
