"""A digest as a value: sentences, a table where there is one, and what is to decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from telemetry.report.shapes.teams import TeamRow
from telemetry.words.tame import tame
from telemetry.words.targets import External
from telemetry.words.values import NOTHING, Number, Part, Sentence, figure, sentence

NAME, TITLE = 60, 80  # characters of a team's or sprint's name, of an issue's title
NAMED = 3  # issues that a sentence names


@dataclass(frozen=True, slots=True)
class Cells:
    """A table: its head, and rows whose first cell says what they are of."""

    head: tuple[str, ...]
    rows: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a page by its name there; `says` is what it shows, for who sees no picture."""

    name: str
    says: Sentence


@dataclass(frozen=True, slots=True)
class Digest:
    """`path` is the page that knows more; `is_silent` where there is nothing to tell.

    `charts` are those that it carries as pictures where a channel takes some, all of one page.

    Sentences that say nothing are none of its lines.
    """

    kind: str  # day | week | sprint | portfolio
    team_key: str  # "" where it is of several
    title: Sentence
    lines: tuple[Sentence, ...]
    path: str
    table: Cells | None = None
    decisions: tuple[Sentence, ...] = ()
    is_silent: bool = False
    charts: tuple[Chart, ...] = ()
    charts_path: str = ""


def said(lines: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that say something."""
    return tuple(line for line in lines if line)


def title(team: TeamRow, what: Part, sign: str = "●") -> Sentence:
    """The subject: whose digest it is, and of what."""
    return sentence(f"{sign} ", figure(tame(team.name, NAME)), ", ", what)


@dataclass(frozen=True, slots=True)
class Mention:
    """An issue as a sentence names it; `title` is None where titles are not shown."""

    key: str
    url: str
    title: str | None = None


def mentioned(issues: Sequence[Mention]) -> Sentence:
    """Up to three issues by their keys, and how many more there are."""
    parts: list[Part] = []
    for one in issues[:NAMED]:
        about = f" {tame(one.title, TITLE)}" if one.title else None
        parts += [", " if parts else None, figure(tame(one.key), to=External(one.url)), about]
    more = len(issues) - NAMED
    if more > 0:
        parts += [" and ", Number(more), " more"]
    return sentence(*parts) if parts else NOTHING
