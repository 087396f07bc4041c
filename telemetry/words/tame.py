"""Text from elsewhere made fit for a message: one line, nothing that reorders or calls people.

Names and titles come from the tracker: they may hold line ends, control characters, marks that
turn the direction of what follows, and mentions that a chat would take for a call.
"""

import re
from dataclasses import replace

from telemetry.words.plain import plain
from telemetry.words.values import Figure, Sentence, Value

_LINE_ENDS = re.compile("[\\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MENTION = re.compile(r"@(?=\w)")
_CUT = "…"
# spaces that our own numbers are written with, and which never break
_KEPT = {" ", "\u202f", "\u00a0"}


def tame(text: str, most: int = 120) -> str:
    """The text on one line, without marks of direction, at most so long."""
    line = _LINE_ENDS.sub(_space, _DIRECTIONS.sub("", text)).strip()
    return line if len(line) <= most else line[: most - 1].rstrip() + _CUT


def _space(found: re.Match[str]) -> str:
    return found[0] if found[0] in _KEPT else " "


def tamed(said: Sentence) -> Sentence:
    """A sentence whose texts are all on one line, without marks of direction."""
    parts: list[str | Value | Figure] = []
    for part in said.parts:
        if isinstance(part, Figure):
            parts.append(replace(part, parts=tuple(_tamed(one) for one in part.parts)))
        else:
            parts.append(_tamed(part))
    return Sentence(tuple(parts))


def _tamed(part: str | Value) -> str | Value:
    if not isinstance(part, str):
        return part
    return _LINE_ENDS.sub(_space, _DIRECTIONS.sub("", part))


def without_mentions(text: str) -> str:
    """The text with a space of no width after each @ that would call somebody or all."""
    return _MENTION.sub("@\u200b", text)


def cut(said: Sentence, most: int) -> Sentence:
    """The sentence up to so many characters, cut between its parts where it is longer."""
    left = most
    parts: list[str | Value | Figure] = []
    for part in said.parts:
        text = plain(Sentence((part,)))
        if len(text) > left:
            if isinstance(part, str) and left > 1:
                parts.append(part[: left - 1].rstrip() + _CUT)
            elif parts:
                parts.append(_CUT)
            break
        parts.append(part)
        left -= len(text)
    return Sentence(tuple(parts))
