"""Sentences as runs of text, so that a page can link figures and a test can read them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a sentence; a figure is set strong and links to its issues where `href` is set."""

    text: str
    is_figure: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or more sentences made of runs."""

    runs: tuple[Run, ...]

    def __str__(self) -> str:
        return "".join(run.text for run in self.runs)


def sentence(*parts: Run | str | None) -> Sentence:
    """The parts joined as they are; None and "" are left out."""
    runs = (Run(part) if isinstance(part, str) else part for part in parts if part)
    return Sentence(tuple(runs))


def figure(text: str, href: str | None = None) -> Run:
    """A figure of a sentence."""
    return Run(text, True, href)


def issues_link(kind: str) -> str:
    """Where a figure's issues are listed on the same page."""
    return f"?issues={kind}#issues"
