"""Where a figure leads: a page, or a list on it, of the team that the sentence speaks of.

A target names no address: a page leads to its own lists, a message to a whole URL.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SprintIssues:
    """A sprint's issues of one kind: done, unfinished, taken_out …"""

    sprint_id: int
    which: str


@dataclass(frozen=True, slots=True)
class SprintImpediments:
    """A sprint's impediments: all, or `day:2026-05-06`."""

    sprint_id: int
    which: str = "all"


@dataclass(frozen=True, slots=True)
class TeamImpediments:
    """The impediments that the page of a team without sprints lists: all with `which`."""

    which: str = ""


@dataclass(frozen=True, slots=True)
class Impediments:
    """The list on the page of impediments."""


@dataclass(frozen=True, slots=True)
class NextIssues:
    """The issues of the sprint to come."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A part of the page of the flow: cycle-time or in-progress."""

    part: str


@dataclass(frozen=True, slots=True)
class Roadmap:
    """A part of the page of a quarter: roadmap."""

    part: str


@dataclass(frozen=True, slots=True)
class TeamQuarter:
    """The page of a team's quarter, as `Q3-26`."""

    key: str
    quarter: str


@dataclass(frozen=True, slots=True)
class Program:
    """The page of a program in a quarter."""

    name: str
    quarter: str


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The list of all teams in a quarter; those at risk alone where `only` says so."""

    quarter: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """The contradictions of a kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The issues that later edits changed since a sprint's start or close."""

    sprint_id: int
    moment: str


@dataclass(frozen=True, slots=True)
class Team:
    """The page of a team."""

    key: str


@dataclass(frozen=True, slots=True)
class StaleTeams:
    """The teams that ask for attention, those with the oldest data first."""


@dataclass(frozen=True, slots=True)
class External:
    """A page of the tracker's; `name` says what it is about where the figure does not."""

    url: str
    name: str = field(default="", compare=False)  # what it is called changes no place


def issue_page(url: str, key: str, summary: str | None) -> External:
    """The page of an issue, called by its key and its title where that is shown."""
    return External(url, key if summary is None else f"{key}: {summary}")


Target = (
    SprintIssues
    | SprintImpediments
    | TeamImpediments
    | Impediments
    | NextIssues
    | Flow
    | Roadmap
    | TeamQuarter
    | Program
    | Portfolio
    | Quality
    | Edited
    | Team
    | StaleTeams
    | External
)
