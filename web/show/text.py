"""Sentences on a page: runs that a template sets, with links to what is behind the figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from telemetry.words import targets as to
from telemetry.words.plain import plain, written
from telemetry.words.targets import Target
from telemetry.words.values import Figure, Part, Sentence, sentence
from web.show.links import issues_link, portfolio_page, program_page, quarter_page
from web.show.numbers import DECIMAL


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a sentence; a figure is set strong and links to its issues where `href` is set.

    `name` is what the link is called where its text does not say what it leads to.
    """

    text: str
    is_figure: bool = False
    href: str | None = None
    name: str = ""


def runs(said: Sentence) -> list[Run]:
    """The sentence with its numbers as the reader writes them."""
    decimal = DECIMAL.get()
    return [
        Run(plain(part, decimal), True, *_address(part.target))
        if isinstance(part, Figure)
        else Run(written(part, decimal))
        for part in said.parts
    ]


def _address(target: Target | None) -> tuple[str | None, str]:
    if target is None:
        return None, ""
    return here(target), target.name if isinstance(target, to.External) else ""


def text(*said: Part) -> str:
    """Parts as text alone, with their numbers as the reader writes them."""
    return plain(sentence(*said), DECIMAL.get())


def here(target: Target) -> str:
    """The address of a target, on the page that its list stands on.

    A sentence is shown on that page; what leads to another page names it.
    """
    return _PLACES[type(target)](target)


_PLACES: Mapping[type[Any], Callable[[Any], str]] = {
    to.SprintIssues: lambda one: issues_link(one.which),
    to.SprintImpediments: lambda one: f"?impediments={one.which}#impediments",
    to.TeamImpediments: lambda one: (
        f"?impediments={one.which}#impediments" if one.which else "#impediments"
    ),
    to.Impediments: lambda _: "#listed",
    to.NextIssues: lambda _: "#issues",
    to.Flow: lambda one: f"#{one.part}",
    to.Roadmap: lambda one: f"#{one.part}",
    to.TeamQuarter: lambda one: quarter_page(one.key)(one.quarter),
    to.Program: lambda one: program_page(one.name, one.quarter),
    to.Portfolio: lambda one: portfolio_page(one.quarter, "teams", only=one.only),
    to.Quality: lambda one: f"#{one.kind}",
    to.Edited: lambda one: f"#edited-{one.moment}",
    to.Team: lambda one: f"/teams/{quote(one.key, safe='')}",
    to.StaleTeams: lambda _: "/?only=attention&sort=age",
    to.External: lambda one: one.url,
}
